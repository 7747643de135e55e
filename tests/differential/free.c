#include "free.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <pty.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

enum { LOOK_MS = 20, OUT_MAX = 1 << 20 };

_Noreturn static void bad(const char *what)
{
    fprintf(stderr, "differential: %s: %s\n", what, strerror(errno));
    exit(2);
}

long free_now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

_Noreturn static void child(const struct free_run *r, const char *const *argv, int slave, int pin)
{
    struct rlimit none = {0, 0}, some = {1 << 20, 1 << 20};
    setpgid(0, 0);
    setrlimit(RLIMIT_CORE, &none);
    setrlimit(RLIMIT_FSIZE, &some);
    int null = open("/dev/null", O_RDWR);
    dup2(null, 0);
    dup2(slave, 1);
    dup2(null, 2);
    close_range(3, ~0u, 0);
    if (chdir(r->folder) != 0)
        _exit(127);
    if (pin >= 0) {
        unsigned long set = 1ul << pin % 64;
        syscall(SYS_sched_setaffinity, 0, sizeof set, &set);
    }
    execv(argv[0], (char *const *)(uintptr_t)argv);
    _exit(127);
}

void free_start(struct free_run *r, const char *const *argv, int pin)
{
    struct termios raw = {0};
    const char *tmp = getenv("TMPDIR");
    int slave;
    *r = (struct free_run){.started_ms = free_now_ms()};
    snprintf(r->folder, sizeof r->folder, "%s/free-XXXXXX", tmp && strlen(tmp) < 40 ? tmp : "/tmp");
    if (!mkdtemp(r->folder))
        bad(r->folder);
    if (openpty(&r->master, &slave, NULL, NULL, NULL) != 0)
        bad("openpty");
    tcgetattr(slave, &raw);
    cfmakeraw(&raw);
    tcsetattr(slave, TCSANOW, &raw);
    fcntl(r->master, F_SETFL, O_NONBLOCK);
    fcntl(r->master, F_SETFD, FD_CLOEXEC);
    fflush(stdout);
    r->pid = fork();
    if (r->pid < 0)
        bad("fork");
    if (r->pid == 0)
        child(r, argv, slave, pin);
    setpgid(r->pid, r->pid);
    close(slave);
}

/* ---- what the kernel says of a task ---- */
/* The numbers of the call a task is in: its own and its first five arguments. False: it runs. */
static bool task_call(pid_t pid, const char *task, long call[6])
{
    char path[320], line[512];
    snprintf(path, sizeof path, "/proc/%d/task/%s/syscall", (int)pid, task);
    FILE *f = fopen(path, "re");
    if (!f)
        return false;
    bool got = fgets(line, sizeof line, f) != NULL;
    fclose(f);
    return got && sscanf(line, "%ld %lx %lx %lx %lx %lx", &call[0], (unsigned long *)&call[1],
                         (unsigned long *)&call[2], (unsigned long *)&call[3],
                         (unsigned long *)&call[4], (unsigned long *)&call[5]) == 6;
}

static bool futex_waits(const long *c)
{
    long op = c[2] & FUTEX_CMD_MASK;
    return (op == FUTEX_WAIT || op == FUTEX_WAIT_BITSET || op == FUTEX_LOCK_PI) && c[4] == 0;
}

/* Does this call wait for others without a limit of time? */
static bool waits_for_ever(const long *c)
{
    static const long plain[] = {
        SYS_read,   SYS_readv,   SYS_write,         SYS_writev,  SYS_wait4,    SYS_waitid,
        SYS_pause,  SYS_accept,  SYS_accept4,       SYS_connect, SYS_recvfrom, SYS_recvmsg,
        SYS_sendto, SYS_sendmsg, SYS_rt_sigsuspend, SYS_semop,   SYS_msgsnd,   SYS_msgrcv,
        SYS_flock,  SYS_fcntl,   SYS_open,          SYS_openat,  SYS_vfork,
    };
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        if (c[0] == plain[i])
            return true;
    switch (c[0]) {
    case SYS_futex:
        return futex_waits(c);
    case SYS_poll:
    case SYS_rt_sigtimedwait:
        return (int)c[3] < 0 || (c[0] == SYS_rt_sigtimedwait && c[3] == 0);
    case SYS_ppoll:
        return c[3] == 0;
    case SYS_epoll_wait:
    case SYS_epoll_pwait:
        return (int)c[4] < 0;
    case SYS_select:
    case SYS_pselect6:
    case SYS_mq_timedsend:
    case SYS_mq_timedreceive:
        return c[5] == 0;
    default:
        return false;
    }
}

/* The state letter of a task and how often it was switched, added to *moves. */
static char task_state(pid_t pid, const char *task, unsigned long *moves)
{
    char path[320], line[256], state = '?';
    unsigned long n;
    snprintf(path, sizeof path, "/proc/%d/task/%s/status", (int)pid, task);
    FILE *f = fopen(path, "re");
    if (!f)
        return 'X';
    while (fgets(line, sizeof line, f)) {
        if (sscanf(line, "State: %c", &state) == 1)
            continue;
        if (sscanf(line, "voluntary_ctxt_switches: %lu", &n) == 1 ||
            sscanf(line, "nonvoluntary_ctxt_switches: %lu", &n) == 1)
            *moves += n;
    }
    fclose(f);
    return state;
}

/* Can no task of this process go on by itself? */
static bool process_waits(pid_t pid, unsigned long *moves)
{
    char path[64];
    bool all = true;
    snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
    DIR *d = opendir(path);
    if (!d)
        return true;
    for (struct dirent *e; all && (e = readdir(d));) {
        if (e->d_name[0] == '.')
            continue;
        long call[6];
        char state = task_state(pid, e->d_name, moves);
        if (strchr("ZTtX", state))
            continue;
        all = state == 'S' && task_call(pid, e->d_name, call) && waits_for_ever(call);
    }
    closedir(d);
    return all;
}

/* The processes of the group of r, into pids; how many. */
static int group(const struct free_run *r, pid_t *pids, int max)
{
    DIR *d = opendir("/proc");
    int n = 0;
    for (struct dirent *e; d && n < max && (e = readdir(d));) {
        pid_t pid = (pid_t)atoi(e->d_name);
        if (pid > 0 && getpgid(pid) == r->pid)
            pids[n++] = pid;
    }
    if (d)
        closedir(d);
    return n;
}

static bool all_wait(struct free_run *r)
{
    pid_t pids[256];
    unsigned long moves = 0;
    int n = group(r, pids, 256);
    for (int i = 0; i < n; i++)
        if (!process_waits(pids[i], &moves))
            return false;
    bool same = moves == r->moves;
    r->moves = moves;
    return same;
}

static void read_output(struct free_run *r)
{
    char chunk[4096];
    while (r->master >= 0) {
        ssize_t n = read(r->master, chunk, sizeof chunk);
        if (n > 0 && r->out.len < OUT_MAX)
            buf_add(&r->out, chunk, (size_t)n);
        else if (n < 0 && errno == EAGAIN)
            return;
        else if (n <= 0 && errno != EINTR) {
            close(r->master);
            r->master = -1;
        }
    }
}

enum ending free_look(struct free_run *r, int looks, long limit_ms)
{
    if (!r->reaped && waitpid(r->pid, &r->status, WNOHANG) == r->pid)
        r->reaped = true;
    read_output(r);
    if (r->reaped && r->master < 0)
        return ENDED;
    long now = free_now_ms();
    if (now - r->started_ms < LOOK_MS || now - r->looked_ms < LOOK_MS)
        return RUNS;
    r->looked_ms = now;
    r->blocked_looks = all_wait(r) ? r->blocked_looks + 1 : 0;
    if (r->blocked_looks >= looks)
        return BLOCKED;
    return now - r->started_ms > limit_ms ? SPINS : RUNS;
}

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

void free_end(struct free_run *r)
{
    read_output(r);
    kill(-r->pid, SIGKILL);
    if (!r->reaped)
        waitpid(r->pid, &r->status, 0);
    while (waitpid(-r->pid, NULL, 0) > 0) /* those whose parent is gone came to us */
        ;
    if (r->master >= 0)
        close(r->master);
    remove_folder(r->folder);
    buf_fini(&r->out);
}
