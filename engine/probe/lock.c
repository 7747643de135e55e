/* Models of mutexes, spin locks and read-write locks. */
#include "model.h"

/* The type a statically initialised mutex has, as glibc keeps it in the object. */
static unsigned static_type(const pthread_mutex_t *m)
{
    int kind;
    memcpy(&kind, (const char *)m + offsetof(struct __pthread_mutex_s, __kind), sizeof kind);
    return (unsigned)kind & 3;
}

/* What the library leaves in a mutex that was destroyed; so do we. An assignment of the static
 * initialiser then makes a new one of it, also where it is a local variable. */
#define KIND_DESTROYED (-1)

static int *kind_of(const pthread_mutex_t *m)
{
    return (int *)((uintptr_t)m + offsetof(struct __pthread_mutex_s, __kind));
}

struct object *mutex_get(const pthread_mutex_t *m)
{
    struct object *o = object_find(m);
    bool seen = o && o->class == C_MUTEX;
    if (seen && UNLIKELY(o->destroyed) && *kind_of(m) != KIND_DESTROYED)
        seen = false;
    o = object_get(m, C_MUTEX);
    if (!seen) {
        object_fresh(o, C_MUTEX);
        o->type = (uint8_t)static_type(m);
    }
    return o;
}

/* A local variable: another one may have the same address later, begun by its initialiser. */
static bool may_be_another(const struct object *o)
{
    unsigned owner;
    return (o->class == C_COND || o->class == C_RWLOCK) &&
           stack_owner(place_address(o->addr), &owner);
}

void object_use(struct object *o)
{
    static const char *const text[] = {
        [C_MUTEX] = "use of a mutex that was destroyed",
        [C_SPIN] = "use of a spin lock that was destroyed",
        [C_COND] = "use of a condition that was destroyed",
        [C_SEM] = "use of a semaphore that was destroyed",
        [C_BARRIER] = "use of a barrier that was destroyed",
        [C_RWLOCK] = "use of a read-write lock that was destroyed",
    };
    if (LIKELY(!o->destroyed))
        return;
    if (may_be_another(o))
        o->destroyed = 0;
    else
        find_misuse(o->addr, NO_TASK, text[o->class]);
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

int mutex_take(struct object *o)
{
    if (UNLIKELY(o->broken == NOT_RECOVERABLE))
        return ENOTRECOVERABLE;
    take(o);
    return UNLIKELY(o->broken == OWNER_DIED) && o->depth == 1 ? EOWNERDEAD : 0;
}

/* A mutex that only its holder can give back: between the holder and itself there is nothing to
 * reverse. From any other the lock can be taken away, by an unlock of who does not hold it. */
static bool is_strict(const struct object *o)
{
    return o->class == C_MUTEX &&
           (o->type == PTHREAD_MUTEX_ERRORCHECK || o->type == PTHREAD_MUTEX_RECURSIVE);
}

bool mutex_checks_owner(const struct object *o)
{
    return is_strict(o) || o->robust;
}

/* The library refuses a mutex with a ceiling to a thread that has no real-time priority. */
static bool above_ceiling(const struct object *o)
{
    return UNLIKELY(o->protocol == PTHREAD_PRIO_PROTECT) &&
           (!S->cur->priority || S->cur->priority > o->ceiling);
}

/* The wait has a deadline and the mutex is not to be had. */
static int too_late(struct object *o, const struct timespec *until)
{
    if (!valid_nanoseconds(until))
        return tell_result(o, EINVAL, o->owner);
    timeout_happens(until, S->cur->op.pc);
    return tell_result(o, ETIMEDOUT, o->owner);
}

static int lock_mutex(struct object *o, unsigned kind, const struct timespec *until, struct here h)
{
    bool mine = o->owner == S->cur_id, timed = until != NULL;
    struct op op = object_op(kind, o, timed ? M_TRY : M_LOCK, h);
    if (!timed && !(mine && is_strict(o)))
        op.wait = WAIT_LOCK;
    if (mine && is_strict(o))
        op.nreach = 0;
    if (timed)
        timeout_reach(&op);
    step(&op);
    object_use(o);
    mine = o->owner == S->cur_id;
    if (mine && o->type == PTHREAD_MUTEX_ERRORCHECK)
        return tell_result(o, EDEADLK, NO_TASK);
    if (above_ceiling(o))
        return tell_result(o, EINVAL, NO_TASK);
    if (timed && o->owner != NO_TASK && !(mine && o->type == PTHREAD_MUTEX_RECURSIVE))
        return too_late(o, until);
    if (timed && o->broken != NOT_RECOVERABLE)
        order_amend(&o->f, M_LOCK);
    return tell_result(o, mutex_take(o), NO_TASK);
}

static int trylock(struct object *o, unsigned kind, struct here h)
{
    struct op op = object_op(kind, o, M_TRY, h);
    if (o->owner == S->cur_id && is_strict(o))
        op.nreach = 0;
    step(&op);
    object_use(o);
    bool again = o->owner == S->cur_id && o->type == PTHREAD_MUTEX_RECURSIVE && o->class == C_MUTEX;
    if (above_ceiling(o))
        return tell_result(o, EINVAL, NO_TASK);
    if (o->owner != NO_TASK && !again)
        return tell_result(o, EBUSY, o->owner);
    if (o->broken != NOT_RECOVERABLE)
        order_amend(&o->f, M_LOCK);
    return tell_result(o, mutex_take(o), NO_TASK);
}

/* Who holds it gives it back, all at once. One whose owner died and that nobody made consistent
 * is lost for good. */
void mutex_give_back(struct object *o)
{
    if (UNLIKELY(o->broken == OWNER_DIED))
        o->broken = NOT_RECOVERABLE;
    sync_release(o);
    o->depth = 0;
    o->owner = NO_TASK;
    S->cur->nheld--;
    spin_changed(o->addr, 1);
}

static int unlock(struct object *o, unsigned kind, struct here h)
{
    struct op op = object_op(kind, o, o->owner == S->cur_id ? M_UNLOCK : M_TRY, h);
    step(&op);
    object_use(o);
    if (o->owner != S->cur_id) {
        if (mutex_checks_owner(o))
            return tell_result(o, EPERM, o->owner);
        bool spin = o->class == C_SPIN;
        find_misuse(o->addr, o->owner,
                    o->owner == NO_TASK ? (spin ? "unlock of a spin lock that nobody holds"
                                                : "unlock of a mutex that nobody holds")
                                        : (spin ? "unlock of a spin lock that another task holds"
                                                : "unlock of a mutex that another task holds"));
        if (o->owner == NO_TASK)
            return tell_result(o, 0, NO_TASK);
        S->tasks[o->owner].nheld--;
        S->cur->nheld++;
    }
    if (o->depth > 1)
        o->depth--;
    else
        mutex_give_back(o);
    return tell_result(o, 0, NO_TASK);
}

/* ---- robust mutexes ---- */
static void abandon(struct object *o)
{
    o->broken = OWNER_DIED;
    o->depth = 0;
    o->owner = NO_TASK;
    spin_changed(o->addr, 1);
}

static struct object *next_robust_of(unsigned task, uint32_t *i)
{
    while (*i < S->nobjects) {
        struct object *o = &S->objects[(*i)++];
        if (o->stamp == S->stamp && o->class == C_MUTEX && o->robust && o->owner == task)
            return o;
    }
    return NULL;
}

void robust_owner_ends(struct here h)
{
    struct object *o;
    uint32_t i = 0;
    while (S->cur->nheld && (o = next_robust_of(S->cur_id, &i))) {
        struct op op = object_op(EV_UNLOCK, o, M_UNLOCK, h);
        step(&op);
        sync_release(o);
        abandon(o);
        S->cur->nheld--;
        tell_result(o, EOWNERDEAD, NO_TASK);
    }
}

void robust_abandon(unsigned task)
{
    struct object *o;
    uint32_t i = 0;
    while (S->tasks[task].nheld && (o = next_robust_of(task, &i))) {
        abandon(o);
        S->tasks[task].nheld--;
    }
}

EXPORT int pthread_mutex_consistent(pthread_mutex_t *m)
{
    if (!controlled)
        return REAL(pthread_mutex_consistent)(m);
    struct object *o = mutex_get(m);
    bool can = o->robust && o->broken == OWNER_DIED && o->owner == S->cur_id;
    int result = can ? 0 : EINVAL;
    call_step("pthread_mutex_consistent", result, HERE);
    if (can)
        o->broken = WHOLE;
    return result;
}

/* ---- begin and end ---- */
/* Begun again though it was not ended. A local variable may be another one at the same place. */
static void find_double_init(struct object *o)
{
    unsigned owner;
    if (o->owner != NO_TASK || o->nreaders)
        find_misuse(o->addr, o->owner, "initialised again while it is in use");
    else if (o->initialised && !o->destroyed && !stack_owner(place_address(o->addr), &owner))
        find_misuse(o->addr, NO_TASK, "initialised again without having been destroyed");
}

static int init(struct object *o, unsigned kind, unsigned class, unsigned type, struct here h)
{
    struct op op = object_op(kind, o, M_SETUP, h);
    step(&op);
    find_double_init(o);
    object_fresh(o, class);
    o->type = (uint8_t)type;
    o->initialised = 1;
    struct event *e = record_step_event();
    if (e)
        e->a = type;
    return 0;
}

/* Who waits in a condition and comes back to this mutex. */
static unsigned waiter_with(const struct object *m)
{
    for (unsigned t = 0; t < S->ntasks; t++) {
        const struct op *op = &S->tasks[t].op;
        if (!S->tasks[t].ended && t != S->cur_id && op->addr2 == m->addr &&
            (op->kind == EV_COND_RELOCK || op->kind == EV_COND_TIMEOUT ||
             op->kind == EV_COND_SPURIOUS))
            return t;
    }
    return NO_TASK;
}

static int destroy(struct object *o, unsigned kind, struct here h)
{
    struct op op = object_op(kind, o, M_SETUP, h);
    step(&op);
    unsigned waiter = o->class == C_MUTEX ? waiter_with(o) : NO_TASK;
    if (o->owner != NO_TASK || o->nreaders) {
        find_misuse(o->addr, o->owner, "destroyed while it is locked");
        return tell_result(o, EBUSY, o->owner);
    }
    if (waiter != NO_TASK) {
        find_misuse(o->addr, waiter, "destroyed while a task that waits in a condition needs it");
        return tell_result(o, EBUSY, waiter);
    }
    object_use(o);
    o->destroyed = 1;
    return tell_result(o, 0, NO_TASK);
}

int mutex_init_at(pthread_mutex_t *m, const pthread_mutexattr_t *attr, struct here h)
{
    int type = PTHREAD_MUTEX_DEFAULT, robust = 0, protocol = 0, ceiling = 0;
    if (attr) {
        pthread_mutexattr_gettype(attr, &type);
        pthread_mutexattr_getrobust(attr, &robust);
        pthread_mutexattr_getprotocol(attr, &protocol);
        pthread_mutexattr_getprioceiling(attr, &ceiling);
    }
    struct object *o = mutex_get(m);
    init(o, EV_MUTEX_INIT, C_MUTEX, (unsigned)type, h);
    o->robust = robust == PTHREAD_MUTEX_ROBUST;
    o->protocol = (uint8_t)protocol;
    o->ceiling = (uint8_t)ceiling;
    if (*kind_of(m) == KIND_DESTROYED)
        *kind_of(m) = 0;
    return 0;
}

int mutex_destroy_at(pthread_mutex_t *m, struct here h)
{
    int result = destroy(mutex_get(m), EV_MUTEX_DESTROY, h);
    if (!result)
        *kind_of(m) = KIND_DESTROYED;
    return result;
}

/* The lock of a stream (flockfile): recursive, known by the stream's address. */
static struct object *stream_lock(const void *stream)
{
    struct object *o = object_get(stream, C_MUTEX);
    o->type = PTHREAD_MUTEX_RECURSIVE;
    return o;
}

void stream_lock_at(const void *stream, struct here h)
{
    lock_mutex(stream_lock(stream), EV_LOCK, NULL, h);
}

int stream_trylock_at(const void *stream, struct here h)
{
    return trylock(stream_lock(stream), EV_TRYLOCK, h);
}

void stream_unlock_at(const void *stream, struct here h)
{
    unlock(stream_lock(stream), EV_UNLOCK, h);
}

int mutex_lock_at(pthread_mutex_t *m, struct here h)
{
    return lock_mutex(mutex_get(m), EV_LOCK, NULL, h);
}

int mutex_trylock_at(pthread_mutex_t *m, struct here h)
{
    return trylock(mutex_get(m), EV_TRYLOCK, h);
}

int mutex_timedlock_at(pthread_mutex_t *m, const struct timespec *until, struct here h)
{
    return lock_mutex(mutex_get(m), EV_TIMEDLOCK, until, h);
}

int mutex_unlock_at(pthread_mutex_t *m, struct here h)
{
    return unlock(mutex_get(m), EV_UNLOCK, h);
}

EXPORT int pthread_mutex_init(pthread_mutex_t *m, const pthread_mutexattr_t *attr)
{
    return controlled ? mutex_init_at(m, attr, HERE) : REAL(pthread_mutex_init)(m, attr);
}

EXPORT int pthread_mutex_destroy(pthread_mutex_t *m)
{
    return controlled ? mutex_destroy_at(m, HERE) : REAL(pthread_mutex_destroy)(m);
}

EXPORT int pthread_mutex_lock(pthread_mutex_t *m)
{
    return controlled ? mutex_lock_at(m, HERE) : REAL(pthread_mutex_lock)(m);
}

EXPORT int pthread_mutex_trylock(pthread_mutex_t *m)
{
    return controlled ? mutex_trylock_at(m, HERE) : REAL(pthread_mutex_trylock)(m);
}

EXPORT int pthread_mutex_timedlock(pthread_mutex_t *restrict m, const struct timespec *restrict t)
{
    return controlled ? mutex_timedlock_at(m, t, HERE) : REAL(pthread_mutex_timedlock)(m, t);
}

EXPORT int pthread_mutex_clocklock(pthread_mutex_t *restrict m, clockid_t c,
                                   const struct timespec *restrict t)
{
    if (!controlled)
        return REAL(pthread_mutex_clocklock)(m, c, t);
    return waits_by_clock(c) ? mutex_timedlock_at(m, t, HERE) : EINVAL;
}

EXPORT int pthread_mutex_unlock(pthread_mutex_t *m)
{
    return controlled ? mutex_unlock_at(m, HERE) : REAL(pthread_mutex_unlock)(m);
}

/* ---- ceilings: kept, and told again ---- */
EXPORT int pthread_mutex_getprioceiling(const pthread_mutex_t *restrict m, int *restrict out)
{
    if (!controlled)
        return REAL(pthread_mutex_getprioceiling)(m, out);
    struct object *o = mutex_get(m);
    if (o->protocol != PTHREAD_PRIO_PROTECT)
        return EINVAL;
    *out = o->ceiling;
    return 0;
}

EXPORT int pthread_mutex_setprioceiling(pthread_mutex_t *restrict m, int ceiling, int *restrict old)
{
    if (!controlled)
        return REAL(pthread_mutex_setprioceiling)(m, ceiling, old);
    struct object *o = mutex_get(m);
    if (o->protocol != PTHREAD_PRIO_PROTECT || ceiling < 1 || ceiling > 99)
        return EINVAL;
    *old = o->ceiling;
    o->ceiling = (uint8_t)ceiling;
    return 0;
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
    return controlled ? lock_mutex(SPIN(s), EV_SPIN_LOCK, NULL, HERE) : REAL(pthread_spin_lock)(s);
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
/* How a read-write lock is asked for; a point in time only with UNTIL. */
enum manner { WAITS, TRIES, UNTIL };
struct patience {
    enum manner manner;
    const struct timespec *until;
};

static struct object *rw_get(const pthread_rwlock_t *l)
{
    struct object *o = object_find(l);
    bool seen = o && o->class == C_RWLOCK;
    o = object_get(l, C_RWLOCK);
    if (!seen) { /* a static initialiser says whom it prefers */
        unsigned kind;
        memcpy(&kind, (const char *)l + offsetof(struct __pthread_rwlock_arch_t, __flags),
               sizeof kind);
        o->type = (uint8_t)kind;
    }
    return o;
}
#define RW(l) rw_get(l)

static bool prefers_writers(const struct object *o)
{
    return o->type == PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP;
}

bool rwlock_writer_waits(const struct object *o)
{
    if (LIKELY(!prefers_writers(o)))
        return false;
    for (unsigned w = 0; w < S->nwords; w++)
        if (o->waiters.w[w])
            return true;
    return false;
}

static int rw_refused(struct object *o, struct patience p)
{
    if (p.manner == UNTIL)
        timeout_happens(p.until, S->cur->op.pc);
    return tell_result(o, p.manner == TRIES ? EBUSY : ETIMEDOUT, o->owner);
}

static int read_lock(struct object *o, unsigned kind, struct patience p, struct here h)
{
    bool mine = o->owner == S->cur_id;
    struct op op = object_op(kind, o, p.manner == WAITS ? M_RLOCK : M_TRY, h);
    if (mine || (set_has(&o->readers, S->cur_id) && !prefers_writers(o)))
        op.nreach = 0;
    if (p.manner == WAITS && !mine)
        op.wait = WAIT_RD;
    if (p.manner == UNTIL && !valid_nanoseconds(p.until))
        return EINVAL;
    if (p.manner == UNTIL)
        timeout_reach(&op);
    step(&op);
    object_use(o);
    if (o->owner == S->cur_id)
        return tell_result(o, p.manner == TRIES ? EBUSY : EDEADLK, NO_TASK);
    if (o->owner != NO_TASK || rwlock_writer_waits(o))
        return rw_refused(o, p);
    if (p.manner != WAITS)
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

/* Where writers are preferred, a writer that has to wait is seen to wait: readers stand back. */
static bool queue_writer(struct object *o, unsigned kind, struct patience p, struct here h)
{
    if (p.manner == TRIES || !prefers_writers(o) || o->owner == S->cur_id)
        return false;
    struct op op = object_op(kind, o, M_TRY, h);
    step(&op);
    if (o->owner == NO_TASK && !o->nreaders)
        return true;
    set_add(&o->waiters, S->cur_id);
    spin_effect(S->cur);
    tell_result(o, EAGAIN, o->owner);
    return false;
}

static int write_lock(struct object *o, unsigned kind, struct patience p, struct here h)
{
    if (p.manner == UNTIL && !valid_nanoseconds(p.until))
        return EINVAL;
    if (!queue_writer(o, kind, p, h)) {
        struct op op = object_op(kind, o, p.manner == WAITS ? M_LOCK : M_TRY, h);
        if (o->owner == S->cur_id)
            op.nreach = 0;
        else if (p.manner == WAITS)
            op.wait = WAIT_LOCK;
        if (p.manner == UNTIL)
            timeout_reach(&op);
        step(&op);
    }
    object_use(o);
    set_del(&o->waiters, S->cur_id);
    if (o->owner == S->cur_id)
        return tell_result(o, p.manner == TRIES ? EBUSY : EDEADLK, NO_TASK);
    if (o->owner != NO_TASK || o->nreaders) {
        spin_changed(o->addr, 1);
        return rw_refused(o, p);
    }
    if (S->cur->op.reach[0].mode == M_TRY)
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
    object_use(o);
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
    if (!controlled)
        return REAL(pthread_rwlock_init)(l, a);
    int kind = PTHREAD_RWLOCK_DEFAULT_NP;
    if (a)
        pthread_rwlockattr_getkind_np(a, &kind);
    return init(RW(l), EV_RWLOCK_INIT, C_RWLOCK, (unsigned)kind, HERE);
}

EXPORT int pthread_rwlock_destroy(pthread_rwlock_t *l)
{
    return controlled ? destroy(RW(l), EV_RWLOCK_DESTROY, HERE) : REAL(pthread_rwlock_destroy)(l);
}

#define RWLOCK(name, how, kind, way)                                                               \
    EXPORT int pthread_rwlock_##name(pthread_rwlock_t *l)                                          \
    {                                                                                              \
        return controlled ? how(RW(l), kind, (struct patience){.manner = way}, HERE)               \
                          : REAL(pthread_rwlock_##name)(l);                                        \
    }
RWLOCK(rdlock, read_lock, EV_RDLOCK, WAITS)
RWLOCK(tryrdlock, read_lock, EV_TRYRDLOCK, TRIES)
RWLOCK(wrlock, write_lock, EV_WRLOCK, WAITS)
RWLOCK(trywrlock, write_lock, EV_TRYWRLOCK, TRIES)

#define RWTIMED(name, how, kind)                                                                   \
    EXPORT int pthread_rwlock_timed##name(pthread_rwlock_t *restrict l,                            \
                                          const struct timespec *restrict t)                       \
    {                                                                                              \
        return controlled ? how(RW(l), kind, (struct patience){UNTIL, t}, HERE)                    \
                          : REAL(pthread_rwlock_timed##name)(l, t);                                \
    }                                                                                              \
    EXPORT int pthread_rwlock_clock##name(pthread_rwlock_t *restrict l, clockid_t c,               \
                                          const struct timespec *restrict t)                       \
    {                                                                                              \
        if (!controlled)                                                                           \
            return REAL(pthread_rwlock_clock##name)(l, c, t);                                      \
        return waits_by_clock(c) ? how(RW(l), kind, (struct patience){UNTIL, t}, HERE) : EINVAL;   \
    }
RWTIMED(rdlock, read_lock, EV_TIMEDRDLOCK)
RWTIMED(wrlock, write_lock, EV_TIMEDWRLOCK)

EXPORT int pthread_rwlock_unlock(pthread_rwlock_t *l)
{
    return controlled ? rw_unlock(RW(l), HERE) : REAL(pthread_rwlock_unlock)(l);
}
