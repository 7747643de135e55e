/* lockstep explore: search the schedules of a program. */
#include "cmd.h"

#include "cmd_report.h"
#include "explore.h"
#include "session.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What the search tells while it goes on: a line that is repainted, or where nothing may be
 * repainted now and then a whole one. */
struct telling {
    int shown;
    double next; /* seconds, of the next whole line */
};
enum { TELL_EVERY_S = 15 };

static int show_progress(void *ctx, uint64_t executions, uint64_t blocked, double seconds)
{
    struct telling *t = ctx;
    int in_place = seconds >= 0.3 && progress_possible();
    int whole = !progress_possible() && isatty(STDERR_FILENO) && seconds >= t->next;
    if (in_place)
        fputs("\r", stderr);
    if (in_place || whole)
        fprintf(stderr, _("%" PRIu64 " executions, %" PRIu64 " redundant, %.0f s; Ctrl-C stops "),
                executions, blocked, seconds);
    if (in_place)
        fputs("\033[K", stderr);
    if (whole)
        fputs("\n", stderr);
    t->shown |= in_place;
    t->next += whole ? TELL_EVERY_S : 0;
    return signal_caught();
}

static char *const *program_files(const struct program *p, char **binary, int *n)
{
    *binary = p->binary;
    *n = p->nsources ? p->nsources : 1;
    return p->nsources ? p->sources : binary;
}

/* Replay the finding and write what happened. */
static int record_finding(const struct options *o, const struct given *g, struct program *p,
                          const struct explore_finding *f, struct err *e)
{
    struct session *s;
    struct session_options so = {.main_exit_wait = f->schedule.main_exit_wait || o->main_exit};
    int r = session_open(&s, p, &so, e);
    if (r < 0)
        return r;
    r = session_replay(s, &f->schedule, 100, e);
    while (r == -ERR_BUSY && !signal_caught())
        r = session_wait(s, 100, e);
    if (r == 0) {
        char *binary;
        struct recording rec = {.schedule = *session_schedule(s),
                                .trace = *session_trace(s),
                                .nargs = g->nargs,
                                .input = p->stdin_path ? xstrdup(p->stdin_path) : NULL,
                                .values = g->how.values ? xstrdup(g->how.values) : NULL,
                                .adversity = g->how.adversity ? xstrdup(g->how.adversity) : NULL,
                                .finding = xstrdup(finding_word((unsigned)f->kind))};
        char *const *files = program_files(p, &binary, &rec.nfiles);
        rec.files = xcalloc((size_t)rec.nfiles + 1, sizeof *rec.files);
        rec.args = xcalloc((size_t)rec.nargs + 1, sizeof *rec.args);
        for (int i = 0; i < rec.nfiles; i++)
            rec.files[i] = realpath(files[i], NULL);
        memcpy(rec.args, g->args, (size_t)g->nargs * sizeof *rec.args);
        r = recording_write(&rec, o->output, e);
        for (int i = 0; i < rec.nfiles; i++)
            free(rec.files[i]);
        free(rec.files);
        free(rec.args);
        free(rec.finding);
        free(rec.input);
        free(rec.values);
        free(rec.adversity);
    }
    session_close(s);
    return r;
}

static void print_result(const struct options *o, const struct given *g, const struct program *p,
                         const struct explore_result *result)
{
    struct buf out = {0};
    if (o->json) {
        explore_json(p, result, &out);
        buf_puts(&out, "\n");
    } else {
        report_search(&out, g, p, result);
    }
    out_buf(&out);
    buf_fini(&out);
}

static int write_recording(const struct options *o, const struct given *g, struct program *p,
                           const struct explore_result *result, struct err *e)
{
    if (!o->output)
        return 0;
    if (result->nfindings == 0) {
        fprintf(stderr, _("lockstep: nothing was found, so %s was not written\n"), o->output);
        return 0;
    }
    return record_finding(o, g, p, &result->findings[0], e);
}

static int explore(const struct options *o, const struct given *g, struct program *p, struct err *e)
{
    struct telling telling = {.next = TELL_EVERY_S};
    struct explore_options x = {.strategy = (enum strategy)o->strategy,
                                .executions = o->executions,
                                .seconds = o->seconds,
                                .seed = o->seed,
                                .first = o->first,
                                .main_exit_wait = o->main_exit,
                                .progress = show_progress,
                                .ctx = &telling};
    struct explore_result result = {0};
    int r = explore_run(p, &x, &result, e);
    progress_wipe(telling.shown);
    if (r < 0)
        return r;
    print_result(o, g, p, &result);
    int interrupted = signal_caught();
    r = interrupted ? 0 : write_recording(o, g, p, &result, e);
    if (r == 0)
        r = interrupted ? 128 + interrupted : explore_exit_status(&result);
    explore_result_fini(&result);
    return r;
}

int cmd_explore(const struct options *o)
{
    struct given g;
    struct err e = {0};
    struct program *program = NULL;
    int r = given_open(&g, o->operands, o->noperands, o->args, o->nargs, &e);
    if (r == 0)
        r = given_run(&g, &(struct conditions){o->stdin_file, o->values, o->adversity, o->steps},
                      &e);
    if (r == 0)
        r = given_build(&g, &program, &e);
    if (r == 0)
        r = explore(o, &g, program, &e);
    if (program)
        program_free(program);
    given_fini(&g);
    return r < 0 ? cmd_fail(o, &e) : r;
}
