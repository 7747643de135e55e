// What is in the buffer of a stream at the fork is in both processes, and both write it.
// EXPECT complete
// EXPECT outcome "onceonce" exit 0
// EXPECT no-findings
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    printf("once");
    if (fork() > 0)
        wait(NULL);
    return 0;
}
