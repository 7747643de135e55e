// What the calls refuse, and what they tell of a timer that is not set.
// EXPECT complete
// EXPECT outcome "setitimer EINVAL\nusec EINVAL\nclock EINVAL\nsignal EINVAL\nnsec EINVAL\nleft 0 0\ndeleted EINVAL\n" exit 0
// EXPECT executions 1
// EXPECT no-findings
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

static void say(const char *what, int result)
{
    printf("%s %s\n", what, result ? strerrorname_np(errno) : "done");
}

int main(void)
{
    struct itimerval t = {{0, 0}, {0, 1000000}};
    struct itimerspec s = {{0, 0}, {0, 1000000000}};
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = 99};
    timer_t timer;
    say("setitimer", setitimer(9, &t, NULL));
    say("usec", setitimer(ITIMER_REAL, &t, NULL));
    say("clock", timer_create(99, NULL, &timer));
    say("signal", timer_create(CLOCK_REALTIME, &event, &timer));
    timer_create(CLOCK_REALTIME, NULL, &timer);
    say("nsec", timer_settime(timer, 0, &s, NULL));
    timer_gettime(timer, &s);
    printf("left %ld %ld\n", (long)s.it_value.tv_sec, s.it_value.tv_nsec);
    timer_delete(timer);
    say("deleted", timer_delete(timer));
    return 0;
}
