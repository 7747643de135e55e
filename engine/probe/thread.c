/* Models of the thread calls. */
#include "model.h"

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

unsigned task_of_handle(uint64_t handle)
{
    return task_of((pthread_t)handle);
}

static struct event *tell(int result)
{
    struct event *e = record_step_event();
    if (e)
        e->result = result;
    return e;
}

/* A new thread of the running task's process that has seen what that one has. */
static struct task *begin_thread(const pthread_attr_t *attr, void *(*start)(void *), void *arg)
{
    struct task *t = sched_new_task(S->cur_id);
    if (!t)
        return NULL;
    memset(t->tsd, 0, OWN->nkeys * sizeof *t->tsd);
    attr_take(t, attr);
    t->start = start;
    t->arg = arg;
    t->op = op_make(EV_START, (struct here){(uint64_t)(uintptr_t)start + 1, t->stack_high - 64, 0});
    t->last_depth = S->depth;
    unsigned id = task_id(t);
    memcpy(t->vc, S->cur->vc, S->ntasks * sizeof *t->vc);
    t->vc[id] = 1;
    S->cur->vc[id] = 0;
    sync_tick();
    return t;
}

struct task *thread_begin(void *(*start)(void *), void *arg)
{
    struct task *t = begin_thread(NULL, start, arg);
    if (!t)
        return NULL;
    t->detached = true;
    record_pending(task_id(t));
    return t;
}

static struct task *create(const pthread_attr_t *attr, void *(*start)(void *), void *arg,
                           struct here h)
{
    struct op op = op_make(EV_CREATE, h);
    op.other = sched_next_task();
    op.addr = (uint64_t)(uintptr_t)start;
    op_reach(&op, OBJ_TASKS, 0, M_STREAM);
    step(&op);
    struct task *t = begin_thread(attr, start, arg);
    if (!t) /* that is our limit, not one of a machine */
        A->overflow = 1;
    struct event *e = tell(t ? 0 : EAGAIN);
    if (e && t)
        e->other = (uint16_t)task_id(t);
    if (t)
        record_pending(task_id(t));
    return t;
}

int thread_create(uint64_t *out, void *(*start)(void *), void *arg, struct here h)
{
    struct task *t = create(NULL, start, arg, h);
    if (t)
        *out = (uint64_t)handle_of(task_id(t));
    return t ? 0 : EAGAIN;
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
    *error = !t || t->joined ? ESRCH : t->detached ? EINVAL : EDEADLK;
    return !t                ? "join of a thread that does not exist"
           : id == S->cur_id ? "a thread joins itself"
           : t->detached     ? "join of a detached thread"
           : t->joined       ? "join of a thread that was joined before"
                             : NULL;
}

/* How long a join waits: not at all, for ever, or until a point in time. */
struct patience {
    bool waits;
    const struct timespec *until;
};

static int not_ended(struct patience p)
{
    int error = !p.until ? EBUSY : !valid_nanoseconds(p.until) ? EINVAL : ETIMEDOUT;
    if (error == ETIMEDOUT)
        timeout_happens(p.until, S->cur->op.pc);
    tell(error);
    return error;
}

static struct op join_op(unsigned id, struct patience p, struct here h)
{
    struct op op = op_make(EV_JOIN, h);
    op.other = (uint16_t)id;
    op.cancel_point = p.waits || p.until;
    if (id == NO_TASK || id == S->cur_id)
        return op;
    op_reach(&op, OBJ_HANDLE(id), 0, M_AWRITE);
    op_reach(&op, OBJ_END(id), 0, M_AREAD);
    if (p.until)
        timeout_reach(&op);
    if (p.waits) {
        op.wait = WAIT_JOIN;
        S->tasks[id].joiner = (uint16_t)S->cur_id;
    }
    return op;
}

static int join(unsigned id, void **value, struct patience p, struct here h)
{
    int error;
    struct op op = join_op(id, p, h);
    step(&op);
    const char *fault = join_fault(id, &error);
    if (fault) {
        find_misuse(0, id, fault);
        tell(error);
        return error;
    }
    struct task *t = &S->tasks[id];
    if (!t->ended && op.cancel_point && (S->cur->interrupt & INTERRUPT_CANCEL) &&
        S->cur->op.wait != WAIT_JOIN && !S->cur->cancel_off && !S->cur->exiting) {
        tell(EINTR);
        cancel_now(h);
    }
    if (!t->ended)
        return not_ended(p);
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
    return controlled ? join(task_of(thread), value, (struct patience){.waits = true}, HERE)
                      : REAL(pthread_join)(thread, value);
}

EXPORT int pthread_tryjoin_np(pthread_t thread, void **value)
{
    return controlled ? join(task_of(thread), value, (struct patience){0}, HERE)
                      : REAL(pthread_tryjoin_np)(thread, value);
}

EXPORT int pthread_timedjoin_np(pthread_t thread, void **value, const struct timespec *until)
{
    struct patience p = {.waits = !until, .until = until};
    return controlled ? join(task_of(thread), value, p, HERE)
                      : REAL(pthread_timedjoin_np)(thread, value, until);
}

EXPORT int pthread_clockjoin_np(pthread_t thread, void **value, clockid_t clock,
                                const struct timespec *until)
{
    struct patience p = {.waits = !until, .until = until};
    if (!controlled)
        return REAL(pthread_clockjoin_np)(thread, value, clock, until);
    if (!waits_by_clock(clock))
        return EINVAL;
    return join(task_of(thread), value, p, HERE);
}

int thread_join(uint64_t handle, void **value, struct here h)
{
    return join(task_of((pthread_t)handle), value, (struct patience){.waits = true}, h);
}

int thread_detach(uint64_t handle, struct here h)
{
    unsigned id = task_of((pthread_t)handle);
    struct op op = op_make(EV_DETACH, h);
    op.other = (uint16_t)id;
    if (id != NO_TASK)
        op_reach(&op, OBJ_HANDLE(id), 0, M_AWRITE);
    step(&op);
    if (id == NO_TASK || S->tasks[id].detached || S->tasks[id].joined) {
        find_misuse(0, id,
                    id == NO_TASK           ? "detach of a thread that does not exist"
                    : S->tasks[id].detached ? "detach of a thread that is detached already"
                                            : "detach of a thread that was joined");
        int error = id != NO_TASK && S->tasks[id].detached && !S->tasks[id].ended ? EINVAL : ESRCH;
        tell(error);
        return error;
    }
    S->tasks[id].detached = true;
    if (S->tasks[id].ended)
        record_gone(id, false);
    return 0;
}

EXPORT int pthread_detach(pthread_t thread)
{
    return controlled ? thread_detach((uint64_t)thread, HERE) : REAL(pthread_detach)(thread);
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
    cancel_unwind(value, (uint64_t)__builtin_return_address(0));
}
