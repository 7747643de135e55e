#include "target.h"

#include "guard.h"
#include "proc.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define STUCK_DEFAULT_MS 2000
#define STUCK_TRIES      3
#define START_NS         8000000000ull
#define LOOK_NS          250000000ull
#define MEMORY_FACTOR    3 /* times the limit of the heap */
#define DAMAGED          "it wrote over the memory that lockstep shares with it"
#define FILE_BYTES       (256ull << 20)

int target_prepare(struct target *t, struct err *e)
{
    *t = (struct target){.arena_fd = -1, .event_fd = -1};
    t->arena_fd = memfd_create("lockstep-arena", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    t->event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (t->arena_fd < 0 || t->event_fd < 0 || ftruncate(t->arena_fd, (off_t)ARENA_BYTES) ||
        fcntl(t->arena_fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL))
        return err_set(e, ERR_NOMEM, "cannot make the memory shared with the program: %s",
                       strerror(errno));
    void *p =
        mmap(NULL, ARENA_HEAD, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, t->arena_fd, 0);
    if (p == MAP_FAILED)
        return err_set(e, ERR_NOMEM, "cannot map the memory shared with the program: %s",
                       strerror(errno));
    t->arena = p;
    t->arena->magic = ARENA_MAGIC;
    t->arena->version = ARENA_VERSION;
    t->arena->state = STATE_STARTING;
    return 0;
}

static void limits(void)
{
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){FILE_BYTES, FILE_BYTES});
}

/* A program built by another lockstep than this one gets our probe all the same. */
static char *library_path(void)
{
    const char *probe = path_probe(), *given = getenv("LD_LIBRARY_PATH");
    const char *slash = probe ? strrchr(probe, '/') : NULL;
    return xasprintf("LD_LIBRARY_PATH=%.*s%s%s", slash ? (int)(slash - probe) : 0,
                     slash ? probe : "", given && *given ? ":" : "", given ? given : "");
}

/* An environment that is the same for everybody, so that a schedule means the same everywhere. */
static char **environment(int arena_fd, int event_fd)
{
    static const char *const keep[] = {"PATH", "HOME", "LANG", "LC_ALL", "TERM", NULL};
    char **env = xcalloc(16, sizeof *env);
    int n = 0;
    env[n++] = xasprintf("%s=%d,%d", ARENA_ENV, arena_fd, event_fd);
    env[n++] = xstrdup("GLIBC_TUNABLES=glibc.pthread.rseq=0");
    for (int i = 0; keep[i]; i++)
        if (getenv(keep[i]))
            env[n++] = xasprintf("%s=%s", keep[i], getenv(keep[i]));
    env[n++] = library_path();
    return env;
}

struct birth {
    const struct program *program;
    char **env;
};

/* In the child: everything between fork and exec. */
static void become(void *ctx, int guard)
{
    const struct birth *b = ctx;
    personality(ADDR_NO_RANDOMIZE);
    limits();
    sigset_t none;
    sigemptyset(&none);
    for (int s = 1; s < 32; s++)
        signal(s, SIG_DFL);
    sigprocmask(SIG_SETMASK, &none, NULL);
    if (b->program->stdin_path) {
        int in = open(b->program->stdin_path, O_RDONLY | O_NOCTTY | O_CLOEXEC);
        dup2(in, 0);
    }
    guard_install(guard);
    execve(b->program->binary, b->program->argv, b->env);
    _exit(errno == ENOEXEC || errno == EACCES ? 126 : 127);
}

int target_start(struct target *t, const struct program *p, struct err *e)
{
    t->arena->adversity = p->adversity;
    t->arena->adverse_max = p->adverse_max;
    t->arena->nvalues = (uint32_t)p->nvalues;
    memcpy(t->arena->values, p->values, sizeof t->arena->values);
    struct birth birth = {p, environment(100, 101)};
    int rc = keeper_start(&t->keeper, (int[]){t->arena_fd, t->event_fd}, become, &birth, &t->pid);
    for (int i = 0; birth.env[i]; i++)
        free(birth.env[i]);
    free(birth.env);
    if (rc) {
        t->pid = 0;
        return err_set(e, ERR_TARGET_GONE, "cannot start the program: %s", strerror(-rc));
    }
    t->last_moved_ns = t->last_looked_ns = (uint64_t)base_now_ns();
    return 0;
}

void target_stop(struct target *t)
{
    keeper_end(&t->keeper);
    t->pid = 0;
}

void target_end(struct target *t)
{
    target_stop(t);
    if (t->arena)
        munmap(t->arena, ARENA_HEAD);
    if (t->arena_fd > 0)
        close(t->arena_fd);
    if (t->event_fd > 0)
        close(t->event_fd);
    *t = (struct target){.arena_fd = -1, .event_fd = -1};
}

static int has_died(struct target *t)
{
    struct keeper_message m;
    int heard = 1;
    while (t->pid > 0 && (heard = keeper_hear(&t->keeper, &m)) > 0) {
        if (m.news == KEEPER_REFUSED && !*t->why)
            snprintf(t->why, sizeof t->why, "%s", m.text);
        if (m.news == KEEPER_ENDED) {
            t->status = m.value;
            t->pid = 0;
        }
    }
    if (heard < 0) { /* somebody ended the keeper, and the target with it */
        t->status = SIGKILL;
        target_stop(t);
    }
    return t->pid == 0;
}

/* ---- the arena, in which a wild program may write anything ---- */
static int stored(uint64_t offset, uint64_t n)
{
    return offset <= ARENA_STORED && n <= ARENA_STORED - offset;
}

static int is_sane(const struct arena *a)
{
    if (a->magic != ARENA_MAGIC || a->nevents > ARENA_EVENTS || a->ntext > ARENA_TEXT ||
        a->ntasks > MAX_TASKS || a->nchoices > ARENA_CHOICES || a->nshared > ARENA_SHARED ||
        a->nalternatives > MAX_TASKS || a->noutcomes > ARENA_OUTCOMES ||
        a->nfindings > ARENA_FINDINGS)
        return 0;
    for (uint32_t i = 0; i < a->nalternatives; i++)
        if (a->alternatives[i] >= MAX_TASKS && a->alternatives[i] != NO_TASK)
            return 0;
    for (uint32_t i = 0; i < a->noutcomes; i++)
        if (!stored(a->outcomes[i].out_offset, a->outcomes[i].nout) ||
            !stored(a->outcomes[i].choices_offset, a->outcomes[i].nchoices * 3ull))
            return 0;
    for (uint32_t i = 0; i < a->nfindings; i++)
        if (!stored(a->findings[i].choices_offset, a->findings[i].nchoices * 3ull) ||
            a->findings[i].ntasks > 8 || a->findings[i].kind >= FIND_COUNT)
            return 0;
    return memchr(a->free_name, 0, sizeof a->free_name) != NULL;
}

/* ---- watching ---- */
static void give_up(struct target *t, const char *why)
{
    if (!*t->why)
        snprintf(t->why, sizeof t->why, "%s", why);
    kill(-t->pid, SIGKILL);
    kill(t->pid, SIGKILL);
}

/* The process that runs the execution: the arena says which, if that is one of the target's. */
static pid_t runner(const struct target *t)
{
    pid_t child = t->arena ? (pid_t)t->arena->child_pid : 0;
    return child > 0 && getsid(child) == t->keeper.pid ? child : t->pid;
}

static uint64_t resident_free(const struct target *t)
{
    DIR *d = opendir("/proc");
    struct dirent *e;
    uint64_t n = 0;
    while (d && (e = readdir(d))) {
        pid_t pid = (pid_t)atoi(e->d_name);
        if (pid > 1 && getpgid(pid) != t->pid && keeper_has(t->keeper.pid, pid))
            n += proc_private_bytes(pid);
    }
    if (d)
        closedir(d);
    return n;
}

/* The heap has its own limit, which malloc() tells the program; this one is for all the rest. */
static void watch_memory(struct target *t, uint64_t now)
{
    if (now - t->last_looked_ns < LOOK_NS)
        return;
    t->last_looked_ns = now;
    uint64_t n = proc_private_bytes(runner(t));
    if (t->arena->ran_free)
        n += resident_free(t);
    uint64_t limit = t->arena->memory_bytes * MEMORY_FACTOR;
    if (limit && n > limit) {
        char why[128];
        snprintf(why, sizeof why, "it takes more than %llu MiB of memory",
                 (unsigned long long)(limit >> 20));
        give_up(t, why);
    }
}

/* Has the target done what it was asked to, though it could not ring? */
static int is_done(const struct arena *a)
{
    unsigned state = __atomic_load_n(&a->state, __ATOMIC_SEQ_CST);
    return state == STATE_FINISHED || state == STATE_REFUSED ||
           (state == STATE_STOPPED && a->done_seq == a->command_seq);
}

/* Has nothing moved for too long? Tell the probe; when even that does not help, end it. */
static void watch(struct target *t)
{
    uint64_t beat = t->arena->heartbeat, now = (uint64_t)base_now_ns();
    unsigned state = t->arena->state;
    watch_memory(t, now);
    if (!is_sane(t->arena)) {
        give_up(t, DAMAGED);
        return;
    }
    if (beat != t->last_heartbeat || is_done(t->arena)) {
        t->last_heartbeat = beat;
        t->last_moved_ns = now;
        t->nudged = 0;
        return;
    }
    uint64_t limit = (uint64_t)(t->stuck_ms ? t->stuck_ms : STUCK_DEFAULT_MS) * 1000000u;
    if (state == STATE_STARTING) {
        if (now - t->last_moved_ns > START_NS)
            give_up(t, "it does not come to its main; what runs before it, a constructor or a "
                       "static initialiser, has no end");
        return;
    }
    if (now - t->last_moved_ns < limit)
        return;
    t->last_moved_ns = now;
    if (t->nudged++ < STUCK_TRIES)
        kill(runner(t), SIGURG);
    else
        give_up(t, "it makes no step, and cannot be interrupted");
}

int target_wait(struct target *t, int timeout_ms)
{
    uint64_t until =
        timeout_ms < 0 ? ~0ull : (uint64_t)base_now_ns() + (uint64_t)timeout_ms * 1000000u;
    for (;;) {
        uint64_t now = (uint64_t)base_now_ns();
        int slice = 50;
        if (timeout_ms >= 0 && now < until && (until - now) / 1000000 < 50)
            slice = (int)((until - now) / 1000000) + 1;
        if (timeout_ms >= 0 && now >= until)
            slice = 0;
        struct pollfd p[] = {{t->event_fd, POLLIN, 0}, {t->keeper.line, POLLIN, 0}};
        int n = poll(p, t->keeper.pid ? 2 : 1, slice);
        uint64_t count;
        if (n > 0 && read(t->event_fd, &count, sizeof count) > 0)
            return 1;
        if (has_died(t))
            return -ERR_TARGET_GONE;
        watch(t);
        if (n == 0 && is_done(t->arena))
            return 1;
        if (slice == 0 || (n < 0 && errno == EINTR && timeout_ms >= 0))
            return 0;
    }
}

int target_why(struct target *t, struct err *e)
{
    if (t->arena && t->arena->state == STATE_REFUSED)
        return err_set(e, ERR_UNSUPPORTED, "the program cannot be stepped: %.*s",
                       (int)sizeof t->arena->refusal - 1, t->arena->refusal);
    if (*t->why)
        return err_set(e, ERR_UNSUPPORTED, "the program was ended: %s", t->why);
    if (t->pid > 0)
        return err_set(e, ERR_TARGET_GONE, "the program does not answer");
    if (WIFSIGNALED(t->status))
        return err_set(e, ERR_TARGET_GONE,
                       "the program was ended by signal %d (%s) outside lockstep's control",
                       WTERMSIG(t->status), strsignal(WTERMSIG(t->status)));
    int status = WEXITSTATUS(t->status);
    if (t->arena && t->arena->state == STATE_STARTING)
        return status == 126 || status == 127
                   ? err_set(e, ERR_NOT_A_PROGRAM, "the program cannot be started (%s)",
                             status == 127 ? "no such file or library" : "not executable here")
                   : err_set(e, ERR_NOT_A_PROGRAM,
                             "the program ended with status %d before its main; was it built with "
                             "lockstep cc?",
                             status);
    return err_set(e, ERR_TARGET_GONE,
                   "the program ended with status %d outside lockstep's control", status);
}

int target_check(const struct arena *a, struct err *e)
{
    return is_sane(a) ? 0 : err_set(e, ERR_UNSUPPORTED, "the program was ended: " DAMAGED);
}

/* What is in place at addr. */
static int read_there(const struct target *t, uint64_t addr, void *out, size_t n)
{
    struct iovec local = {out, n}, remote = {(void *)(uintptr_t)addr, n};
    pid_t who = runner(t);
    return who > 0 && process_vm_readv(who, &local, 1, &remote, 1, 0) == (ssize_t)n ? 0 : -1;
}

/* Where a page of a process lies whose memory is not in place: an address, 0 for all zero. */
static uint64_t page_of(const struct target *t, const struct arena_image *image, uint64_t page)
{
    enum { CHUNK = 256, PAGE_BYTES = 4096 };
    struct arena_page table[CHUNK];
    uint32_t all = 0;
    if (read_there(t, t->arena->npages, &all, sizeof all))
        return page;
    for (uint32_t i = 0; i < all; i += CHUNK) {
        uint32_t n = all - i < CHUNK ? all - i : CHUNK;
        if (read_there(t, t->arena->pages + i * sizeof *table, table, n * sizeof *table))
            return page;
        for (uint32_t k = 0; k < n; k++)
            if (table[k].page == page)
                return i + k < image->npages ? image->at + (uint64_t)(i + k) * PAGE_BYTES
                                             : table[k].at_main;
    }
    return page;
}

/* The part of a range that lies in one page, or one segment; *n is shortened to it. */
static int read_part(const struct target *t, const struct arena_image *image, uint64_t addr,
                     void *out, size_t *n)
{
    for (uint32_t i = 0; i < image->nsegments && i < ARENA_SEGMENTS; i++) {
        uint64_t low = image->segments[i].low, high = image->segments[i].high;
        if (addr < low || addr >= high)
            continue;
        *n = *n < high - addr ? *n : high - addr;
        return read_there(t, image->segments[i].copy + (addr - low), out, *n);
    }
    uint64_t offset = addr & 4095, at = page_of(t, image, addr - offset);
    *n = *n < 4096 - offset ? *n : 4096 - offset;
    if (at)
        return read_there(t, at + offset, out, *n);
    memset(out, 0, *n);
    return 0;
}

int target_read(struct target *t, unsigned process, uint64_t addr, void *out, size_t n)
{
    const struct arena *a = t->arena;
    if (!a || process >= MAX_PROCESSES || process == a->image || !a->images[process].at)
        return read_there(t, addr, out, n);
    for (size_t done = 0, part; done < n; done += part) {
        part = n - done;
        if (read_part(t, &a->images[process], addr + done, (char *)out + done, &part))
            return -1;
    }
    return 0;
}
