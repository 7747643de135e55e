// A function leaves the address of its local variable to its own caller.
// EXPECT complete
// EXPECT outcome "end\n" exit 0
// EXPECT finding misuse line @use
#include <stdio.h>

static int *last;

static void remember(int n)
{
    int local = n;
    last = &local;
}

int main(void)
{
    remember(7);
    int seen = *last != 0; // @use
    puts("end");
    return seen > 1;
}
