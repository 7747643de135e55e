// From a textbook: the child prints twice, the parent once, in between anywhere.
// EXPECT complete
// EXPECT outcome "p1: 2\np2: 1\np2: 0\n" exit 0
// EXPECT outcome "p1: 2\np2: 0\np2: 1\n" exit 0
// EXPECT outcome "p2: 0\np1: 2\np2: 1\n" exit 0
// EXPECT executions 3
// EXPECT no-findings
#include <stdio.h>
#include <unistd.h>

int main(void)
{
    int x = 1;
    if (fork() == 0)
        printf("p1: %d\n", ++x);
    printf("p2: %d\n", --x);
    return 0;
}
