/* lockstep live NAME.litmus: a litmus test on real processors. */
#include "cmd.h"

#include "cmd_live.h"
#include "litmus.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A name that is no file may be that of a test of a lesson: memory/store-buffering/sb.litmus. */
static FILE *open_test(const char *path)
{
    FILE *f = fopen(path, "re");
    int error = errno;
    if (!f && error == ENOENT && *path != '/' && path_lessons()) {
        char *of_lesson = xasprintf("%s/%s", path_lessons(), path);
        f = fopen(of_lesson, "re");
        free(of_lesson);
    }
    errno = error;
    return f;
}

static int read_text(const char *path, struct buf *text, struct err *e)
{
    char chunk[8192];
    size_t n;
    FILE *f = open_test(path);
    while (f && (n = fread(chunk, 1, sizeof chunk, f)) > 0 && text->len <= LITMUS_BYTES)
        buf_add(text, chunk, n);
    int rc =
        !f || ferror(f) ? err_set(e, ERR_OPEN, "cannot open %s: %s", path, strerror(errno)) : 0;
    if (f)
        fclose(f);
    return rc;
}

/* Options that say nothing about a litmus test are no options of it. */
static int check_options(const struct options *o, struct err *e)
{
    const struct {
        int given;
        const char *name;
    } none[] = {{o->time, "time"},
                {o->accesses, "accesses"},
                {o->noise != 0, "noise"},
                {o->repeat != 0, "repeat"},
                {o->threads != NULL, "threads"},
                {o->against != NULL, "against"},
                {o->stdin_file != NULL, "stdin"},
                {o->output != NULL, "output"}};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        if (none[i].given)
            return err_set(e, ERR_USAGE,
                           "--%s does not go with a litmus test; --runs, --seconds, --processors, "
                           "--load, --seed, --no-explore, -O and --json do",
                           none[i].name);
    if (o->noperands != 1 || o->nargs)
        return err_set(e, ERR_USAGE, "give one litmus test at a time, and no arguments");
    return 0;
}

static int show_progress(void *ctx, uint64_t runs, double seconds)
{
    int *shown = ctx;
    if (seconds >= 0.3 && isatty(STDERR_FILENO)) {
        fputs("\r", stderr);
        if (runs == ~0ull)
            fprintf(stderr, _("searching the interleavings, %.0f s; Ctrl-C stops "), seconds);
        else
            fprintf(stderr, _("%" PRIu64 " runs, %.0f s; Ctrl-C stops "), runs, seconds);
        fputs("\033[K", stderr);
        *shown = 1;
    }
    return signal_caught();
}

static int run(const struct options *o, const struct litmus *l, struct err *e)
{
    struct live_load load = {0};
    struct litmus_result r;
    int shown = 0;
    struct litmus_options lo = {.runs = o->runs,
                                .seconds = o->seconds,
                                .seed = o->seed,
                                .optimise = o->optimise ? o->optimise - 1 : 2,
                                .no_explore = o->no_explore,
                                .progress = show_progress,
                                .ctx = &shown};
    int rc = live_processors(o->processors, &lo.processors, e);
    if (rc == 0)
        rc = live_load_begin(&load, o->load, lo.processors, e);
    if (rc)
        return rc;
    rc = litmus_run(l, &lo, &r, e);
    live_load_end(&load);
    if (shown)
        fputs("\r\033[K", stderr);
    if (rc)
        return rc;
    struct buf out = {0};
    if (o->json) {
        litmus_json(l, &lo, &r, &out);
        buf_puts(&out, "\n");
    } else
        litmus_report(l, &lo, &r, &out);
    out_buf(&out);
    buf_fini(&out);
    rc = litmus_exit_status(l, &r);
    litmus_result_fini(&r);
    return rc;
}

int live_litmus(const struct options *o)
{
    struct err e = {0};
    struct buf text = {0};
    struct litmus *l = NULL;
    int rc = check_options(o, &e);
    if (rc == 0)
        rc = read_text(o->operands[0], &text, &e);
    if (rc == 0)
        rc = litmus_read(&l, text.data ? text.data : "", text.len, o->operands[0], &e);
    if (rc == 0)
        rc = run(o, l, &e);
    litmus_free(l);
    buf_fini(&text);
    if (rc < 0)
        rc = cmd_fail(o, &e);
    return signal_caught() ? 128 + signal_caught() : rc;
}
