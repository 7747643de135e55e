#include "search.h"

#include <stdlib.h>
#include <string.h>

enum { DEFAULT_EXECUTIONS = 1000000, DEFAULT_SECONDS = 20 };

void searches_init(struct searches *all, const struct check_options *o)
{
    *all = (struct searches){0};
    searches_bound(all, o);
}

void searches_bound(struct searches *all, const struct check_options *o)
{
    all->interrupted = 0;
    all->bound = o ? *o : (struct check_options){0};
    if (all->bound.executions == 0)
        all->bound.executions = DEFAULT_EXECUTIONS;
    if (all->bound.seconds <= 0)
        all->bound.seconds = DEFAULT_SECONDS;
}

static void search_free(struct search *s)
{
    for (int k = 0; k < SEARCH_STRATEGIES; k++)
        if (s->done[k])
            explore_result_fini(&s->results[k]);
    if (s->program)
        program_free(s->program);
    free(s->path);
    free(s->adversity);
    free(s);
}

void searches_fini(struct searches *all)
{
    for (size_t i = 0; i < all->n; i++)
        search_free(all->v[i]);
    free(all->v);
    *all = (struct searches){0};
}

static int is_of(const struct search *s, const char *path, const char *adversity)
{
    return !strcmp(s->path, path) &&
           !strcmp(s->adversity ? s->adversity : "", adversity ? adversity : "");
}

struct search *search_adverse(struct searches *all, const char *path, const char *adversity)
{
    for (size_t i = 0; i < all->n; i++)
        if (is_of(all->v[i], path, adversity))
            return all->v[i];
    struct search *s = xcalloc(1, sizeof *s);
    s->path = xstrdup(path);
    s->adversity = adversity ? xstrdup(adversity) : NULL;
    if (program_build(&s->program, &s->path, 1, NULL, 0, &s->error) != 0)
        s->program = NULL;
    if (s->program && adversity && program_adversity(s->program, adversity, &s->error) != 0) {
        program_free(s->program);
        s->program = NULL;
    }
    all->v = xrealloc(all->v, all->n + 1, sizeof(struct search *));
    all->v[all->n++] = s;
    return s;
}

struct program *searches_take(struct searches *all, const char *path)
{
    for (size_t i = 0; i < all->n; i++) {
        struct search *s = all->v[i];
        struct program *p = s->program;
        if (!is_of(s, path, NULL))
            continue;
        s->program = NULL;
        search_free(s);
        all->v[i] = all->v[--all->n];
        return p;
    }
    return NULL;
}

int searches_interrupted(struct searches *all, enum check_phase phase, struct err *e)
{
    const struct check_options *o = &all->bound;
    if (o->progress && o->progress(o->ctx, phase, 0, 0) != 0)
        all->interrupted = 1;
    if (all->interrupted)
        err_set(e, ERR_INTERRUPTED, "%s", err_text(ERR_INTERRUPTED));
    return all->interrupted;
}

/* Of explore_run. */
static int progress(void *ctx, uint64_t executions, uint64_t blocked, double seconds)
{
    struct searches *all = ctx;
    const struct check_options *o = &all->bound;
    (void)blocked;
    if (o->progress && o->progress(o->ctx, CHECK_SEARCHING, executions, seconds) != 0)
        all->interrupted = 1;
    return all->interrupted;
}

struct search *search_program(struct searches *all, const char *path)
{
    return search_adverse(all, path, NULL);
}

const struct explore_result *search_result(struct searches *all, struct search *s,
                                           enum strategy strategy, struct err *e)
{
    if (s->done[strategy])
        return &s->results[strategy];
    struct explore_options o = {
        .strategy = strategy,
        .executions = all->bound.executions,
        .seconds = all->bound.seconds,
        .stuck_ms = all->bound.stuck_ms,
        .progress = progress,
        .ctx = all,
    };
    if (!s->program) {
        if (e)
            *e = s->error;
        return NULL;
    }
    if (searches_interrupted(all, CHECK_SEARCHING, e) ||
        explore_run(s->program, &o, &s->results[strategy], e) != 0)
        return NULL;
    if (all->interrupted) { /* half a search is none */
        explore_result_fini(&s->results[strategy]);
        err_set(e, ERR_INTERRUPTED, "%s", err_text(ERR_INTERRUPTED));
        return NULL;
    }
    s->done[strategy] = 1;
    return &s->results[strategy];
}
