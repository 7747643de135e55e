/* lockstep live --time: run a program many times and measure. */
#include "cmd.h"

#include "cmd_live.h"
#include "timing.h"
#include "tui.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { REPEAT = 20, REPEAT_MOST = 100000, OPTIMISE = 2, GIVE_UP = 3 };
#define SECONDS 60.0

/* Everything of one measurement. */
struct job {
    const struct options *o;
    struct given given[2];
    struct program *program[2], *empty;
    struct measure_options how;
    struct timing_threads threads;
    struct timing t;
    char ***argv;                 /* of each series */
    struct timing_series nothing; /* of the empty program */
    struct live_load load;
    int shown; /* a line of progress */
};

/* ---- the command line ---- */
static int check_options(const struct options *o, struct err *e)
{
    const struct {
        int given;
        const char *name;
    } others[] = {{o->runs != 0, "--runs"},        {o->accesses, "--accesses"},
                  {o->noise != 0, "--noise"},      {o->seed != 0, "--seed"},
                  {o->output != NULL, "--output"}, {o->no_explore, "--no-explore"}};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (others[i].given)
            return err_set(e, ERR_USAGE, "--time and %s do not go together; leave one out",
                           others[i].name);
    if (o->repeat > REPEAT_MOST)
        return err_set(e, ERR_USAGE, "--repeat: at most %d", REPEAT_MOST);
    return 0;
}

static int check_places(const struct job *j, struct err *e)
{
    int places;
    timing_argv_free(timing_argv("", j->o->args, j->o->nargs, 1, &places));
    if (j->o->threads && !places)
        return err_set(e, ERR_USAGE,
                       "--threads: the program has to be told the number; write {} for it in its "
                       "arguments, as in -- {}");
    if (!j->o->threads && places)
        return err_set(e, ERR_USAGE,
                       "{} in the arguments stands for a number of threads; give them with "
                       "--threads, as in --threads 1,2,4");
    return 0;
}

/* ---- building ---- */
static void say_warnings(const struct program *p)
{
    size_t n = strlen(p->warnings);
    if (n)
        fprintf(stderr, "%s%s", p->warnings, p->warnings[n - 1] == '\n' ? "" : "\n");
}

static int level(const struct job *j)
{
    return j->o->optimise ? j->o->optimise - 1 : OPTIMISE;
}

static int build(struct job *j, int i, char *const *files, int nfiles, struct err *e)
{
    struct given *g = &j->given[i];
    int r = given_open(g, files, nfiles, j->o->args, j->o->nargs, e);
    if (r == 0 && i == 0)
        r = given_run(g, &(struct conditions){.input = j->o->stdin_file}, e);
    if (r == 0)
        r = program_build_free(&j->program[i], g->files, g->nfiles, g->args, g->nargs, BUILD_PLAIN,
                               level(j), e);
    if (r < 0)
        return r;
    say_warnings(j->program[i]);
    j->t.programs[i] = j->program[i]->name;
    j->t.nprograms = i + 1;
    if (j->program[i]->nsources)
        j->t.optimise = level(j);
    /* both read the same: nothing, where nothing is given, also when one is recorded on a terminal
     */
    const char *input = j->given[0].input_file ? j->given[0].input_file : "/dev/null";
    j->program[i]->stdin_path = xstrdup(input);
    return 0;
}

/* A program that does nothing: what starting and ending one costs. Without a compiler there is
 * none. */
static void build_empty(struct job *j)
{
    const char *tmp = getenv("TMPDIR");
    char *dir = xasprintf("%s/lockstep-empty-XXXXXX", tmp && *tmp ? tmp : "/tmp");
    if (!mkdtemp(dir)) {
        free(dir);
        return;
    }
    char *path = xasprintf("%s/empty.c", dir);
    FILE *f = fopen(path, "wxe");
    if (f) {
        fputs("int main(void)\n{\n    return 0;\n}\n", f);
        if (fclose(f) == 0)
            program_build_free(&j->empty, &path, 1, NULL, 0, BUILD_PLAIN, level(j), NULL);
        unlink(path);
    }
    rmdir(dir);
    free(path);
    free(dir);
}

/* ---- running ---- */
static void series_init(struct timing_series *r, int program, int threads, size_t rounds)
{
    *r = (struct timing_series){.program = program, .threads = threads};
    r->wall = xcalloc(rounds, sizeof *r->wall);
    r->runs = xcalloc(rounds, sizeof *r->runs);
}

static void series_fini(struct timing_series *r)
{
    for (int i = 0; i < TIMING_FAILURES; i++)
        free(r->failures[i].why);
    free(r->wall);
    free(r->runs);
}

static void make_series(struct job *j)
{
    struct timing *t = &j->t;
    size_t each = (size_t)(j->threads.n ? j->threads.n : 1), n = (size_t)t->nprograms;
    t->rounds = j->o->repeat ? j->o->repeat : REPEAT;
    t->threads = &j->threads;
    t->nseries = each * n;
    t->series = xcalloc(t->nseries, sizeof *t->series);
    j->argv = xcalloc(t->nseries, sizeof *j->argv);
    for (size_t i = 0; i < t->nseries; i++) {
        int program = (int)(i % n), threads = j->threads.n ? j->threads.list[i / n] : 0, places;
        series_init(&t->series[i], program, threads, t->rounds);
        j->argv[i] = timing_argv(t->programs[program], j->o->args, j->o->nargs, threads, &places);
    }
    if (j->empty) {
        series_init(&j->nothing, 0, 0, t->rounds);
        t->empty = &j->nothing;
    }
}

static void add_failure(struct timing_series *r, const char *why)
{
    int i = 0;
    r->nfailed++;
    while (i < TIMING_FAILURES && r->failures[i].n && strcmp(r->failures[i].why, why) != 0)
        i++;
    if (i == TIMING_FAILURES)
        return;
    if (!r->failures[i].n)
        r->failures[i].why = xstrdup(why);
    r->failures[i].n++;
}

static int may_repaint(void)
{
    const char *term = getenv("TERM"), *accessible = getenv("ACCESSIBLE");
    if (!term || strcmp(term, "dumb") == 0 || !isatty(STDERR_FILENO))
        return 0;
    return !accessible || !*accessible || strcmp(accessible, "0") == 0;
}

/* Between the runs, so that it disturbs none. */
static void show_progress(struct job *j, size_t round, const struct timing_series *r)
{
    if (!may_repaint())
        return;
    j->shown = 1;
    fprintf(stderr, "\r");
    if (round)
        fprintf(stderr, _("run %zu of %zu"), round, j->t.rounds);
    else
        fputs(_("a first run, not counted"), stderr);
    if (r->threads)
        fprintf(stderr, ngettext(", %d thread", ", %d threads", (unsigned long)r->threads),
                r->threads);
    fprintf(stderr, "%s\033[K", _("; Ctrl-C stops "));
}

/* Round 0 is the one that is not counted. A series of which nothing has counted yet after some
 * tries is left alone: it would go on failing. */
static int run_one(struct job *j, const struct program *p, char *const *argv,
                   struct timing_series *r, size_t round, struct err *e)
{
    struct measure m;
    int left_alone = r->nfailed == r->ntried && r->nfailed >= GIVE_UP;
    if (round) {
        r->wall[round - 1] = NAN;
        r->n = round;
    }
    if (left_alone)
        return 0;
    int rc = measure_run(p, argv, &j->how, &m, e);
    if (rc < 0)
        return rc;
    r->ntried++;
    if (m.failed)
        add_failure(r, m.why);
    if (!round || m.failed)
        return 0;
    r->runs[round - 1] = m;
    r->wall[round - 1] = m.wall;
    return 0;
}

static int run_round(struct job *j, size_t round, struct err *e)
{
    int rc = 0;
    for (size_t i = 0; i < j->t.nseries && rc == 0; i++) {
        struct timing_series *r = &j->t.series[i];
        show_progress(j, round, r);
        rc = run_one(j, j->program[r->program], j->argv[i], r, round, e);
    }
    if (rc == 0 && j->empty)
        rc = run_one(j, j->empty, j->empty->argv, &j->nothing, round, e);
    return rc;
}

/* Rounds that are whole: of an interrupted one nothing counts. */
static void cut_rounds(struct job *j, size_t n)
{
    for (size_t i = 0; i < j->t.nseries; i++)
        j->t.series[i].n = n;
    j->nothing.n = n;
}

/* Seconds of processors. */
static double used_by(const struct timing_series *r)
{
    double used = 0;
    for (size_t i = 0; i < r->n; i++)
        used += r->runs[i].user + r->runs[i].system;
    return used;
}

static int run_rounds(struct job *j, struct err *e)
{
    struct measure_machine began, ended;
    size_t round = 0;
    int rc = run_round(j, 0, e);
    measure_machine(&began);
    while (rc == 0 && round < j->t.rounds)
        if ((rc = run_round(j, round + 1, e)) == 0)
            round++;
    measure_machine(&ended);
    if (j->shown)
        fputs("\r\033[K", stderr);
    if (rc == -ERR_INTERRUPTED && round) {
        j->t.interrupted = 1;
        rc = 0;
    }
    cut_rounds(j, round);
    double past = ended.at - began.at, used = used_by(&j->nothing);
    for (size_t i = 0; i < j->t.nseries; i++)
        used += used_by(&j->t.series[i]);
    j->t.others = (ended.busy - began.busy - used) / past;
    j->t.stolen = (ended.stolen - began.stolen) / past;
    return rc;
}

/* ---- who waits for whom ---- */
/* Each program once more, with as many threads as there were at most. That it cannot be recorded
 * takes nothing from what was measured. */
static void record(struct job *j, int program)
{
    struct timing *t = &j->t;
    size_t i = t->nseries - (size_t)(t->nprograms - program);
    struct program *p = j->program[program];
    struct timing_pass *pass = &t->passes[t->npasses];
    struct live_options how = {.processors = j->how.processors};
    struct err e = {0};
    char **argv = p->argv;
    *pass = (struct timing_pass){.program = program, .threads = t->series[i].threads};
    if (t->series[i].nfailed == t->series[i].ntried || signal_caught())
        return;
    p->argv = j->argv[i];
    if (timing_pass(pass, p, &how, j->how.seconds, signal_caught, &e) == 0)
        t->npasses++;
    else
        fprintf(stderr, _("lockstep: live: no run could be recorded: %s\n"), e.message);
    p->argv = argv;
}

/* ---- telling ---- */
static int width_of_output(void)
{
    struct winsize w;
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_col ? w.ws_col : 80;
}

static int report(const struct job *j)
{
    struct buf out = {0};
    struct tui_options look;
    tui_options_init(&look);
    if (j->o->json)
        timing_json(&j->t, &out);
    else
        timing_text(&j->t, width_of_output(), look.ascii, &out);
    int r = out_buf(&out);
    buf_fini(&out);
    if (r < 0)
        return err_exit_status(ERR_WRITE);
    if (signal_caught())
        return 128 + signal_caught();
    for (size_t i = 0; i < j->t.nseries; i++)
        if (j->t.series[i].nfailed)
            return 1;
    return 0;
}

static int prepare(struct job *j, struct err *e)
{
    const struct options *o = j->o;
    char *against[] = {(char *)(uintptr_t)o->against};
    int r = check_options(o, e);
    if (r == 0)
        r = timing_threads(&j->threads, o->threads, e);
    if (r == 0)
        r = check_places(j, e);
    if (r == 0)
        r = live_processors(o->processors, &j->how.processors, e);
    if (r == 0)
        r = build(j, 0, o->operands, o->noperands, e);
    if (r == 0 && o->against)
        r = build(j, 1, against, 1, e);
    return r;
}

static void finish(struct job *j)
{
    live_load_end(&j->load);
    for (size_t i = 0; i < j->t.nseries; i++) {
        series_fini(&j->t.series[i]);
        timing_argv_free(j->argv[i]);
    }
    series_fini(&j->nothing);
    for (int i = 0; i < j->t.npasses; i++)
        timing_pass_fini(&j->t.passes[i]);
    free(j->t.series);
    free(j->argv);
    for (int i = 0; i < 2; i++) {
        if (j->program[i])
            program_free(j->program[i]);
        given_fini(&j->given[i]);
    }
    if (j->empty)
        program_free(j->empty);
}

int live_time(const struct options *o)
{
    struct err e = {0};
    struct job j = {.o = o, .t = {.optimise = -1, .load = o->load}};
    j.how = (struct measure_options){o->seconds > 0 ? o->seconds : SECONDS, 0, signal_caught};
    int r = prepare(&j, &e);
    if (r == 0) {
        build_empty(&j);
        make_series(&j);
        j.t.seconds = j.how.seconds;
        j.t.processors = measure_processors(j.how.processors);
        r = live_load_begin(&j.load, o->load, j.how.processors, &e);
    }
    if (r == 0)
        r = run_rounds(&j, &e);
    for (int i = 0; r == 0 && i < j.t.nprograms; i++)
        record(&j, i);
    live_load_end(&j.load);
    r = r < 0 ? cmd_fail(o, &e) : report(&j);
    finish(&j);
    return r;
}
