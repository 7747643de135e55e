// A timer that repeats itself is waited for three times.
// EXPECT complete
// EXPECT outcome "3 ticks\n" exit 0
// EXPECT no-findings
#include <signal.h>
#include <stdio.h>
#include <sys/time.h>

static volatile sig_atomic_t ticks;

static void on_tick(int sig)
{
    (void)sig;
    ticks++;
}

int main(void)
{
    struct itimerval every = {{0, 10000}, {0, 10000}}, never = {{0, 0}, {0, 0}};
    sigset_t set, before;
    signal(SIGALRM, on_tick);
    sigemptyset(&set);
    sigaddset(&set, SIGALRM);
    sigprocmask(SIG_BLOCK, &set, &before);
    setitimer(ITIMER_REAL, &every, NULL);
    while (ticks < 3)
        sigsuspend(&before);
    setitimer(ITIMER_REAL, &never, NULL);
    printf("%d ticks\n", (int)ticks);
    return 0;
}
