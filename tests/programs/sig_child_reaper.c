// A handler for SIGCHLD waits for all that have ended, in a loop, since signals merge: both
// children are counted, whoever ends when.
// EXPECT complete
// EXPECT outcome "2\n" exit 0
// EXPECT no-findings
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t reaped;

static void handler(int sig)
{
    (void)sig;
    while (waitpid(-1, NULL, WNOHANG) > 0)
        reaped++;
}

int main(void)
{
    sigset_t set, none;
    sigemptyset(&none);
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    signal(SIGCHLD, handler);
    sigprocmask(SIG_BLOCK, &set, NULL);
    for (int i = 0; i < 2; i++)
        if (fork() == 0)
            _exit(0);
    while (reaped < 2)
        sigsuspend(&none);
    printf("%d\n", (int)reaped);
    return 0;
}
