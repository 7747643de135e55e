// Virtual time passes at least as long as was slept, never backwards, and costs no real time.
// EXPECT complete
// EXPECT outcome "ok\n" exit 0
// EXPECT no-findings
// FREE not "it sleeps for an hour"
// EXPECT executions 1
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static long long now_ns(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

int main(void)
{
    long long mono = now_ns(CLOCK_MONOTONIC), real = now_ns(CLOCK_REALTIME);
    struct timespec pause = {3600, 500};
    nanosleep(&pause, NULL);
    usleep(1000);
    long long mono_later = now_ns(CLOCK_MONOTONIC), real_later = now_ns(CLOCK_REALTIME);
    int ok = mono_later - mono >= 3600001000500LL && real_later - real >= 3600001000500LL;
    puts(ok ? "ok" : "time did not pass");
    return 0;
}
