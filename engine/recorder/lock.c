/* Mutexes, spin locks, read-write locks, streams: taken at once where that can be, which needs no
 * more than a try; only who has to wait says so. */
#include "inside.h"

#include <errno.h>

/* ---- mutexes ---- */
#include "plain.h"

static inline bool taken(int rc)
{
    return rc == 0 || rc == EOWNERDEAD;
}

static COLD int mutex_wait(pthread_mutex_t *m, uint64_t pc)
{
    struct wait w;
    wait_begin(&w, EV_LOCK, address(m), pc, 0);
    int rc = real.pthread_mutex_lock(m);
    wait_end(&w);
    note_now(EV_LOCK, arg_of(rc), address(m), pc, 0);
    if (taken(rc))
        held_add(address(m));
    return rc;
}

/* As lock, or EBUSY where that would wait. For all but plain mutexes trylock is something else: one
 * that is held by the caller is EBUSY, not EDEADLK, and glibc leaves one that is not recoverable
 * locked. A lock with a limit of time that is over is not. */
static int lock_without_wait(pthread_mutex_t *m)
{
    static const struct timespec over = {0, 0};
    if (plain_is(m))
        return real.pthread_mutex_trylock(m);
    int rc = real.pthread_mutex_timedlock(m, &over);
    return rc == ETIMEDOUT ? EBUSY : rc;
}

static __attribute__((noinline)) int mutex_lock(pthread_mutex_t *m, uint64_t pc)
{
    if (!ready())
        return real.pthread_mutex_lock(m);
    int rc = lock_without_wait(m);
    if (rc == EBUSY)
        return mutex_wait(m, pc);
    note(EV_LOCK, arg_of(rc), address(m), pc, 0);
    if (taken(rc))
        held_add(address(m));
    return rc;
}

static COLD int lock_repair(pthread_mutex_t *m, uint64_t at, uint64_t pc)
{
    at_once_repair(at, EV_LOCK, address(m), pc);
    return 0;
}

EXPORT int pthread_mutex_lock(pthread_mutex_t *m)
{
    struct at_once o;
    if (UNLIKELY(!at_once(&o) || o.held >= RECORDER_HELD || !plain_take(m)))
        return mutex_lock(m, HERE);
    o.slot->held[o.held] = address(m);
    o.slot->nheld = o.held + 1;
    if (!at_once_note(&o, EV_LOCK, address(m), HERE))
        return lock_repair(m, o.at, HERE);
    return 0;
}

static COLD int unlock_failed(pthread_mutex_t *m, int rc, bool held, uint64_t pc)
{
    note_now(EV_UNLOCK, arg_of(rc), address(m), pc, 0);
    if (held)
        held_add(address(m));
    return rc;
}

static __attribute__((noinline)) int mutex_unlock(pthread_mutex_t *m, uint64_t pc)
{
    if (!ready())
        return real.pthread_mutex_unlock(m);
    bool held = held_remove(address(m));
    note(EV_UNLOCK, 0, address(m), pc, 0);
    int rc = real.pthread_mutex_unlock(m);
    return LIKELY(rc == 0) ? 0 : unlock_failed(m, rc, held, pc);
}

static COLD int unlock_repair(pthread_mutex_t *m, uint64_t at, uint64_t pc)
{
    at_once_repair(at, EV_UNLOCK, address(m), pc);
    return real.pthread_mutex_unlock(m);
}

/* The last one it took, as it usually is. */
EXPORT int pthread_mutex_unlock(pthread_mutex_t *m)
{
    struct at_once o;
    if (UNLIKELY(!at_once(&o) || o.held - 1 >= RECORDER_HELD ||
                 o.slot->held[o.held - 1] != address(m) || !plain_is(m)))
        return mutex_unlock(m, HERE);
    o.slot->nheld = o.held - 1;
    if (!at_once_note(&o, EV_UNLOCK, address(m), HERE))
        return unlock_repair(m, o.at, HERE);
    if (UNLIKELY(!plain_give(m)))
        return real.pthread_mutex_unlock(m);
    return 0;
}

EXPORT int pthread_mutex_trylock(pthread_mutex_t *m)
{
    if (UNLIKELY(!ready()))
        return real.pthread_mutex_trylock(m);
    int rc = real.pthread_mutex_trylock(m);
    note(EV_TRYLOCK, arg_of(rc), address(m), HERE, 0);
    if (taken(rc))
        held_add(address(m));
    return rc;
}

static int timed_end(struct wait *w, pthread_mutex_t *m, int rc, uint64_t pc)
{
    wait_end(w);
    note_now(EV_TIMEDLOCK, arg_of(rc), address(m), pc, 0);
    if (taken(rc))
        held_add(address(m));
    return rc;
}

EXPORT int pthread_mutex_timedlock(pthread_mutex_t *m, const struct timespec *limit)
{
    if (!ready())
        return real.pthread_mutex_timedlock(m, limit);
    struct wait w;
    wait_begin(&w, EV_TIMEDLOCK, address(m), HERE, 0);
    return timed_end(&w, m, real.pthread_mutex_timedlock(m, limit), HERE);
}

EXPORT int pthread_mutex_clocklock(pthread_mutex_t *m, clockid_t clock,
                                   const struct timespec *limit)
{
    if (!ready())
        return real.pthread_mutex_clocklock(m, clock, limit);
    struct wait w;
    wait_begin(&w, EV_TIMEDLOCK, address(m), HERE, 0);
    return timed_end(&w, m, real.pthread_mutex_clocklock(m, clock, limit), HERE);
}

EXPORT int pthread_mutex_init(pthread_mutex_t *m, const pthread_mutexattr_t *attr)
{
    bool noted = ready();
    int rc = real.pthread_mutex_init(m, attr);
    if (noted)
        note(EV_MUTEX_INIT, arg_of(rc), address(m), HERE, 0);
    return rc;
}

EXPORT int pthread_mutex_destroy(pthread_mutex_t *m)
{
    bool noted = ready();
    int rc = real.pthread_mutex_destroy(m);
    if (noted)
        note(EV_MUTEX_DESTROY, arg_of(rc), address(m), HERE, 0);
    return rc;
}

/* ---- the same by the names of C11 ---- */
static int errno_of(int rc)
{
    switch (rc) {
    case thrd_success:
        return 0;
    case thrd_busy:
        return EBUSY;
    case thrd_timedout:
        return ETIMEDOUT;
    case thrd_nomem:
        return ENOMEM;
    default:
        return EINVAL;
    }
}

EXPORT int mtx_lock(mtx_t *m)
{
    if (UNLIKELY(!ready()))
        return real.mtx_lock(m);
    int rc = real.mtx_trylock(m);
    if (rc != thrd_success) {
        struct wait w;
        wait_begin(&w, EV_LOCK, address(m), HERE, 0);
        rc = real.mtx_lock(m);
        wait_end(&w);
        note_now(EV_LOCK, arg_of(errno_of(rc)), address(m), HERE, 0);
    } else {
        note(EV_LOCK, 0, address(m), HERE, 0);
    }
    if (rc == thrd_success)
        held_add(address(m));
    return rc;
}

EXPORT int mtx_trylock(mtx_t *m)
{
    if (!ready())
        return real.mtx_trylock(m);
    int rc = real.mtx_trylock(m);
    note(EV_TRYLOCK, arg_of(errno_of(rc)), address(m), HERE, 0);
    if (rc == thrd_success)
        held_add(address(m));
    return rc;
}

EXPORT int mtx_timedlock(mtx_t *restrict m, const struct timespec *restrict limit)
{
    if (!ready())
        return real.mtx_timedlock(m, limit);
    struct wait w;
    wait_begin(&w, EV_TIMEDLOCK, address(m), HERE, 0);
    int rc = real.mtx_timedlock(m, limit);
    wait_end(&w);
    note_now(EV_TIMEDLOCK, arg_of(errno_of(rc)), address(m), HERE, 0);
    if (rc == thrd_success)
        held_add(address(m));
    return rc;
}

EXPORT int mtx_unlock(mtx_t *m)
{
    if (UNLIKELY(!ready()))
        return real.mtx_unlock(m);
    bool held = held_remove(address(m));
    note(EV_UNLOCK, 0, address(m), HERE, 0);
    int rc = real.mtx_unlock(m);
    if (rc != thrd_success) {
        note_now(EV_UNLOCK, arg_of(errno_of(rc)), address(m), HERE, 0);
        if (held)
            held_add(address(m));
    }
    return rc;
}

EXPORT int mtx_init(mtx_t *m, int type)
{
    bool noted = ready();
    int rc = real.mtx_init(m, type);
    if (noted)
        note(EV_MUTEX_INIT, arg_of(errno_of(rc)), address(m), HERE, 0);
    return rc;
}

EXPORT void mtx_destroy(mtx_t *m)
{
    bool noted = ready();
    real.mtx_destroy(m);
    if (noted)
        note(EV_MUTEX_DESTROY, 0, address(m), HERE, 0);
}

/* ---- spin locks ---- */
EXPORT int pthread_spin_lock(pthread_spinlock_t *l)
{
    if (UNLIKELY(!ready()))
        return real.pthread_spin_lock(l);
    int rc = real.pthread_spin_trylock(l);
    if (rc) {
        struct wait w;
        wait_begin(&w, EV_SPIN_LOCK, address(l), HERE, 0);
        rc = real.pthread_spin_lock(l);
        wait_end(&w);
        note_now(EV_SPIN_LOCK, arg_of(rc), address(l), HERE, 0);
    } else {
        note(EV_SPIN_LOCK, 0, address(l), HERE, 0);
    }
    if (rc == 0)
        held_add(address(l));
    return rc;
}

EXPORT int pthread_spin_trylock(pthread_spinlock_t *l)
{
    if (UNLIKELY(!ready()))
        return real.pthread_spin_trylock(l);
    int rc = real.pthread_spin_trylock(l);
    note(EV_SPIN_TRYLOCK, arg_of(rc), address(l), HERE, 0);
    if (rc == 0)
        held_add(address(l));
    return rc;
}

EXPORT int pthread_spin_unlock(pthread_spinlock_t *l)
{
    if (UNLIKELY(!ready()))
        return real.pthread_spin_unlock(l);
    held_remove(address(l));
    note(EV_SPIN_UNLOCK, 0, address(l), HERE, 0);
    return real.pthread_spin_unlock(l);
}

EXPORT int pthread_spin_init(pthread_spinlock_t *l, int shared)
{
    bool noted = ready();
    int rc = real.pthread_spin_init(l, shared);
    if (noted)
        note(EV_SPIN_INIT, arg_of(rc), address(l), HERE, 0);
    return rc;
}

EXPORT int pthread_spin_destroy(pthread_spinlock_t *l)
{
    bool noted = ready();
    int rc = real.pthread_spin_destroy(l);
    if (noted)
        note(EV_SPIN_DESTROY, arg_of(rc), address(l), HERE, 0);
    return rc;
}
