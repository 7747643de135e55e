/* What each step of the execution under way did, in few words, in every mode: verdicts that have
 * to look back (a signal nobody heard, a place that was read too early) look here. */
#include "probe.h"

void trail_note(const struct task *t, const struct op *op, uint32_t ordinal)
{
    if (UNLIKELY(S->depth >= NODES))
        return;
    struct trail *r = &S->trail[S->depth - 1];
    r->addr = op->addr;
    r->addr2 = op->addr2;
    r->pc = op->pc;
    r->size = op->size;
    r->ordinal = ordinal;
    r->task = (uint16_t)task_id(t);
    r->kind = op->kind;
    r->unheard = 0;
    r->chosen = false;
    r->in_vain = spin_is_quiet(op);
}

void trail_enabled(const struct taskset *enabled)
{
    if (S->depth < NODES)
        S->trail[S->depth].enabled = enabled->w[0];
}

void trail_chosen(void)
{
    if (S->depth && S->depth < NODES)
        S->trail[S->depth - 1].chosen = true;
}

/* The step under way changed something after all. */
void trail_effect(void)
{
    if (S->depth && S->depth < NODES)
        S->trail[S->depth - 1].in_vain = false;
}

void trail_unheard(void)
{
    if (S->depth < NODES)
        S->trail[S->depth - 1].unheard = 1;
}
