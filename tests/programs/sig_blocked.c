// A blocked signal stays pending until it is let in, and then comes at once.
// EXPECT complete
// EXPECT outcome "0 1 1\n" exit 0
// EXPECT no-findings
#include <signal.h>
#include <stdio.h>

static volatile sig_atomic_t got;

static void handler(int sig)
{
    (void)sig;
    got++;
}

int main(void)
{
    sigset_t set, pending;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    signal(SIGUSR1, handler);
    sigprocmask(SIG_BLOCK, &set, NULL);
    raise(SIGUSR1);
    int before = got;
    sigpending(&pending);
    int is_pending = sigismember(&pending, SIGUSR1);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    printf("%d %d %d\n", before, is_pending, (int)got);
    return 0;
}
