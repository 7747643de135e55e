// A child may be killed at any time before it ends: its parent sees 9.
// OPTIONS --adversity=kill
// EXPECT complete
// EXPECT outcome "exit 3\n" exit 0
// EXPECT outcome "signal 9\n" exit 0
// EXPECT no-findings
// OPTIONS --adversity=kill --strategy dfs
// EXPECT complete
// EXPECT outcome "exit 3\n" exit 0
// EXPECT outcome "signal 9\n" exit 0
// EXPECT no-findings
// OPTIONS --strategy dpor
// EXPECT complete
// EXPECT outcome "exit 3\n" exit 0
// EXPECT no-findings
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    int status;
    if (fork() == 0)
        _exit(3);
    wait(&status);
    if (WIFSIGNALED(status))
        printf("signal %d\n", WTERMSIG(status));
    else
        printf("exit %d\n", WEXITSTATUS(status));
    return 0;
}
