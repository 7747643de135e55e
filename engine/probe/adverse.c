/* Adversity, when it is asked for: what POSIX lets happen at any time and hardly ever does. So many
 * such events an execution as the host says; each is a choice of the schedule like any other.
 *
 * - spurious: who sleeps in a condition may come back without a signal.
 * - eintr: a call that waits, and that POSIX lets a signal interrupt, may end with EINTR.
 * - malloc: memory may not be had.
 * - kill: a forked process may be ended by SIGKILL; an entry among the tasks stands for whoever
 *   does it.
 *
 * Events need somebody who could go on without them: they cause trouble, they save nobody from a
 * deadlock. They share one budget, so they depend on each other. */
#include "probe.h"

#include <sys/wait.h>

bool adverse_left(unsigned kind)
{
    return (A->adversity & kind) && S->adverse_used < A->adverse_max;
}

void adverse_reach(struct op *op)
{
    op_reach(op, OBJ_ADVERSITY, 0, M_STREAM);
}

/* Nobody is waiting for an event any more: they stand before what they wait for in earnest. */
void adverse_over(void)
{
    for (unsigned i = 0; i < S->ntasks; i++) {
        struct task *t = &S->tasks[i];
        if (t->ended || t->is_timer || t->op.wait != WAIT_ADVERSE)
            continue;
        t->op = t->relock;
        t->woken_depth = S->depth;
        record_pending(i);
    }
}

/* Could this task not go on, were it not for such an event? */
bool adverse_only(const struct task *t)
{
    if (LIKELY(!S->adverse_open))
        return false;
    S->adverse_open = false;
    bool usual = sched_enabled(t);
    S->adverse_open = true;
    return !usual;
}

/* The step under way is such an event. */
void adverse_spend(void)
{
    struct event *e = record_step_event();
    if (e)
        e->flags |= EVF_ADVERSE;
    search_widen(S->depth - 1); /* it may come too late for this one */
    if (++S->adverse_used == A->adverse_max)
        adverse_over();
}

/* Whether the step may turn out to be one depends on the others. */
void adverse_hears(struct op *op, unsigned kind)
{
    if (UNLIKELY(A->adversity & kind) && op->nreach < REACH_MAX)
        adverse_reach(op);
}

/* The step under way would end a wait, as its time is over, or give memory: does it end with an
 * event of this kind in place of that? */
bool adverse_instead(unsigned kind)
{
    static const uint16_t both[2] = {0, 1};
    if (LIKELY(!A->adversity) || !adverse_left(kind) || sched_alternative(both, 2) == 0)
        return false;
    adverse_spend();
    spin_effect(S->cur);
    return true;
}

/* ---- eintr ---- */
bool adverse_interrupts(const struct task *asked)
{
    struct task *t = &S->tasks[task_id(asked)];
    if (!S->adverse_open || !adverse_left(ADVERSE_EINTR) || !t->op.interruptible)
        return false;
    uint8_t interrupt = t->interrupt;
    t->interrupt = 0;
    bool waits = !sched_enabled(t);
    t->interrupt = interrupt;
    return waits;
}

/* The call the running task stands before would wait, and ends with EINTR instead. */
void adverse_interrupt(struct task *t)
{
    t->op.wait = WAIT_NONE;
    for (unsigned i = 0; i < t->op.nreach; i++)
        if (t->op.reach[i].mode == M_SWAIT)
            t->op.reach[i].mode = M_STRY;
    if (t->op.nreach < REACH_MAX)
        adverse_reach(&t->op);
    sched_begin();
    adverse_spend();
    struct event *e = record_step_event();
    if (e)
        e->result = EINTR;
    spin_effect(t);
}

/* ---- malloc ---- */
bool adverse_malloc(const char *name, struct here h)
{
    if (!(A->adversity & ADVERSE_MALLOC) || S->nostep || h.pc < S->text_low || h.pc >= S->text_high)
        return false;
    struct op op = op_make(EV_CALL, h);
    adverse_reach(&op);
    step(&op);
    struct event *e = record_step_event();
    record_text(e, name, strlen(name));
    if (e)
        e->b = 1;
    if (!adverse_instead(ADVERSE_MALLOC))
        return false;
    if (e)
        e->result = ENOMEM;
    errno = ENOMEM;
    return true;
}

/* ---- kill ---- */
/* Process `index` begins: it may be ended from now on. */
void adverse_process(unsigned index)
{
    if (!(A->adversity & ADVERSE_KILL))
        return;
    struct task *t = sched_add_timer(index);
    if (!t)
        return;
    const struct process *p = &S->processes[index];
    memcpy(t->name, "killer", 7);
    t->op = op_make(EV_KILL, (struct here){S->cur->op.pc, 0, 0});
    t->op.wait = WAIT_ADVERSE;
    t->op.other = p->task_of_slot[p->first_slot];
    op_reach(&t->op, OBJ_SIGNALS(index), 0, M_SEND);
    op_reach(&t->op, OBJ_CHILD(index), 0, M_PWAIT);
    adverse_reach(&t->op);
    memcpy(t->vc, S->cur->vc, S->ntasks * sizeof *t->vc);
    t->vc[task_id(t)] = 1;
    t->last_depth = S->depth;
    record_text(record(EV_NAME, task_id(t)), "killer", 6);
    record_pending(task_id(t));
}

void adverse_kill(struct task *killer)
{
    struct event *e = record_step_event();
    if (e) {
        e->a = (uint64_t)S->processes[killer->process].pid;
        e->b = SIGKILL;
    }
    adverse_spend();
    signal_kill(killer->process);
    killer->ended = true;
    killer->end_depth = S->depth;
    record_gone(task_id(killer), false);
}
