#include "free_many.h"

#include "arena.h"
#include "guard.h"
#include "keeper.h"
#include "recorder.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SLOTS = 16, LINE = 100, BOARD = 101, SECONDS = 10, FILE_BYTES = 256 << 20 };

/* What a slot does, for the host: it decides by that whether one more run may start. */
enum slot_state { SLOT_IDLE, SLOT_YOUNG, SLOT_BUSY, SLOT_ASLEEP };
struct board {
    uint32_t slots[SLOTS];
};

struct order {
    uint64_t number; /* of the run */
};

struct report {
    int error; /* errno: it did not start */
    enum free_end end;
    enum free_limit limit;
    int status;
    uint64_t ns, out_total, out_hash;
    uint32_t nout;
};

/* ---- in a slot: a process that makes one run at a time ---- */
struct slot {
    const struct free_many *m;
    uint32_t *state;
    int children; /* a descriptor, readable when a child has ended */
    int looks;
    struct free_how how;
    struct recorder *recorder; /* with noise */
    int recorder_fd;
};

static void *map_recorder(int fd)
{
    void *p = MAP_FAILED;
    if (ftruncate(fd, 0) == 0 && ftruncate(fd, (off_t)RECORDER_BYTES(RECORDER_RING_MIN)) == 0)
        p = mmap(NULL, sizeof(struct recorder), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    return p == MAP_FAILED ? NULL : p;
}

/* The environment as it is, and in it the recorder: where its memory lies, and what is to be loaded
 * into a program that was not linked with it. */
static char **environment(const struct slot *s)
{
    const char *preload = getenv("LD_PRELOAD"), *recorder = path_recorder();
    int load = !s->m->program->nsources && recorder;
    size_t n = 0, kept = 0;
    while (environ[n])
        n++;
    char **env = xcalloc(n + 3, sizeof *env);
    for (size_t i = 0; i < n; i++)
        if (strncmp(environ[i], RECORDER_ENV "=", sizeof RECORDER_ENV) != 0 &&
            !(load && strncmp(environ[i], "LD_PRELOAD=", 11) == 0))
            env[kept++] = environ[i];
    if (load)
        env[kept++] =
            xasprintf("LD_PRELOAD=%s%s%s", recorder, preload ? ":" : "", preload ? preload : "");
    env[kept] = xasprintf(RECORDER_ENV "=/proc/%d/fd/%d", (int)getpid(), s->recorder_fd);
    return env;
}

static void prepare_noise(struct slot *s)
{
    if (s->m->noise == NOISE_NONE)
        return;
    s->recorder_fd = memfd_create("recorder", MFD_CLOEXEC);
    s->recorder = s->recorder_fd < 0 ? NULL : map_recorder(s->recorder_fd);
    if (!s->recorder)
        _exit(70);
    s->how.env = environment(s);
}

/* Each run finds the memory empty, and has a chance of its own that a seed repeats. */
static void reset_noise(struct slot *s, uint64_t number)
{
    if (!s->recorder)
        return;
    uint64_t bytes = RECORDER_BYTES(RECORDER_RING_MIN);
    if (ftruncate(s->recorder_fd, 0) || ftruncate(s->recorder_fd, (off_t)bytes))
        _exit(70);
    struct recorder *r = s->recorder;
    r->magic = RECORDER_MAGIC;
    r->version = RECORDER_VERSION;
    r->bytes = bytes;
    r->ring = RECORDER_RING_MIN;
    r->accesses = 1; /* noise before them, too */
    r->noise = s->m->noise;
    r->noise_1_in = s->m->noise_1_in;
    r->noise_us = s->m->noise_us;
    r->seed = (s->m->seed + 1) * 0x9e3779b97f4a7c15ull + number * 0xbf58476d1ce4e5b9ull;
}

static enum free_end watch(struct slot *s, struct free_run *r)
{
    double seconds = s->m->seconds > 0 ? s->m->seconds : SECONDS;
    long limit_ms = seconds < 1e6 ? (long)(seconds * 1000) : 1000000000;
    for (;;) {
        enum free_end end = free_look(r, s->looks, limit_ms);
        if (end != FREE_RUNS)
            return end;
        if (r->looked_ns != r->started_ns)
            *s->state = r->asleep ? SLOT_ASLEEP : SLOT_BUSY;
        struct signalfd_siginfo info;
        struct pollfd p[] = {{s->children, POLLIN, 0}, {r->master, POLLIN, 0}};
        poll(p, 2, FREE_LOOK_MS);
        if (p[0].revents && read(s->children, &info, sizeof info) < 0)
            continue;
    }
}

static void make_run(struct slot *s, uint64_t number)
{
    static _Alignas(struct report) char message[sizeof(struct report) + FREE_KEPT];
    struct report *report = (void *)message;
    struct free_run r;
    *report = (struct report){0};
    reset_noise(s, number);
    *s->state = SLOT_YOUNG;
    report->error = -free_start(&r, &s->how);
    if (!report->error) {
        report->end = watch(s, &r);
        report->ns = (uint64_t)(base_now_ns() - r.started_ns);
        report->limit = r.limit;
        report->status = r.status;
        report->out_total = r.out_total;
        report->out_hash = r.out_hash;
        report->nout = (uint32_t)r.out.len;
        if (r.out.len)
            memcpy(message + sizeof *report, r.out.data, r.out.len);
        free_stop(&r);
    }
    *s->state = SLOT_IDLE;
    if (send(LINE, message, sizeof *report + report->nout, MSG_NOSIGNAL) < 0)
        _exit(0);
}

_Noreturn static void slot_main(struct slot *s)
{
    struct order o;
    sigset_t child;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    s->children = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    prepare_noise(s);
    while (recv(LINE, &o, sizeof o, 0) == sizeof o)
        make_run(s, o.number);
    _exit(0);
}

/* ---- the parent of the slots: the keeper's child ---- */
/* The guard takes whoever has this for one under control, which free programs may not end. */
static void be_protected(void)
{
    uint32_t *p = mmap((void *)ARENA_ADDRESS, 4096, PROT_READ | PROT_WRITE, // NOLINT: a place
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    if (p != MAP_FAILED)
        *p = ARENA_MAGIC;
}

static void limits(void)
{
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){FILE_BYTES, FILE_BYTES});
}

struct birth {
    const struct free_many *m;
    int nslots, looks;
};

static void become(void *ctx, int guard)
{
    const struct birth *b = ctx;
    const struct program *p = b->m->program;
    struct board *board = mmap(NULL, sizeof *board, PROT_READ | PROT_WRITE, MAP_SHARED, BOARD, 0);
    if (board == MAP_FAILED)
        _exit(70);
    limits();
    be_protected();
    guard_install_free(guard);
    for (int i = 0; i < b->nslots; i++) {
        struct slot s = {.m = b->m, .state = &board->slots[i], .looks = b->looks};
        s.how = (struct free_how){.path = p->binary,
                                  .argv = p->argv,
                                  .env = environ,
                                  .input = p->stdin_path,
                                  .processors = b->m->processors,
                                  .own = 1};
        pid_t pid = fork();
        if (pid == 0)
            slot_main(&s);
        if (pid < 0)
            _exit(70);
    }
    wait(NULL); /* none of them should end */
    _exit(70);
}

/* ---- in lockstep ---- */
struct pool {
    const struct free_many *m;
    struct keeper keeper;
    struct board *board;
    int line;
    int nslots, processors;
    uint64_t started, done;
};

static int may_start(const struct pool *p)
{
    uint64_t busy = 0, asleep = 0, going = p->started - p->done;
    for (int i = 0; i < p->nslots; i++) {
        uint32_t state = __atomic_load_n(&p->board->slots[i], __ATOMIC_RELAXED);
        busy += state == SLOT_BUSY;
        asleep += state == SLOT_ASLEEP;
    }
    return going <= busy + asleep && busy < (uint64_t)p->processors &&
           going < (uint64_t)p->nslots && p->started < p->m->runs;
}

static int take_report(struct pool *p, const char *message, size_t n, struct err *e)
{
    const struct report *r = (const void *)message;
    if (n < sizeof *r || n != sizeof *r + r->nout)
        return err_set(e, ERR_INTERNAL, "a run was reported wrongly");
    if (r->error)
        return err_set(e, ERR_NOT_A_PROGRAM, "%s cannot be started: %s", p->m->program->name,
                       strerror(r->error));
    p->done++;
    p->m->ended(p->m->ctx, &(struct free_result){.end = r->end,
                                                 .limit = r->limit,
                                                 .status = r->status,
                                                 .ns = r->ns,
                                                 .out = message + sizeof *r,
                                                 .nout = r->nout,
                                                 .out_total = r->out_total,
                                                 .out_hash = r->out_hash});
    return 0;
}

static int take_reports(struct pool *p, struct err *e)
{
    static _Alignas(struct report) char message[sizeof(struct report) + FREE_KEPT];
    ssize_t n;
    int rc = 0;
    while (rc == 0 && (n = recv(p->line, message, sizeof message, MSG_DONTWAIT)) > 0)
        rc = take_report(p, message, (size_t)n, e);
    return rc;
}

/* 1 when nobody is there any more to run it. */
static int is_gone(struct pool *p)
{
    struct keeper_message m;
    int heard;
    while ((heard = keeper_hear(&p->keeper, &m)) > 0)
        if (m.news == KEEPER_ENDED)
            return 1;
    return heard < 0;
}

static int run_all(struct pool *p, struct err *e)
{
    int64_t begin = base_now_ns(), told = begin;
    while (p->done < p->m->runs) {
        if (may_start(p)) {
            struct order o = {p->started++};
            if (send(p->line, &o, sizeof o, MSG_NOSIGNAL) < 0)
                return err_set(e, ERR_TARGET_GONE, "a run cannot be started: %s", strerror(errno));
        }
        struct pollfd fds[] = {{p->line, POLLIN, 0}, {p->keeper.line, POLLIN, 0}};
        poll(fds, 2, FREE_LOOK_MS / 2);
        int rc = take_reports(p, e);
        if (rc)
            return rc;
        if (fds[1].revents && is_gone(p))
            return err_set(e, ERR_TARGET_GONE, "what runs the program was killed, after %llu runs",
                           (unsigned long long)p->done);
        int64_t now = base_now_ns();
        if (p->m->progress && now - told > 100000000) {
            told = now;
            if (p->m->progress(p->m->ctx, p->done, (double)(now - begin) / 1e9))
                return 0;
        }
    }
    return 0;
}

static int count_processors(uint64_t chosen)
{
    cpu_set_t set;
    if (chosen)
        return __builtin_popcountll(chosen);
    return sched_getaffinity(0, sizeof set, &set) ? 1 : CPU_COUNT(&set);
}

/* The board and the line to the slots; their ends of both in ends[]. */
static int prepare(struct pool *p, int ends[2], struct err *e)
{
    int line[2];
    ends[1] = memfd_create("board", MFD_CLOEXEC);
    void *board = MAP_FAILED;
    if (ends[1] >= 0 && ftruncate(ends[1], sizeof *p->board) == 0)
        board = mmap(NULL, sizeof *p->board, PROT_READ | PROT_WRITE, MAP_SHARED, ends[1], 0);
    if (board != MAP_FAILED && socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, line) == 0) {
        p->board = board;
        p->line = line[0];
        ends[0] = line[1];
        return 0;
    }
    int rc = err_set(e, ERR_NOMEM, "the program cannot be run: %s", strerror(errno));
    if (board != MAP_FAILED)
        munmap(board, sizeof *p->board);
    if (ends[1] >= 0)
        close(ends[1]);
    return rc;
}

int free_many(const struct free_many *m, struct err *e)
{
    struct pool p = {.m = m, .nslots = SLOTS, .processors = count_processors(m->processors)};
    struct free_traits traits;
    int ends[2];
    pid_t pid;
    int rc = prepare(&p, ends, e);
    if (rc)
        return rc;
    free_traits(m->program->binary, &traits);
    if (traits.shares)
        p.nslots = 1;
    struct birth b = {m, p.nslots, traits.timers ? FREE_LOOKS_TIMER : FREE_LOOKS};
    rc = keeper_start(&p.keeper, ends, become, &b, &pid);
    close(ends[0]);
    close(ends[1]);
    if (rc == 0)
        rc = run_all(&p, e);
    else
        rc = err_set(e, ERR_TARGET_GONE, "cannot start the program: %s", strerror(-rc));
    keeper_end(&p.keeper);
    close(p.line);
    munmap(p.board, sizeof *p.board);
    return rc;
}
