// With SIGCHLD ignored no zombies are left: a wait comes back when all have ended, without one.
// EXPECT complete
// EXPECT outcome "x\n-1 1\n" exit 0
// EXPECT no-findings
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    signal(SIGCHLD, SIG_IGN);
    if (fork() == 0) {
        puts("x");
        return 3;
    }
    int result = wait(NULL);
    printf("%d %d\n", result, errno == ECHILD);
    return 0;
}
