/* A finding must show itself again, each time the same.
 *
 *     replay PROGRAM.c
 *
 * Explores a program of tests/programs that expects findings, and replays the schedule of each of
 * them LOCKSTEP_REPLAYS (1000) times, the second half in a target of its own: every trace must
 * equal the first in every event and every text, and tell the finding. Exit status 0, 1 when a
 * replay differs, 2 on a mistake. */
#include "../expect/header.h"
#include "base.h"
#include "explore.h"
#include "session.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TIMEOUT_MS = 20000, SECONDS = 10 };

static const char *path;
static int failures;

_Noreturn static void bad(const char *what, const char *why)
{
    fprintf(stderr, "replay: %s: %s\n", what, why);
    exit(2);
}

static long setting(const char *name, long otherwise)
{
    const char *s = getenv(name);
    return s && *s ? strtol(s, NULL, 10) : otherwise;
}

/* Where the traces differ first; -1: nowhere. */
static long difference(const struct trace *a, const struct trace *b)
{
    size_t n = a->nevents < b->nevents ? a->nevents : b->nevents;
    for (size_t i = 0; i < n; i++)
        if (memcmp(&a->events[i], &b->events[i], sizeof a->events[i]) != 0)
            return (long)i;
    if (a->nevents != b->nevents)
        return (long)n;
    if (a->text.len != b->text.len ||
        (a->text.len && memcmp(a->text.data, b->text.data, a->text.len) != 0))
        return (long)n;
    return -1;
}

static void copy_trace(struct trace *to, const struct trace *from)
{
    trace_init(to);
    for (size_t i = 0; i < from->nevents; i++)
        if (trace_append(to, &from->events[i], trace_text(from, &from->events[i])) != 0)
            bad(path, "a trace that cannot be copied");
}

static bool tells(const struct trace *t, int kind)
{
    for (size_t i = 0; i < t->nevents; i++)
        if (t->events[i].kind == EV_FINDING && t->events[i].a == (uint64_t)kind)
            return true;
    return false;
}

static void differs(const struct explore_finding *f, long n, const char *what, long at)
{
    printf("replay %ld of the finding at line %d (%s): %s %ld\n", n, f->line, f->message, what, at);
    failures++;
}

/* Replay f in a target of its own, runs number from..to-1; the first trace is kept in *first. */
static void replay_some(struct program *p, const struct session_options *o,
                        const struct explore_finding *f, struct trace *first, long from, long to)
{
    struct session *s;
    struct err e = {0};
    if (session_open(&s, p, o, &e) != 0)
        bad(path, e.message);
    for (long i = from; i < to; i++) {
        int r = session_replay(s, &f->schedule, TIMEOUT_MS, &e);
        if (r != 0) {
            differs(f, i, e.message, r);
            break;
        }
        const struct trace *t = session_trace(s);
        if (i == 0) {
            copy_trace(first, t);
            if (!tells(t, f->kind))
                differs(f, i, "it is not told, events:", (long)t->nevents);
        }
        long at = difference(t, first);
        if (at >= 0) {
            differs(f, i, "differs from the first at event", at);
            break;
        }
    }
    session_close(s);
}

static void replay_finding(struct program *p, int wait, const struct explore_finding *f)
{
    struct session_options o = {.main_exit_wait = wait};
    struct trace first = {0};
    long n = setting("LOCKSTEP_REPLAYS", 1000);
    replay_some(p, &o, f, &first, 0, n / 2);
    replay_some(p, &o, f, &first, n / 2, n);
    trace_fini(&first);
}

static bool has_option(const struct run *r, const char *option)
{
    for (int i = 0; i < r->noptions; i++)
        if (strcmp(r->options[i], option) == 0)
            return true;
    return false;
}

static const char *value_of(const struct run *r, const char *option)
{
    size_t n = strlen(option);
    for (int i = 0; i < r->noptions; i++)
        if (strncmp(r->options[i], option, n) == 0)
            return r->options[i] + n;
    return NULL;
}

static void replay_run(const struct run *r)
{
    struct program *p;
    struct err e = {0};
    int wait = has_option(r, "--main-exit=wait");
    struct explore_options o = {.seconds = SECONDS, .main_exit_wait = wait};
    struct explore_result found = {0};
    char *files[] = {(char *)(uintptr_t)path};
    if (program_build(&p, files, 1, (char *const *)(uintptr_t)r->args, r->nargs, &e) != 0 ||
        program_conditions(p,
                           &(struct conditions){value_of(r, "--stdin="), value_of(r, "--values="),
                                                value_of(r, "--adversity="), 0},
                           &e) != 0 ||
        explore_run(p, &o, &found, &e) != 0)
        bad(path, e.message);
    for (size_t i = 0; i < found.nfindings; i++)
        replay_finding(p, wait, &found.findings[i]);
    printf("%zu findings\n", found.nfindings);
    explore_result_fini(&found);
    program_free(p);
}

int main(int argc, char **argv)
{
    static struct run runs[MAX_ROWS];
    if (argc != 2)
        bad("usage", "replay PROGRAM.c");
    path = argv[1];
    setvbuf(stdout, NULL, _IOLBF, 0);
    int n = header_read(path, runs);
    for (int i = 0; i < n; i++)
        if (runs[i].nfindings)
            replay_run(&runs[i]);
    return failures ? 1 : 0;
}
