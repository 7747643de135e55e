// malloc may fail: who looks says so and goes.
// OPTIONS --adversity=malloc
// EXPECT complete
// EXPECT outcome "no memory\n" exit 1
// EXPECT outcome "7\n" exit 0
// EXPECT finding exit-status
// OPTIONS --adversity=malloc --strategy dfs
// EXPECT complete
// EXPECT outcome "no memory\n" exit 1
// EXPECT outcome "7\n" exit 0
// EXPECT finding exit-status
// OPTIONS --strategy dpor
// EXPECT complete
// EXPECT outcome "7\n" exit 0
// EXPECT no-findings
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
    int *p = malloc(sizeof *p);
    if (!p) {
        puts("no memory");
        return 1;
    }
    *p = 7;
    printf("%d\n", *p);
    free(p);
    return 0;
}
