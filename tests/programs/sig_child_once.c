// The same with one wait in the handler: when both end before it runs, one of them is forgotten
// and the parent waits for ever.
// EXPECT complete
// EXPECT outcome "2\n" exit 0
// EXPECT outcome "" deadlock
// EXPECT finding deadlock
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t reaped;

static void handler(int sig)
{
    (void)sig;
    if (waitpid(-1, NULL, WNOHANG) > 0)
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
