#include "litmus.h"

#include "explore.h"
#include "guard.h"
#include "keeper.h"
#include "litmus_private.h"
#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define RUNS_DEFAULT    1000000u
#define SECONDS_DEFAULT 60.0
#define STILL_S         10.0 /* without a run: a thread of the test does not end */
#define GRACE_S         5.0  /* to end after being told */
#define COUNTS_BYTES    (4u << 20)

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---- the source, in a folder of its own that others leave alone while it is locked, as those of
 * program.c ---- */
struct source {
    char *dir, *file;
    int lock;
};

static void source_fini(struct source *s)
{
    if (s->file)
        unlink(s->file);
    if (s->dir)
        rmdir(s->dir);
    if (s->lock > 0)
        close(s->lock);
    free(s->file);
    free(s->dir);
}

static int source_folder(struct source *s, struct err *e)
{
    const char *tmp = getenv("TMPDIR");
    tmp = tmp && *tmp ? tmp : "/tmp";
    for (int tries = 0; tries < 8; tries++) {
        s->dir = xasprintf("%s/lockstep-program-XXXXXX", tmp);
        if (!mkdtemp(s->dir))
            break;
        s->lock = open(s->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        struct stat st;
        if (s->lock >= 0 && flock(s->lock, LOCK_EX | LOCK_NB) == 0 && fstat(s->lock, &st) == 0 &&
            st.st_nlink > 0)
            return 0;
        if (s->lock >= 0)
            close(s->lock);
        s->lock = 0;
        free(s->dir); /* another lockstep has swept it away */
        s->dir = NULL;
    }
    int rc =
        err_set(e, ERR_CREATE, "cannot make a folder for the test in %s: %s", tmp, strerror(errno));
    free(s->dir);
    s->dir = NULL;
    return rc;
}

static int source_write(struct source *s, const struct litmus *l, enum litmus_program kind,
                        struct err *e)
{
    const char *slash = strrchr(l->file, '/');
    struct buf text = {0};
    int rc = source_folder(s, e);
    if (rc)
        return rc;
    litmus_make(l, kind, &text);
    s->file = xasprintf("%s/%.100s.c", s->dir, slash ? slash + 1 : l->file);
    FILE *f = fopen(s->file, "wxe");
    int bad = !f || fwrite(text.data, 1, text.len, f) != text.len;
    if (f && fclose(f))
        bad = 1;
    buf_fini(&text);
    return bad ? err_set(e, ERR_WRITE, "%s: %s", s->file, strerror(errno)) : 0;
}

/* The compiler stops at lines of the test's own file: #line says so. */
static int build(struct program **p, const struct litmus *l, enum litmus_program kind, int optimise,
                 struct err *e)
{
    struct source s = {0};
    int rc = source_write(&s, l, kind, e);
    if (rc == 0)
        rc = kind == LITMUS_FREE
                 ? program_build_free(p, &s.file, 1, NULL, 0, BUILD_PLAIN, optimise, e)
                 : program_build(p, &s.file, 1, NULL, 0, e);
    source_fini(&s);
    return rc;
}

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
    run->began = run->moved = run->told = now();
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
    run->moved = now();
    if (!run->r->stopped)
        run->r->stopped = xstrdup(why);
}

static void watch(struct run *run)
{
    double t = now(), limit = run->o->seconds > 0 ? run->o->seconds : SECONDS_DEFAULT;
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
    if (run->stop >= 0 && t - run->moved > STILL_S)
        stop(run, "a thread of the test did not come to its end for 10 s");
}

static void watch_it(struct run *run)
{
    int open = 1;
    while (!(run->ended && !open) && !(run->stop < 0 && now() - run->moved > GRACE_S)) {
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

static int run_free(struct run *run, struct err *e)
{
    struct program *p = NULL;
    int rc = build(&p, run->l, LITMUS_FREE, run->o->optimise, e);
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
        return err_set(e, ERR_TARGET_GONE, "%s: no run came to its end%s%s", run->l->file,
                       *run->r->stopped ? "; " : "", run->r->stopped);
    return 0;
}

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
        else if (l->prop && litmus_holds(l->prop, v)) /* asked for, possible, and not seen */
            add_outcome(l, r, v)->store_buffers = LITMUS_YES;
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
    struct explore_options x = {.seconds = o->seconds, .progress = searched, .ctx = &ctx};
    struct explore_result result = {.why_not = ""};
    int rc = build(&p, l, kind, 0, &e), complete = 0;
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
    struct run run = {.l = l, .o = o, .r = r};
    *r = (struct litmus_result){0};
    int rc = choose_processors(l, o, r, e);
    if (rc == 0)
        rc = run_free(&run, e);
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
