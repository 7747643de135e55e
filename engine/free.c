#include "free.h"

#include "arena.h"

#include <asm/termbits.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "free_family.h"

enum { OUT_MAX = 64 << 20, STACK = 65536, READS_A_LOOK = 1024 };

/* A call of ours, which the guard lets pass unseen. */
static long own_call(long number, long a, long b, long c)
{
    return syscall(number, a, b, c, 0L, 0L, (long)ARENA_OWN_CALL);
}

/* ---- its terminal ---- */
/* What it prints comes as it was printed: no carriage returns. */
static void make_raw(int slave)
{
    struct termios t;
    struct winsize size = {.ws_row = 24, .ws_col = 80};
    if (ioctl(slave, TCGETS, &t))
        return;
    t.c_oflag &= ~(tcflag_t)OPOST;
    t.c_lflag &= ~(tcflag_t)(ECHO | ICANON | ISIG);
    own_call(SYS_ioctl, slave, TCSETS, (long)&t);
    own_call(SYS_ioctl, slave, TIOCSWINSZ, (long)&size);
}

static int open_terminal(int *master, int *slave)
{
    int locked = 0;
    *master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
    if (*master < 0)
        return -errno;
    *slave = -1;
    if (ioctl(*master, TIOCSPTLCK, &locked) == 0)
        *slave = ioctl(*master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (*slave >= 0) {
        make_raw(*slave);
        return 0;
    }
    int error = errno;
    close(*master);
    return -error;
}

/* ---- birth ---- */
struct birth {
    const struct free_how *how;
    int slave, input;
    int error; /* why it could not become the program */
};

/* In the child, which shares our memory until it becomes the program: only calls of the kernel. */
static int become(void *ctx)
{
    struct birth *b = ctx;
    const struct free_how *how = b->how;
    setpgid(0, 0);
    for (int s = 1; s < NSIG; s++)
        if (s != SIGKILL && s != SIGSTOP)
            signal(s, SIG_DFL);
    dup2(b->input, 0);
    dup2(b->slave, 1);
    dup2(open("/dev/null", O_RDWR), 2);
    close_range(3, ~0u, CLOSE_RANGE_CLOEXEC);
    if (how->processors)
        own_call(SYS_sched_setaffinity, 0, sizeof how->processors, (long)&how->processors);
    sigset_t none;
    sigemptyset(&none);
    if (how->folder && chdir(how->folder) != 0) {
        b->error = errno;
    } else {
        sigprocmask(SIG_SETMASK, &none, NULL);
        own_call(SYS_execve, (long)how->path, (long)how->argv, (long)how->env);
        b->error = errno;
    }
    _exit(127);
}

/* As vfork, on a stack of its own: a fork would cost half as much as the whole run. The marker of
 * our own calls takes the place of an argument that these flags do not use. */
static pid_t give_birth(struct birth *b)
{
    static char *stack;
    sigset_t all, before;
    if (!stack)
        stack = xcalloc(1, STACK);
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &before);
    pid_t pid = clone(become, stack + STACK, CLONE_VM | CLONE_VFORK | SIGCHLD, b, NULL,
                      (void *)(uintptr_t)ARENA_OWN_CALL, NULL); // NOLINT: a number, no address
    int error = errno;
    sigprocmask(SIG_SETMASK, &before, NULL);
    if (pid > 0)
        setpgid(pid, pid);
    return pid < 0 ? -error : pid;
}

int free_start(struct free_run *r, const struct free_how *how)
{
    struct birth b = {.how = how};
    *r = (struct free_run){.own = how->own, .out_hash = 14695981039346656037ull};
    int rc = open_terminal(&r->master, &b.slave);
    if (rc)
        return rc;
    b.input = open(how->input ? how->input : "/dev/null", O_RDONLY | O_NOCTTY | O_CLOEXEC);
    rc = b.input < 0 ? -errno : 0;
    r->started_ns = r->looked_ns = base_now_ns();
    if (rc == 0)
        rc = r->pid = give_birth(&b);
    close(b.slave);
    if (b.input >= 0)
        close(b.input);
    if (rc > 0 && b.error) {
        waitpid(r->pid, NULL, 0);
        rc = -b.error;
    }
    if (rc < 0)
        close(r->master);
    return rc < 0 ? rc : 0;
}

/* ---- while it runs ---- */
static void take_output(struct free_run *r, const char *bytes, size_t n)
{
    size_t room = FREE_KEPT - r->out.len;
    r->out_total += n;
    for (size_t i = 0; i < n; i++)
        r->out_hash = (r->out_hash ^ (unsigned char)bytes[i]) * 1099511628211ull;
    buf_add(&r->out, bytes, n < room ? n : room);
    if (r->out_total > OUT_MAX)
        r->limit = FREE_OUTPUT;
}

/* What the terminal has now, though not without end. */
static void read_output(struct free_run *r)
{
    char chunk[4096];
    for (int i = 0; i < READS_A_LOOK && r->master >= 0; i++) {
        ssize_t n = read(r->master, chunk, sizeof chunk);
        if (n > 0)
            take_output(r, chunk, (size_t)n);
        else if (n < 0 && errno == EAGAIN)
            return;
        else if (n == 0 || errno != EINTR) {
            close(r->master);
            r->master = -1;
        }
    }
}

/* Take over who has ended; 1: of all that we can wait for, nobody is left. */
static int reap(struct free_run *r)
{
    int status;
    pid_t pid;
    while ((pid = waitpid(r->own ? -1 : r->reaped ? -r->pid : r->pid, &status, WNOHANG)) > 0)
        if (pid == r->pid) {
            r->reaped = 1;
            r->status = status;
        }
    return pid < 0 && errno == ECHILD;
}

static enum free_end look_at_tasks(struct free_run *r, int64_t now, int looks, long limit_ms)
{
    struct free_family f;
    r->looked_ns = now;
    free_family(r, &f);
    r->asleep = f.waiting == f.threads;
    r->blocked_looks = f.blocked && f.moves == r->moves ? r->blocked_looks + 1 : 0;
    r->moves = f.moves;
    if (r->blocked_looks >= looks)
        return FREE_BLOCKED;
    if (f.threads > FREE_THREADS_MAX)
        r->limit = FREE_THREADS;
    else if (f.resident > FREE_MEMORY_MAX)
        r->limit = FREE_MEMORY;
    else if (now - r->started_ns > limit_ms * 1000000ll)
        r->limit = FREE_TIME;
    return FREE_RUNS;
}

enum free_end free_look(struct free_run *r, int looks, long limit_ms)
{
    enum free_end end = FREE_RUNS;
    int alone = reap(r);
    read_output(r);
    if (r->reaped && (r->own ? alone : r->master < 0)) {
        read_output(r);
        return FREE_ENDED;
    }
    int64_t now = base_now_ns();
    if (now - r->looked_ns >= FREE_LOOK_MS * 1000000ll)
        end = look_at_tasks(r, now, looks, limit_ms);
    return end == FREE_RUNS && r->limit ? FREE_CUT : end;
}

/* ---- its end ---- */
static void end_children(void)
{
    struct timespec pause = {.tv_nsec = 200000};
    pid_t pids[FREE_PROCESSES];
    while (waitpid(-1, NULL, WNOHANG) >= 0) {
        int n = free_children(getpid(), pids, FREE_PROCESSES);
        for (int i = 0; i < n; i++)
            own_call(SYS_kill, pids[i], SIGKILL, 0);
        if (n)
            nanosleep(&pause, NULL);
    }
}

void free_stop(struct free_run *r)
{
    own_call(SYS_kill, -r->pid, SIGKILL, 0);
    if (r->own) {
        end_children();
    } else {
        if (!r->reaped)
            waitpid(r->pid, &r->status, 0);
        while (waitpid(-r->pid, NULL, 0) > 0) /* those whose parent is gone came to us */
            ;
    }
    if (r->master >= 0)
        close(r->master);
    buf_fini(&r->out);
    r->master = -1;
}
