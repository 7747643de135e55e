/* Time is virtual: it moves when a task sleeps or a wait times out, and that is when the scheduler
 * says so. A wait that times out again and again moves it only a few times, each further than the
 * last: a loop that looks at the clock to give up comes to its end, and one that does not comes to
 * the same state again, so that a search of it ends. That a wait ends late is what POSIX allows. */
#include "model.h"

#include <sched.h>
#include <sys/time.h>
#include <sys/times.h>
#include <unistd.h>

bool waits_by_clock(clockid_t clock)
{
    return clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC;
}

bool valid_nanoseconds(const struct timespec *t)
{
    return t->tv_nsec >= 0 && t->tv_nsec <= 999999999;
}

static uint64_t ns_of(const struct timespec *t)
{
    return (uint64_t)t->tv_sec * 1000000000ull + (uint64_t)t->tv_nsec;
}

int sleep_at(uint64_t ns, uint64_t *left, struct here h)
{
    struct op op = op_make(EV_SLEEP, h);
    op.addr = OBJ_CLOCK;
    op.cancel_point = true;
    op.interruptible = ALWAYS_EINTR;
    op_reach(&op, OBJ_CLOCK, 0, M_TSLEEP);
    uint64_t until = S->virtual_ns + ns;
    if (timers_used) { /* what expires sooner comes first */
        op_reach(&op, OBJ_TIMERS, 0, M_QLOOK);
        op.wait = WAIT_TIME;
        op.addr2 = until;
    }
    adverse_hears(&op, ADVERSE_EINTR);
    if (!step(&op) || adverse_instead(ADVERSE_EINTR)) {
        struct event *e = record_step_event();
        if (e && e->flags & EVF_ADVERSE)
            e->result = EINTR;
        *left = until > S->virtual_ns ? until - S->virtual_ns : 0;
        return EINTR;
    }
    if (S->virtual_ns < until) {
        S->virtual_ns = until;
        spin_changed(OBJ_CLOCK, 1);
    }
    struct event *e = record_step_event();
    if (e) {
        e->addr = e->addr2 = 0;
        e->a = ns;
        e->b = S->virtual_ns;
    }
    return 0;
}

/* How many seconds a wait is late when it times out for the first time, the second ... Fixed, so
 * that it makes no difference who is late first. */
static const uint64_t lateness[] = {0, 60, 3600};

static uint32_t *times_late(struct task *t, uint64_t pc)
{
    for (unsigned i = 0; i < t->nlate; i++)
        if (t->late[i].pc == pc)
            return &t->late[i].times;
    unsigned i = t->nlate < LATE_MAX ? t->nlate++ : (unsigned)(pc >> 4) % LATE_MAX;
    t->late[i].pc = pc;
    t->late[i].times = 0;
    return &t->late[i].times;
}

void timeout_reach(struct op *op)
{
    op_reach(op, OBJ_CLOCK, 0, M_TSLEEP);
}

void timeout_happens(const struct timespec *until, uint64_t pc)
{
    static const int64_t farthest = START_SECONDS + 100ll * 366 * 86400;
    struct timespec t = *until;
    if (t.tv_sec > farthest)
        t.tv_sec = farthest;
    uint32_t *times = times_late(S->cur, pc);
    if (t.tv_sec < START_SECONDS || *times >= sizeof lateness / sizeof *lateness)
        return;
    uint64_t end = ns_of(&t) - START_SECONDS * 1000000000ull;
    if (end <= S->virtual_ns)
        return;
    S->virtual_ns = end + lateness[(*times)++] * 1000000000ull;
    spin_changed(OBJ_CLOCK, 1);
    spin_effect(S->cur);
}

struct timespec after(const struct timespec *t)
{
    uint64_t ns = START_SECONDS * 1000000000ull + S->virtual_ns + ns_of(t);
    return (struct timespec){(time_t)(ns / 1000000000ull), (long)(ns % 1000000000ull)};
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

void yield_at(struct here h)
{
    struct op op = op_make(EV_YIELD, h);
    step(&op);
}

EXPORT int sched_yield(void)
{
    if (!controlled)
        return REAL(sched_yield)();
    yield_at(HERE);
    return 0;
}

/* The header gives programs sched_yield for it. */
int old_yield(void) __asm__("pthread_yield");
EXPORT int old_yield(void)
{
    if (!controlled)
        return REAL(sched_yield)();
    yield_at(HERE);
    return 0;
}

/* What is left of an interrupted sleep is told in whole seconds: of an exact number of them a
 * moment may have passed since, or not yet. */
static unsigned seconds_left(uint64_t ns, struct here h)
{
    static const uint16_t both[2] = {0, 1};
    now_step(h);
    bool exact = ns && ns % 1000000000 == 0;
    return (unsigned)(ns / 1000000000) - (exact && sched_alternative(both, 2));
}

EXPORT unsigned sleep(unsigned seconds)
{
    if (!controlled)
        return REAL(sleep)(seconds);
    uint64_t left = 0;
    if (!sleep_at(seconds * 1000000000ull, &left, HERE))
        return 0;
    return seconds_left(left, HERE);
}

static int fail(int error)
{
    if (error)
        errno = error;
    return error ? -1 : 0;
}

EXPORT int usleep(useconds_t us)
{
    uint64_t left;
    return controlled ? fail(sleep_at(us * 1000ull, &left, HERE)) : REAL(usleep)(us);
}

static int sleep_for(const struct timespec *t, struct timespec *left, struct here h)
{
    if (!valid_nanoseconds(t) || t->tv_sec < 0)
        return EINVAL;
    uint64_t rest = 0;
    int error = sleep_at(ns_of(t), &rest, h);
    if (error && left)
        *left = (struct timespec){(time_t)(rest / 1000000000), (long)(rest % 1000000000)};
    return error;
}

EXPORT int nanosleep(const struct timespec *t, struct timespec *left)
{
    return controlled ? fail(sleep_for(t, left, HERE)) : REAL(nanosleep)(t, left);
}

/* Clocks of processes and threads go with the virtual one, too. */
static bool is_clock(clockid_t clock)
{
    return clock < 0 || (clock >= CLOCK_REALTIME && clock <= CLOCK_TAI && clock != 10);
}

EXPORT int clock_nanosleep(clockid_t clock, int flags, const struct timespec *t,
                           struct timespec *left)
{
    if (!controlled)
        return REAL(clock_nanosleep)(clock, flags, t, left);
    if (clock == CLOCK_THREAD_CPUTIME_ID || !is_clock(clock))
        return EINVAL;
    if (!(flags & TIMER_ABSTIME))
        return sleep_for(t, left, HERE);
    if (!valid_nanoseconds(t) || t->tv_sec < 0)
        return EINVAL;
    uint64_t ns = ns_of(t), now = START_SECONDS * 1000000000ull + S->virtual_ns;
    uint64_t rest;
    return sleep_at(ns > now ? ns - now : 0, &rest, HERE);
}

static void now_at(struct timespec *out, struct here h)
{
    uint64_t ns = now_step(h);
    out->tv_sec = (time_t)(START_SECONDS + (int64_t)(ns / 1000000000ull));
    out->tv_nsec = (long)(ns % 1000000000ull);
}

EXPORT int clock_gettime(clockid_t clock, struct timespec *out)
{
    if (!controlled)
        return REAL(clock_gettime)(clock, out);
    if (!is_clock(clock))
        return fail(EINVAL);
    now_at(out, HERE);
    return 0;
}

EXPORT int clock_getres(clockid_t clock, struct timespec *out)
{
    if (!controlled)
        return REAL(clock_getres)(clock, out);
    if (!is_clock(clock))
        return fail(EINVAL);
    if (out)
        *out = (struct timespec){.tv_nsec = 1};
    return 0;
}

EXPORT int clock_settime(clockid_t clock, const struct timespec *t)
{
    return controlled ? fail(EPERM) : REAL(clock_settime)(clock, t);
}

EXPORT int timespec_get(struct timespec *out, int base)
{
    if (!controlled)
        return REAL(timespec_get)(out, base);
    if (base != TIME_UTC)
        return 0;
    now_at(out, HERE);
    return base;
}

/* As <sys/timeb.h> has it, which warns of every use. */
struct timeb {
    time_t time;
    unsigned short millitm;
    short timezone, dstflag;
};
int ftime(struct timeb *out);
EXPORT int ftime(struct timeb *out)
{
    struct timespec now;
    if (!controlled)
        return ((int (*)(struct timeb *))(uintptr_t)real_function("ftime"))(out);
    now_at(&now, HERE);
    *out = (struct timeb){.time = now.tv_sec, .millitm = (unsigned short)(now.tv_nsec / 1000000)};
    return 0;
}

EXPORT clock_t times(struct tms *out)
{
    if (!controlled)
        return REAL(times)(out);
    clock_t ticks = (clock_t)(now_step(HERE) / 10000000); /* hundredths of a second */
    if (out)
        *out = (struct tms){.tms_utime = ticks};
    return ticks;
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
