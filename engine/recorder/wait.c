/* Conditions, semaphores, barriers, once: where threads wait for each other. */
#include "inside.h"

#include <errno.h>

/* ---- conditions ----
 * A wait always has a deadline, in a hundred years where the program gives none, so that the
 * handler of RECORDER_SIGNAL can move it. */
static const struct timespec never = {(time_t)3 << 30, 0};

static void cond_begin(struct wait *w, unsigned kind, const void *c, const void *m, uint64_t pc)
{
    held_remove(address(m));
    note_more(EV_COND_WAIT, 0, address(c), pc, 0, address(m));
    wait_begin(w, kind, address(c), pc, 0);
}

/* The mutex is the thread's again, also after a wait that timed out. */
static int cond_end(struct wait *w, const void *c, const void *m, int rc, uint64_t pc)
{
    wait_end(w);
    if (rc == ETIMEDOUT && w->interrupted) {
        rc = 0;
        note_now(EV_COND_SPURIOUS, 0, address(c), pc, 0);
    }
    if (rc == 0 || rc == ETIMEDOUT || rc == EOWNERDEAD)
        held_add(address(m));
    note_more(EV_COND_RELOCK, arg_of(rc), address(c), pc, 0, address(m));
    return rc;
}

EXPORT int pthread_cond_wait(pthread_cond_t *c, pthread_mutex_t *m)
{
    if (!ready())
        return real.pthread_cond_wait(c, m);
    struct wait w;
    cond_begin(&w, EV_COND_WAIT, c, m, HERE);
    w.deadline = never;
    int rc = real.pthread_cond_clockwait
                 ? real.pthread_cond_clockwait(c, m, CLOCK_MONOTONIC, &w.deadline)
                 : real.pthread_cond_wait(c, m);
    return cond_end(&w, c, m, rc, HERE);
}

EXPORT int pthread_cond_timedwait(pthread_cond_t *c, pthread_mutex_t *m,
                                  const struct timespec *limit)
{
    if (!ready())
        return real.pthread_cond_timedwait(c, m, limit);
    struct wait w;
    w.deadline = *limit;
    cond_begin(&w, EV_COND_TIMEOUT, c, m, HERE);
    return cond_end(&w, c, m, real.pthread_cond_timedwait(c, m, &w.deadline), HERE);
}

EXPORT int pthread_cond_clockwait(pthread_cond_t *c, pthread_mutex_t *m, clockid_t clock,
                                  const struct timespec *limit)
{
    if (!ready())
        return real.pthread_cond_clockwait(c, m, clock, limit);
    struct wait w;
    w.deadline = *limit;
    cond_begin(&w, EV_COND_TIMEOUT, c, m, HERE);
    return cond_end(&w, c, m, real.pthread_cond_clockwait(c, m, clock, &w.deadline), HERE);
}

EXPORT int pthread_cond_signal(pthread_cond_t *c)
{
    if (ready())
        note(EV_COND_SIGNAL, 0, address(c), HERE, 0);
    return real.pthread_cond_signal(c);
}

EXPORT int pthread_cond_broadcast(pthread_cond_t *c)
{
    if (ready())
        note(EV_COND_BROADCAST, 0, address(c), HERE, 0);
    return real.pthread_cond_broadcast(c);
}

EXPORT int pthread_cond_init(pthread_cond_t *c, const pthread_condattr_t *attr)
{
    bool noted = ready();
    int rc = real.pthread_cond_init(c, attr);
    if (noted)
        note(EV_COND_INIT, arg_of(rc), address(c), HERE, 0);
    return rc;
}

EXPORT int pthread_cond_destroy(pthread_cond_t *c)
{
    if (!ready())
        return real.pthread_cond_destroy(c);
    struct wait w; /* until the last one that was woken has left it */
    wait_begin(&w, EV_COND_DESTROY, address(c), HERE, 0);
    int rc = real.pthread_cond_destroy(c);
    wait_end(&w);
    note_now(EV_COND_DESTROY, arg_of(rc), address(c), HERE, 0);
    return rc;
}

/* ---- the same by the names of C11 ---- */
static int c11_end(struct wait *w, cnd_t *c, mtx_t *m, int rc, uint64_t pc)
{
    int error = rc == thrd_success ? 0 : rc == thrd_timedout ? ETIMEDOUT : EINVAL;
    int said = cond_end(w, c, m, error, pc);
    return said == error ? rc : thrd_success;
}

EXPORT int cnd_wait(cnd_t *c, mtx_t *m)
{
    if (!ready())
        return real.cnd_wait(c, m);
    struct wait w;
    cond_begin(&w, EV_COND_WAIT, c, m, HERE);
    w.deadline = never;
    return c11_end(&w, c, m, real.cnd_timedwait(c, m, &w.deadline), HERE);
}

EXPORT int cnd_timedwait(cnd_t *restrict c, mtx_t *restrict m,
                         const struct timespec *restrict limit)
{
    if (!ready())
        return real.cnd_timedwait(c, m, limit);
    struct wait w;
    w.deadline = *limit;
    cond_begin(&w, EV_COND_TIMEOUT, c, m, HERE);
    return c11_end(&w, c, m, real.cnd_timedwait(c, m, &w.deadline), HERE);
}

EXPORT int cnd_signal(cnd_t *c)
{
    if (ready())
        note(EV_COND_SIGNAL, 0, address(c), HERE, 0);
    return real.cnd_signal(c);
}

EXPORT int cnd_broadcast(cnd_t *c)
{
    if (ready())
        note(EV_COND_BROADCAST, 0, address(c), HERE, 0);
    return real.cnd_broadcast(c);
}

EXPORT int cnd_init(cnd_t *c)
{
    bool noted = ready();
    int rc = real.cnd_init(c);
    if (noted)
        note(EV_COND_INIT, rc == thrd_success ? 0 : ENOMEM, address(c), HERE, 0);
    return rc;
}

EXPORT void cnd_destroy(cnd_t *c)
{
    bool noted = ready();
    real.cnd_destroy(c);
    if (noted)
        note(EV_COND_DESTROY, 0, address(c), HERE, 0);
}

/* ---- semaphores ---- */
static unsigned value_of(sem_t *s, int more)
{
    int v = 0;
    sem_getvalue(s, &v);
    v += more;
    return v < 0 ? 0 : v > 0xffff ? 0xffff : (unsigned)v;
}

static int sem_end(struct wait *w, unsigned kind, sem_t *s, int rc, uint64_t pc)
{
    int error = errno;
    wait_end(w);
    note_now(kind, rc ? arg_of(error) : 0, address(s), pc, value_of(s, 0));
    errno = error;
    return rc;
}

/* A request to be cancelled is acted upon also where nothing has to be waited for. */
static bool sem_at_once(sem_t *s, unsigned kind, uint64_t pc)
{
    int keep = errno;
    real.pthread_testcancel();
    bool got = real.sem_trywait(s) == 0;
    errno = keep;
    if (got)
        note(kind, 0, address(s), pc, value_of(s, 0));
    return got;
}

EXPORT int sem_wait(sem_t *s)
{
    if (!ready())
        return real.sem_wait(s);
    if (sem_at_once(s, EV_SEM_WAIT, HERE))
        return 0;
    struct wait w;
    wait_begin(&w, EV_SEM_WAIT, address(s), HERE, 0);
    return sem_end(&w, EV_SEM_WAIT, s, real.sem_wait(s), HERE);
}

EXPORT int sem_trywait(sem_t *s)
{
    if (!ready())
        return real.sem_trywait(s);
    int rc = real.sem_trywait(s), error = errno;
    note(EV_SEM_TRYWAIT, rc ? arg_of(error) : 0, address(s), HERE, value_of(s, 0));
    errno = error;
    return rc;
}

EXPORT int sem_timedwait(sem_t *restrict s, const struct timespec *restrict limit)
{
    if (!ready())
        return real.sem_timedwait(s, limit);
    struct wait w;
    wait_begin(&w, EV_SEM_TIMEDWAIT, address(s), HERE, 0);
    return sem_end(&w, EV_SEM_TIMEDWAIT, s, real.sem_timedwait(s, limit), HERE);
}

EXPORT int sem_clockwait(sem_t *restrict s, clockid_t clock, const struct timespec *restrict limit)
{
    if (!ready())
        return real.sem_clockwait(s, clock, limit);
    struct wait w;
    wait_begin(&w, EV_SEM_TIMEDWAIT, address(s), HERE, 0);
    return sem_end(&w, EV_SEM_TIMEDWAIT, s, real.sem_clockwait(s, clock, limit), HERE);
}

EXPORT int sem_post(sem_t *s)
{
    if (!ready())
        return real.sem_post(s);
    note(EV_SEM_POST, 0, address(s), HERE, value_of(s, 1));
    int rc = real.sem_post(s), error = errno;
    if (rc)
        note_now(EV_SEM_POST, arg_of(error), address(s), HERE, value_of(s, 0));
    errno = error;
    return rc;
}

EXPORT int sem_init(sem_t *s, int shared, unsigned value)
{
    bool noted = ready();
    int rc = real.sem_init(s, shared, value), error = errno;
    if (noted)
        note(EV_SEM_INIT, rc ? arg_of(error) : 0, address(s), HERE,
             value > 0xffff ? 0xffff : value);
    errno = error;
    return rc;
}

EXPORT int sem_destroy(sem_t *s)
{
    bool noted = ready();
    int rc = real.sem_destroy(s);
    if (noted)
        note(EV_SEM_DESTROY, 0, address(s), HERE, 0);
    return rc;
}

/* ---- barriers ---- */
EXPORT int pthread_barrier_wait(pthread_barrier_t *b)
{
    if (!ready())
        return real.pthread_barrier_wait(b);
    struct wait w;
    note_now(EV_BARRIER_ARRIVE, 0, address(b), HERE, 0);
    wait_begin(&w, EV_BARRIER_ARRIVE, address(b), HERE, 0);
    int rc = real.pthread_barrier_wait(b);
    wait_end(&w);
    note_now(EV_BARRIER_LEAVE, arg_of(rc), address(b), HERE, 0);
    return rc;
}

EXPORT int pthread_barrier_init(pthread_barrier_t *b, const pthread_barrierattr_t *attr,
                                unsigned count)
{
    bool noted = ready();
    int rc = real.pthread_barrier_init(b, attr, count);
    if (noted)
        note(EV_BARRIER_INIT, arg_of(rc), address(b), HERE, count > 0xffff ? 0xffff : count);
    return rc;
}

EXPORT int pthread_barrier_destroy(pthread_barrier_t *b)
{
    bool noted = ready();
    int rc = real.pthread_barrier_destroy(b);
    if (noted)
        note(EV_BARRIER_DESTROY, arg_of(rc), address(b), HERE, 0);
    return rc;
}
