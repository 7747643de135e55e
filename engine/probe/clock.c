/* Time is virtual: it moves when a task sleeps, and a sleep ends when the scheduler says so. A wait
 * that times out does not move it: otherwise a loop around a timed wait would never come to the
 * same state again, and no search of it would end. */
#include "probe.h"

#include <sched.h>
#include <sys/time.h>
#include <threads.h>
#include <unistd.h>

#define START_SECONDS 1000000000ll /* virtual time begins here: 2001-09-09 */

static void sleep_step(uint64_t ns, struct here h)
{
    struct op op = op_make(EV_SLEEP, h);
    op.addr = OBJ_CLOCK;
    op_reach(&op, OBJ_CLOCK, 0, M_TSLEEP);
    uint64_t until = S->virtual_ns + ns;
    step(&op);
    if (S->virtual_ns < until) {
        S->virtual_ns = until;
        spin_changed(OBJ_CLOCK, 1);
    }
    struct event *e = record_step_event();
    if (e) {
        e->addr = 0;
        e->a = ns;
        e->b = S->virtual_ns;
    }
}

static uint64_t now_step(struct here h)
{
    struct op op = op_make(EV_CLOCK, h);
    op_reach(&op, OBJ_CLOCK, 0, M_TREAD);
    step(&op);
    struct event *e = record_step_event();
    if (e)
        e->a = S->virtual_ns;
    return S->virtual_ns;
}

static uint64_t ns_of(const struct timespec *t)
{
    return (uint64_t)t->tv_sec * 1000000000ull + (uint64_t)t->tv_nsec;
}

EXPORT int sched_yield(void)
{
    if (!controlled)
        return REAL(sched_yield)();
    struct op op = op_make(EV_YIELD, HERE);
    step(&op);
    return 0;
}

int pthread_yield(void);
EXPORT int pthread_yield(void)
{
    return sched_yield();
}

EXPORT unsigned sleep(unsigned seconds)
{
    if (!controlled)
        return REAL(sleep)(seconds);
    sleep_step(seconds * 1000000000ull, HERE);
    return 0;
}

EXPORT int usleep(useconds_t us)
{
    if (!controlled)
        return REAL(usleep)(us);
    sleep_step(us * 1000ull, HERE);
    return 0;
}

EXPORT int nanosleep(const struct timespec *t, struct timespec *left)
{
    if (!controlled)
        return REAL(nanosleep)(t, left);
    if (t->tv_nsec < 0 || t->tv_nsec > 999999999 || t->tv_sec < 0) {
        errno = EINVAL;
        return -1;
    }
    sleep_step(ns_of(t), HERE);
    return 0;
}

EXPORT int clock_nanosleep(clockid_t clock, int flags, const struct timespec *t,
                           struct timespec *left)
{
    if (!controlled)
        return REAL(clock_nanosleep)(clock, flags, t, left);
    uint64_t ns = ns_of(t), base = START_SECONDS * 1000000000ull + S->virtual_ns;
    sleep_step(flags & TIMER_ABSTIME ? (ns > base ? ns - base : 0) : ns, HERE);
    return 0;
}

EXPORT int thrd_sleep(const struct timespec *t, struct timespec *left)
{
    return nanosleep(t, left);
}

EXPORT int clock_gettime(clockid_t clock, struct timespec *out)
{
    if (!controlled)
        return REAL(clock_gettime)(clock, out);
    uint64_t ns = now_step(HERE);
    out->tv_sec = (time_t)(START_SECONDS + (int64_t)(ns / 1000000000ull));
    out->tv_nsec = (long)(ns % 1000000000ull);
    return 0;
}

EXPORT int timespec_get(struct timespec *out, int base)
{
    if (!controlled)
        return REAL(timespec_get)(out, base);
    return clock_gettime(CLOCK_REALTIME, out) ? 0 : base;
}

EXPORT int gettimeofday(struct timeval *restrict out, void *restrict zone)
{
    if (!controlled)
        return REAL(gettimeofday)(out, zone);
    uint64_t ns = now_step(HERE);
    out->tv_sec = (time_t)(START_SECONDS + (int64_t)(ns / 1000000000ull));
    out->tv_usec = (suseconds_t)(ns % 1000000000ull / 1000);
    return 0;
}

EXPORT time_t time(time_t *out)
{
    if (!controlled)
        return REAL(time)(out);
    time_t t = (time_t)(START_SECONDS + (int64_t)(now_step(HERE) / 1000000000ull));
    if (out)
        *out = t;
    return t;
}

EXPORT clock_t clock(void)
{
    if (!controlled)
        return REAL(clock)();
    return (clock_t)(now_step(HERE) / 1000);
}

/* ---- chance: the library's own generators, begun anew with every execution ---- */
#include <stdlib.h>

EXPORT int rand(void)
{
    if (controlled)
        spin_effect(S->cur);
    return REAL(rand)();
}

EXPORT long random(void)
{
    if (controlled)
        spin_effect(S->cur);
    return REAL(random)();
}
