/* Clocks and sleeping. */
#include "cell.h"

#include <sys/time.h>

static long long ns(struct timespec t)
{
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void sleeps(void)
{
    struct timespec ms = {.tv_nsec = 1000000}, zero = {0}, back = {.tv_sec = -1}, now, then;
    cell_errno("nanosleep, 0", nanosleep(&zero, NULL));
    cell_errno("nanosleep, too many ns", nanosleep(&above, NULL));
    cell_errno("nanosleep, negative ns", nanosleep(&below, NULL));
    cell_errno("nanosleep, negative seconds", nanosleep(&back, NULL));
    clock_gettime(CLOCK_MONOTONIC, &now);
    cell_errno("nanosleep, 1 ms", nanosleep(&ms, NULL));
    clock_gettime(CLOCK_MONOTONIC, &then);
    cell_number("after 1 ms: at least that has passed", ns(then) - ns(now) >= 1000000);
    cell_errno("usleep, 0", usleep(0));
    cell_number("sleep, 0: seconds left", sleep(0));
    cell("clock_nanosleep, 0", clock_nanosleep(CLOCK_MONOTONIC, 0, &zero, NULL));
    cell("clock_nanosleep, too many ns", clock_nanosleep(CLOCK_MONOTONIC, 0, &above, NULL));
    cell("clock_nanosleep, negative seconds", clock_nanosleep(CLOCK_REALTIME, 0, &back, NULL));
    cell("clock_nanosleep, until a past time",
         clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &past, NULL));
    cell("clock_nanosleep, no such clock", clock_nanosleep(999, 0, &zero, NULL));
    cell("clock_nanosleep, own processor time",
         clock_nanosleep(CLOCK_THREAD_CPUTIME_ID, 0, &zero, NULL));
    clock_gettime(CLOCK_MONOTONIC, &now);
    now.tv_nsec += 1000000;
    if (now.tv_nsec >= 1000000000) {
        now.tv_sec++;
        now.tv_nsec -= 1000000000;
    }
    cell("clock_nanosleep, until in 1 ms",
         clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &now, NULL));
    clock_gettime(CLOCK_MONOTONIC, &then);
    cell_number("then: that time has come", ns(then) >= ns(now));
}

static void clocks(void)
{
    struct timespec t, u;
    struct timeval v;
    time_t seconds;
    cell_errno("clock_gettime, realtime", clock_gettime(CLOCK_REALTIME, &t));
    cell_errno("clock_gettime, monotonic", clock_gettime(CLOCK_MONOTONIC, &t));
    cell_number("the nanoseconds are below 10^9", t.tv_nsec >= 0 && t.tv_nsec < 1000000000);
    cell_errno("clock_gettime, no such clock", clock_gettime(999, &t));
    cell_errno("clock_getres, monotonic", clock_getres(CLOCK_MONOTONIC, &t));
    cell_number("the resolution is above 0", ns(t) > 0);
    cell_errno("clock_getres, no such clock", clock_getres(999, &t));
    clock_gettime(CLOCK_MONOTONIC, &t);
    clock_gettime(CLOCK_MONOTONIC, &u);
    cell_number("monotonic does not go back", ns(u) >= ns(t));
    cell_errno("gettimeofday", gettimeofday(&v, NULL));
    clock_gettime(CLOCK_REALTIME, &t);
    cell_number("gettimeofday and realtime agree", t.tv_sec - v.tv_sec <= 1);
    cell_number("time gives what it stores", time(&seconds) == seconds);
    cell_number("time and realtime agree", seconds - t.tv_sec <= 1);
    cell_number("timespec_get", timespec_get(&u, TIME_UTC) == TIME_UTC);
    cell_number("timespec_get, no such base", timespec_get(&u, 99));
    cell_number("clock is no error", clock() != (clock_t)-1);
    cell("sched_yield", sched_yield());
}

int main(void)
{
    sleeps();
    clocks();
    return 0;
}
