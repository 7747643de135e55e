/* A litmus test from beginning to end: run free, then searched, and both brought together. */
#include "litmus_private.h"

#include "explore.h"

#include <inttypes.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#define MODEL_SECONDS 10.0 /* for the search with store buffers, which only explains */

/* ---- the processors ---- */
static int choose_processors(const struct litmus *l, const struct litmus_options *o,
                             struct litmus_result *r, struct err *e)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    if (sched_getaffinity(0, sizeof set, &set))
        CPU_SET(0, &set);
    for (int i = 0; i < 64; i++) {
        if (!CPU_ISSET((size_t)i, &set) || (o->processors && !(o->processors >> i & 1)))
            continue;
        r->usable++;
        if (r->nprocessors < l->nthreads)
            r->processors[r->nprocessors++] = i;
    }
    return r->nprocessors ? 0
                          : err_set(e, ERR_USAGE,
                                    "none of these processors may be used; see "
                                    "--processors");
}

/* ---- all interleavings ---- */
static struct litmus_outcome *find_outcome(const struct litmus *l, struct litmus_result *r,
                                           const int64_t *values)
{
    for (size_t i = 0; i < r->noutcomes; i++)
        if (memcmp(r->outcomes[i].values, values, (size_t)l->nseen * sizeof *values) == 0)
            return &r->outcomes[i];
    return NULL;
}

static struct litmus_outcome *add_outcome(const struct litmus *l, struct litmus_result *r,
                                          const int64_t *values)
{
    struct litmus_outcome *o = find_outcome(l, r, values);
    if (o)
        return o;
    r->outcomes = xrealloc(r->outcomes, r->noutcomes + 1, sizeof *r->outcomes);
    o = &r->outcomes[r->noutcomes++];
    *o = (struct litmus_outcome){0};
    memcpy(o->values, values, (size_t)l->nseen * sizeof *values);
    return o;
}

static int parse_state(const char *s, int nseen, int64_t *values)
{
    for (int i = 0; i < nseen; i++) {
        char *end;
        values[i] = strtoll(s, &end, 10);
        if (end == s)
            return -1;
        s = end;
    }
    return 0;
}

struct searching {
    const struct litmus_options *o;
};

static int searched(void *ctx, uint64_t executions, uint64_t blocked, double seconds)
{
    const struct litmus_options *o = ((struct searching *)ctx)->o;
    (void)executions;
    (void)blocked;
    return o->progress ? o->progress(o->ctx, ~0ull, seconds) : 0;
}

static void mark(const struct litmus *l, const struct explore_result *x, enum litmus_program kind,
                 struct litmus_result *r)
{
    for (size_t i = 0; i < x->noutcomes; i++) {
        int64_t v[LITMUS_SEEN] = {0};
        const struct explore_outcome *from = &x->outcomes[i];
        if (from->deadlock || from->cut || parse_state(from->out, l->nseen, v))
            continue;
        if (kind == LITMUS_ONCE)
            add_outcome(l, r, v)->interleaving = LITMUS_YES;
        else if (find_outcome(l, r, v))
            find_outcome(l, r, v)->store_buffers = LITMUS_YES;
        else if (litmus_holds(l->prop, v)) { /* asked for, possible, and not seen */
            struct litmus_outcome *o = add_outcome(l, r, v);
            o->store_buffers = LITMUS_YES;
            o->interleaving = LITMUS_NO; /* as those are all known */
        }
    }
    for (size_t i = 0; i < r->noutcomes && x->complete; i++) {
        enum litmus_known *known =
            kind == LITMUS_ONCE ? &r->outcomes[i].interleaving : &r->outcomes[i].store_buffers;
        if (!*known)
            *known = LITMUS_NO;
    }
}

/* 1 when all are known. */
static int search(const struct litmus *l, const struct litmus_options *o, enum litmus_program kind,
                  struct litmus_result *r, char **why)
{
    struct program *p = NULL;
    struct err e = {0};
    struct searching ctx = {o};
    double seconds = kind == LITMUS_ONCE || (o->seconds > 0 && o->seconds < MODEL_SECONDS)
                         ? o->seconds
                         : MODEL_SECONDS;
    struct explore_options x = {.seconds = seconds, .progress = searched, .ctx = &ctx};
    struct explore_result result = {.why_not = ""};
    int rc = litmus_build(&p, l, kind, 0, &e), complete = 0;
    if (rc == 0)
        rc = explore_run(p, &x, &result, &e);
    if (rc == 0) {
        mark(l, &result, kind, r);
        complete = result.complete;
        *why = xstrdup(result.why_not);
        if (kind == LITMUS_ONCE)
            r->executions = result.executions;
        explore_result_fini(&result);
    } else
        *why = xstrdup(e.message);
    if (p)
        program_free(p);
    return complete;
}

static void explain(const struct litmus *l, const struct litmus_options *o, struct litmus_result *r)
{
    char *why = NULL;
    int opaque = 0;
    for (int i = 0; i < l->nthreads; i++)
        opaque |= l->threads[i].opaque;
    if (o->no_explore) {
        r->unexplored = xstrdup("no search was asked for");
        return;
    }
    r->explored = search(l, o, LITMUS_ONCE, r, &r->unexplored);
    if (r->explored && !opaque)
        r->modelled = search(l, o, LITMUS_BUFFERED, r, &why);
    free(why);
}

/* ---- the result ---- */
static int by_runs(const void *a, const void *b)
{
    const struct litmus_outcome *x = a, *y = b;
    if (x->runs != y->runs)
        return x->runs < y->runs ? 1 : -1;
    return memcmp(x->values, y->values, sizeof x->values);
}

static void drop_filtered(const struct litmus *l, struct litmus_result *r)
{
    size_t n = 0;
    for (size_t i = 0; i < r->noutcomes; i++) {
        if (!l->filter || litmus_holds(l->filter, r->outcomes[i].values))
            r->outcomes[n++] = r->outcomes[i];
        else {
            r->filtered += r->outcomes[i].runs;
            r->runs -= r->outcomes[i].runs;
        }
    }
    r->noutcomes = n;
}

static void finish(const struct litmus *l, struct litmus_result *r)
{
    drop_filtered(l, r);
    for (size_t i = 0; i < r->noutcomes; i++) {
        r->outcomes[i].holds = litmus_holds(l->prop, r->outcomes[i].values);
        if (r->outcomes[i].holds)
            r->positive += r->outcomes[i].runs;
    }
    if (r->noutcomes)
        qsort(r->outcomes, r->noutcomes, sizeof *r->outcomes, by_runs);
}

int litmus_run(const struct litmus *l, const struct litmus_options *o, struct litmus_result *r,
               struct err *e)
{
    *r = (struct litmus_result){0};
    int rc = choose_processors(l, o, r, e);
    if (rc == 0)
        rc = litmus_run_free(l, o, r, e);
    if (rc) {
        litmus_result_fini(r);
        return rc;
    }
    explain(l, o, r);
    finish(l, r);
    return 0;
}

void litmus_result_fini(struct litmus_result *r)
{
    free(r->outcomes);
    free(r->stopped);
    free(r->unexplored);
    *r = (struct litmus_result){0};
}

const char *litmus_observation(const struct litmus_result *r)
{
    return r->positive == 0 ? "never" : r->positive == r->runs ? "always" : "sometimes";
}

int litmus_clause_holds(const struct litmus *l, const struct litmus_result *r)
{
    switch (l->quantifier) {
    case LITMUS_EXISTS:
        return r->positive > 0;
    case LITMUS_NOT_EXISTS:
        return r->positive == 0;
    case LITMUS_FORALL:
        return r->positive == r->runs;
    default:
        return 1;
    }
}

int litmus_exit_status(const struct litmus *l, const struct litmus_result *r)
{
    for (size_t i = 0; i < r->noutcomes; i++)
        if (r->outcomes[i].runs && r->outcomes[i].interleaving == LITMUS_NO)
            return 1;
    if (l->quantifier != LITMUS_EXISTS && !litmus_clause_holds(l, r))
        return 1;
    return r->explored && !*r->stopped && !r->uncounted ? 0 : 4;
}
