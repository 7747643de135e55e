// A thread waits for the signal of a timer with sigwaitinfo, which tells whose it was.
// EXPECT complete
// EXPECT outcome "signal 10 of 42 by a timer\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>

static sigset_t set;

static void *await(void *arg)
{
    siginfo_t info;
    sigwaitinfo(&set, &info);
    printf("signal %d of %d %s\n", info.si_signo, info.si_value.sival_int,
           info.si_code == SI_TIMER ? "by a timer" : "by somebody");
    return arg;
}

int main(void)
{
    struct sigevent event = {
        .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1, .sigev_value.sival_int = 42};
    struct itimerspec once = {{0, 0}, {0, 1000000}};
    pthread_t t;
    timer_t timer;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    timer_create(CLOCK_MONOTONIC, &event, &timer);
    pthread_create(&t, NULL, await, NULL);
    timer_settime(timer, 0, &once, NULL);
    pthread_join(t, NULL);
    timer_delete(timer);
    return 0;
}
