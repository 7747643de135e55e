/* A search beside the loop, and what it says meanwhile. */
#include "finder_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HUNT_SECONDS = 3, SECONDS = 60 };

const struct finder_adversity finder_adversities[] = {
    {NULL, N_("none"), N_("nothing goes wrong")},
    {"spurious", "spurious", N_("a wait wakes up without a signal")},
    {"eintr", "eintr", N_("a call ends with EINTR")},
    {"malloc", "malloc", N_("there is no memory")},
    {"kill", "kill", N_("a process is killed")},
    {"spurious,eintr,malloc,kill", N_("all"), N_("each of these once")},
};

struct finder *finder_new(struct step *s)
{
    struct finder *x = xcalloc(1, sizeof *x);
    x->step = s;
    x->strategy = STRATEGY_DPOR;
    x->seconds = SECONDS;
    x->levels = 2;
    return x;
}

static void free_words(struct finder *x)
{
    job_free(x->words_job);
    x->words_job = NULL;
    if (x->words) {
        schedule_fini(&x->words->schedule);
        buf_fini(&x->words->text);
        free(x->words);
    }
    x->words = NULL;
}

void finder_quiet(struct finder *x)
{
    free_words(x);
}

/* What the last search left, and all that points into it. */
static void forget(struct finder *x)
{
    free_words(x);
    outcome_map_fini(&x->map);
    schedule_tree_fini(&x->tree);
    for (size_t i = 0; i < x->nswitches; i++)
        free(x->switches[i]);
    free(x->switches);
    x->switches = NULL;
    x->nswitches = 0;
    x->r = NULL;
    x->failed = x->stopped = 0;
    if (x->work) {
        explore_result_fini(&x->work->so_far);
        explore_result_fini(&x->work->result);
        free(x->work);
    }
    x->work = NULL;
}

void finder_free(struct finder *x)
{
    if (!x)
        return;
    job_free(x->job);
    x->job = NULL;
    forget(x);
    free(x);
}

/* -------- the job -------- */

static int look(void *ctx, struct explore_look *l)
{
    struct finder_work *w = ctx;
    job_lock(w->job);
    explore_so_far(l, &w->so_far);
    w->look = *l;
    w->news = 1;
    job_unlock(w->job);
    job_look(w->job);
    return job_cancelled(w->job);
}

static int is_open(const struct finder_work *w)
{
    const struct explore_result *r = &w->result;
    return w->rc == 0 && !r->complete && !r->nfindings && r->seconds >= HUNT_SECONDS &&
           !job_cancelled(w->job);
}

static void run_search(struct job *j, void *ctx)
{
    struct finder_work *w = ctx;
    w->job = j;
    w->rc = w->port.ops->search(w->port.ctx, &w->options, w->adversity, &w->result, &w->e);
    if (!w->hunt || !is_open(w))
        return;
    job_lock(j);
    explore_result_fini(&w->so_far);
    w->again = w->news = 1;
    job_unlock(j);
    explore_result_fini(&w->result);
    w->options.seconds = SECONDS;
    w->options.first = 1;
    w->rc = w->port.ops->search(w->port.ctx, &w->options, w->adversity, &w->result, &w->e);
}

static void fail(struct finder *x, const char *why)
{
    x->failed = 1;
    snprintf(x->why, sizeof x->why, "%s", why);
}

int finder_begin(struct finder *x, int hunt)
{
    struct finder_work *w = xcalloc(1, sizeof *w);
    job_free(x->job);
    x->job = NULL;
    forget(x);
    w->port = x->step->port;
    w->hunt = hunt;
    w->options = (struct explore_options){.strategy = hunt ? STRATEGY_DPOR : x->strategy,
                                          .executions = hunt ? 0 : x->executions,
                                          .seconds = hunt ? HUNT_SECONDS : x->seconds,
                                          .look = look,
                                          .keep = 1,
                                          .ctx = w};
    w->adversity = hunt ? NULL : finder_adversities[x->adversity].list;
    x->work = w;
    x->look = (struct explore_look){0};
    memset(x->at, 0, sizeof x->at);
    memset(x->top, 0, sizeof x->top);
    x->outcome = 0;
    x->node = 0;
    x->open_when_done = x->folded = 0;
    x->job = job_start(run_search, w);
    if (x->job)
        return 0;
    forget(x);
    fail(x, _("there is no thread left to search on"));
    return -1;
}

int finder_busy(const struct finder *x)
{
    return x->job || x->words_job;
}

void finder_stop(struct finder *x)
{
    if (!x->job)
        return;
    x->stopped = 1;
    job_cancel(x->job);
}

int finder_fd(const struct finder *x)
{
    return x->job ? job_fd(x->job) : x->words_job ? job_fd(x->words_job) : -1;
}

/* -------- news -------- */

/* The tree is shown some levels deep, as long as nobody has changed that by hand. */
static void update(struct finder *x, int under_way)
{
    outcome_map_update(&x->map, x->r, under_way, &x->step->seen);
    if (schedule_tree_update(&x->tree, x->r)) {
        if (!x->folded)
            schedule_tree_unfold(&x->tree, x->levels);
        finder_mark_run(x, 0);
    }
    finder_keep_place(x);
}

/* Under the lock. */
static void take_news(struct finder *x)
{
    x->work->news = 0;
    x->r = &x->work->so_far;
    x->look = x->work->look;
    if (x->work->again) { /* another search: what the first has found is not part of it */
        outcome_map_fini(&x->map);
        schedule_tree_fini(&x->tree);
        x->work->again = 0;
    }
    update(x, 1);
}

void finder_lock(struct finder *x)
{
    if (!x->job)
        return;
    job_lock(x->job);
    if (x->work->news)
        take_news(x);
}

void finder_unlock(struct finder *x)
{
    if (x->job)
        job_unlock(x->job);
}

static void take_end(struct finder *x)
{
    struct finder_work *w = x->work;
    job_free(x->job);
    x->job = NULL;
    x->r = NULL;
    if (w->again) {
        outcome_map_fini(&x->map);
        schedule_tree_fini(&x->tree);
    }
    if (w->rc < 0) {
        fail(x, w->e.message[0] ? w->e.message : err_text(w->rc));
        outcome_map_fini(&x->map);
        schedule_tree_fini(&x->tree);
        return;
    }
    x->r = &w->result;
    if (x->stopped && !w->result.complete) {
        free(w->result.why_said);
        w->result.why_said = xstrdup(_("you stopped it"));
    }
    x->look.executions = w->result.executions;
    x->look.blocked = w->result.blocked;
    x->look.seconds = w->result.seconds;
    update(x, 0);
    explore_result_fini(&w->so_far);
    x->nswitches = w->result.noutcomes;
    x->switches = xcalloc(x->nswitches + 1, sizeof *x->switches);
}

static void take_words(struct finder *x)
{
    struct finder_words *w = x->words;
    if (!job_done(x->words_job))
        return;
    if (w->outcome < x->nswitches && !x->switches[w->outcome])
        x->switches[w->outcome] = xstrdup(w->text.data ? w->text.data : "");
    free_words(x);
}

int finder_tick(struct finder *x)
{
    if (x->words_job)
        take_words(x);
    if (!x->job)
        return 0;
    if (!job_done(x->job)) {
        finder_lock(x);
        finder_unlock(x);
        return 0;
    }
    take_end(x);
    return 1;
}

const struct explore_result *finder_result(const struct finder *x, const char **message)
{
    *message = x->failed ? x->why : "";
    return x->job || x->failed ? NULL : x->r;
}

int finder_was_stopped(const struct finder *x)
{
    return x->stopped;
}

void finder_progress(const struct finder *x, uint64_t *executions, double *seconds)
{
    *executions = x->look.executions;
    *seconds = x->look.seconds;
}

/* -------- the switches of an outcome, in words -------- */

static int cancelled(void *ctx)
{
    return job_cancelled(((struct finder_words *)ctx)->job);
}

static void run_words(struct job *j, void *ctx)
{
    struct finder_words *w = ctx;
    struct err e = {0};
    w->job = j;
    if (w->port.ops->say_switches(w->port.ctx, &w->schedule, cancelled, w, &w->text, &e) < 0 &&
        !job_cancelled(j))
        buf_puts(&w->text, e.message);
}

void finder_want_words(struct finder *x)
{
    size_t row = x->at[VIEW_OUTCOMES];
    if (x->job || x->words_job || !x->r || !x->step->port.ops->say_switches || row >= x->map.n)
        return;
    size_t outcome = x->map.rows[row].outcome;
    const struct explore_outcome *o = &x->r->outcomes[outcome];
    if (x->switches[outcome])
        return;
    struct finder_words *w = xcalloc(1, sizeof *w);
    w->port = x->step->port;
    w->outcome = outcome;
    schedule_init(&w->schedule);
    schedule_copy(&w->schedule, &o->schedule);
    x->words = w;
    x->words_job = job_start(run_words, w);
    if (!x->words_job)
        free_words(x);
}
