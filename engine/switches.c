#include "switches.h"

#include <stdlib.h>

int switch_at(struct world_view *v, uint32_t step)
{
    const struct trace *t = world_view_trace(v);
    const struct event *e = trace_step(t, step), *before = trace_step(t, step - 1);
    if (step < 2 || !e || !before || e->task == before->task)
        return 0;
    const struct world *w = world_at(v, step - 1);
    return before->task < w->ntasks && world_can_go(&w->tasks[before->task]);
}

static void add(struct switches *s, struct a_switch one)
{
    if (s->n == s->cap) {
        s->cap = s->cap ? 2 * s->cap : 16;
        s->list = xrealloc(s->list, s->cap, sizeof *s->list);
    }
    s->list[s->n++] = one;
}

void switches_of(const struct trace *t, struct switches *out)
{
    uint32_t made[MAX_TASKS] = {0};
    struct world_view *v = world_view_new(t);
    *out = (struct switches){0};
    for (uint32_t step = 1; step <= t->nsteps; step++) {
        uint16_t task = trace_step(t, step)->task;
        if (switch_at(v, step)) {
            uint16_t from = trace_step(t, step - 1)->task;
            add(out, (struct a_switch){step, from, task, made[from]});
        }
        made[task]++;
    }
    world_view_free(v);
}

void switches_fini(struct switches *s)
{
    free(s->list);
    *s = (struct switches){0};
}
