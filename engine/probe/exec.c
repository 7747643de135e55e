/* Other programs: exec, posix_spawn, system, popen.
 *
 * A program that a process turns into runs free: the kernel schedules it, nothing of it is
 * stepped, and it shows as such. It is a child of the first carrier, with the descriptors of the
 * carrier that starts it. So that an execution means the same again as far as possible, no choice
 * is made before every free program has ended or sleeps. */
#include "probe.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define SETTLE_NS   1000000000ll /* a free program that runs on and on is waited for so long */
#define PATIENCE_MS 10000        /* and one that sleeps, when nobody else can go on */

static int fail(int error)
{
    errno = error;
    return -1;
}

/* ---- starting one ---- */
struct start {
    const char *path;
    char *const *argv, *const *env;
    const posix_spawn_file_actions_t *actions; /* of posix_spawn, with its attributes */
    const posix_spawnattr_t *attr;
    int from, to; /* descriptor `from` becomes `to`; -1: none */
    int error;
    bool search; /* path is looked for in PATH */
};
static struct start *starting;

/* In the new process of the kernel, which shares our memory until it has the program. */
static void become(unsigned unused)
{
    (void)unused;
    struct start *s = starting;
    syscall(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0);
    syscall(SYS_setpgid, 0, 0);
    for (int sig = 1; sig < 65; sig++) {
        struct {
            void (*handler)(int);
            unsigned long flags;
            void (*restorer)(void);
            uint64_t mask;
        } action = {OWN->actions[sig].sa_handler == SIG_IGN ? SIG_IGN : SIG_DFL, 0, NULL, 0};
        syscall(SYS_rt_sigaction, sig, &action, NULL, 8);
    }
    if (s->from >= 0 && s->from != s->to) {
        syscall(SYS_dup3, s->from, s->to, 0);
        syscall(SYS_close, s->from);
    }
    syscall(SYS_close_range, 100, 107, 0);
    syscall(SYS_execve, s->path, s->argv, s->env);
    s->error = errno;
    syscall(SYS_exit, 127);
}

static char *in_path(const char *name, char *buffer, size_t size)
{
    const char *path = getenv("PATH");
    if (strchr(name, '/'))
        return (char *)(uintptr_t)name;
    for (const char *p = path ? path : "/bin:/usr/bin"; *p;) {
        size_t n = strcspn(p, ":");
        if (n + strlen(name) + 2 < size) {
            memcpy(buffer, p, n);
            buffer[n] = '/';
            strcpy(buffer + n + 1, name);
            if (REAL(access)(buffer, X_OK) == 0)
                return buffer;
        }
        p += n + (p[n] == ':');
    }
    return NULL;
}

/* Only the library knows what is in its lists of actions. */
static long start_with_actions(struct start *s)
{
    pid_t pid;
    int error = s->search ? REAL(posix_spawnp)(&pid, s->path, s->actions, s->attr, s->argv, s->env)
                          : REAL(posix_spawn)(&pid, s->path, s->actions, s->attr, s->argv, s->env);
    return error ? -error : pid;
}

/* The kernel's pid of the program, or -errno. */
static long start_free(struct start *s)
{
    static char *stack;
    char found[4096];
    const char *path = s->search ? in_path(s->path, found, sizeof found) : s->path;
    if (s->actions || s->attr)
        return start_with_actions(s);
    if (!path)
        return -ENOENT;
    if (!stack) {
        void *p =
            REAL(mmap)(NULL, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (p == MAP_FAILED)
            return -ENOMEM;
        stack = p;
    }
    struct start with = *s;
    with.path = path;
    with.error = 0;
    starting = &with;
    int error = errno;
    long flags = CLONE_VM | CLONE_VFORK | SIGCHLD | (S->image ? CLONE_PARENT : 0);
    long pid = carrier_clone(flags, stack + 65536, 0, become);
    errno = error;
    return pid < 0 ? pid : with.error ? -with.error : pid;
}

/* ---- a process that runs free ---- */
static void is_free(unsigned index, long pid, const char *name)
{
    struct process *p = &S->processes[index];
    p->free = true;
    p->free_pid = (int)pid;
    S->nfree++;
    A->ran_free = 1;
    if (!A->free_name[0])
        snprintf(A->free_name, sizeof A->free_name, "%s", name);
    struct event *e = record(EV_PROCESS_STATE, p->task_of_slot[p->first_slot]);
    if (e) {
        e->a = PROCESS_FREE;
        record_text(e, name, strlen(name));
    }
}

static struct event *tell(int result, const char *name)
{
    struct event *e = record_step_event();
    if (e)
        e->result = result;
    record_text(e, name, strlen(name));
    return e;
}

/* ---- exec ---- */
static int exec_now(struct start *s, struct here h)
{
    ends_unknown();
    struct op op = op_make(EV_EXEC, h);
    op_reach(&op, OBJ_PROCESS(S->cur->process), 0, M_EXIT);
    reach_process_end(&op);
    step(&op);
    S->nostep++;
    long pid = start_free(s);
    S->nostep--;
    tell(pid < 0 ? (int)-pid : 0, s->path);
    if (pid < 0)
        return fail((int)-pid);
    is_free(S->cur->process, pid, s->path);
    signals_exec(OWN);
    search_exit_node();
    process_left();
}

EXPORT int execve(const char *path, char *const argv[], char *const env[])
{
    if (!controlled)
        return REAL(execve)(path, argv, env);
    struct start s = {.path = path, .argv = argv, .env = env, .from = -1};
    return exec_now(&s, HERE);
}

EXPORT int execv(const char *path, char *const argv[])
{
    if (!controlled)
        return REAL(execv)(path, argv);
    struct start s = {.path = path, .argv = argv, .env = environ, .from = -1};
    return exec_now(&s, HERE);
}

EXPORT int execvp(const char *file, char *const argv[])
{
    if (!controlled)
        return REAL(execvp)(file, argv);
    struct start s = {.path = file, .argv = argv, .env = environ, .from = -1, .search = true};
    return exec_now(&s, HERE);
}

EXPORT int execvpe(const char *file, char *const argv[], char *const env[])
{
    if (!controlled)
        return REAL(execvpe)(file, argv, env);
    struct start s = {.path = file, .argv = argv, .env = env, .from = -1, .search = true};
    return exec_now(&s, HERE);
}

EXPORT int fexecve(int fd, char *const argv[], char *const env[])
{
    if (!controlled)
        return REAL(fexecve)(fd, argv, env);
    char path[32];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    struct start s = {.path = path, .argv = argv, .env = env, .from = -1};
    return exec_now(&s, HERE);
}

EXPORT int execveat(int folder, const char *path, char *const argv[], char *const env[], int flags)
{
    if (!controlled)
        return REAL(execveat)(folder, path, argv, env, flags);
    char full[4096];
    if (path[0] == '/' || folder == AT_FDCWD)
        snprintf(full, sizeof full, "%s", path);
    else
        snprintf(full, sizeof full, "/proc/self/fd/%d%s%s", folder, *path ? "/" : "", path);
    struct start s = {.path = full, .argv = argv, .env = env, .from = -1};
    return exec_now(&s, HERE);
}

#define ARGS 1024
static void gather(char **argv, const char *first, va_list ap)
{
    unsigned n = 0;
    argv[n++] = (char *)(uintptr_t)first;
    while (n < ARGS - 1 && argv[n - 1])
        argv[n++] = va_arg(ap, char *);
    argv[n] = NULL;
}

#define EXEC_LIST(name, find, environment)                                                         \
    EXPORT int name(const char *path, const char *arg, ...)                                        \
    {                                                                                              \
        char *argv[ARGS];                                                                          \
        va_list ap;                                                                                \
        va_start(ap, arg);                                                                         \
        gather(argv, arg, ap);                                                                     \
        char *const *env = environment;                                                            \
        va_end(ap);                                                                                \
        struct start s = {.path = path, .argv = argv, .env = env, .from = -1, .search = find};     \
        if (!controlled)                                                                           \
            return find ? REAL(execvpe)(path, argv, env) : REAL(execve)(path, argv, env);          \
        return exec_now(&s, HERE);                                                                 \
    }
EXEC_LIST(execl, false, environ)
EXEC_LIST(execlp, true, environ)
EXEC_LIST(execle, false, va_arg(ap, char *const *))

/* ---- a new process that runs free from the start ---- */
static int spawn_step(pid_t *out, struct start *s, struct here h)
{
    unsigned index, task;
    ends_unknown();
    struct op op = op_make(EV_FORK, h);
    op.other = sched_next_task();
    op_reach(&op, OBJ_TASKS, 0, M_STREAM);
    op_reach(&op, OBJ_FDS, 0, M_FDEND);
    step(&op);
    S->nostep++;
    long pid = start_free(s);
    S->nostep--;
    int error = pid < 0 ? (int)-pid : 0;
    if (!error && !process_new(&index, &task)) {
        syscall(SYS_kill, pid, SIGKILL);
        error = EAGAIN;
    }
    struct event *e = tell(error, s->path);
    if (error)
        return error;
    struct process *p = &S->processes[index];
    if (e) {
        e->other = (uint16_t)task;
        e->a = (uint64_t)p->pid;
    }
    process_tell(&S->tasks[task], S->cur_id);
    is_free(index, pid, s->path);
    S->tasks[task].ended = true;
    S->live--;
    p->live = 0;
    S->fd_epoch++;
    *out = p->pid;
    return 0;
}

EXPORT int posix_spawn(pid_t *restrict out, const char *restrict path,
                       const posix_spawn_file_actions_t *actions,
                       const posix_spawnattr_t *restrict attr, char *const argv[restrict],
                       char *const env[restrict])
{
    if (!controlled)
        return REAL(posix_spawn)(out, path, actions, attr, argv, env);
    struct start s = {
        .path = path, .argv = argv, .env = env, .actions = actions, .attr = attr, .from = -1};
    pid_t pid;
    int error = spawn_step(&pid, &s, HERE);
    if (!error && out)
        *out = pid;
    return error;
}

EXPORT int posix_spawnp(pid_t *restrict out, const char *restrict file,
                        const posix_spawn_file_actions_t *actions,
                        const posix_spawnattr_t *restrict attr, char *const argv[restrict],
                        char *const env[restrict])
{
    if (!controlled)
        return REAL(posix_spawnp)(out, file, actions, attr, argv, env);
    struct start s = {.path = file,
                      .argv = argv,
                      .env = env,
                      .actions = actions,
                      .attr = attr,
                      .from = -1,
                      .search = true};
    pid_t pid;
    int error = spawn_step(&pid, &s, HERE);
    if (!error && out)
        *out = pid;
    return error;
}

static struct start shell(const char *command, char **argv)
{
    argv[0] = (char *)(uintptr_t) "sh";
    argv[1] = (char *)(uintptr_t) "-c";
    argv[2] = (char *)(uintptr_t)command;
    argv[3] = NULL;
    return (struct start){.path = "/bin/sh", .argv = argv, .env = environ, .from = -1};
}

EXPORT int system(const char *command)
{
    if (!controlled)
        return REAL(system)(command);
    if (!command)
        return 1;
    char *argv[4];
    struct start s = shell(command, argv);
    pid_t pid;
    int status, error = spawn_step(&pid, &s, HERE);
    if (error)
        return fail(error);
    return waitpid(pid, &status, 0) == pid ? status : -1;
}

EXPORT FILE *popen(const char *command, const char *mode)
{
    if (!controlled)
        return REAL(popen)(command, mode);
    bool reads = mode[0] == 'r';
    int fds[2];
    if ((mode[0] != 'r' && mode[0] != 'w') || pipe2(fds, O_CLOEXEC)) {
        errno = EINVAL;
        return NULL;
    }
    char *argv[4];
    struct start s = shell(command, argv);
    s.from = fds[reads];
    s.to = reads;
    pid_t pid;
    int error = spawn_step(&pid, &s, HERE);
    close(fds[reads]);
    FILE *f = error ? NULL : fdopen(fds[!reads], reads ? "r" : "w");
    if (!f) {
        close(fds[!reads]);
        errno = error ? error : errno;
        return NULL;
    }
    for (unsigned i = 0; i < OWN->nstreams; i++)
        if (OWN->streams[i].f == f)
            OWN->streams[i].pid = pid;
    return f;
}

EXPORT int pclose(FILE *f)
{
    if (!controlled)
        return REAL(pclose)(f);
    int pid = 0, status;
    for (unsigned i = 0; i < OWN->nstreams; i++)
        if (OWN->streams[i].f == f)
            pid = OWN->streams[i].pid;
    fclose(f);
    if (!pid)
        return fail(ECHILD);
    return waitpid(pid, &status, 0) == pid ? status : -1;
}

/* ---- what free programs do meanwhile ---- */
/* State and exit status of a process of the kernel, from /proc; 'Z' with status 0 when it is gone.
 */
static char look_at(int pid, int *status)
{
    char path[40], text[1024];
    *status = 0;
    S->nostep++;
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    S->nostep--;
    long fd = syscall(SYS_open, path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return 'Z';
    long n = syscall(SYS_read, fd, text, sizeof text - 1);
    syscall(SYS_close, fd);
    text[n > 0 ? n : 0] = '\0';
    char *p = strrchr(text, ')');
    if (!p || !p[1])
        return 'Z';
    char state = p[2];
    char *last = strrchr(p, ' ');
    if (last)
        *status = (int)strtol(last, NULL, 10);
    return state;
}

/* What they have written to the terminal since. */
static void take_output(void)
{
    static char text[65536];
    for (int fd = 1; fd < 3; fd++) {
        ssize_t n;
        while ((n = syscall(SYS_pread64, CONSOLE + fd, text, sizeof text, S->console_seen[fd])) >
               0) {
            S->console_seen[fd] += (uint64_t)n;
            struct event *e = record(EV_FREE_OUTPUT, S->last);
            if (e)
                e->a = (uint64_t)fd;
            record_text(e, text, (size_t)n);
            stdio_count(fd, text, (size_t)n);
        }
    }
}

static bool settle_one(unsigned index)
{
    struct process *p = &S->processes[index];
    int status;
    char state = look_at(p->free_pid, &status);
    if (state == 'R' || state == 'D')
        return false;
    if (state == 'Z' || state == 'X') {
        take_output();
        p->free = false;
        S->nfree--;
        process_end(index, status);
        S->fd_epoch++;
    }
    return true;
}

static int64_t now_ns(void)
{
    struct timespec t;
    syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void nap(long ns)
{
    struct timespec t = {0, ns};
    syscall(SYS_nanosleep, &t, NULL);
}

/* Before a choice: every free program has ended or waits for something. */
void free_settle(void)
{
    int64_t until = now_ns() + SETTLE_NS;
    int error = errno;
    for (unsigned quiet = 0; quiet < 2 && now_ns() < until;) {
        bool all = true;
        for (unsigned i = 0; i < S->nprocesses; i++)
            if (S->processes[i].free)
                all &= settle_one(i);
        quiet = all ? quiet + 1 : 0;
        if (S->nfree)
            nap(100000);
        else
            quiet = 2;
    }
    take_output();
    S->fd_epoch++;
    errno = error;
}

/* Nobody else can go on: wait in real time. False: no free program is left, or none gets on. */
bool free_wait(void)
{
    if (!S->nfree)
        return false;
    for (int ms = 0; ms < PATIENCE_MS; ms++) {
        unsigned before = S->nfree;
        nap(1000000);
        A->heartbeat++;
        free_settle();
        if (S->nfree != before || sched_any_enabled())
            return true;
    }
    return false;
}

/* What they started and left behind has come to us, whatever group it is in. */
static void end_orphans(void)
{
    char path[64], text[4096];
    snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)syscall(SYS_gettid));
    for (;;) {
        long fd = syscall(SYS_open, path, O_RDONLY | O_CLOEXEC), n = 0;
        if (fd >= 0) {
            n = syscall(SYS_read, fd, text, sizeof text - 1);
            syscall(SYS_close, fd);
        }
        if (n <= 0)
            return;
        text[n] = '\0';
        for (char *p = text, *end; *p && *p != '\n'; p = end + (*end == ' ')) {
            long pid = strtol(p, &end, 10);
            if (end == p || (*end != ' ' && n == (long)sizeof text - 1))
                break;
            syscall(SYS_kill, pid, SIGKILL);
            syscall(SYS_wait4, pid, NULL, __WALL, NULL);
        }
    }
}

/* The execution is over: so are they. */
void free_end(void)
{
    for (unsigned i = 0; i < S->nprocesses; i++)
        if (S->processes[i].free_pid) {
            syscall(SYS_kill, -S->processes[i].free_pid, SIGKILL);
            syscall(SYS_kill, S->processes[i].free_pid, SIGKILL);
            syscall(SYS_wait4, S->processes[i].free_pid, NULL, __WALL, NULL);
            S->processes[i].free_pid = 0;
        }
    S->nfree = 0;
    end_orphans();
    for (int fd = 1; fd < 3 && S->console_seen[fd]; fd++) {
        syscall(SYS_ftruncate, CONSOLE + fd, 0);
        S->console_seen[fd] = 0;
    }
}
