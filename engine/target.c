#include "target.h"

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
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define STUCK_DEFAULT_MS 2000
#define STUCK_TRIES      3

static uint64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000ull + (uint64_t)t.tv_nsec;
}

int target_prepare(struct target *t, struct err *e)
{
    *t = (struct target){.arena_fd = -1, .event_fd = -1};
    t->arena_fd = memfd_create("lockstep-arena", MFD_CLOEXEC);
    t->event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (t->arena_fd < 0 || t->event_fd < 0 || ftruncate(t->arena_fd, (off_t)ARENA_BYTES))
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
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){1u << 30, 1u << 30});
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
    return env;
}

/* In the child: everything between fork and exec. */
static _Noreturn void become(const struct target *t, const struct program *p, char **env,
                             pid_t parent)
{
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(70);
    personality(ADDR_NO_RANDOMIZE);
    limits();
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    for (int s = 1; s < 32; s++)
        signal(s, SIG_DFL);
    int in = open(p->stdin_path ? p->stdin_path : "/dev/null", O_RDONLY);
    int out = open("/dev/null", O_WRONLY);
    dup2(in, 0);
    dup2(out, 1);
    if (!getenv("LOCKSTEP_DEBUG"))
        dup2(out, 2);
    int arena = fcntl(t->arena_fd, F_DUPFD, 100), event = fcntl(t->event_fd, F_DUPFD, 100);
    if (arena != 100 || event != 101)
        _exit(70);
    execve(p->binary, p->argv, env);
    _exit(errno == ENOEXEC || errno == EACCES ? 126 : 127);
}

int target_start(struct target *t, const struct program *p, struct err *e)
{
    t->arena->nvalues = (uint32_t)p->nvalues;
    memcpy(t->arena->values, p->values, sizeof t->arena->values);
    char **env = environment(100, 101);
    pid_t parent = getpid();
    pid_t pid = fork();
    if (pid == 0)
        become(t, p, env, parent);
    for (int i = 0; env[i]; i++)
        free(env[i]);
    free(env);
    if (pid < 0)
        return err_set(e, ERR_TARGET_GONE, "cannot start the program: %s", strerror(errno));
    setpgid(pid, pid);
    t->pid = pid;
    t->last_moved_ns = now_ns();
    return 0;
}

void target_end(struct target *t)
{
    if (t->pid > 0) {
        kill(-t->pid, SIGKILL);
        kill(t->pid, SIGKILL);
        while (waitpid(t->pid, &t->status, 0) < 0 && errno == EINTR)
            ;
        t->pid = 0;
    }
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
    if (t->pid > 0 && waitpid(t->pid, &t->status, WNOHANG) == t->pid) {
        kill(-t->pid, SIGKILL); /* whatever it left behind */
        t->pid = 0;
    }
    return t->pid == 0;
}

/* Has nothing moved for too long? Tell the probe; when even that does not help, end it. */
static void watch(struct target *t)
{
    uint64_t beat = t->arena->heartbeat, now = now_ns();
    if (beat != t->last_heartbeat || t->arena->state != STATE_RUNNING) {
        t->last_heartbeat = beat;
        t->last_moved_ns = now;
        t->nudged = 0;
        return;
    }
    uint64_t limit = (uint64_t)(t->stuck_ms ? t->stuck_ms : STUCK_DEFAULT_MS) * 1000000u;
    if (now - t->last_moved_ns < limit)
        return;
    t->last_moved_ns = now;
    pid_t who = t->arena->child_pid ? (pid_t)t->arena->child_pid : t->pid;
    if (t->nudged++ < STUCK_TRIES)
        kill(who, SIGURG);
    else
        kill(-t->pid, SIGKILL);
}

int target_wait(struct target *t, int timeout_ms)
{
    uint64_t until = timeout_ms < 0 ? ~0ull : now_ns() + (uint64_t)timeout_ms * 1000000u;
    for (;;) {
        uint64_t now = now_ns();
        int slice = 50;
        if (timeout_ms >= 0 && now < until && (until - now) / 1000000 < 50)
            slice = (int)((until - now) / 1000000) + 1;
        if (timeout_ms >= 0 && now >= until)
            slice = 0;
        struct pollfd p = {t->event_fd, POLLIN, 0};
        int n = poll(&p, 1, slice);
        uint64_t count;
        if (n > 0 && read(t->event_fd, &count, sizeof count) > 0)
            return 1;
        if (has_died(t))
            return -ERR_TARGET_GONE;
        watch(t);
        if (slice == 0 || (n < 0 && errno == EINTR && timeout_ms >= 0))
            return 0;
    }
}

int target_why(struct target *t, struct err *e)
{
    if (t->arena && t->arena->state == STATE_REFUSED)
        return err_set(e, ERR_UNSUPPORTED, "the program cannot be stepped: %s", t->arena->refusal);
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

/* What is in place at addr. */
static int read_there(const struct target *t, uint64_t addr, void *out, size_t n)
{
    struct iovec local = {out, n}, remote = {(void *)(uintptr_t)addr, n};
    pid_t who = t->arena && t->arena->child_pid ? (pid_t)t->arena->child_pid : t->pid;
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
