/* Sleeping and letting others have a turn. */
#include "inside.h"

static uint64_t ns_of(const struct timespec *t)
{
    return t ? (uint64_t)t->tv_sec * 1000000000u + (uint64_t)t->tv_nsec : 0;
}

static void sleep_begin(struct wait *w, uint64_t pc)
{
    wait_begin(w, EV_SLEEP, 0, pc, 0);
}

static void sleep_end(struct wait *w, int error, uint64_t ns, uint64_t pc)
{
    int keep = errno;
    wait_end(w);
    note_more(EV_SLEEP, arg_of(error), 0, pc, 0, ns);
    errno = keep;
}

EXPORT unsigned sleep(unsigned seconds)
{
    if (!ready())
        return real.sleep(seconds);
    struct wait w;
    sleep_begin(&w, HERE);
    unsigned left = real.sleep(seconds);
    sleep_end(&w, left ? EINTR : 0, (uint64_t)seconds * 1000000000u, HERE);
    return left;
}

EXPORT int usleep(useconds_t us)
{
    if (!ready())
        return real.usleep(us);
    struct wait w;
    sleep_begin(&w, HERE);
    int rc = real.usleep(us);
    sleep_end(&w, rc ? errno : 0, (uint64_t)us * 1000, HERE);
    return rc;
}

EXPORT int nanosleep(const struct timespec *t, struct timespec *left)
{
    if (!ready())
        return real.nanosleep(t, left);
    struct wait w;
    uint64_t ns = ns_of(t); /* the rest may be written over it */
    sleep_begin(&w, HERE);
    int rc = real.nanosleep(t, left);
    sleep_end(&w, rc ? errno : 0, ns, HERE);
    return rc;
}

EXPORT int clock_nanosleep(clockid_t clock, int flags, const struct timespec *t,
                           struct timespec *left)
{
    if (!ready())
        return real.clock_nanosleep(clock, flags, t, left);
    struct wait w;
    uint64_t ns = ns_of(t);
    if (flags & TIMER_ABSTIME) {
        struct timespec now = {0};
        clock_gettime(clock, &now);
        ns = ns > ns_of(&now) ? ns - ns_of(&now) : 0;
    }
    sleep_begin(&w, HERE);
    int rc = real.clock_nanosleep(clock, flags, t, left);
    sleep_end(&w, rc, ns, HERE);
    return rc;
}

EXPORT int thrd_sleep(const struct timespec *t, struct timespec *left)
{
    if (!ready())
        return real.thrd_sleep(t, left);
    struct wait w;
    uint64_t ns = ns_of(t);
    sleep_begin(&w, HERE);
    int rc = real.thrd_sleep(t, left);
    sleep_end(&w, rc == 0 ? 0 : rc == -1 ? EINTR : EINVAL, ns, HERE);
    return rc;
}

EXPORT int sched_yield(void)
{
    bool noted = ready();
    int rc = real.sched_yield();
    if (noted)
        note(EV_YIELD, arg_of(rc), 0, HERE, 0);
    return rc;
}

EXPORT void thrd_yield(void)
{
    bool noted = ready();
    real.thrd_yield();
    if (noted)
        note(EV_YIELD, 0, 0, HERE, 0);
}
