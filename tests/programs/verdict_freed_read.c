// A block is read after it was freed, by the same thread: no race, and still wrong.
// EXPECT complete
// EXPECT outcome "end\n" exit 0
// EXPECT finding misuse line @use
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
    int *p = malloc(sizeof *p), sum = 0;
    *p = 1;
    free(p);
    sum += *p; // @use
    puts("end");
    return sum == 12345;
}
