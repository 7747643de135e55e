/* Recording events, while a session runs. A search records nothing but its schedules. */
#include "probe.h"

struct event *record(unsigned kind, unsigned task)
{
    if (LIKELY(!S->recording) || A->nevents >= ARENA_EVENTS)
        return NULL;
    struct event *e = &A->events[A->nevents++];
    *e = (struct event){.step = S->depth,
                        .task = (uint16_t)task,
                        .other = NO_TASK,
                        .kind = (uint8_t)kind,
                        .process = S->tasks[task].process};
    return e;
}

void record_text(struct event *e, const char *text, size_t n)
{
    if (!e || n == 0)
        return;
    if (n > ARENA_TEXT - A->ntext)
        n = ARENA_TEXT - A->ntext;
    if (e->ntext == 0)
        e->text = A->ntext;
    memcpy(A->text + A->ntext, text, n);
    A->ntext += (uint32_t)n;
    e->ntext += (uint32_t)n;
}

/* The step event of the step under way. */
struct event *recorded_step(void)
{
    for (uint32_t i = A->nevents; i-- > 0 && A->events[i].step == S->depth;)
        if (i == 0 || A->events[i - 1].step != S->depth)
            return S->depth ? &A->events[i] : NULL;
    return NULL;
}

static uint64_t load(uint64_t addr, uint32_t size)
{
    uint64_t v = 0;
    memcpy(&v, (const void *)place_address(addr), size < 8 ? size : 8);
    return v;
}

void call_step(const char *name, int result, struct here h)
{
    struct op op = op_make(EV_CALL, h);
    step(&op);
    struct event *e = record_step_event();
    if (e) {
        e->result = result;
        record_text(e, name, strlen(name));
    }
}

/* A write's new value is in memory once its task has come to its next operation. */
void record_finish_write(void)
{
    if (!S->pending_write)
        return;
    struct event *e = &A->events[S->pending_write - 1];
    S->pending_write = 0;
    e->b = load(e->addr, e->size);
}

void record_pending(unsigned task)
{
    const struct op *op = &S->tasks[task].op;
    struct event *e = record(EV_PENDING, task);
    if (!e)
        return;
    e->a = op->kind;
    e->addr = op->addr;
    e->addr2 = op->addr2;
    e->pc = op->pc;
    e->other = op->other;
    e->size = op->size;
}

static unsigned why_blocked(const struct task *t, uint64_t *addr, unsigned *other)
{
    const struct object *o = t->op.object;
    *addr = o ? o->addr : t->op.addr;
    *other = o ? o->owner : NO_TASK;
    if (t->spinning && spin_waiting(t)) {
        *addr = t->spin_read[t->spin_from].addr;
        *other = NO_TASK;
        return BLOCK_SPIN;
    }
    if (S->processes[t->process].stopped) {
        *addr = 0;
        *other = NO_TASK;
        return BLOCK_STOPPED;
    }
    switch (t->op.wait) {
    case WAIT_COND:
        if (t->signalled)
            return BLOCK_LOCK;
        *addr = t->op.addr;
        *other = NO_TASK;
        return BLOCK_COND;
    case WAIT_ADVERSE:
        *other = NO_TASK;
        return BLOCK_COND;
    case WAIT_SEM:
        *other = NO_TASK;
        return BLOCK_SEM;
    case WAIT_BARRIER:
        *other = NO_TASK;
        return BLOCK_BARRIER;
    case WAIT_JOIN:
        *other = t->op.other;
        *addr = 0;
        return BLOCK_JOIN;
    case WAIT_ALL:
        *addr = 0;
        return BLOCK_JOIN;
    case WAIT_ONCE:
        return BLOCK_ONCE;
    case WAIT_SIGNAL:
    case WAIT_NEVER:
        *addr = 0;
        *other = NO_TASK;
        return BLOCK_SIGNAL;
    case WAIT_SYSV:
    case WAIT_QUEUE:
        *other = NO_TASK;
        if (t->op.kind != EV_MQ_RECEIVE && t->op.kind != EV_MQ_SEND)
            return BLOCK_SEM;
        return t->op.kind == EV_MQ_RECEIVE ? BLOCK_READ : BLOCK_WRITE;
    case WAIT_FD:
        *other = NO_TASK;
        return t->op.kind == EV_FD_READ    ? BLOCK_READ
               : t->op.kind == EV_FD_WRITE ? BLOCK_WRITE
                                           : BLOCK_POLL;
    case WAIT_FIFO:
        *other = NO_TASK;
        return BLOCK_POLL;
    case WAIT_FILELOCK:
        *other =
            t->lock_holder < S->nprocesses
                ? S->processes[t->lock_holder].task_of_slot[S->processes[t->lock_holder].first_slot]
                : NO_TASK;
        return BLOCK_LOCK;
    case WAIT_CHILD:
    case WAIT_VFORK:
        *addr = 0;
        *other = NO_TASK;
        return BLOCK_CHILD;
    default:
        if (o && o->class == C_STREAM)
            return BLOCK_STREAM;
        if (o && o->class == C_RWLOCK && o->owner == NO_TASK)
            for (unsigned r = 0; r < S->ntasks; r++)
                if (set_has(&o->readers, r))
                    *other = r;
        return BLOCK_LOCK;
    }
}

void record_blocked_changes(void)
{
    for (unsigned i = 0; i < S->ntasks; i++) {
        struct task *t = &S->tasks[i];
        if (t->ended || t->op.wait == WAIT_TIMER || t->op.wait == WAIT_TIME)
            continue;
        if (sched_enabled(t)) {
            if (t->blocked_said)
                record(EV_READY, i);
            t->blocked_said = false;
            continue;
        }
        uint64_t addr;
        unsigned other, reason = why_blocked(t, &addr, &other);
        if (t->blocked_said && t->blocked_reason == reason && t->blocked_other == other)
            continue;
        t->blocked_said = true;
        t->blocked_reason = (uint8_t)reason;
        t->blocked_other = (uint16_t)other;
        struct event *e = record(EV_BLOCKED, i);
        if (e) {
            e->a = reason;
            e->addr = addr;
            e->other = (uint16_t)other;
        }
    }
}

void record_gone(unsigned task, bool zombie)
{
    struct event *e = record(EV_GONE, task);
    if (e)
        e->a = zombie;
}
