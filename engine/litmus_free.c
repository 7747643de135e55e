/* The program made of a litmus test, free on its processors: started under a keeper, its counts
 * read as they come, stopped when it is time. */
#include "litmus_private.h"

#include "guard.h"
#include "keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define RUNS_DEFAULT    1000000u
#define SECONDS_DEFAULT 60.0
#define STILL_S         10.0 /* without a run: a thread of the test does not end */
#define GRACE_S         5.0  /* to end after being told */
#define COUNTS_BYTES    (4u << 20)

/* ---- running it free ---- */
struct run {
    const struct litmus *l;
    const struct litmus_options *o;
    struct litmus_result *r;
    struct keeper keeper;
    pid_t pid;
    int counts, stop; /* read here; closed to stop it */
    struct buf text;  /* what came of the counts since the last whole table */
    int ended, status;
    char why[200];
    double began, moved, told;
    uint64_t last;
};

struct birth {
    const char *binary;
    char **argv;
};

static void become(void *ctx, int guard)
{
    const struct birth *b = ctx;
    sigset_t none;
    sigemptyset(&none);
    for (int s = 1; s < 32; s++)
        signal(s, SIG_DFL);
    sigprocmask(SIG_SETMASK, &none, NULL);
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){0, 0});
    guard_install(guard);
    execv(b->binary, b->argv);
    _exit(127);
}

static int start(struct run *run, const struct program *p, struct err *e)
{
    int counts[2], stop[2];
    char *argv[LITMUS_THREADS + 4] = {p->binary};
    int n = 1;
    if (pipe2(counts, O_CLOEXEC))
        return err_set(e, ERR_NOMEM, "cannot make a pipe: %s", strerror(errno));
    if (pipe2(stop, O_CLOEXEC)) {
        close(counts[0]);
        close(counts[1]);
        return err_set(e, ERR_NOMEM, "cannot make a pipe: %s", strerror(errno));
    }
    argv[n++] = xasprintf("%" PRIu64, run->o->runs ? run->o->runs : RUNS_DEFAULT);
    argv[n++] = xasprintf("%" PRIu64, run->o->seed);
    for (int i = 0; i < run->r->nprocessors; i++)
        argv[n++] = xasprintf("%d", run->r->processors[i]);
    struct birth b = {p->binary, argv};
    int rc = keeper_start(&run->keeper, (int[]){counts[1], stop[0]}, become, &b, &run->pid);
    for (int i = 1; i < n; i++)
        free(argv[i]);
    close(counts[1]);
    close(stop[0]);
    fcntl(counts[0], F_SETFL, O_NONBLOCK);
    run->counts = counts[0];
    run->stop = stop[1];
    run->began = run->moved = run->told = base_now_s();
    return rc ? err_set(e, ERR_TARGET_GONE, "cannot start the test: %s", strerror(-rc)) : 0;
}

/* ---- its counts, which a wild test may have written over ---- */
static int take_line(struct litmus_result *r, const char *s, const char *end, int nseen)
{
    struct litmus_outcome out = {0};
    char *after;
    out.runs = strtoull(s, &after, 10);
    for (int i = 0; i < nseen; i++) {
        if (after >= end || *after != ' ')
            return -1;
        out.values[i] = strtoll(after + 1, &after, 10);
    }
    if (after != end || !out.runs)
        return -1;
    r->outcomes = xrealloc(r->outcomes, r->noutcomes + 1, sizeof *r->outcomes);
    r->outcomes[r->noutcomes++] = out;
    return 0;
}

/* One whole table: "RUNS UNCOUNTED NS", then the endings. What is no table is left out. */
static void take_table(struct run *run, const char *s, const char *end)
{
    struct litmus_result *r = run->r;
    unsigned long long runs, uncounted, ns;
    if (sscanf(s, "%llu %llu %llu", &runs, &uncounted, &ns) != 3)
        return;
    r->runs = runs;
    r->uncounted = uncounted;
    r->seconds = (double)ns / 1e9;
    r->noutcomes = 0;
    for (s = memchr(s, '\n', (size_t)(end - s)); s && s + 1 < end;) {
        const char *line = s + 1;
        s = memchr(line, '\n', (size_t)(end - line));
        if (take_line(r, line, s ? s : end, run->l->nseen))
            return;
    }
}

static void take_tables(struct run *run)
{
    struct buf *b = &run->text;
    char *dot;
    while (b->data && (dot = memmem(b->data, b->len, "\n.\n", 3))) {
        size_t n = (size_t)(dot - b->data);
        *dot = '\0';
        take_table(run, b->data, dot);
        b->len -= n + 3;
        memmove(b->data, dot + 3, b->len + 1);
    }
}

/* 0 at its end. */
static int hear_counts(struct run *run)
{
    char chunk[65536];
    ssize_t n;
    while ((n = read(run->counts, chunk, sizeof chunk)) > 0)
        if (run->text.len < COUNTS_BYTES)
            buf_add(&run->text, chunk, (size_t)n);
    take_tables(run);
    return n < 0 && (errno == EAGAIN || errno == EINTR);
}

static void hear_keeper(struct run *run)
{
    struct keeper_message m;
    int heard;
    while ((heard = keeper_hear(&run->keeper, &m)) > 0) {
        if (m.news == KEEPER_REFUSED)
            snprintf(run->why, sizeof run->why, "%s", m.text);
        if (m.news == KEEPER_ENDED) {
            run->status = m.value;
            run->ended = 1;
        }
    }
    if (heard < 0)
        run->ended = 1;
}

/* ---- watching ---- */
static void stop(struct run *run, const char *why)
{
    if (run->stop < 0)
        return;
    close(run->stop);
    run->stop = -1;
    run->moved = base_now_s();
    if (!run->r->stopped)
        run->r->stopped = xstrdup(why);
}

static void watch(struct run *run)
{
    double t = base_now_s(), limit = run->o->seconds > 0 ? run->o->seconds : SECONDS_DEFAULT;
    if (run->r->runs != run->last) {
        run->last = run->r->runs;
        run->moved = t;
    }
    if (t - run->told > 0.1 && run->o->progress) {
        run->told = t;
        if (run->o->progress(run->o->ctx, run->r->runs, t - run->began))
            stop(run, "it was interrupted");
    }
    if (t - run->began > limit) {
        char why[64];
        snprintf(why, sizeof why, "%g s passed", limit);
        stop(run, why);
    }
    if (run->stop >= 0 && t - run->moved > STILL_S) {
        stop(run, "a thread of the test did not come to its end for 10 s");
        run->moved -= GRACE_S; /* it cannot answer */
    }
}

static void watch_it(struct run *run)
{
    int open = 1;
    while (!(run->ended && !open) && !(run->stop < 0 && base_now_s() - run->moved > GRACE_S)) {
        struct pollfd fds[] = {{open ? run->counts : -1, POLLIN, 0},
                               {run->ended ? -1 : run->keeper.line, POLLIN, 0}};
        poll(fds, 2, 100);
        if (fds[0].revents)
            open = hear_counts(run);
        if (!run->ended)
            hear_keeper(run);
        if (run->ended) /* and everything it started with it */
            open = open && hear_counts(run) && fds[0].revents;
        watch(run);
    }
}

/* How it ended, when that is not as it should. */
static void say_end(struct run *run)
{
    char **why = &run->r->stopped;
    int status = run->status;
    if (*run->why) {
        free(*why);
        *why = xstrdup(run->why);
    } else if (run->ended && WIFSIGNALED(status) && !*why)
        *why = xasprintf("the test crashed: %s", strsignal(WTERMSIG(status)));
    else if (run->ended && WIFEXITED(status) && WEXITSTATUS(status) && !*why)
        *why = xasprintf("the test ended itself with status %d", WEXITSTATUS(status));
    if (!*why)
        *why = xstrdup("");
}

static int run_program(struct run *run, struct err *e)
{
    struct program *p = NULL;
    int rc = litmus_build(&p, run->l, LITMUS_FREE, run->o->optimise, e);
    if (rc)
        return rc;
    run->counts = run->stop = -1;
    rc = start(run, p, e);
    if (rc == 0)
        watch_it(run);
    keeper_end(&run->keeper);
    if (run->counts >= 0)
        close(run->counts);
    if (run->stop >= 0)
        close(run->stop);
    buf_fini(&run->text);
    program_free(p);
    if (rc)
        return rc;
    say_end(run);
    if (!run->r->runs)
        return err_set(e, ERR_DATA, "%s: no run came to its end%s%s", run->l->file,
                       *run->r->stopped ? "; " : "", run->r->stopped);
    return 0;
}

int litmus_run_free(const struct litmus *l, const struct litmus_options *o, struct litmus_result *r,
                    struct err *e)
{
    struct run run = {.l = l, .o = o, .r = r};
    return run_program(&run, e);
}
