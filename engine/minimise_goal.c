/* What an execution shows: a finding, or its end. */
#include "minimise.h"

#include "world.h"

#include <stdlib.h>
#include <string.h>

int minimise_end(const struct trace *t, struct minimise_goal *g)
{
    const struct event *f = trace_find_back(t, t->nsteps, EV_FINISHED);
    struct buf out = {0};
    *g = (struct minimise_goal){.finding = -1};
    if (!f)
        return 0;
    world_output(t, t->nsteps, 1, &out);
    g->finish = (int)f->a;
    g->status = f->a == FINISH_SIGNAL ? (int32_t)f->b : f->a == FINISH_EXIT ? f->result : 0;
    g->out = out.data;
    g->nout = out.len;
    return 1;
}

static int same_end(const struct minimise_goal *a, const struct minimise_goal *b)
{
    return a->finish == b->finish && a->status == b->status && a->nout == b->nout &&
           (!a->nout || !memcmp(a->out, b->out, a->nout));
}

static void of_finding(const struct event *f, struct minimise_goal *g)
{
    *g = (struct minimise_goal){.finding = (int)f->a, .addr = f->addr, .pc = f->pc, .pc2 = f->b};
}

/* The last finding that is a data race, or that is more than one; NULL if there is none. */
static const struct event *last_finding(const struct trace *t, int is_race)
{
    for (size_t i = t->nevents; i-- > 0;) {
        const struct event *e = &t->events[i];
        if (e->kind == EV_FINDING && (e->a == FIND_DATA_RACE) == is_race)
            return e;
    }
    return NULL;
}

int minimise_worth(const struct trace *t, const struct minimise_goal *plain,
                   struct minimise_goal *g)
{
    const struct event *f = last_finding(t, 0);
    if (!f && plain && minimise_end(t, g)) {
        if (!same_end(g, plain))
            return 1;
        minimise_free(g);
    }
    f = f ? f : last_finding(t, 1);
    *g = (struct minimise_goal){.finding = -1};
    if (f)
        of_finding(f, g);
    return f != NULL;
}

/* As the search in the probe tells findings apart. */
static int same_finding(const struct minimise_goal *g, const struct event *f)
{
    int pair = (f->pc == g->pc && f->b == g->pc2) || (f->pc == g->pc2 && f->b == g->pc);
    if (f->kind != EV_FINDING || f->a != (uint64_t)g->finding)
        return 0;
    return g->finding == FIND_DEADLOCK || pair ||
           (g->finding == FIND_DATA_RACE && f->addr == g->addr);
}

int minimise_shows(const struct minimise_goal *g, const struct trace *t)
{
    struct minimise_goal end;
    if (g->finding < 0) {
        int same = minimise_end(t, &end) && same_end(g, &end);
        minimise_free(&end);
        return same;
    }
    for (size_t i = 0; i < t->nevents; i++)
        if (same_finding(g, &t->events[i]))
            return 1;
    return 0;
}

void minimise_free(struct minimise_goal *g)
{
    free(g->out);
    g->out = NULL;
    g->nout = 0;
}
