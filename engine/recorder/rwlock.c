/* Read-write locks, and the locks of streams. A reader holds its lock like a writer. */
#include "inside.h"

#include <errno.h>

/* ---- read-write locks: each call tries at once, then waits ---- */
static COLD int rw_wait(pthread_rwlock_t *l, unsigned kind, int (*call)(pthread_rwlock_t *),
                        uint64_t pc)
{
    struct wait w;
    wait_begin(&w, kind, address(l), pc, 0);
    int rc = call(l);
    wait_end(&w);
    note_now(kind, arg_of(rc), address(l), pc, 0);
    if (rc == 0)
        held_add(address(l));
    return rc;
}

static int rw_got(pthread_rwlock_t *l, unsigned kind, int rc, uint64_t pc)
{
    note(kind, arg_of(rc), address(l), pc, 0);
    if (rc == 0)
        held_add(address(l));
    return rc;
}

EXPORT int pthread_rwlock_rdlock(pthread_rwlock_t *l)
{
    if (UNLIKELY(!ready()))
        return real.pthread_rwlock_rdlock(l);
    if (real.pthread_rwlock_tryrdlock(l))
        return rw_wait(l, EV_RDLOCK, real.pthread_rwlock_rdlock, HERE);
    return rw_got(l, EV_RDLOCK, 0, HERE);
}

EXPORT int pthread_rwlock_wrlock(pthread_rwlock_t *l)
{
    if (UNLIKELY(!ready()))
        return real.pthread_rwlock_wrlock(l);
    if (real.pthread_rwlock_trywrlock(l))
        return rw_wait(l, EV_WRLOCK, real.pthread_rwlock_wrlock, HERE);
    return rw_got(l, EV_WRLOCK, 0, HERE);
}

EXPORT int pthread_rwlock_tryrdlock(pthread_rwlock_t *l)
{
    if (!ready())
        return real.pthread_rwlock_tryrdlock(l);
    return rw_got(l, EV_TRYRDLOCK, real.pthread_rwlock_tryrdlock(l), HERE);
}

EXPORT int pthread_rwlock_trywrlock(pthread_rwlock_t *l)
{
    if (!ready())
        return real.pthread_rwlock_trywrlock(l);
    return rw_got(l, EV_TRYWRLOCK, real.pthread_rwlock_trywrlock(l), HERE);
}

static int rw_timed(struct wait *w, pthread_rwlock_t *l, unsigned kind, int rc, uint64_t pc)
{
    wait_end(w);
    note_now(kind, arg_of(rc), address(l), pc, 0);
    if (rc == 0)
        held_add(address(l));
    return rc;
}

#define TIMED(name, kind, ...)                                                                     \
    if (!ready())                                                                                  \
        return real.name(__VA_ARGS__);                                                             \
    struct wait w;                                                                                 \
    wait_begin(&w, kind, address(l), HERE, 0);                                                     \
    return rw_timed(&w, l, kind, real.name(__VA_ARGS__), HERE);

EXPORT int pthread_rwlock_timedrdlock(pthread_rwlock_t *l, const struct timespec *limit){
    TIMED(pthread_rwlock_timedrdlock, EV_TIMEDRDLOCK, l, limit)}

EXPORT int pthread_rwlock_timedwrlock(pthread_rwlock_t *l, const struct timespec *limit){
    TIMED(pthread_rwlock_timedwrlock, EV_TIMEDWRLOCK, l, limit)}

EXPORT int pthread_rwlock_clockrdlock(pthread_rwlock_t *l, clockid_t clock,
                                      const struct timespec *limit){
    TIMED(pthread_rwlock_clockrdlock, EV_TIMEDRDLOCK, l, clock, limit)}

EXPORT int pthread_rwlock_clockwrlock(pthread_rwlock_t *l, clockid_t clock,
                                      const struct timespec *limit){
    TIMED(pthread_rwlock_clockwrlock, EV_TIMEDWRLOCK, l, clock, limit)}

EXPORT int pthread_rwlock_unlock(pthread_rwlock_t *l)
{
    if (UNLIKELY(!ready()))
        return real.pthread_rwlock_unlock(l);
    bool held = held_remove(address(l));
    note(EV_RWUNLOCK, 0, address(l), HERE, 0);
    int rc = real.pthread_rwlock_unlock(l);
    if (rc) {
        note_now(EV_RWUNLOCK, arg_of(rc), address(l), HERE, 0);
        if (held)
            held_add(address(l));
    }
    return rc;
}

EXPORT int pthread_rwlock_init(pthread_rwlock_t *l, const pthread_rwlockattr_t *attr)
{
    bool noted = ready();
    int rc = real.pthread_rwlock_init(l, attr);
    if (noted)
        note(EV_RWLOCK_INIT, arg_of(rc), address(l), HERE, 0);
    return rc;
}

EXPORT int pthread_rwlock_destroy(pthread_rwlock_t *l)
{
    bool noted = ready();
    int rc = real.pthread_rwlock_destroy(l);
    if (noted)
        note(EV_RWLOCK_DESTROY, arg_of(rc), address(l), HERE, 0);
    return rc;
}

/* ---- streams ---- */
EXPORT void flockfile(FILE *f)
{
    if (!ready()) {
        real.flockfile(f);
        return;
    }
    if (real.ftrylockfile(f)) {
        struct wait w;
        wait_begin(&w, EV_LOCK, address(f), HERE, 0);
        real.flockfile(f);
        wait_end(&w);
    }
    note_now(EV_LOCK, 0, address(f), HERE, 0);
    held_add(address(f));
}

EXPORT int ftrylockfile(FILE *f)
{
    if (!ready())
        return real.ftrylockfile(f);
    int rc = real.ftrylockfile(f);
    note(EV_TRYLOCK, rc ? EBUSY : 0, address(f), HERE, 0);
    if (rc == 0)
        held_add(address(f));
    return rc;
}

EXPORT void funlockfile(FILE *f)
{
    if (ready()) {
        held_remove(address(f));
        note(EV_UNLOCK, 0, address(f), HERE, 0);
    }
    real.funlockfile(f);
}
