/* Models of conditions, semaphores, barriers and once: where tasks wait for something to happen. */
#include "model.h"

#include <limits.h>
#include <semaphore.h>

static struct event *tell(uint64_t a, int result)
{
    struct event *e = record_step_event();
    if (e) {
        e->a = a;
        e->result = result;
    }
    return e;
}

static void reach_step(unsigned kind, struct object *o, unsigned mode, struct here h)
{
    struct op op = op_make(kind, h);
    op.addr = o->addr;
    op_reach(&op, o->addr, 0, mode);
    if (mode == M_CSIGNAL)
        cancel_hears(&op);
    step(&op);
}

static const char *never_initialised(unsigned class)
{
    return class == C_BARRIER ? "use of a barrier that was never initialised"
                              : "use of a semaphore that was never initialised";
}

static unsigned list_waiters(const struct object *o, uint16_t *who);

/* Begun again though it was not ended. A local variable may be another one at the same place. */
static void find_double_init(const struct object *o)
{
    uint16_t who[MAX_TASKS];
    unsigned owner;
    if (list_waiters(o, who))
        find_misuse(o->addr, who[0], "initialised again while a task waits in it");
    else if (o->initialised && !o->destroyed && !stack_owner(place_address(o->addr), &owner))
        find_misuse(o->addr, NO_TASK, "initialised again without having been destroyed");
}

static int setup(unsigned kind, const void *p, unsigned class, struct here h)
{
    struct object *o = object_get(p, class);
    reach_step(kind, o, M_SETUP, h);
    find_double_init(o);
    object_fresh(o, class);
    o->initialised = 1;
    return 0;
}

static unsigned list_waiters(const struct object *o, uint16_t *who)
{
    unsigned n = 0;
    for (unsigned t = 0; t < S->ntasks; t++)
        if (set_has(&o->waiters, t) && S->tasks[t].op.kind != EV_CANCELLED)
            who[n++] = (uint16_t)t;
    return n;
}

static int destroy_waited(unsigned kind, const void *p, unsigned class, struct here h)
{
    uint16_t who[MAX_TASKS];
    struct object *o = object_get(p, class);
    reach_step(kind, o, M_SETUP, h);
    object_use(o);
    if (list_waiters(o, who))
        find_misuse(o->addr, who[0], "destroyed while a task waits in it");
    o->destroyed = 1;
    return 0;
}

/* ---- conditions ---- */
/* Give the mutex back, as pthread_cond_wait does: once. A recursive one that was locked more often
 * stays locked. How often it was locked. */
static unsigned release_for_wait(struct object *m)
{
    unsigned depth = m->depth;
    if (m->owner != S->cur_id) {
        find_misuse(m->addr, m->owner, "waits on a condition without holding the mutex");
        return 0;
    }
    if (depth > 1)
        m->depth--;
    else
        mutex_give_back(m);
    struct event *e = record_step_event();
    if (e)
        e->a = m->depth;
    return depth;
}

/* All who wait in a condition at one time have to use the same mutex. */
static void check_partner(struct object *c, const struct object *m)
{
    uint16_t who[MAX_TASKS];
    if (c->partner != m->addr && list_waiters(c, who))
        find_misuse(c->addr, who[0],
                    "waits on a condition in which another waits with another mutex");
    c->partner = m->addr;
}

static struct op waiting_op(unsigned kind, const struct object *c, const struct object *m,
                            struct here h)
{
    struct op op = op_make(kind, h);
    op.addr = c->addr;
    op.addr2 = m->addr;
    op.cancel_point = op.tidies = true;
    return op;
}

static struct op relock_op(const struct object *c, struct object *m, struct here h)
{
    struct op op = waiting_op(EV_COND_RELOCK, c, m, h);
    op.object = m;
    op.wait = WAIT_COND;
    op_reach(&op, m->addr, 0, M_LOCK);
    return op;
}

/* The mutex is had again, as deep as it was. */
static int retake(struct object *m, unsigned depth)
{
    int result = mutex_take(m);
    if (result != ENOTRECOVERABLE && depth)
        m->depth = (uint16_t)depth;
    return result;
}

/* Cancelled while it slept: it leaves the condition, and has the mutex for its handlers. */
static _Noreturn void cancelled_in_wait(struct object *c, struct object *m, unsigned depth,
                                        struct here h)
{
    set_del(&c->waiters, S->cur_id);
    S->cur->signalled = true;
    S->cur->exiting = true;
    S->cur->timed = false;
    struct op relock = relock_op(c, m, h);
    step(&relock);
    retake(m, depth);
    tell(0, 0);
    cancel_unwind(CANCELED, h.pc);
}

/* Nobody has signalled. Not because its time is over, either? */
static bool wakes_early(bool surely)
{
    if (surely)
        adverse_spend();
    else if (!adverse_instead(ADVERSE_SPURIOUS))
        return false;
    struct event *e = record_step_event();
    if (e)
        e->kind = EV_COND_SPURIOUS;
    return true;
}

/* Asleep until a signal comes, or the time is over; then until the mutex is free. 0 or ETIMEDOUT.
 */
static int sleep_in(struct object *c, struct object *m, const struct timespec *until,
                    unsigned depth, struct here h)
{
    struct task *t = S->cur;
    struct op relock = relock_op(c, m, h);
    bool may_wake = !until && adverse_left(ADVERSE_SPURIOUS);
    if (!until && !may_wake) {
        step(&relock);
        if (t->op.kind == EV_CANCELLED)
            cancelled_in_wait(c, m, depth, h);
        return 0;
    }
    struct op out = waiting_op(until ? EV_COND_TIMEOUT : EV_COND_SPURIOUS, c, m, h);
    op_reach(&out, c->addr, 0, M_CTIMEOUT);
    if (may_wake) {
        out.wait = WAIT_ADVERSE;
        adverse_reach(&out);
    } else {
        timeout_reach(&out);
        adverse_hears(&out, ADVERSE_SPURIOUS);
    }
    t->timed = true;
    t->relock = relock;
    step(&out);
    t->timed = false;
    if (t->op.kind == EV_CANCELLED)
        cancelled_in_wait(c, m, depth, h);
    if (t->op.kind != out.kind)
        return 0;
    set_del(&c->waiters, S->cur_id);
    t->signalled = true;
    int result = wakes_early(may_wake) ? 0 : ETIMEDOUT;
    if (result)
        timeout_happens(until, h.pc);
    tell(0, result);
    step(&relock);
    return result;
}

int cond_wait_at(pthread_cond_t *cond, pthread_mutex_t *mutex, const struct timespec *until,
                 struct here h)
{
    if (until && !valid_nanoseconds(until))
        return EINVAL;
    struct object *c = object_get(cond, C_COND), *m = mutex_get(mutex);
    struct op op = op_make(EV_COND_WAIT, h);
    op.addr = c->addr;
    op.addr2 = m->addr;
    op_reach(&op, c->addr, 0, M_CWAIT);
    op_reach(&op, m->addr, 0, m->owner == S->cur_id ? M_UNLOCK : M_TRY);
    cancel_hears(&op);
    step(&op);
    object_use(c);
    if (m->owner != S->cur_id && mutex_checks_owner(m)) {
        tell(0, EPERM);
        return EPERM;
    }
    check_partner(c, m);
    unsigned depth = release_for_wait(m);
    set_add(&c->waiters, S->cur_id);
    S->cur->signalled = false;
    int result = sleep_in(c, m, until, depth, h), taken = retake(m, depth);
    struct event *e = tell(0, taken ? taken : result);
    if (e && !result)
        e->ref = S->cur->woken_depth;
    return taken ? taken : result;
}

/* A signal reaches the waiter: it goes on once it has the mutex. */
static void wake(struct object *c, unsigned who)
{
    struct task *t = &S->tasks[who];
    set_del(&c->waiters, who);
    t->signalled = true;
    t->spinning = false;
    spin_effect(t);
    t->enable_depth = S->depth;
    t->woken_depth = S->depth;
    vc_join(t->vc, S->cur->vc);
    if (t->timed) { /* it no longer stands before the time-out but before the mutex */
        t->op = t->relock;
        if (S->cancels)
            cancel_arrives(t);
    }
    struct event *e = record(EV_WAKE, S->cur_id);
    if (e) {
        e->other = (uint16_t)who;
        e->addr = c->addr;
    }
    if (t->timed)
        record_pending(who);
}

void cond_pass_on(struct object *c)
{
    uint16_t who[MAX_TASKS];
    unsigned n = list_waiters(c, who);
    if (n)
        wake(c, who[sched_alternative(who, n)]);
}

int cond_signal_at(pthread_cond_t *cond, bool all, struct here h)
{
    struct object *c = object_get(cond, C_COND);
    uint16_t who[MAX_TASKS];
    reach_step(all ? EV_COND_BROADCAST : EV_COND_SIGNAL, c, M_CSIGNAL, h);
    unsigned n = list_waiters(c, who);
    tell(n, 0);
    object_use(c);
    if (!n) {
        trail_unheard();
        return 0;
    }
    if (!all) {
        wake(c, who[sched_alternative(who, n)]);
    } else {
        for (unsigned i = 0; i < n; i++)
            wake(c, who[i]);
    }
    sync_tick();
    return 0;
}

int cond_init_at(pthread_cond_t *c, struct here h)
{
    return setup(EV_COND_INIT, c, C_COND, h);
}

int cond_destroy_at(pthread_cond_t *c, struct here h)
{
    return destroy_waited(EV_COND_DESTROY, c, C_COND, h);
}

EXPORT int pthread_cond_init(pthread_cond_t *restrict c, const pthread_condattr_t *restrict a)
{
    return controlled ? cond_init_at(c, HERE) : REAL(pthread_cond_init)(c, a);
}

EXPORT int pthread_cond_destroy(pthread_cond_t *c)
{
    return controlled ? cond_destroy_at(c, HERE) : REAL(pthread_cond_destroy)(c);
}

EXPORT int pthread_cond_wait(pthread_cond_t *restrict c, pthread_mutex_t *restrict m)
{
    return controlled ? cond_wait_at(c, m, NULL, HERE) : REAL(pthread_cond_wait)(c, m);
}

EXPORT int pthread_cond_timedwait(pthread_cond_t *restrict c, pthread_mutex_t *restrict m,
                                  const struct timespec *restrict t)
{
    return controlled ? cond_wait_at(c, m, t, HERE) : REAL(pthread_cond_timedwait)(c, m, t);
}

EXPORT int pthread_cond_clockwait(pthread_cond_t *restrict c, pthread_mutex_t *restrict m,
                                  clockid_t k, const struct timespec *restrict t)
{
    if (!controlled)
        return REAL(pthread_cond_clockwait)(c, m, k, t);
    return waits_by_clock(k) ? cond_wait_at(c, m, t, HERE) : EINVAL;
}

EXPORT int pthread_cond_signal(pthread_cond_t *c)
{
    return controlled ? cond_signal_at(c, false, HERE) : REAL(pthread_cond_signal)(c);
}

EXPORT int pthread_cond_broadcast(pthread_cond_t *c)
{
    return controlled ? cond_signal_at(c, true, HERE) : REAL(pthread_cond_broadcast)(c);
}

/* ---- semaphores ---- */
static struct object *sem_get(const sem_t *s)
{
    bool seen = object_find(s) && object_find(s)->class == C_SEM;
    struct object *o = object_get(s, C_SEM);
    if (!seen) { /* never initialised here: the value its bytes hold */
        unsigned value;
        memcpy(&value, s, sizeof value);
        o->count = value;
    }
    return o;
}

static int fail(int error)
{
    errno = error;
    return -1;
}

static bool all_zero(const void *p, size_t n)
{
    const char *byte = p;
    while (n && !*byte++)
        n--;
    return n == 0;
}

/* Memory of zeroes counts as a semaphore of value 0 for the library; the standard wants sem_init. A
 * copy of one, or one in a file, is not all zeroes. */
static void sem_use(struct object *o, const sem_t *s)
{
    object_use(o);
    if (!o->initialised && o->count == 0 && all_zero(s, sizeof *s))
        find_misuse(o->addr, NO_TASK, never_initialised(C_SEM));
    o->initialised = 1;
}

static int sem_take(sem_t *s, unsigned kind, const struct timespec *until, struct here h)
{
    struct object *o = sem_get(s);
    struct op op = op_make(kind, h);
    op.addr = o->addr;
    op.object = o;
    op.cancel_point = kind != EV_SEM_TRYWAIT;
    op.interruptible = op.cancel_point;
    op_reach(&op, o->addr, 0, kind == EV_SEM_WAIT ? M_SWAIT : M_STRY);
    if (kind == EV_SEM_WAIT)
        op.wait = WAIT_SEM;
    if (until) {
        timeout_reach(&op);
        adverse_hears(&op, ADVERSE_EINTR);
    }
    if (!step(&op))
        return fail(EINTR);
    sem_use(o, s);
    if (o->count == 0) {
        int error = kind == EV_SEM_TRYWAIT ? EAGAIN : ETIMEDOUT;
        tell(0, error);
        if (until && adverse_instead(ADVERSE_EINTR))
            error = EINTR;
        else if (until)
            timeout_happens(until, h.pc);
        tell(0, error);
        return fail(error);
    }
    if (kind != EV_SEM_WAIT)
        order_amend(&o->f, M_SWAIT);
    spin_effect(S->cur);
    o->count--;
    sync_acquire(o);
    tell(o->count, 0);
    return 0;
}

static int sem_take_until(sem_t *s, const struct timespec *until, struct here h)
{
    return valid_nanoseconds(until) ? sem_take(s, EV_SEM_TIMEDWAIT, until, h) : fail(EINVAL);
}

EXPORT int sem_init(sem_t *s, int shared, unsigned value)
{
    if (!controlled)
        return REAL(sem_init)(s, shared, value);
    if (value > SEM_VALUE_MAX)
        return fail(EINVAL);
    setup(EV_SEM_INIT, s, C_SEM, HERE);
    object_get(s, C_SEM)->count = value;
    memcpy(s, &value, sizeof value); /* as the real one: a copy of the bytes keeps its value */
    tell(value, 0);
    return 0;
}

EXPORT int sem_destroy(sem_t *s)
{
    return controlled ? destroy_waited(EV_SEM_DESTROY, s, C_SEM, HERE) : REAL(sem_destroy)(s);
}

EXPORT int sem_wait(sem_t *s)
{
    return controlled ? sem_take(s, EV_SEM_WAIT, NULL, HERE) : REAL(sem_wait)(s);
}

EXPORT int sem_trywait(sem_t *s)
{
    return controlled ? sem_take(s, EV_SEM_TRYWAIT, NULL, HERE) : REAL(sem_trywait)(s);
}

EXPORT int sem_timedwait(sem_t *restrict s, const struct timespec *restrict t)
{
    return controlled ? sem_take_until(s, t, HERE) : REAL(sem_timedwait)(s, t);
}

EXPORT int sem_clockwait(sem_t *restrict s, clockid_t c, const struct timespec *restrict t)
{
    if (!controlled)
        return REAL(sem_clockwait)(s, c, t);
    return waits_by_clock(c) ? sem_take_until(s, t, HERE) : fail(EINVAL);
}

EXPORT int sem_post(sem_t *s)
{
    if (!controlled)
        return REAL(sem_post)(s);
    struct object *o = sem_get(s);
    reach_step(EV_SEM_POST, o, M_SPOST, HERE);
    sem_use(o, s);
    if (o->count == SEM_VALUE_MAX) {
        tell(o->count, EOVERFLOW);
        return fail(EOVERFLOW);
    }
    o->count++;
    sync_release_join(o);
    spin_changed(o->addr, 1);
    tell(o->count, 0);
    return 0;
}

EXPORT int sem_getvalue(sem_t *restrict s, int *restrict value)
{
    if (!controlled)
        return REAL(sem_getvalue)(s, value);
    struct object *o = sem_get(s);
    reach_step(EV_SEM_GETVALUE, o, M_STRY, HERE);
    *value = (int)o->count;
    tell(o->count, 0);
    return 0;
}

/* ---- barriers ---- */
EXPORT int pthread_barrier_init(pthread_barrier_t *restrict b,
                                const pthread_barrierattr_t *restrict a, unsigned count)
{
    if (!controlled)
        return REAL(pthread_barrier_init)(b, a, count);
    if (count == 0 || count > INT_MAX)
        return EINVAL;
    setup(EV_BARRIER_INIT, b, C_BARRIER, HERE);
    object_get(b, C_BARRIER)->count = count;
    tell(count, 0);
    return 0;
}

EXPORT int pthread_barrier_destroy(pthread_barrier_t *b)
{
    return controlled ? destroy_waited(EV_BARRIER_DESTROY, b, C_BARRIER, HERE)
                      : REAL(pthread_barrier_destroy)(b);
}

/* The last one to arrive lets everybody out. */
static void open_barrier(struct object *o)
{
    for (unsigned t = 0; t < S->ntasks; t++) {
        if (!set_has(&o->waiters, t))
            continue;
        S->tasks[t].enable_depth = S->depth;
        vc_join(S->tasks[t].vc, o->vc); /* now: the next round's arrivals are not part of it */
        set_del(&o->waiters, t);
    }
    o->nvc = 0;
    o->arrived = 0;
}

EXPORT int pthread_barrier_wait(pthread_barrier_t *b)
{
    if (!controlled)
        return REAL(pthread_barrier_wait)(b);
    struct object *o = object_get(b, C_BARRIER);
    struct here h = HERE;
    reach_step(EV_BARRIER_ARRIVE, o, M_ARRIVE, h);
    object_use(o);
    if (!o->initialised)
        find_misuse(o->addr, NO_TASK, never_initialised(C_BARRIER));
    bool last = ++o->arrived >= o->count;
    struct event *e = tell(o->arrived, 0);
    if (e)
        e->b = o->count;
    sync_release_join(o);
    set_add(&o->waiters, S->cur_id);
    if (last)
        open_barrier(o);
    struct op op = op_make(EV_BARRIER_LEAVE, h);
    op.addr = o->addr;
    op.object = o;
    op.wait = WAIT_BARRIER;
    step(&op);
    int result = last ? PTHREAD_BARRIER_SERIAL_THREAD : 0;
    tell(0, result);
    return result;
}

/* ---- once ---- */
static void once_over(struct object *o, bool done, struct here h)
{
    struct op end = op_make(EV_ONCE_END, h);
    end.addr = o->addr;
    op_reach(&end, o->addr, 0, M_UNLOCK);
    step(&end);
    o->arrived = done;
    o->owner = NO_TASK;
    sync_release(o);
    tell(0, done ? 0 : ECANCELED);
}

struct once {
    struct object *o;
    struct here h;
};

/* The initialiser was left by a cancellation or by pthread_exit: the next one runs it again. */
static void once_left(void *arg)
{
    const struct once *once = arg;
    once_over(once->o, false, once->h);
}

int once_at(pthread_once_t *control, void (*routine)(void), struct here h)
{
    struct once once = {object_get(control, C_ONCE), h};
    struct object *o = once.o;
    struct op op = op_make(EV_ONCE_BEGIN, h);
    op.addr = o->addr;
    op.object = o;
    op.wait = WAIT_ONCE;
    op_reach(&op, o->addr, 0, M_LOCK);
    step(&op);
    if (o->arrived) {
        order_amend(&o->f, M_RLOCK); /* those who come later do not see each other */
        sync_acquire(o);
        tell(0, 0);
        return 0;
    }
    tell(1, 0);
    sync_acquire(o);
    o->owner = (uint16_t)S->cur_id;
    pthread_cleanup_push(once_left, &once);
    routine();
    pthread_cleanup_pop(0);
    once_over(once.o, true, once.h);
    return 0;
}

EXPORT int pthread_once(pthread_once_t *control, void (*routine)(void))
{
    return controlled ? once_at(control, routine, HERE) : REAL(pthread_once)(control, routine);
}
