/* Does the real library do what the models do not know?
 *
 *     differential NOISE.o PROGRAM.c
 *
 * A program of tests/programs is compiled plainly, and once more with NOISE.o (noise.c), and both
 * run free many times, several at once. Every outcome that is seen (output, exit status or signal,
 * or that nobody goes on) must be among those the header of the program expects, which tests/expect
 * holds to be exactly those that lockstep explores. LOCKSTEP_FREE_RUNS (300) is how often each
 * runs, LOCKSTEP_FREE_MS (150) after how many milliseconds it is enough for one program. Exit
 * status 0, 1 when an outcome was not expected, 2 on a mistake. */
#include "../expect/header.h"
#include "base.h"
#include "free.h"

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { AT_ONCE = 4, KINDS = 32, LEAST_RUNS = 4, MAX_ENDLESS = 12 };
enum { LIMIT_MS = 20000, LIMIT_SPIN_MS = 1500 };

struct seen {
    char *out;
    int exit_status, signal, endless; /* -1: not that end */
    long times, noisy;
    bool expected;
};

static const char *program;
static struct seen seen[KINDS];
static int nseen, nendless, nslow;
static int looks = FREE_LOOKS, at_once = AT_ONCE;
static long limit_ms;

_Noreturn static void bad(const char *what, const char *why)
{
    fprintf(stderr, "differential: %s: %s\n", what, why);
    exit(2);
}

static long now_ms(void)
{
    return (long)(base_now_ns() / 1000000);
}

static long setting(const char *name, long otherwise)
{
    const char *s = getenv(name);
    return s && *s ? strtol(s, NULL, 10) : otherwise;
}

static const char *scratch(const char *name)
{
    const char *tmp = getenv("TMPDIR");
    return xasprintf("%s/%s-%ld", tmp && *tmp ? tmp : "/tmp", name, (long)getpid());
}

static void compile(const char *const *arguments)
{
    const char *cc = getenv("CC"), *argv[16] = {cc && *cc ? cc : "cc", "-w", "-O0", "-pthread"};
    for (int n = 4; *arguments && n < 15; n++)
        argv[n] = *arguments++;
    pid_t pid = fork();
    if (pid == 0) {
        execvp(argv[0], (char *const *)(uintptr_t)argv);
        _exit(127);
    }
    int status = -1;
    waitpid(pid, &status, 0);
    if (status != 0)
        bad(program, "does not compile");
}

/* The program as it is, and with noise before its accesses. */
static void compile_both(const char *plain, const char *noisy, const char *noise)
{
    const char *object = scratch("object");
    compile((const char *const[]){program, "-o", plain, NULL});
    compile((const char *const[]){"-fsanitize=thread", "-c", program, "-o", object, NULL});
    compile((const char *const[]){object, noise, "-o", noisy, NULL});
    unlink(object);
}

static bool fits(const struct seen *s, const struct outcome *o)
{
    if (strcmp(s->out, o->out) != 0)
        return false;
    if (s->endless)
        return o->deadlock || o->livelock;
    return !o->deadlock && !o->livelock && s->exit_status == o->exit_status &&
           s->signal == o->signal;
}

static void note(const struct free_run *r, enum free_end how, bool noisy)
{
    struct seen s = {.exit_status = -1, .signal = -1, .endless = how != FREE_ENDED};
    if (how == FREE_ENDED && WIFEXITED(r->status))
        s.exit_status = WEXITSTATUS(r->status);
    else if (how == FREE_ENDED)
        s.signal = WTERMSIG(r->status);
    nendless += s.endless;
    s.out = r->out.data ? r->out.data : (char *)(uintptr_t) "";
    int i = 0;
    while (i < nseen && (strcmp(seen[i].out, s.out) != 0 || seen[i].exit_status != s.exit_status ||
                         seen[i].signal != s.signal || seen[i].endless != s.endless))
        i++;
    if (i == KINDS)
        i--;
    if (i == nseen) {
        seen[nseen] = s;
        seen[nseen++].out = xstrdup(s.out);
    }
    seen[i].times++;
    seen[i].noisy += noisy;
}

/* ---- runs ---- */
struct slot {
    struct free_run run;
    char folder[64];
    bool busy, noisy;
};

static void remove_folder(const char *path)
{
    char name[400];
    DIR *d = opendir(path);
    for (struct dirent *e; d && (e = readdir(d));) {
        snprintf(name, sizeof name, "%s/%s", path, e->d_name);
        unlink(name);
    }
    if (d)
        closedir(d);
    rmdir(path);
}

/* Start argv in a fresh folder, on one processor when `pin` >= 0. */
static void begin(struct slot *s, const char *const *argv, int pin)
{
    const char *tmp = getenv("TMPDIR");
    snprintf(s->folder, sizeof s->folder, "%s/free-XXXXXX", tmp && strlen(tmp) < 40 ? tmp : "/tmp");
    if (!mkdtemp(s->folder))
        bad(s->folder, strerror(errno));
    struct free_how how = {.path = argv[0],
                           .argv = (char *const *)(uintptr_t)argv,
                           .env = environ,
                           .folder = s->folder,
                           .processors = pin < 0 ? 0 : 1ull << pin % 64};
    int rc = free_start(&s->run, &how);
    if (rc)
        bad("cannot start", strerror(-rc));
    s->busy = true;
}

/* 1 when the run in this slot is over. */
static int look(struct slot *s)
{
    enum free_end how = s->busy ? free_look(&s->run, looks, limit_ms) : FREE_RUNS;
    if (how == FREE_RUNS)
        return 0;
    buf_add(&s->run.out, "", 0);
    if (how == FREE_CUT && s->noisy) /* slow by the noise, or without end: not known */
        nslow++;
    else
        note(&s->run, how, s->noisy);
    free_stop(&s->run);
    remove_folder(s->folder);
    s->busy = false;
    return 1;
}

/* Run both binaries in turn, AT_ONCE of them together; returns how often. */
static long run_all(const char *const *plain, const char *const *noisy)
{
    struct slot slots[AT_ONCE] = {0};
    long wanted = 2 * setting("LOCKSTEP_FREE_RUNS", 300), started = 0, running = 0;
    long end_ms = now_ms() + setting("LOCKSTEP_FREE_MS", 150);
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    for (;;) {
        bool more = started < wanted && nendless + nslow < MAX_ENDLESS &&
                    (started < LEAST_RUNS || now_ms() < end_ms);
        if (!more && !running)
            return started;
        struct pollfd p[AT_ONCE];
        for (int i = 0; i < at_once; i++) {
            if (!slots[i].busy && more) {
                slots[i].noisy = started % 2;
                begin(&slots[i], slots[i].noisy ? noisy : plain,
                      started % 3 == 0 ? (int)(started % processors) : -1);
                started++;
                running++;
            }
            p[i] =
                (struct pollfd){.fd = slots[i].busy ? slots[i].run.master : -1, .events = POLLIN};
        }
        poll(p, (nfds_t)at_once, 1);
        for (int i = 0; i < at_once; i++)
            running -= look(&slots[i]);
    }
}

/* ---- what may be seen ---- */
static bool same_args(const struct run *a, const struct run *b)
{
    if (a->nargs != b->nargs)
        return false;
    for (int i = 0; i < a->nargs; i++)
        if (strcmp(a->args[i], b->args[i]) != 0)
            return false;
    return true;
}

/* Options that make lockstep run the program otherwise than it runs by itself. */
static bool otherwise(const struct run *r)
{
    for (int i = 0; i < r->noptions; i++)
        if (strstr(r->options[i], "--main-exit"))
            return true;
    return false;
}

static void mark(const struct run *r)
{
    for (int i = 0; i < nseen; i++)
        for (int k = 0; k < r->noutcomes; k++)
            seen[i].expected |= fits(&seen[i], &r->outcomes[k]);
}

static int tell(const struct run *r, long times)
{
    int strange = 0, fine = 0;
    for (int i = 0; i < nseen; i++) {
        struct seen *s = &seen[i];
        struct buf b = {0};
        fine += s->expected;
        buf_json(&b, s->out, strlen(s->out));
        if (!s->expected)
            printf("seen %ld times of %ld (%ld with noise), not expected: %s exit %d signal %d%s\n",
                   s->times, times, s->noisy, b.data, s->exit_status, s->signal,
                   s->endless ? " without end" : "");
        strange += !s->expected;
        buf_fini(&b);
        free(s->out);
    }
    if (nslow)
        printf("%d runs with noise were too slow to be judged\n", nslow);
    printf("%ld runs, %d of %d outcomes seen%s%s\n", times, fine, r->noutcomes,
           r->free_outside ? "; others are allowed: " : "", r->free_outside ? r->free_outside : "");
    return r->free_outside ? 0 : strange;
}

static bool may_spin(const struct run *r)
{
    for (int i = 0; i < r->noutcomes; i++)
        if (r->outcomes[i].livelock)
            return true;
    return r->complete == 0;
}

static int compare_run(struct run *runs, int n, int at, const char *plain, const char *noisy)
{
    struct run *r = &runs[at];
    const char *argv[MAX_WORDS + 1] = {plain}, *argv_noisy[MAX_WORDS + 1] = {noisy};
    if (otherwise(r))
        return 0;
    for (int i = 0; i < at; i++)
        if (same_args(&runs[i], r) && !otherwise(&runs[i]))
            return 0;
    if (r->free_not) {
        printf("not run free: %s\n", r->free_not);
        return 0;
    }
    for (int i = 0; i < r->nargs; i++)
        argv[i + 1] = argv_noisy[i + 1] = r->args[i];
    if (r->free_alone)
        at_once = 1;
    limit_ms = may_spin(r) ? LIMIT_SPIN_MS : LIMIT_MS;
    nseen = nendless = nslow = 0;
    long times = run_all(argv, argv_noisy);
    for (int i = at; i < n; i++)
        if (same_args(&runs[i], r) && !otherwise(&runs[i]))
            mark(&runs[i]);
    return tell(r, times);
}

static bool mentions(const char *const *names)
{
    struct buf b = {0};
    char chunk[4096];
    size_t n;
    bool found = false;
    FILE *f = fopen(program, "r");
    if (!f)
        bad(program, strerror(errno));
    while ((n = fread(chunk, 1, sizeof chunk, f)) > 0)
        buf_add(&b, chunk, n);
    fclose(f);
    for (; *names; names++)
        found = found || (b.data && strstr(b.data, *names));
    buf_fini(&b);
    return found;
}

int main(int argc, char **argv)
{
    static struct run runs[MAX_ROWS];
    int strange = 0;
    if (argc != 3)
        bad("usage", "differential NOISE.o PROGRAM.c");
    program = argv[2];
    int n = header_read(program, runs);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    if (mentions((const char *const[]){"lockstep.h", "__VERIFIER_", NULL})) {
        printf("not run free: it asks lockstep itself, which is not there\n");
        return 0;
    }
    /* a clock may ring while all its tasks wait */
    if (mentions((const char *const[]){"alarm", "setitimer", "timer_create", "timerfd", NULL}))
        looks = FREE_LOOKS_TIMER;
    /* names that the whole machine shares: one run after the other */
    if (mentions((const char *const[]){"sem_open", "mq_open", "shm_open", "shmget", "semget",
                                       "msgget", NULL}))
        at_once = 1;
    const char *plain = scratch("plain"), *noisy = scratch("noisy");
    compile_both(plain, noisy, argv[1]);
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){1 << 20, 1 << 20});
    for (int i = 0; i < n; i++)
        strange += compare_run(runs, n, i, plain, noisy);
    unlink(plain);
    unlink(noisy);
    return strange ? 1 : 0;
}
