/* Models of the thread calls. */
#include "probe.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <unistd.h>

/* Handles are small fixed numbers, the same in every execution. */
#define HANDLE_BASE 0x7a0000000000ull

/* The same in a forked process for the thread that forked. */
static pthread_t handle_of(unsigned task)
{
    return (pthread_t)(HANDLE_BASE + S->tasks[task].slot * 0x1000ull);
}

static unsigned task_of(pthread_t handle)
{
    uint64_t slot = ((uint64_t)handle - HANDLE_BASE) / 0x1000;
    return slot < OWN->slots ? OWN->task_of_slot[slot] : NO_TASK;
}

unsigned task_of_handle(unsigned long thread)
{
    return task_of(thread);
}

static struct event *tell(int result)
{
    struct event *e = record_step_event();
    if (e)
        e->result = result;
    return e;
}

static struct task *create(const pthread_attr_t *attr, void *(*start)(void *), void *arg,
                           struct here h)
{
    struct op op = op_make(EV_CREATE, h);
    op.other = (uint16_t)S->ntasks;
    op.addr = (uint64_t)(uintptr_t)start;
    op_reach(&op, OBJ_TASKS, 0, M_STREAM);
    step(&op);
    struct task *t = sched_new_task(S->cur_id);
    if (!t) {
        tell(EAGAIN);
        return NULL;
    }
    int state = PTHREAD_CREATE_JOINABLE;
    if (attr)
        pthread_attr_getdetachstate(attr, &state);
    t->detached = state == PTHREAD_CREATE_DETACHED;
    t->start = start;
    t->arg = arg;
    t->op = op_make(EV_START, (struct here){(uint64_t)(uintptr_t)start + 1, t->stack_high - 64, 0});
    t->last_depth = S->depth;
    unsigned id = task_id(t);
    memcpy(t->vc, S->cur->vc, S->ntasks * sizeof *t->vc);
    t->vc[id] = 1;
    S->cur->vc[id] = 0;
    sync_tick();
    struct event *e = tell(0);
    if (e)
        e->other = (uint16_t)id;
    record_pending(id);
    return t;
}

EXPORT int pthread_create(pthread_t *restrict out, const pthread_attr_t *restrict attr,
                          void *(*start)(void *), void *restrict arg)
{
    if (!controlled)
        return REAL(pthread_create)(out, attr, start, arg);
    struct task *t = create(attr, start, arg, HERE);
    if (!t)
        return EAGAIN;
    *out = handle_of(task_id(t));
    return 0;
}

/* What is wrong with joining that task now; NULL: nothing. */
static const char *join_fault(unsigned id, int *error)
{
    const struct task *t = id == NO_TASK ? NULL : &S->tasks[id];
    *error = !t || t->joined ? ESRCH : id == S->cur_id ? EDEADLK : EINVAL;
    return !t                ? "join of a thread that does not exist"
           : id == S->cur_id ? "a thread joins itself"
           : t->detached     ? "join of a detached thread"
           : t->joined       ? "join of a thread that was joined before"
                             : NULL;
}

static int join(unsigned id, void **value, bool waits, struct here h)
{
    int error;
    struct op op = op_make(EV_JOIN, h);
    op.other = (uint16_t)id;
    if (id != NO_TASK && id != S->cur_id) {
        op_reach(&op, OBJ_HANDLE(id), 0, M_AWRITE);
        op_reach(&op, OBJ_END(id), 0, M_AREAD);
        if (waits) {
            op.wait = WAIT_JOIN;
            S->tasks[id].joiner = (uint16_t)S->cur_id;
        }
    }
    step(&op);
    const char *fault = join_fault(id, &error);
    if (fault) {
        find_misuse(0, id, fault);
        tell(error);
        return error;
    }
    struct task *t = &S->tasks[id];
    if (!t->ended) {
        tell(EBUSY);
        return EBUSY;
    }
    t->joined = true;
    spin_effect(S->cur);
    vc_join(S->cur->vc, t->vc);
    if (value)
        *value = t->result;
    struct event *e = tell(0);
    if (e) {
        e->a = (uint64_t)(uintptr_t)t->result;
        e->ref = t->end_depth;
    }
    record_gone(id, false);
    return 0;
}

EXPORT int pthread_join(pthread_t thread, void **value)
{
    return controlled ? join(task_of(thread), value, true, HERE)
                      : REAL(pthread_join)(thread, value);
}

EXPORT int pthread_tryjoin_np(pthread_t thread, void **value)
{
    return controlled ? join(task_of(thread), value, false, HERE)
                      : REAL(pthread_tryjoin_np)(thread, value);
}

EXPORT int pthread_detach(pthread_t thread)
{
    if (!controlled)
        return REAL(pthread_detach)(thread);
    unsigned id = task_of(thread);
    struct op op = op_make(EV_DETACH, HERE);
    op.other = (uint16_t)id;
    if (id != NO_TASK)
        op_reach(&op, OBJ_HANDLE(id), 0, M_AWRITE);
    step(&op);
    if (id == NO_TASK || S->tasks[id].detached || S->tasks[id].joined) {
        find_misuse(0, id, "detach of a thread that is detached, joined or unknown");
        tell(EINVAL);
        return id == NO_TASK ? ESRCH : EINVAL;
    }
    S->tasks[id].detached = true;
    if (S->tasks[id].ended)
        record_gone(id, false);
    return 0;
}

EXPORT pthread_t pthread_self(void)
{
    return controlled ? handle_of(S->cur_id) : REAL(pthread_self)();
}

EXPORT int pthread_equal(pthread_t a, pthread_t b)
{
    return a == b;
}

EXPORT _Noreturn void pthread_exit(void *value)
{
    if (!controlled) {
        REAL(pthread_exit)(value);
        __builtin_unreachable();
    }
    S->cur->result = value;
    sched_task_over((uint64_t)__builtin_return_address(0));
}

static int set_name(unsigned id, const char *name)
{
    if (id == NO_TASK)
        return ESRCH;
    size_t n = strlen(name);
    if (n > 15)
        return ERANGE;
    memcpy(S->tasks[id].name, name, n + 1);
    record_text(record(EV_NAME, id), name, n);
    return 0;
}

EXPORT int pthread_setname_np(pthread_t thread, const char *name)
{
    return controlled ? set_name(task_of(thread), name) : REAL(pthread_setname_np)(thread, name);
}

EXPORT int pthread_getname_np(pthread_t thread, char *out, size_t n)
{
    if (!controlled)
        return REAL(pthread_getname_np)(thread, out, n);
    unsigned id = task_of(thread);
    if (id == NO_TASK)
        return ESRCH;
    if (n < 16)
        return ERANGE;
    strcpy(out, S->tasks[id].name);
    return 0;
}

/* ---- thread-specific data ---- */
EXPORT int pthread_key_create(pthread_key_t *key, void (*destroy)(void *))
{
    if (!controlled)
        return REAL(pthread_key_create)(key, destroy);
    for (unsigned k = 0; k < TSD_KEYS; k++)
        if (!OWN->keys[k].used) {
            OWN->keys[k].used = OWN->any_keys = true;
            OWN->keys[k].destroy = destroy;
            for (unsigned t = 0; t < S->ntasks; t++)
                S->tasks[t].tsd[k] = NULL;
            *key = k;
            return 0;
        }
    return EAGAIN;
}

EXPORT int pthread_key_delete(pthread_key_t key)
{
    if (!controlled)
        return REAL(pthread_key_delete)(key);
    if (key >= TSD_KEYS || !OWN->keys[key].used)
        return EINVAL;
    OWN->keys[key].used = false;
    return 0;
}

EXPORT void *pthread_getspecific(pthread_key_t key)
{
    if (!controlled)
        return REAL(pthread_getspecific)(key);
    return key < TSD_KEYS && OWN->keys[key].used ? (void *)(uintptr_t)S->cur->tsd[key] : NULL;
}

EXPORT int pthread_setspecific(pthread_key_t key, const void *value)
{
    if (!controlled)
        return REAL(pthread_setspecific)(key, value);
    if (key >= TSD_KEYS || !OWN->keys[key].used)
        return EINVAL;
    S->cur->tsd[key] = value;
    return 0;
}

void run_tsd_destructors(void)
{
    for (int round = 0; round < 4; round++) {
        bool any = false;
        for (unsigned k = 0; k < TSD_KEYS; k++) {
            void *value = (void *)(uintptr_t)S->cur->tsd[k];
            if (!value || !OWN->keys[k].used || !OWN->keys[k].destroy)
                continue;
            S->cur->tsd[k] = NULL;
            any = true;
            OWN->keys[k].destroy(value);
        }
        if (!any)
            return;
    }
}

/* ---- what has no effect under control ---- */
EXPORT int pthread_setcancelstate(int state, int *old)
{
    if (!controlled)
        return REAL(pthread_setcancelstate)(state, old);
    if (old)
        *old = PTHREAD_CANCEL_ENABLE;
    return 0;
}

EXPORT int pthread_setschedparam(pthread_t thread, int policy, const struct sched_param *p)
{
    return controlled ? 0 : REAL(pthread_setschedparam)(thread, policy, p);
}

EXPORT int pthread_setaffinity_np(pthread_t thread, size_t n, const cpu_set_t *set)
{
    return controlled ? 0 : REAL(pthread_setaffinity_np)(thread, n, set);
}

EXPORT int pthread_setconcurrency(int level)
{
    return controlled ? 0 : REAL(pthread_setconcurrency)(level);
}

/* What belongs to a later stage says so instead of going wrong. */
#define REFUSE(result, name, params, args)                                                         \
    EXPORT result name params                                                                      \
    {                                                                                              \
        if (controlled)                                                                            \
            control_refuse(#name " is not controlled by this version of lockstep");                \
        return REAL(name) args;                                                                    \
    }
REFUSE(int, pthread_cancel, (pthread_t t), (t))

/* ---- C11 threads: the same, by their other names ---- */
#include <threads.h>

static int thrd_start_result(struct task *t, thrd_t *out)
{
    if (!t)
        return thrd_nomem;
    *out = handle_of(task_id(t));
    return thrd_success;
}

EXPORT int thrd_create(thrd_t *out, thrd_start_t start, void *arg)
{
    if (!controlled)
        return REAL(thrd_create)(out, start, arg);
    return thrd_start_result(create(NULL, (void *(*)(void *))(uintptr_t)start, arg, HERE), out);
}

EXPORT int thrd_join(thrd_t thread, int *value)
{
    if (!controlled)
        return REAL(thrd_join)(thread, value);
    void *result = NULL;
    int error = join(task_of(thread), &result, true, HERE);
    if (value)
        *value = (int)(intptr_t)result;
    return error ? thrd_error : thrd_success;
}

EXPORT thrd_t thrd_current(void)
{
    return controlled ? handle_of(S->cur_id) : REAL(thrd_current)();
}

EXPORT _Noreturn void thrd_exit(int value)
{
    pthread_exit((void *)(intptr_t)value);
}

EXPORT int thrd_detach(thrd_t thread)
{
    return pthread_detach(thread) ? thrd_error : thrd_success;
}

EXPORT void thrd_yield(void)
{
    sched_yield();
}

EXPORT int mtx_init(mtx_t *m, int type)
{
    if (!controlled)
        return REAL(mtx_init)(m, type);
    pthread_mutexattr_t attr;
    pthread_mutexattr_init(&attr);
    if (type & mtx_recursive)
        pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_RECURSIVE);
    return pthread_mutex_init((pthread_mutex_t *)m, &attr) ? thrd_error : thrd_success;
}
static int thrd_result(int error)
{
    return error == 0           ? thrd_success
           : error == EBUSY     ? thrd_busy
           : error == ETIMEDOUT ? thrd_timedout
                                : thrd_error;
}
#define MTX(m) ((pthread_mutex_t *)(m))
#define CND(c) ((pthread_cond_t *)(c))
EXPORT int mtx_lock(mtx_t *m)
{
    return thrd_result(pthread_mutex_lock(MTX(m)));
}
EXPORT int mtx_trylock(mtx_t *m)
{
    return thrd_result(pthread_mutex_trylock(MTX(m)));
}
EXPORT int mtx_timedlock(mtx_t *restrict m, const struct timespec *restrict t)
{
    return thrd_result(pthread_mutex_timedlock(MTX(m), t));
}
EXPORT int mtx_unlock(mtx_t *m)
{
    return thrd_result(pthread_mutex_unlock(MTX(m)));
}
EXPORT void mtx_destroy(mtx_t *m)
{
    pthread_mutex_destroy(MTX(m));
}
EXPORT int cnd_init(cnd_t *c)
{
    return thrd_result(pthread_cond_init(CND(c), NULL));
}
EXPORT int cnd_wait(cnd_t *c, mtx_t *m)
{
    return thrd_result(pthread_cond_wait(CND(c), MTX(m)));
}
EXPORT int cnd_timedwait(cnd_t *restrict c, mtx_t *restrict m, const struct timespec *restrict t)
{
    return thrd_result(pthread_cond_timedwait(CND(c), MTX(m), t));
}
EXPORT int cnd_signal(cnd_t *c)
{
    return thrd_result(pthread_cond_signal(CND(c)));
}
EXPORT int cnd_broadcast(cnd_t *c)
{
    return thrd_result(pthread_cond_broadcast(CND(c)));
}
EXPORT void cnd_destroy(cnd_t *c)
{
    pthread_cond_destroy(CND(c));
}
EXPORT void call_once(once_flag *f, void (*routine)(void))
{
    pthread_once((pthread_once_t *)f, routine);
}
EXPORT int tss_create(tss_t *key, tss_dtor_t d)
{
    return thrd_result(pthread_key_create(key, d));
}
EXPORT void *tss_get(tss_t key)
{
    return pthread_getspecific(key);
}
EXPORT int tss_set(tss_t key, void *value)
{
    return thrd_result(pthread_setspecific(key, value));
}
EXPORT void tss_delete(tss_t key)
{
    pthread_key_delete(key);
}
