#include "free_family.h"

#include "proc.h"

#include <dirent.h>
#include <linux/futex.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* ---- a task ---- */
/* The numbers of the call a task is in: its own and its first five arguments. 0: it runs. */
static int task_call(const char *task, long call[6])
{
    char path[360], line[512];
    snprintf(path, sizeof path, "%s/syscall", task);
    FILE *f = fopen(path, "re");
    if (!f)
        return 0;
    int got = fgets(line, sizeof line, f) != NULL;
    fclose(f);
    return got && sscanf(line, "%ld %lx %lx %lx %lx %lx", &call[0], (unsigned long *)&call[1],
                         (unsigned long *)&call[2], (unsigned long *)&call[3],
                         (unsigned long *)&call[4], (unsigned long *)&call[5]) == 6;
}

static int futex_waits(const long *c)
{
    long op = c[2] & FUTEX_CMD_MASK;
    return (op == FUTEX_WAIT || op == FUTEX_WAIT_BITSET || op == FUTEX_LOCK_PI ||
            op == FUTEX_LOCK_PI2) &&
           c[4] == 0;
}

/* Does this call wait for others without a limit of time? */
static int waits_for_ever(const long *c)
{
    static const long plain[] = {
        SYS_read,   SYS_readv,   SYS_write,         SYS_writev,  SYS_wait4,    SYS_waitid,
        SYS_pause,  SYS_accept,  SYS_accept4,       SYS_connect, SYS_recvfrom, SYS_recvmsg,
        SYS_sendto, SYS_sendmsg, SYS_rt_sigsuspend, SYS_semop,   SYS_msgsnd,   SYS_msgrcv,
        SYS_flock,  SYS_fcntl,   SYS_open,          SYS_openat,  SYS_vfork,
    };
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        if (c[0] == plain[i])
            return 1;
    switch (c[0]) {
    case SYS_futex:
        return futex_waits(c);
    case SYS_poll:
        return (int)c[3] < 0;
    case SYS_ppoll:
    case SYS_rt_sigtimedwait:
        return c[3] == 0;
    case SYS_epoll_wait:
    case SYS_epoll_pwait:
        return (int)c[4] < 0;
    case SYS_epoll_pwait2:
    case SYS_semtimedop:
        return c[4] == 0;
    case SYS_select:
    case SYS_pselect6:
    case SYS_mq_timedsend:
    case SYS_mq_timedreceive:
        return c[5] == 0;
    default:
        return 0;
    }
}

/* The state letter of a task and how often it was switched, added to *moves. */
static char task_state(const char *task, unsigned long *moves)
{
    char path[360], line[256], state = '?';
    unsigned long n;
    snprintf(path, sizeof path, "%s/status", task);
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

static void look_at_task(const char *task, struct free_family *f)
{
    long call[6];
    char state = task_state(task, &f->moves);
    f->threads++;
    f->waiting += strchr("SZTtX", state) != NULL;
    if (!strchr("ZTtX", state) && !(state == 'S' && task_call(task, call) && waits_for_ever(call)))
        f->blocked = 0;
}

/* ---- a process ---- */
/* Each task of a process, as its folder in /proc. */
static void each_task(pid_t pid, void (*look)(const char *task, void *ctx), void *ctx)
{
    char path[48], task[330];
    snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
    DIR *d = opendir(path);
    for (struct dirent *e; d && (e = readdir(d));)
        if (e->d_name[0] != '.') {
            snprintf(task, sizeof task, "%s/%s", path, e->d_name);
            look(task, ctx);
        }
    if (d)
        closedir(d);
}

static void look_at_one(const char *task, void *family)
{
    look_at_task(task, family);
}

struct found {
    pid_t *pids;
    int n, max;
};

static void add_children(const char *task, void *ctx)
{
    struct found *out = ctx;
    char path[360];
    int pid;
    snprintf(path, sizeof path, "%s/children", task);
    FILE *f = fopen(path, "re");
    while (f && out->n < out->max && fscanf(f, "%d", &pid) == 1)
        out->pids[out->n++] = pid;
    if (f)
        fclose(f);
}

int free_children(pid_t pid, pid_t *out, int max)
{
    struct found found = {out, 0, max};
    each_task(pid, add_children, &found);
    return found.n;
}

/* All that descend from the first n of pids, added to them; how many they are then. */
static int add_descendants(pid_t *pids, int n)
{
    for (int i = 0; i < n; i++)
        n += free_children(pids[i], pids + n, FREE_PROCESSES - n);
    return n;
}

/* The processes of the group of r. */
static int group_of(const struct free_run *r, pid_t *pids)
{
    DIR *d = opendir("/proc");
    int n = 0;
    for (struct dirent *e; d && n < FREE_PROCESSES && (e = readdir(d));) {
        pid_t pid = (pid_t)strtol(e->d_name, NULL, 10);
        if (pid > 0 && getpgid(pid) == r->pid)
            pids[n++] = pid;
    }
    if (d)
        closedir(d);
    return n;
}

void free_family(const struct free_run *r, struct free_family *f)
{
    pid_t pids[FREE_PROCESSES];
    int n = r->own ? add_descendants(pids, free_children(getpid(), pids, FREE_PROCESSES))
                   : group_of(r, pids);
    *f = (struct free_family){.blocked = 1};
    for (int i = 0; i < n; i++) {
        f->processes++;
        f->resident += proc_private_bytes(pids[i]);
        each_task(pids[i], look_at_one, f);
    }
}
