#include "measure.h"

#include "guard.h"
#include "keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define FILE_BYTES   (256ull << 20)
#define OUTPUT_BYTES (1024ull << 20)
#define LOOK_MS      100
enum {
    TAIL = 200, /* bytes of output kept for the words on a failure */
    TASKS = 8192,
    BLOCKS = 64 /* read at a time, before the clock is looked at again */
};

/* ---- in the child ---- */
struct birth {
    const struct program *program;
    char *const *argv;
    uint64_t processors;
    struct begun { /* shared with us */
        int64_t at_ns;
        int error;
        struct rusage usage; /* what it had used before it became the program */
    } * begun;
};

static void limits(void)
{
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){FILE_BYTES, FILE_BYTES});
}

static void descriptors(const struct program *p)
{
    if (p->stdin_path) {
        int in = open(p->stdin_path, O_RDONLY | O_NOCTTY | O_CLOEXEC);
        dup2(in, 0);
    }
    dup2(100, 1);
    dup2(100, 2);
    close(100);
    close(101);
}

static void only_on(uint64_t processors)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    for (size_t i = 0; i < 64; i++)
        if (processors >> i & 1)
            CPU_SET(i, &set);
    if (processors)
        sched_setaffinity(0, sizeof set, &set);
}

static void become(void *ctx, int guard)
{
    struct birth *b = ctx;
    sigset_t none;
    limits();
    descriptors(b->program);
    only_on(b->processors);
    sigemptyset(&none);
    for (int s = 1; s < 32; s++)
        signal(s, SIG_DFL);
    sigprocmask(SIG_SETMASK, &none, NULL);
    guard_install_free(guard);
    getrusage(RUSAGE_SELF, &b->begun->usage);
    b->begun->at_ns = base_now_ns();
    execv(b->program->binary, b->argv);
    b->begun->error = errno;
    _exit(127);
}

/* ---- watching ---- */
struct run {
    struct keeper keeper;
    pid_t pid;
    int output; /* our end of the pipe */
    int64_t deadline_ns;
    double memory; /* available when it began */
    long tasks;    /* of the whole machine then */
    char tail[TAIL];
    size_t ntail;
    struct keeper_message end;
    int ended;
};

static double memory_available(void)
{
    char line[128];
    double kib = NAN;
    FILE *f = fopen("/proc/meminfo", "re");
    while (f && fgets(line, sizeof line, f))
        if (strncmp(line, "MemAvailable:", 13) == 0)
            kib = strtod(line + 13, NULL);
    if (f)
        fclose(f);
    return kib * 1024;
}

/* Threads of all processes, from "0.10 0.20 0.30 2/345 6789". */
static long tasks_of_machine(void)
{
    long n = 0;
    FILE *f = fopen("/proc/loadavg", "re");
    if (f && fscanf(f, "%*s %*s %*s %*d/%ld", &n) != 1)
        n = 0;
    if (f)
        fclose(f);
    return n;
}

/* Of what it prints the end is kept. */
static void drain(struct run *r, struct measure *m)
{
    char block[65536];
    ssize_t n;
    for (int i = 0; i < BLOCKS && (n = read(r->output, block, sizeof block)) > 0; i++) {
        size_t got = (size_t)n, keep = got < TAIL ? got : TAIL;
        if (r->ntail + keep > TAIL) {
            size_t old = TAIL - keep;
            memmove(r->tail, r->tail + r->ntail - old, old);
            r->ntail = old;
        }
        memcpy(r->tail + r->ntail, block + got - keep, keep);
        r->ntail += keep;
        m->output += got;
    }
}

static void hear(struct run *r, struct measure *m)
{
    struct keeper_message news;
    int heard;
    while ((heard = keeper_hear(&r->keeper, &news)) > 0)
        if (news.news == KEEPER_ENDED) {
            r->end = news;
            r->ended = 1;
        }
    if (heard < 0 && !r->ended) {
        m->failed = 1;
        snprintf(m->why, sizeof m->why, "somebody ended it from outside");
    }
}

/* Why it cannot be let go on; NULL if it can. */
static const char *too_much(const struct run *r, const struct measure *m)
{
    if (m->output > OUTPUT_BYTES)
        return "it printed more than 1 GiB";
    if (memory_available() < r->memory / 4)
        return "it took three quarters of the memory there was";
    if (tasks_of_machine() > r->tasks + TASKS)
        return "it made more than 8192 threads and processes";
    return NULL;
}

static void give_up(struct measure *m, const char *why)
{
    m->failed = 1;
    snprintf(m->why, sizeof m->why, "%s, and was ended", why);
}

/* Wait for news of it. -1 when it is over, one way or the other. */
static int watch(struct run *r, struct measure *m, const struct measure_options *o)
{
    struct pollfd fds[] = {{r->keeper.line, POLLIN, 0}, {r->output, POLLIN, 0}};
    int64_t left = (r->deadline_ns - base_now_ns()) / 1000000;
    char late[64];
    poll(fds, 2, left < LOOK_MS ? (int)(left < 0 ? 0 : left) + 1 : LOOK_MS);
    if (fds[1].revents)
        drain(r, m);
    if (fds[0].revents)
        hear(r, m);
    if (r->ended || m->failed)
        return -1;
    const char *why = too_much(r, m);
    if (!why && base_now_ns() >= r->deadline_ns) {
        snprintf(late, sizeof late, "it was not done after %g s", o->seconds);
        why = late;
    }
    if (why)
        give_up(m, why);
    return why || (o->stop && o->stop()) ? -1 : 0;
}

/* ---- what came of it ---- */
static double seconds(struct timeval t)
{
    return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

/* The last line it printed, which may say why. */
static void add_last_words(const struct run *r, struct measure *m)
{
    size_t n = r->ntail, from;
    while (n > 0 && (r->tail[n - 1] == '\n' || r->tail[n - 1] == '\r'))
        n--;
    for (from = n; from > 0 && r->tail[from - 1] != '\n';)
        from--;
    if (from == n)
        return;
    struct buf words = {0};
    size_t used = strlen(m->why);
    buf_visible(&words, r->tail + from, n - from);
    snprintf(m->why + used, sizeof m->why - used, "; its last words: %s", words.data);
    buf_fini(&words);
}

static void judge(const struct run *r, const struct begun *begun, struct measure *m)
{
    int status = r->end.value;
    if (begun->error)
        snprintf(m->why, sizeof m->why, "cannot be run: %s", strerror(begun->error));
    else if (WIFSIGNALED(status))
        snprintf(m->why, sizeof m->why, "ended by SIG%s (%s)", sigabbrev_np(WTERMSIG(status)),
                 sigdescr_np(WTERMSIG(status)));
    else if (WEXITSTATUS(status))
        snprintf(m->why, sizeof m->why, "ended with status %d", WEXITSTATUS(status));
    m->failed = *m->why != '\0';
    if (m->failed && !begun->error)
        add_last_words(r, m);
}

static double above_zero(double x)
{
    return x > 0 ? x : 0;
}

static void take(const struct run *r, const struct begun *begun, struct measure *m)
{
    const struct rusage *u = &r->end.usage, *b = &begun->usage;
    m->wall = (double)(r->end.at_ns - begun->at_ns) / 1e9;
    m->user = above_zero(seconds(u->ru_utime) - seconds(b->ru_utime));
    m->system = above_zero(seconds(u->ru_stime) - seconds(b->ru_stime));
    m->memory = (double)u->ru_maxrss * 1024;
    m->voluntary = (double)(u->ru_nvcsw - b->ru_nvcsw);
    m->involuntary = (double)(u->ru_nivcsw - b->ru_nivcsw);
    m->minor_faults = (double)(u->ru_minflt - b->ru_minflt);
    m->major_faults = (double)(u->ru_majflt - b->ru_majflt);
}

static int start(struct run *r, const struct birth *b, int output, struct err *e)
{
    int rc =
        keeper_start(&r->keeper, (int[]){output, output}, become, (void *)(uintptr_t)b, &r->pid);
    return rc ? err_set(e, ERR_TARGET_GONE, "cannot start the program: %s", strerror(-rc)) : 0;
}

static int run_once(struct birth *b, int pipe_ends[2], const struct measure_options *o,
                    struct measure *m, struct err *e)
{
    struct run r = {
        .output = pipe_ends[0], .memory = memory_available(), .tasks = tasks_of_machine()};
    fcntl(r.output, F_SETFL, O_NONBLOCK);
    int rc = start(&r, b, pipe_ends[1], e);
    if (rc)
        return rc;
    r.deadline_ns = base_now_ns() + (int64_t)(o->seconds * 1e9);
    while (watch(&r, m, o) == 0)
        ;
    keeper_end(&r.keeper);
    drain(&r, m);
    if (r.ended && !m->failed) {
        take(&r, b->begun, m);
        judge(&r, b->begun, m);
    } else if (!m->failed) {
        return err_set(e, ERR_INTERRUPTED, "interrupted");
    }
    return 0;
}

int measure_run(const struct program *p, char *const *argv, const struct measure_options *o,
                struct measure *m, struct err *e)
{
    int ends[2];
    *m = (struct measure){0};
    struct birth b = {p, argv, o->processors, NULL};
    b.begun =
        mmap(NULL, sizeof *b.begun, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (b.begun == MAP_FAILED)
        return err_set(e, ERR_NOMEM, "cannot start the program: %s", strerror(errno));
    int rc = pipe2(ends, O_CLOEXEC) == 0
                 ? 0
                 : err_set(e, ERR_NOMEM, "cannot make a pipe: %s", strerror(errno));
    if (rc == 0) {
        rc = run_once(&b, ends, o, m, e);
        close(ends[0]);
        close(ends[1]);
    }
    munmap(b.begun, sizeof *b.begun);
    return rc;
}

/* ---- the machine ---- */
void measure_machine(struct measure_machine *m)
{
    double ticks = (double)sysconf(_SC_CLK_TCK);
    unsigned long long user, nice, sys, idle, io, irq, soft, steal;
    FILE *f = fopen("/proc/stat", "re");
    *m = (struct measure_machine){(double)base_now_ns() / 1e9, NAN, NAN};
    if (f && fscanf(f, "cpu %llu %llu %llu %llu %llu %llu %llu %llu", &user, &nice, &sys, &idle,
                    &io, &irq, &soft, &steal) == 8) {
        m->busy = (double)(user + nice + sys + irq + soft) / ticks;
        m->stolen = (double)steal / ticks;
    }
    if (f)
        fclose(f);
}

int measure_processors(uint64_t processors)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) < 0)
        return 1;
    int n = 0, all = CPU_COUNT(&set);
    for (size_t i = 0; i < 64; i++)
        n += processors >> i & 1 && CPU_ISSET(i, &set);
    return processors ? n : all;
}
