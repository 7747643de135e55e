#include "runs.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

/* ---- counting ---- */
static struct runs_outcome outcome_of(const struct free_result *f)
{
    struct runs_outcome o = {.exit_status = -1};
    if (f->end == FREE_ENDED && WIFEXITED(f->status))
        o.exit_status = WEXITSTATUS(f->status);
    else if (f->end == FREE_ENDED)
        o.signal = WTERMSIG(f->status);
    o.hang = f->end == FREE_BLOCKED;
    o.cut = f->end == FREE_CUT ? f->limit : FREE_NO_LIMIT;
    o.nout = f->nout;
    o.out_total = f->out_total;
    o.out_hash = f->out_hash;
    return o;
}

/* What was printed until a limit of time or output was reached differs from run to run and says
 * nothing. */
static int same(const struct runs_outcome *a, const struct runs_outcome *b)
{
    if (a->exit_status != b->exit_status || a->signal != b->signal || a->hang != b->hang ||
        a->cut != b->cut)
        return 0;
    return (a->cut && a->out_total > 0 && b->out_total > 0) ||
           (a->out_hash == b->out_hash && a->out_total == b->out_total);
}

static struct runs_outcome *add_outcome(struct runs *r, const struct runs_outcome *o,
                                        const char *out)
{
    r->outcomes = xrealloc(r->outcomes, r->noutcomes + 1, sizeof *r->outcomes);
    struct runs_outcome *to = &r->outcomes[r->noutcomes++];
    *to = *o;
    to->out = xcalloc(o->nout + 1, 1);
    if (o->nout)
        memcpy(to->out, out, o->nout);
    return to;
}

void runs_add(struct runs *r, const struct free_result *f)
{
    struct runs_outcome o = outcome_of(f);
    size_t i = 0;
    r->done++;
    r->ns += f->ns;
    while (i < r->noutcomes && !same(&r->outcomes[i], &o))
        i++;
    if (i == RUNS_KINDS)
        r->other++;
    else if (i < r->noutcomes)
        r->outcomes[i].runs++;
    else
        add_outcome(r, &o, f->out)->runs = 1;
}

/* ---- beside a search ---- */
static uint64_t total_of(const struct explore_outcome *x)
{
    return x->nout_total > x->nout ? x->nout_total : x->nout;
}

/* A run that hangs is a deadlock, or a livelock whose loop sleeps; one that goes on until it is cut
 * a livelock. */
static int same_end(const struct runs_outcome *o, const struct explore_outcome *x)
{
    if (o->hang)
        return x->deadlock || x->livelock;
    if (o->cut)
        return x->livelock;
    return !x->deadlock && !x->livelock && !x->cut && o->exit_status == x->exit_status &&
           o->signal == x->signal;
}

static int fits(const struct runs_outcome *o, const struct explore_outcome *x)
{
    size_t n = o->nout < x->nout ? o->nout : x->nout; /* as much as both have kept */
    return same_end(o, x) && o->out_total == total_of(x) && memcmp(o->out, x->out, n) == 0;
}

static void judge(struct runs_outcome *o, const struct explore_result *found)
{
    for (size_t i = 0; i < found->noutcomes; i++) {
        const struct explore_outcome *x = &found->outcomes[i];
        if (!fits(o, x))
            continue;
        if (!o->schedule || x->switches < o->switches) {
            o->schedule = &x->schedule;
            o->switches = x->switches;
        }
        o->executions += x->executions;
        o->livelock |= x->livelock;
        o->judgement = RUNS_EXPLORED;
    }
    if (o->judgement == RUNS_UNKNOWN && found->complete && !o->cut)
        o->judgement = RUNS_UNEXPLAINED;
}

/* Outcomes that were possible and never happened. */
static void add_unseen(struct runs *r, const struct explore_result *found)
{
    size_t nseen = r->noutcomes;
    for (size_t k = 0; k < found->noutcomes; k++) {
        const struct explore_outcome *x = &found->outcomes[k];
        size_t i = 0;
        while (i < nseen && !fits(&r->outcomes[i], x))
            i++;
        if (i < nseen || x->cut)
            continue;
        struct runs_outcome o = {.nout = x->nout,
                                 .out_total = total_of(x),
                                 .exit_status = x->exit_status,
                                 .signal = x->signal,
                                 .hang = x->deadlock,
                                 .livelock = x->livelock,
                                 .judgement = RUNS_EXPLORED,
                                 .executions = x->executions,
                                 .switches = x->switches,
                                 .schedule = &x->schedule};
        if (o.hang || o.livelock)
            o.exit_status = -1;
        add_outcome(r, &o, x->out);
    }
}

static int fits_interleaving(const struct runs_outcome *o, const struct explore_outcome *x)
{
    struct runs_outcome as_seen = *o;
    if (o->runs == 0 && o->livelock)
        as_seen.cut = FREE_TIME;
    return fits(&as_seen, x);
}

static void count_interleavings(struct runs_outcome *o, const struct explore_result *all)
{
    for (size_t i = 0; i < all->noutcomes; i++) {
        const struct explore_outcome *x = &all->outcomes[i];
        if (!fits_interleaving(o, x))
            continue;
        o->interleavings += x->executions;
        if (o->schedule && x->switches < o->switches) {
            o->switches = x->switches;
            o->schedule = &x->schedule;
        }
    }
}

static int commoner(const void *a, const void *b)
{
    const struct runs_outcome *x = a, *y = b;
    if (x->runs != y->runs)
        return x->runs < y->runs ? 1 : -1;
    if (x->executions != y->executions)
        return x->executions < y->executions ? 1 : -1;
    return strcmp(x->out, y->out);
}

void runs_sort(struct runs *r)
{
    if (r->noutcomes)
        qsort(r->outcomes, r->noutcomes, sizeof *r->outcomes, commoner);
}

void runs_match(struct runs *r, const struct explore_result *found,
                const struct explore_result *all)
{
    r->explored = found;
    r->interleaved = all && all->complete && found->complete ? all : NULL;
    for (size_t i = 0; i < r->noutcomes; i++)
        judge(&r->outcomes[i], found);
    add_unseen(r, found);
    for (size_t i = 0; r->interleaved && i < r->noutcomes; i++)
        count_interleavings(&r->outcomes[i], r->interleaved);
    runs_sort(r);
}

int runs_bad(const struct runs *r)
{
    for (size_t i = 0; i < r->noutcomes; i++) {
        const struct runs_outcome *o = &r->outcomes[i];
        if (o->runs && (o->hang || o->signal || o->exit_status > 0))
            return 1;
    }
    return 0;
}

static int was_cut(const struct runs *r)
{
    for (size_t i = 0; i < r->noutcomes; i++)
        if (r->outcomes[i].cut)
            return 1;
    return 0;
}

int runs_exit_status(const struct runs *r)
{
    if (runs_bad(r) || (r->explored && r->explored->nfindings))
        return 1;
    return r->explored && r->explored->complete && !was_cut(r) && r->done == r->wanted ? 0 : 4;
}

void runs_fini(struct runs *r)
{
    for (size_t i = 0; i < r->noutcomes; i++)
        free(r->outcomes[i].out);
    free(r->outcomes);
    *r = (struct runs){0};
}
