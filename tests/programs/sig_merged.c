// An ordinary signal sent three times while blocked comes once.
// EXPECT complete
// EXPECT outcome "1\n" exit 0
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
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    signal(SIGUSR1, handler);
    sigprocmask(SIG_BLOCK, &set, NULL);
    raise(SIGUSR1);
    raise(SIGUSR1);
    raise(SIGUSR1);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    printf("%d\n", (int)got);
    return 0;
}
