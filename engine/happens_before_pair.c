/* Which two accesses to compare at a step, and what is known of them. */
#include "happens_before.h"

#include <string.h>

/* No conflicting access is looked for further away, and no more than some tasks' are compared: a
 * frame is to be drawn in the meantime. */
enum { LOOK_STEPS = 4000, LOOK_TASKS = 8 };

/* -------- accesses -------- */

struct range {
    uint64_t addr;
    uint64_t size;
    int writes, atomic;
};

/* What a step reads and writes; returns how many ranges, 0 to 2. */
static int ranges_of(const struct event *e, struct range r[2])
{
    int n = 0;
    uint64_t size = e->size ? e->size : 1;
    switch (e->kind) {
    case EV_READ:
    case EV_ATOMIC_LOAD:
        r[n++] = (struct range){e->addr, size, 0, e->kind != EV_READ};
        break;
    case EV_WRITE:
    case EV_FREE:
        r[n++] = (struct range){e->addr, size, 1, 0};
        break;
    case EV_ATOMIC_STORE:
    case EV_ATOMIC_RMW:
        r[n++] = (struct range){e->addr, size, 1, 1};
        break;
    case EV_ATOMIC_CAS:
        r[n++] = (struct range){e->addr, size, e->result == 1, 1};
        break;
    case EV_COPY:
        if (e->addr)
            r[n++] = (struct range){e->addr, size, 1, 0};
        if (e->addr2)
            r[n++] = (struct range){e->addr2, size, 0, 0};
        break;
    default:
        break;
    }
    return n;
}

int order_conflict(const struct event *a, const struct event *b, int *both_atomic)
{
    struct range x[2], y[2];
    int nx = ranges_of(a, x), ny = ranges_of(b, y);
    if (a->task == b->task)
        return 0;
    for (int i = 0; i < nx; i++)
        for (int k = 0; k < ny; k++)
            if ((x[i].writes || y[k].writes) && x[i].addr < y[k].addr + y[k].size &&
                y[k].addr < x[i].addr + x[i].size) {
                *both_atomic = x[i].atomic && y[k].atomic;
                return 1;
            }
    return 0;
}

/* -------- choosing the pair -------- */

struct choosing {
    const struct trace *t;
    const struct event *here;
    struct order_pair *p;
    uint8_t looked[MAX_TASKS]; /* the nearest conflicting access of this task was met */
};

/* Whether the race detector found a race of just these two. */
static int is_told(const struct trace *t, uint32_t first, uint32_t second)
{
    for (size_t i = t->step_start[second]; i < trace_step_end(t, second); i++) {
        const struct event *e = &t->events[i];
        if (e->kind == EV_FINDING && e->a == FIND_DATA_RACE && e->ref == first)
            return 1;
    }
    return 0;
}

static void answer(struct order_pair *p, const struct trace *t, uint32_t first, uint32_t second)
{
    int ordered, atomic = 0;
    p->first = first;
    p->second = second;
    p->nlinks = order_chain(t, first, second, p->link, ORDER_LINKS, &ordered);
    order_conflict(trace_step(t, first), trace_step(t, second), &atomic);
    p->relaxed = ordered && is_told(t, first, second);
    p->answer = ordered && !p->relaxed ? ORDER_BEFORE : atomic ? ORDER_ATOMIC : ORDER_RACE;
}

/* The nearest conflicting access of each other task on one side of this step; stops at one that
 * nothing orders. Returns whether any was found. */
static int look(struct choosing *x, int by, uint32_t until)
{
    struct order_pair found = *x->p;
    int any = 0, atomic, compared = 0;
    uint32_t here = x->here->step, step = here + (uint32_t)by;
    for (; step >= 1 && step <= x->t->nsteps && step != until + (uint32_t)by;
         step += (uint32_t)by) {
        const struct event *e = trace_step(x->t, step);
        if (x->looked[e->task] || !order_conflict(e, x->here, &atomic))
            continue;
        x->looked[e->task] = 1;
        answer(&found, x->t, by < 0 ? step : here, by < 0 ? here : step);
        if (!any || found.answer == ORDER_RACE)
            *x->p = found;
        any = 1;
        if (found.answer == ORDER_RACE || ++compared == LOOK_TASKS)
            break;
    }
    return any;
}

static void choose(struct choosing *x, uint32_t step)
{
    uint32_t oldest = step > LOOK_STEPS ? step - LOOK_STEPS : 1;
    uint32_t newest = x->t->nsteps - step > LOOK_STEPS ? step + LOOK_STEPS : x->t->nsteps;
    if (look(x, -1, oldest))
        return;
    memset(x->looked, 0, sizeof x->looked);
    if (look(x, 1, newest))
        return;
    int all = oldest == 1 && newest == x->t->nsteps;
    x->p->answer = all ? ORDER_ALONE : ORDER_FAR;
    x->p->first = x->p->second = step;
}

/* The last race told at or before a step, not further back than is looked. */
static const struct event *race_before(const struct trace *t, uint32_t step)
{
    uint32_t oldest = step > LOOK_STEPS ? step - LOOK_STEPS : 0;
    size_t first = t->step_start[oldest];
    for (size_t i = trace_step_end(t, step); i-- > first;) {
        const struct event *e = &t->events[i];
        if (e->kind == EV_FINDING && e->a == FIND_DATA_RACE && e->ref && e->ref < e->step)
            return e;
    }
    return NULL;
}

/* -------- what is known of both -------- */

static void note_held(struct order_pair *p, struct world_view *v, int which, uint32_t step)
{
    const struct trace *t = world_view_trace(v);
    const struct event *e = trace_step(t, step);
    const struct world *w = world_at(v, step);
    if (!e || e->task >= w->ntasks)
        return;
    const struct world_task *k = &w->tasks[e->task];
    p->nheld[which] = k->nheld < ORDER_HELD ? k->nheld : ORDER_HELD;
    memcpy(p->held[which], k->held, p->nheld[which] * sizeof *k->held);
}

static void note_gap(struct order_pair *p, const struct trace *t)
{
    const struct event *first = trace_step(t, p->first), *second = trace_step(t, p->second);
    uint32_t oldest = p->second > LOOK_STEPS ? p->second - LOOK_STEPS : 0;
    p->heard = order_heard(t, first->task, p->second, oldest, &p->how);
    for (const struct event *e = first; e < second && !p->gives; e++)
        if (order_gives(e, first->task))
            p->gives = e->step;
}

void order_pair(struct order_pair *p, const struct trace *t, struct world_view *v, uint32_t step)
{
    const struct event *here = trace_step(t, step), *race = race_before(t, step);
    struct range r[2] = {{0}};
    memset(p, 0, sizeof *p);
    if (race && (race->step == step || !here || !ranges_of(here, r))) {
        answer(p, t, race->ref, race->step);
        here = trace_step(t, race->step);
    } else if (here && ranges_of(here, r)) {
        choose(&(struct choosing){.t = t, .here = here, .p = p}, step);
        here = trace_step(t, p->second);
    } else {
        return;
    }
    ranges_of(here, r);
    p->addr = race && race->step == p->second && race->ref == p->first ? race->addr : r[0].addr;
    p->size = here->size;
    note_held(p, v, 0, p->first);
    note_held(p, v, 1, p->second);
    if (!p->relaxed && (p->answer == ORDER_ATOMIC || p->answer == ORDER_RACE))
        note_gap(p, t);
}
