// A child has the mask and the dispositions, but not what is pending for its parent.
// EXPECT complete
// EXPECT outcome "pending 0 mask 1 handler 1\n" exit 0
// EXPECT no-findings
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void handler(int sig)
{
    (void)sig;
}

int main(void)
{
    sigset_t set, pending, mask;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    signal(SIGUSR1, handler);
    sigprocmask(SIG_BLOCK, &set, NULL);
    raise(SIGUSR1);
    if (fork() == 0) {
        struct sigaction a;
        sigpending(&pending);
        sigprocmask(SIG_BLOCK, NULL, &mask);
        sigaction(SIGUSR1, NULL, &a);
        printf("pending %d mask %d handler %d\n", sigismember(&pending, SIGUSR1),
               sigismember(&mask, SIGUSR1), a.sa_handler == handler);
        exit(0);
    }
    wait(NULL);
    return 0;
}
