/* Cancellation and clean-up handlers.
 *
 * A cancellation is pending until its task stands before a step at which it may be acted upon: a
 * cancellation point, or, for a task of asynchronous type, any. That step is then replaced by one
 * of kind CANCELLED, whichever comes first, the request or the task: so who is chosen decides, and
 * a task that is blocked is no longer. The replacement looks at what the step would have looked
 * at, without waiting, so that the search tries what could have come before it.
 *
 * Clean-up handlers in C are jump buffers in the frames that pushed them, linked through the
 * buffers themselves as the library does it. Where the program has the unwinder of the compiler
 * (C++, -fexceptions), the frames in between are unwound by it. */
#include "model.h"

#include <dlfcn.h>
#include <setjmp.h>
#include <stdlib.h>
#include <unwind.h>

/* ---- where a cancellation is acted upon ---- */
static bool listens(const struct task *t)
{
    return (t->op.cancel_point || t->cancel_async) && !t->cancel_off && !t->exiting;
}

static bool acts(const struct task *t)
{
    if (!(t->interrupt & INTERRUPT_CANCEL) || !listens(t))
        return false;
    bool woken = t->op.wait == WAIT_COND && t->signalled;
    return t->cancel_async || !woken; /* the signal was in time */
}

static unsigned mode_without_waiting(unsigned mode)
{
    switch (mode) {
    case M_LOCK:
    case M_RLOCK:
        return M_TRY;
    case M_SWAIT:
    case M_SWAITLAST:
        return M_STRY;
    case M_QPUT:
    case M_QGET:
    case M_QPICK:
        return M_QLOOK;
    default:
        return mode;
    }
}

static void stand_before_cancelled(struct task *t)
{
    struct op was = t->op;
    t->op = op_make(EV_CANCELLED, (struct here){was.pc, was.sp, was.bp});
    t->op.tidies = was.tidies;
    if (was.wait == WAIT_COND && !t->signalled) {
        op_reach(&t->op, was.addr, 0, M_CTIMEOUT);
        op_reach(&t->op, OBJ_CANCEL(task_id(t)), 0, M_HEED);
        return;
    }
    for (unsigned i = 0; i < was.nreach; i++)
        op_reach(&t->op, was.reach[i].addr, was.reach[i].len,
                 mode_without_waiting(was.reach[i].mode));
}

static void replace_op(struct task *t)
{
    if (t->op.kind == EV_JOIN) /* it looks whether the other has ended, and acts if not */
        t->op.wait = WAIT_NONE;
    else if (t->op.kind != EV_CANCELLED)
        stand_before_cancelled(t);
}

bool cancel_arrives(struct task *t)
{
    if (listens(t) && t->op.nreach < REACH_MAX)
        op_reach(&t->op, OBJ_CANCEL(task_id(t)), 0, M_HEED);
    if (!acts(t))
        return false;
    replace_op(t);
    return true;
}

void cancel_hears(struct op *op)
{
    if (S->cancels)
        op_reach(op, OBJ_CANCELS, 0, M_HEED);
}

void cancel_now(struct here h)
{
    struct op op = op_make(EV_CANCELLED, h);
    op_reach(&op, OBJ_CANCEL(S->cur_id), 0, M_HEED);
    step(&op);
    __builtin_unreachable();
}

static bool pending_now(void)
{
    const struct task *t = S->cur;
    return (t->interrupt & INTERRUPT_CANCEL) && t->cancel_async && !t->cancel_off && !t->exiting;
}

/* ---- asking for it ---- */
/* The first cancellation of a program: from now on what depends on one is looked at. */
static void first_cancel(void)
{
    if (S->cancels)
        return;
    S->cancels = true;
    if (S->searching && A->strategy == SEARCH_DPOR)
        search_learned();
}

/* What t waited for has come, but it has not gone on yet: nobody can tell whether it notices that
 * or the request first. */
static bool is_close(const struct task *t)
{
    if (t->cancel_async || !listens(t))
        return false;
    return t->op.kind == EV_JOIN ? t->op.wait == WAIT_JOIN && S->tasks[t->op.other].ended
                                 : t->op.kind == EV_COND_RELOCK && t->signalled;
}

/* The request was first: a signal that was for t is for another. */
static void turn_back(struct task *t)
{
    struct object *c = t->op.kind == EV_COND_RELOCK ? object_known(t->op.addr) : NULL;
    stand_before_cancelled(t);
    if (c)
        cond_pass_on(c);
}

static void send_cancel(unsigned id)
{
    const uint16_t both[] = {(uint16_t)id, (uint16_t)id};
    struct task *t = &S->tasks[id];
    t->interrupt |= INTERRUPT_CANCEL;
    spin_changed(OBJ_CANCEL(id), 1);
    if (id == S->cur_id || t->ended)
        return;
    if (is_close(t)) {
        if (sched_alternative(both, 2) == 0)
            return;
        turn_back(t);
    } else if (acts(t)) {
        replace_op(t);
    } else {
        return;
    }
    t->spinning = false;
    spin_effect(t);
    t->enable_depth = t->woken_depth = S->depth;
    record_pending(id);
}

static int cancel(unsigned id, struct here h)
{
    struct op op = op_make(EV_CANCEL, h);
    first_cancel();
    op.other = (uint16_t)id;
    if (id != NO_TASK) {
        op_reach(&op, OBJ_CANCEL(id), 0, M_INTERRUPT);
        op_reach(&op, OBJ_CANCELS, 0, M_INTERRUPT);
        op_reach(&op, OBJ_HANDLE(id), 0, M_AREAD);
    }
    step(&op);
    struct event *e = record_step_event();
    if (id == NO_TASK || S->tasks[id].joined) {
        find_misuse(0, id,
                    id == NO_TASK ? "cancels a thread that does not exist"
                                  : "cancels a thread that was joined: it no longer exists");
        if (e)
            e->result = ESRCH;
        return ESRCH;
    }
    send_cancel(id);
    if (id == S->cur_id && pending_now())
        cancel_now(h);
    return 0;
}

EXPORT int pthread_cancel(pthread_t thread)
{
    return controlled ? cancel(task_of_handle((uint64_t)thread), HERE)
                      : REAL(pthread_cancel)(thread);
}

EXPORT void pthread_testcancel(void)
{
    if (!controlled) {
        REAL(pthread_testcancel)();
        return;
    }
    struct op op = op_make(EV_CALL, HERE);
    op.cancel_point = true;
    op_reach(&op, OBJ_CANCEL(S->cur_id), 0, M_HEED);
    step(&op);
    record_text(record_step_event(), "pthread_testcancel", 18);
}

EXPORT int pthread_setcancelstate(int state, int *old)
{
    if (!controlled)
        return REAL(pthread_setcancelstate)(state, old);
    if (state != PTHREAD_CANCEL_ENABLE && state != PTHREAD_CANCEL_DISABLE)
        return EINVAL;
    if (old)
        *old = S->cur->cancel_off ? PTHREAD_CANCEL_DISABLE : PTHREAD_CANCEL_ENABLE;
    S->cur->cancel_off = state == PTHREAD_CANCEL_DISABLE;
    spin_effect(S->cur);
    if (pending_now())
        cancel_now(HERE);
    return 0;
}

EXPORT int pthread_setcanceltype(int type, int *old)
{
    if (!controlled)
        return REAL(pthread_setcanceltype)(type, old);
    if (type != PTHREAD_CANCEL_DEFERRED && type != PTHREAD_CANCEL_ASYNCHRONOUS)
        return EINVAL;
    if (old)
        *old = S->cur->cancel_async ? PTHREAD_CANCEL_ASYNCHRONOUS : PTHREAD_CANCEL_DEFERRED;
    S->cur->cancel_async = type == PTHREAD_CANCEL_ASYNCHRONOUS;
    spin_effect(S->cur);
    if (pending_now())
        cancel_now(HERE);
    return 0;
}

/* ---- clean-up handlers ---- */
enum { PAD_PREVIOUS, PAD_TYPE };

EXPORT void __pthread_register_cancel(__pthread_unwind_buf_t *b)
{
    if (!controlled) {
        REAL(__pthread_register_cancel)(b);
        return;
    }
    b->__pad[PAD_PREVIOUS] = S->cur->cleanup;
    S->cur->cleanup = b;
}

EXPORT void __pthread_unregister_cancel(__pthread_unwind_buf_t *b)
{
    if (!controlled) {
        REAL(__pthread_unregister_cancel)(b);
        return;
    }
    S->cur->cleanup = b->__pad[PAD_PREVIOUS];
}

EXPORT void __pthread_register_cancel_defer(__pthread_unwind_buf_t *b)
{
    if (!controlled) {
        REAL(__pthread_register_cancel_defer)(b);
        return;
    }
    __pthread_register_cancel(b);
    b->__pad[PAD_TYPE] = S->cur->cancel_async ? b : NULL;
    S->cur->cancel_async = false;
}

EXPORT void __pthread_unregister_cancel_restore(__pthread_unwind_buf_t *b)
{
    if (!controlled) {
        REAL(__pthread_unregister_cancel_restore)(b);
        return;
    }
    __pthread_unregister_cancel(b);
    S->cur->cancel_async = b->__pad[PAD_TYPE] != NULL;
    if (pending_now())
        cancel_now(HERE);
}

/* ---- unwinding ---- */
typedef _Unwind_Reason_Code forced_unwind(struct _Unwind_Exception *, _Unwind_Stop_Fn, void *);
typedef _Unwind_Word unwind_cfa(struct _Unwind_Context *);
static forced_unwind *unwind_forced; /* of the program, if it has one */
static unwind_cfa *unwind_get_cfa;

__attribute__((constructor)) static void find_unwinder(void)
{
    unwind_forced = (forced_unwind *)(uintptr_t)dlsym(RTLD_DEFAULT, "_Unwind_ForcedUnwind");
    unwind_get_cfa = (unwind_cfa *)(uintptr_t)dlsym(RTLD_DEFAULT, "_Unwind_GetCFA");
}

static _Noreturn void run_handler(const struct task *t)
{
    longjmp((struct __jmp_buf_tag *)t->cleanup, 1);
}

/* Called for each frame, from the inside out: the handler pushed last lies in this one? */
static _Unwind_Reason_Code at_frame(int version, _Unwind_Action actions,
                                    _Unwind_Exception_Class class, struct _Unwind_Exception *e,
                                    struct _Unwind_Context *context, void *unused)
{
    (void)version;
    (void)class;
    (void)e;
    (void)unused;
    const struct task *t = S->cur;
    bool end = actions & _UA_END_OF_STACK;
    if (t->cleanup && (end || unwind_get_cfa(context) > (uint64_t)(uintptr_t)t->cleanup))
        run_handler(t);
    if (end)
        sched_task_over(t->ended_at);
    return _URC_NO_REASON;
}

/* A catch-all of C++ that does not throw on: as in the library, the process is ended. */
static void not_rethrown(_Unwind_Reason_Code code, struct _Unwind_Exception *e)
{
    (void)code;
    (void)e;
    abort();
}

static _Noreturn void unwind_on(struct task *t)
{
    if (unwind_forced && unwind_get_cfa) {
        struct _Unwind_Exception *e = (struct _Unwind_Exception *)t->unwinding;
        memset(t->unwinding, 0, sizeof t->unwinding);
        e->exception_cleanup = not_rethrown;
        unwind_forced(e, at_frame, NULL); /* comes back only when it cannot read a frame */
    }
    if (t->cleanup)
        run_handler(t);
    sched_task_over(t->ended_at);
}

_Static_assert(sizeof(struct _Unwind_Exception) <= sizeof((struct task *)0)->unwinding,
               "the unwinder's record fits");

void cancel_unwind(void *result, uint64_t pc)
{
    struct task *t = S->cur;
    t->exiting = true;
    t->result = result;
    t->ended_at = pc;
    S->nostep = 0;
    unwind_on(t);
}

EXPORT _Noreturn void __pthread_unwind_next(__pthread_unwind_buf_t *b)
{
    if (!controlled) {
        REAL(__pthread_unwind_next)(b);
        __builtin_unreachable();
    }
    S->cur->cleanup = b->__pad[PAD_PREVIOUS];
    unwind_on(S->cur);
}
