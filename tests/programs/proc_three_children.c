// Children that end by themselves, with an error, and by a signal, waited for in this order.
// EXPECT complete
// EXPECT outcome "exit 0\nexit 1\nsignal 15\n" exit 0
// EXPECT no-findings
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    pid_t child[3];
    for (int i = 0; i < 3; i++) {
        child[i] = fork();
        if (child[i] == 0) {
            if (i == 2)
                raise(SIGTERM);
            _exit(i);
        }
    }
    for (int i = 0; i < 3; i++) {
        int status;
        waitpid(child[i], &status, 0);
        if (WIFEXITED(status))
            printf("exit %d\n", WEXITSTATUS(status));
        else
            printf("signal %d\n", WTERMSIG(status));
    }
    return 0;
}
