/* lockstep live --runs: a program free many times, its outcomes beside those that are possible. */
#include "cmd.h"

#include "cmd_live.h"
#include "cmd_runs_report.h"
#include "recorder.h"
#include "tui.h"

#include <inttypes.h>
#include <sched.h>
#include <string.h>
#include <time.h>

/* Counting all interleavings says nothing new, so it may take a moment only. */
#define ENUMERATE_SECONDS    1.0
#define ENUMERATE_EXECUTIONS 1000000u
#define LIMIT_SECONDS        10.0

struct beside {
    struct program *program; /* built to be searched; NULL: it cannot be */
    struct explore_result found, all;
    char why[2200]; /* why nothing was explored */
};

static int check_options(const struct options *o, struct err *e)
{
    const struct {
        int given;
        const char *name;
    } none[] = {{o->accesses, "accesses"},
                {o->repeat != 0, "repeat"},
                {o->threads != NULL, "threads"},
                {o->against != NULL, "against"},
                {o->output != NULL, "output"}};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        if (none[i].given)
            return err_set(e, ERR_USAGE, "--%s does not go with --runs", none[i].name);
    return 0;
}

/* ---- the runs ---- */
struct progress {
    uint64_t wanted;
    int shown;
};

struct counting {
    struct runs *runs;
    struct progress progress;
};

static void count(void *ctx, const struct free_result *f)
{
    struct counting *c = ctx;
    runs_add(c->runs, f);
}

static int show_runs(void *ctx, uint64_t done, double seconds)
{
    struct progress *p = &((struct counting *)ctx)->progress;
    if (seconds >= 0.3 && progress_possible()) {
        fputs("\r", stderr);
        fprintf(stderr, _("%" PRIu64 " of %" PRIu64 " runs, %.0f s; Ctrl-C stops "), done,
                p->wanted, seconds);
        fputs("\033[K", stderr);
        p->shown = 1;
    }
    return signal_caught();
}

static int make_runs(const struct options *o, const struct live_options *how, struct program *p,
                     struct runs *r, struct err *e)
{
    struct live_load load = {0};
    struct counting c = {r, {.wanted = o->runs}};
    struct free_many m = {.program = p,
                          .runs = o->runs,
                          .processors = how->processors,
                          .seconds = o->seconds > 0 ? o->seconds : LIMIT_SECONDS,
                          .noise = how->noise,
                          .noise_1_in = how->noise_1_in,
                          .noise_us = how->noise_us,
                          .seed = how->seed,
                          .ended = count,
                          .progress = show_runs,
                          .ctx = &c};
    int rc = live_load_begin(&load, o->load, how->processors, e);
    if (rc)
        return rc;
    double begin = base_now_s();
    rc = free_many(&m, e);
    r->seconds = base_now_s() - begin;
    live_load_end(&load);
    progress_wipe(c.progress.shown);
    return rc;
}

/* ---- the search beside ---- */
static int show_search(void *ctx, uint64_t executions, uint64_t blocked, double seconds)
{
    struct progress *p = ctx;
    (void)blocked;
    if (seconds >= 0.3 && progress_possible()) {
        fputs("\r", stderr);
        fprintf(stderr, _("%" PRIu64 " executions searched, %.0f s; Ctrl-C stops "), executions,
                seconds);
        fputs("\033[K", stderr);
        p->shown = 1;
    }
    return signal_caught();
}

static void say_why(struct beside *b, const char *why)
{
    snprintf(b->why, sizeof b->why, "%s", why);
}

/* How many interleavings there are, where they can be counted at once. */
static int enumerate(struct beside *b, struct progress *p)
{
    struct explore_options x = {.strategy = STRATEGY_DFS,
                                .executions = ENUMERATE_EXECUTIONS,
                                .seconds = ENUMERATE_SECONDS,
                                .progress = show_search,
                                .ctx = p};
    struct err e = {0};
    return b->found.complete && !signal_caught() && explore_run(b->program, &x, &b->all, &e) == 0;
}

static void search(struct beside *b, struct runs *r)
{
    struct progress p = {0};
    struct explore_options x = {.strategy = STRATEGY_DPOR, .progress = show_search, .ctx = &p};
    struct err e = {0};
    if (!b->program)
        return;
    if (signal_caught())
        say_why(b, _("it was interrupted"));
    else if (explore_run(b->program, &x, &b->found, &e) < 0)
        say_why(b, e.message);
    else if (enumerate(b, &p))
        runs_match(r, &b->found, &b->all);
    else
        runs_match(r, &b->found, NULL);
    progress_wipe(p.shown);
}

/* Build it for the search, too. Not being able to is no error for a program that is only run. */
static int build_beside(const struct options *o, const struct given *g, struct beside *b,
                        struct err *e)
{
    if (o->no_explore) {
        say_why(b, _("--no-explore was given"));
        return 0;
    }
    int rc = given_build(g, &b->program, e);
    if (rc == -ERR_NOT_A_PROGRAM) {
        say_why(b, e->message);
        rc = 0;
    }
    return rc;
}

/* ---- all of it ---- */
static int count_processors(uint64_t chosen)
{
    cpu_set_t set;
    if (chosen)
        return __builtin_popcountll(chosen);
    return sched_getaffinity(0, sizeof set, &set) ? 1 : CPU_COUNT(&set);
}

static void print(const struct options *o, const struct given *g, const struct live_options *how,
                  const struct program *p, const struct beside *b, const struct runs *r)
{
    static const char *const noises[] = {
        [NOISE_NONE] = NULL, [NOISE_YIELD] = "yield", [NOISE_SLEEP] = "sleep"};
    struct tui_options screen;
    struct buf out = {0};
    tui_options_init(&screen);
    struct runs_report report = {.given = g,
                                 .program = p,
                                 .why = b->why,
                                 .processors = count_processors(how->processors),
                                 .load = o->load,
                                 .noise = noises[how->noise],
                                 .limit_s = o->seconds > 0 ? o->seconds : LIMIT_SECONDS,
                                 .optimised = o->optimise > 1 ? o->optimise - 1 : 0,
                                 .ascii = screen.ascii};
    if (o->json) {
        runs_json(r, p, b->why, &out);
        buf_puts(&out, "\n");
    } else {
        report_runs(&out, &report, r);
    }
    out_buf(&out);
    buf_fini(&out);
}

static int run(const struct options *o, const struct given *g, const struct live_options *how,
               struct program *p, struct beside *b, struct err *e)
{
    struct runs r = {.wanted = o->runs};
    int rc = make_runs(o, how, p, &r, e);
    if (rc < 0 && r.done == 0) {
        runs_fini(&r);
        return rc;
    }
    if (rc < 0) /* what was seen until then still holds */
        fprintf(stderr, "lockstep: live: %s\n", e->message);
    runs_sort(&r);
    search(b, &r);
    print(o, g, how, p, b, &r);
    if (signal_caught())
        rc = 128 + signal_caught();
    else if (rc == 0)
        rc = runs_exit_status(&r);
    runs_fini(&r);
    explore_result_fini(&b->found);
    explore_result_fini(&b->all);
    return rc < 0 ? err_exit_status(rc) : rc;
}

int live_runs(const struct options *o)
{
    struct given g = {0};
    struct beside b = {0};
    struct live_options how;
    struct program *p = NULL;
    struct err e = {0};
    int rc = check_options(o, &e);
    if (rc == 0)
        rc = live_options_of(o, &how, &e);
    if (rc == 0)
        rc = given_open(&g, o->operands, o->noperands, o->args, o->nargs, &e);
    if (rc == 0)
        rc = given_run(&g, &(struct conditions){.input = o->stdin_file}, &e);
    if (rc == 0)
        rc = build_beside(o, &g, &b, &e);
    if (rc == 0)
        rc = program_build_free(&p, g.files, g.nfiles, g.args, g.nargs,
                                how.noise ? BUILD_NOTED : BUILD_PLAIN,
                                o->optimise ? o->optimise - 1 : 0, &e);
    if (rc == 0 && !b.program) /* else the other build has said so */
        fputs(p->warnings, stderr);
    if (rc == 0)
        rc = program_conditions(p, &(struct conditions){.input = g.input_file}, &e);
    if (rc == 0)
        rc = run(o, &g, &how, p, &b, &e);
    program_free(p);
    program_free(b.program);
    given_fini(&g);
    return rc < 0 ? cmd_fail(o, &e) : rc;
}
