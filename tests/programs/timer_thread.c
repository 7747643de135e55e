// A timer begins a thread.
// EXPECT complete
// EXPECT outcome "called with 7\n" exit 0
// EXPECT no-findings
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>

static sem_t done;

static void call(union sigval value)
{
    printf("called with %d\n", value.sival_int);
    sem_post(&done);
}

int main(void)
{
    struct sigevent event = {
        .sigev_notify = SIGEV_THREAD, .sigev_notify_function = call, .sigev_value.sival_int = 7};
    struct itimerspec once = {{0, 0}, {0, 1000000}};
    timer_t timer;
    sem_init(&done, 0, 0);
    timer_create(CLOCK_MONOTONIC, &event, &timer);
    timer_settime(timer, 0, &once, NULL);
    sem_wait(&done);
    return 0;
}
