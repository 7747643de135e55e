// The child of a child cannot be waited for, even when its own parent is gone.
// EXPECT complete
// EXPECT outcome "grandchild\n0\n-1\n" exit 0
// EXPECT outcome "0\ngrandchild\n-1\n" exit 0
// EXPECT outcome "0\n-1\ngrandchild\n" exit 0
// EXPECT no-findings
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    int status;
    if (fork() == 0) {
        if (fork() == 0)
            puts("grandchild");
        _exit(0);
    }
    wait(&status);
    printf("%d\n", WEXITSTATUS(status));
    printf("%d\n", wait(&status));
    return 0;
}
