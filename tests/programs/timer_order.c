// Of two timers the one that is due first expires first, whatever the order in which they were set.
// EXPECT complete
// EXPECT outcome "USR1 USR2\n" exit 0
// EXPECT no-findings
#include <signal.h>
#include <stdio.h>
#include <time.h>

static timer_t make(int sig)
{
    timer_t timer;
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = sig};
    timer_create(CLOCK_REALTIME, &event, &timer);
    return timer;
}

int main(void)
{
    struct itimerspec late = {{0, 0}, {0, 900000000}}, soon = {{0, 0}, {0, 300000000}};
    sigset_t set;
    int first, second;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigaddset(&set, SIGUSR2);
    sigprocmask(SIG_BLOCK, &set, NULL);
    timer_t usr1 = make(SIGUSR1), usr2 = make(SIGUSR2);
    timer_settime(usr1, 0, &soon, NULL);
    timer_settime(usr2, 0, &late, NULL);
    sigwait(&set, &first);
    sigwait(&set, &second);
    printf("%s %s\n", first == SIGUSR1 ? "USR1" : "USR2", second == SIGUSR1 ? "USR1" : "USR2");
    return 0;
}
