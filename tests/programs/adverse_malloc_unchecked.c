// malloc may fail: who writes to its result then crashes.
// OPTIONS --adversity=malloc
// EXPECT complete
// EXPECT outcome "" signal 11
// EXPECT outcome "7\n" exit 0
// EXPECT finding crash line @here
// OPTIONS --adversity=malloc --strategy dfs
// EXPECT complete
// EXPECT outcome "" signal 11
// EXPECT outcome "7\n" exit 0
// EXPECT finding crash line @here
// OPTIONS --strategy dpor
// EXPECT complete
// EXPECT outcome "7\n" exit 0
// EXPECT no-findings
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
    int *p = malloc(sizeof *p);
    *p = 7; // @here
    printf("%d\n", *p);
    free(p);
    return 0;
}
