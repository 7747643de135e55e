/* Every execution with few switches, one by one: depth first over the choices of the last one, as
 * its trace tells them. An execution is two orders to the target, however long it is. */
#include "minimise_inside.h"

#include "world.h"

#include <stdlib.h>

enum { MAX_STEPS = 5000 };

/* A place where executions branch. */
struct fork {
    uint16_t *options; /* noptions; the first one is no switch, if any is none */
    uint16_t noptions, taken;
    uint32_t switches; /* made before */
    uint8_t goes_on;   /* options[0] is the last task, so that the others are switches */
};

struct fewer {
    struct minimising *m;
    struct fork *forks;
    size_t n, cap;
    uint32_t most; /* switches */
    struct schedule prefix;
};

static int is_switch(const struct fork *f, unsigned option)
{
    return f->goes_on && option > 0;
}

static struct fork *fork_add(struct fewer *f, size_t room, uint32_t switches)
{
    if (f->n == f->cap) {
        f->cap = f->cap ? 2 * f->cap : 64;
        f->forks = xrealloc(f->forks, f->cap, sizeof *f->forks);
    }
    struct fork *k = &f->forks[f->n++];
    *k = (struct fork){.options = xcalloc(room, sizeof *k->options), .switches = switches};
    return k;
}

static void fork_drop(struct fewer *f)
{
    free(f->forks[--f->n].options);
}

static void put_first(struct fork *k, uint16_t option)
{
    for (unsigned i = 0; i < k->noptions; i++)
        if (k->options[i] == option) {
            k->options[i] = k->options[0];
            k->options[0] = option;
            return;
        }
    k->options[k->noptions++] = k->options[0];
    k->options[0] = option;
}

/* Who could have made the step; `task` did, by the plain policy. */
static void add_step(struct fewer *f, const struct world *w, unsigned last, uint16_t task,
                     uint32_t switches)
{
    struct fork *k = fork_add(f, (size_t)w->ntasks + 1, switches);
    for (unsigned i = 0; i < w->ntasks; i++)
        if (world_can_go(&w->tasks[i]))
            k->options[k->noptions++] = (uint16_t)i;
    k->goes_on = last < w->ntasks && world_can_go(&w->tasks[last]);
    put_first(k, task);
}

static void add_answer(struct fewer *f, const struct event *choice, uint32_t switches)
{
    struct fork *k = fork_add(f, choice->b + 1, switches);
    for (uint64_t i = 0; i < choice->b && i < MAX_TASKS; i++)
        k->options[k->noptions++] = (uint16_t)(CHOICE_ALT | i);
    put_first(k, (uint16_t)(CHOICE_ALT | choice->a));
}

/* The choices of the execution at hand from the n-th on. */
static void add_forks(struct fewer *f, size_t known, uint32_t switches)
{
    const struct trace *t = session_trace(f->m->s);
    struct world_view *v = world_view_new(t);
    size_t choice = 0;
    for (uint32_t step = 1; step <= t->nsteps; step++) {
        const struct event *e = trace_step(t, step);
        unsigned last = step > 1 ? trace_step(t, step - 1)->task : NO_TASK;
        if (choice++ >= known)
            add_step(f, world_at(v, step - 1), last, e->task, switches);
        for (size_t i = t->step_start[step]; i < trace_step_end(t, step); i++)
            if (t->events[i].kind == EV_CHOICE && choice++ >= known)
                add_answer(f, &t->events[i], switches);
    }
    world_view_free(v);
}

/* The next execution that the bound allows; 0 when there is none. */
static int next(struct fewer *f)
{
    for (; f->n; fork_drop(f)) {
        struct fork *k = &f->forks[f->n - 1];
        unsigned to = k->taken + 1u;
        if (to < k->noptions && k->switches + (uint32_t)is_switch(k, to) <= f->most) {
            k->taken = (uint16_t)to;
            return 1;
        }
    }
    return 0;
}

static int run_one(struct fewer *f)
{
    size_t known = f->n;
    uint32_t switches = 0;
    f->prefix.n = 0;
    for (size_t i = 0; i < known; i++)
        schedule_add(&f->prefix, f->forks[i].options[f->forks[i].taken], CHECK_UNKNOWN);
    if (known)
        switches = f->forks[known - 1].switches +
                   (uint32_t)is_switch(&f->forks[known - 1], f->forks[known - 1].taken);
    int rc = minimising_begin(f->m, &f->prefix, f->prefix.n);
    rc = rc ? rc : minimising_run_on(f->m);
    if (rc == 0)
        add_forks(f, known, switches);
    return rc;
}

/* 1 one of them shows the goal, 0 none does, -ERR_LIMIT when the time is over. */
static int enumerate(struct fewer *f)
{
    int rc = run_one(f);
    while (rc == 0) {
        if (minimise_shows(f->m->goal, session_trace(f->m->s)))
            return 1;
        if (!next(f))
            return 0;
        rc = run_one(f);
    }
    return rc;
}

int minimising_fewer(struct minimising *m)
{
    struct fewer f = {.m = m};
    m->until = minimising_now_s() + m->o->seconds;
    int rc = 0;
    schedule_init(&f.prefix);
    schedule_copy(&f.prefix, &m->best.schedule); /* what is shared on stacks, how main ends */
    for (f.most = 0; rc == 0 && f.most < m->best.switches.n && m->best.nsteps < MAX_STEPS;
         f.most++) {
        rc = enumerate(&f);
        while (f.n)
            fork_drop(&f);
    }
    if (rc == 1)
        minimising_adopt(m);
    m->r->fewest = rc == 1 || (rc == 0 && f.most == m->best.switches.n);
    free(f.forks);
    schedule_fini(&f.prefix);
    return rc == -ERR_INTERRUPTED || (rc < 0 && rc != -ERR_LIMIT) ? rc : 0;
}
