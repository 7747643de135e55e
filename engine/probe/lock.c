/* Models of mutexes, spin locks and read-write locks. */
#include "probe.h"

#include <pthread.h>

/* The type a statically initialised mutex has, as glibc keeps it in the object. */
static unsigned static_type(const pthread_mutex_t *m)
{
    int kind;
    memcpy(&kind, (const char *)m + offsetof(struct __pthread_mutex_s, __kind), sizeof kind);
    return (unsigned)kind & 3;
}

static struct object *mutex_get(const pthread_mutex_t *m)
{
    bool seen = object_find(m) && object_find(m)->class == C_MUTEX;
    struct object *o = object_get(m, C_MUTEX);
    if (!seen)
        o->type = (uint8_t)static_type(m);
    return o;
}

static struct op object_op(unsigned kind, struct object *o, unsigned mode, struct here h)
{
    struct op op = op_make(kind, h);
    op.addr = o->addr;
    op.object = o;
    op_reach(&op, o->addr, 0, mode);
    return op;
}

static int tell_result(struct object *o, int result, unsigned other)
{
    struct event *e = record_step_event();
    if (e) {
        e->result = result;
        e->other = (uint16_t)other;
        e->a = o->class == C_RWLOCK ? o->nreaders : o->depth;
    }
    return result;
}

static void take(struct object *o)
{
    struct task *t = S->cur;
    if (o->depth++ == 0) {
        o->owner = (uint16_t)S->cur_id;
        t->nheld++;
        sync_acquire(o);
        sync_acquire_read(o);
    }
}

/* A mutex that only its holder can give back: between the holder and itself there is nothing to
 * reverse. From any other the lock can be taken away, by an unlock of who does not hold it. */
static bool is_strict(const struct object *o)
{
    return o->class == C_MUTEX &&
           (o->type == PTHREAD_MUTEX_ERRORCHECK || o->type == PTHREAD_MUTEX_RECURSIVE);
}

static int lock_mutex(struct object *o, unsigned kind, bool timed, struct here h)
{
    bool mine = o->owner == S->cur_id;
    struct op op = object_op(kind, o, timed ? M_TRY : M_LOCK, h);
    if (!timed &&
        !(mine && (o->type == PTHREAD_MUTEX_RECURSIVE || o->type == PTHREAD_MUTEX_ERRORCHECK)))
        op.wait = WAIT_LOCK;
    if (mine && is_strict(o))
        op.nreach = 0;
    step(&op);
    mine = o->owner == S->cur_id;
    if (mine && o->type == PTHREAD_MUTEX_ERRORCHECK)
        return tell_result(o, EDEADLK, NO_TASK);
    if (timed && o->owner != NO_TASK && !(mine && o->type == PTHREAD_MUTEX_RECURSIVE))
        return tell_result(o, ETIMEDOUT, o->owner);
    if (timed)
        order_amend(&o->f, M_LOCK);
    if (o->destroyed)
        find_misuse(o->addr, NO_TASK, "lock of a destroyed mutex");
    take(o);
    return tell_result(o, 0, NO_TASK);
}

static int trylock(struct object *o, unsigned kind, struct here h)
{
    struct op op = object_op(kind, o, M_TRY, h);
    if (o->owner == S->cur_id && is_strict(o))
        op.nreach = 0;
    step(&op);
    bool again = o->owner == S->cur_id && o->type == PTHREAD_MUTEX_RECURSIVE && o->class == C_MUTEX;
    if (o->owner != NO_TASK && !again)
        return tell_result(o, EBUSY, o->owner);
    order_amend(&o->f, M_LOCK);
    take(o);
    return tell_result(o, 0, NO_TASK);
}

static int unlock(struct object *o, unsigned kind, struct here h)
{
    struct op op = object_op(kind, o, o->owner == S->cur_id ? M_UNLOCK : M_TRY, h);
    step(&op);
    if (o->owner != S->cur_id) {
        if (is_strict(o))
            return tell_result(o, EPERM, o->owner);
        find_misuse(o->addr, o->owner,
                    o->owner == NO_TASK ? "unlock of a mutex that nobody holds"
                                        : "unlock of a mutex that another task holds");
        if (o->owner == NO_TASK)
            return tell_result(o, 0, NO_TASK);
        S->tasks[o->owner].nheld--;
        S->cur->nheld++;
    }
    if (--o->depth == 0) {
        sync_release(o);
        o->owner = NO_TASK;
        S->cur->nheld--;
        spin_changed(o->addr, 1);
    }
    return tell_result(o, 0, NO_TASK);
}

static int init(struct object *o, unsigned kind, unsigned class, unsigned type, struct here h)
{
    struct op op = object_op(kind, o, M_SETUP, h);
    step(&op);
    if (o->owner != NO_TASK || o->nreaders)
        find_misuse(o->addr, o->owner, "initialised again while it is in use");
    object_fresh(o, class);
    o->type = (uint8_t)type;
    o->initialised = 1;
    struct event *e = record_step_event();
    if (e)
        e->a = type;
    return 0;
}

static int destroy(struct object *o, unsigned kind, struct here h)
{
    struct op op = object_op(kind, o, M_SETUP, h);
    step(&op);
    if (o->owner != NO_TASK || o->nreaders) {
        find_misuse(o->addr, o->owner, "destroyed while it is locked");
        return tell_result(o, EBUSY, o->owner);
    }
    o->destroyed = 1;
    return tell_result(o, 0, NO_TASK);
}

EXPORT int pthread_mutex_init(pthread_mutex_t *m, const pthread_mutexattr_t *attr)
{
    if (!controlled)
        return REAL(pthread_mutex_init)(m, attr);
    int type = PTHREAD_MUTEX_DEFAULT;
    if (attr)
        pthread_mutexattr_gettype(attr, &type);
    return init(mutex_get(m), EV_MUTEX_INIT, C_MUTEX, (unsigned)type, HERE);
}

EXPORT int pthread_mutex_destroy(pthread_mutex_t *m)
{
    return controlled ? destroy(mutex_get(m), EV_MUTEX_DESTROY, HERE)
                      : REAL(pthread_mutex_destroy)(m);
}

EXPORT int pthread_mutex_lock(pthread_mutex_t *m)
{
    return controlled ? lock_mutex(mutex_get(m), EV_LOCK, false, HERE)
                      : REAL(pthread_mutex_lock)(m);
}

EXPORT int pthread_mutex_trylock(pthread_mutex_t *m)
{
    return controlled ? trylock(mutex_get(m), EV_TRYLOCK, HERE) : REAL(pthread_mutex_trylock)(m);
}

EXPORT int pthread_mutex_timedlock(pthread_mutex_t *restrict m, const struct timespec *restrict t)
{
    return controlled ? lock_mutex(mutex_get(m), EV_TIMEDLOCK, true, HERE)
                      : REAL(pthread_mutex_timedlock)(m, t);
}

EXPORT int pthread_mutex_clocklock(pthread_mutex_t *restrict m, clockid_t c,
                                   const struct timespec *restrict t)
{
    return controlled ? lock_mutex(mutex_get(m), EV_TIMEDLOCK, true, HERE)
                      : REAL(pthread_mutex_clocklock)(m, c, t);
}

EXPORT int pthread_mutex_unlock(pthread_mutex_t *m)
{
    return controlled ? unlock(mutex_get(m), EV_UNLOCK, HERE) : REAL(pthread_mutex_unlock)(m);
}

#define SPIN(s) object_get((const void *)(uintptr_t)(s), C_SPIN)

EXPORT int pthread_spin_init(pthread_spinlock_t *s, int shared)
{
    return controlled ? init(SPIN(s), EV_SPIN_INIT, C_SPIN, 0, HERE)
                      : REAL(pthread_spin_init)(s, shared);
}

EXPORT int pthread_spin_destroy(pthread_spinlock_t *s)
{
    return controlled ? destroy(SPIN(s), EV_SPIN_DESTROY, HERE) : REAL(pthread_spin_destroy)(s);
}

EXPORT int pthread_spin_lock(pthread_spinlock_t *s)
{
    return controlled ? lock_mutex(SPIN(s), EV_SPIN_LOCK, false, HERE) : REAL(pthread_spin_lock)(s);
}

EXPORT int pthread_spin_trylock(pthread_spinlock_t *s)
{
    return controlled ? trylock(SPIN(s), EV_SPIN_TRYLOCK, HERE) : REAL(pthread_spin_trylock)(s);
}

EXPORT int pthread_spin_unlock(pthread_spinlock_t *s)
{
    return controlled ? unlock(SPIN(s), EV_SPIN_UNLOCK, HERE) : REAL(pthread_spin_unlock)(s);
}

/* ---- read-write locks ---- */
#define RW(l) object_get(l, C_RWLOCK)
enum patience { WAITS, TRIES, TIMES };

static int read_lock(struct object *o, unsigned kind, enum patience p, struct here h)
{
    struct op op = object_op(kind, o, p == WAITS ? M_RLOCK : M_TRY, h);
    if (o->owner == S->cur_id || set_has(&o->readers, S->cur_id))
        op.nreach = 0;
    if (p == WAITS)
        op.wait = WAIT_RD;
    step(&op);
    if (o->owner == S->cur_id)
        return tell_result(o, EDEADLK, NO_TASK);
    if (o->owner != NO_TASK)
        return tell_result(o, p == TRIES ? EBUSY : ETIMEDOUT, o->owner);
    if (p != WAITS)
        order_amend(&o->f, M_RLOCK);
    if (!set_has(&o->readers, S->cur_id))
        o->read_depth[S->cur_id] = 0;
    o->read_depth[S->cur_id]++;
    set_add(&o->readers, S->cur_id);
    o->nreaders++;
    S->cur->nheld++;
    sync_acquire(o);
    return tell_result(o, 0, NO_TASK);
}

static int write_lock(struct object *o, unsigned kind, enum patience p, struct here h)
{
    struct op op = object_op(kind, o, p == WAITS ? M_LOCK : M_TRY, h);
    if (o->owner == S->cur_id)
        op.nreach = 0;
    if (p == WAITS)
        op.wait = WAIT_LOCK;
    if (p == WAITS && o->owner == S->cur_id)
        op.wait = WAIT_NONE;
    step(&op);
    if (o->owner == S->cur_id && p == WAITS)
        return tell_result(o, EDEADLK, NO_TASK);
    if (o->owner != NO_TASK || o->nreaders)
        return tell_result(o, p == TRIES ? EBUSY : ETIMEDOUT, o->owner);
    if (p != WAITS)
        order_amend(&o->f, M_LOCK);
    take(o);
    return tell_result(o, 0, NO_TASK);
}

static int rw_unlock(struct object *o, struct here h)
{
    bool reads = set_has(&o->readers, S->cur_id);
    struct op op = object_op(EV_RWUNLOCK, o,
                             reads                   ? M_RUNLOCK
                             : o->owner == S->cur_id ? M_UNLOCK
                                                     : M_TRY,
                             h);
    step(&op);
    if (o->owner == S->cur_id) {
        o->depth = 0;
        o->owner = NO_TASK;
        sync_release(o);
    } else if (reads) {
        o->nreaders--;
        if (--o->read_depth[S->cur_id] == 0)
            set_del(&o->readers, S->cur_id);
        sync_release_read(o);
    } else {
        find_misuse(o->addr, o->owner, "unlock of a read-write lock that this task does not hold");
        return tell_result(o, EPERM, o->owner);
    }
    S->cur->nheld--;
    spin_changed(o->addr, 1);
    return tell_result(o, 0, NO_TASK);
}

EXPORT int pthread_rwlock_init(pthread_rwlock_t *restrict l, const pthread_rwlockattr_t *restrict a)
{
    return controlled ? init(RW(l), EV_RWLOCK_INIT, C_RWLOCK, 0, HERE)
                      : REAL(pthread_rwlock_init)(l, a);
}

EXPORT int pthread_rwlock_destroy(pthread_rwlock_t *l)
{
    return controlled ? destroy(RW(l), EV_RWLOCK_DESTROY, HERE) : REAL(pthread_rwlock_destroy)(l);
}

#define RWLOCK(name, how, kind, patience)                                                          \
    EXPORT int pthread_rwlock_##name(pthread_rwlock_t *l)                                          \
    {                                                                                              \
        return controlled ? how(RW(l), kind, patience, HERE) : REAL(pthread_rwlock_##name)(l);     \
    }
RWLOCK(rdlock, read_lock, EV_RDLOCK, WAITS)
RWLOCK(tryrdlock, read_lock, EV_TRYRDLOCK, TRIES)
RWLOCK(wrlock, write_lock, EV_WRLOCK, WAITS)
RWLOCK(trywrlock, write_lock, EV_TRYWRLOCK, TRIES)

#define RWTIMED(name, how, kind)                                                                   \
    EXPORT int pthread_rwlock_timed##name(pthread_rwlock_t *restrict l,                            \
                                          const struct timespec *restrict t)                       \
    {                                                                                              \
        return controlled ? how(RW(l), kind, TIMES, HERE)                                          \
                          : REAL(pthread_rwlock_timed##name)(l, t);                                \
    }                                                                                              \
    EXPORT int pthread_rwlock_clock##name(pthread_rwlock_t *restrict l, clockid_t c,               \
                                          const struct timespec *restrict t)                       \
    {                                                                                              \
        return controlled ? how(RW(l), kind, TIMES, HERE)                                          \
                          : REAL(pthread_rwlock_clock##name)(l, c, t);                             \
    }
RWTIMED(rdlock, read_lock, EV_TIMEDRDLOCK)
RWTIMED(wrlock, write_lock, EV_TIMEDWRLOCK)

EXPORT int pthread_rwlock_unlock(pthread_rwlock_t *l)
{
    return controlled ? rw_unlock(RW(l), HERE) : REAL(pthread_rwlock_unlock)(l);
}
