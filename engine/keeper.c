#include "keeper.h"

#include "guard.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { FIRST_KEPT = 100, LINE = 102 };

/* ---- who descends from whom ---- */
static pid_t parent_of(pid_t pid)
{
    char path[64], text[256];
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    if (fd >= 0)
        close(fd);
    if (n <= 0)
        return 0;
    text[n] = '\0';
    const char *p = strrchr(text, ')'); /* the name may hold anything */
    int parent;
    return p && sscanf(p + 1, " %*c %d", &parent) == 1 ? parent : 0;
}

int keeper_has(pid_t keeper, pid_t pid)
{
    for (int depth = 0; pid > 1 && depth < 4096; depth++) {
        pid = parent_of(pid);
        if (pid == keeper)
            return 1;
    }
    return 0;
}

/* ---- in the keeper ---- */
struct post {
    pid_t target;
    int line, signals;
    int ended;   /* the target: told */
    int lingers; /* what the target leaves behind lives on */
};

static void kill_children(void)
{
    DIR *d = opendir("/proc");
    struct dirent *e;
    pid_t me = getpid();
    while (d && (e = readdir(d))) {
        pid_t pid = (pid_t)atoi(e->d_name);
        if (pid > 1 && parent_of(pid) == me)
            kill(pid, SIGKILL);
    }
    if (d)
        closedir(d);
}

static void tell(const struct post *p, struct keeper_message *m)
{
    if (send(p->line, m, sizeof *m, MSG_NOSIGNAL) < 0)
        return; /* nobody listens: the next poll sees it */
}

static void tell_end(const struct post *p, int status, const struct rusage *usage)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    struct keeper_message m = {.news = KEEPER_ENDED, .value = status, .usage = *usage};
    m.at_ns = (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
    tell(p, &m);
}

static void tell_orphan(const struct post *p, pid_t pid, int status)
{
    struct keeper_message m = {.news = KEEPER_ORPHAN, .value = status, .pid = pid};
    if (send(p->line, &m, sizeof m, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
        return; /* a flood of them: nobody waits for that */
}

/* Take over who has ended. -1 when no child is left. */
static int reap(struct post *p)
{
    int status;
    struct rusage usage;
    pid_t pid;
    while ((pid = wait4(-1, &status, WNOHANG, &usage)) > 0)
        if (pid == p->target) {
            p->target = 0;
            p->ended = 1;
            tell_end(p, status, &usage);
        } else if (p->lingers) {
            tell_orphan(p, pid, status);
        }
    return pid < 0 && errno == ECHILD ? -1 : 0;
}

/* Children of a process that was killed become ours, so this comes to an end: nobody can fork any
 * more where the guard holds, and elsewhere killing is faster than forking. */
static void end_all(struct post *p)
{
    if (p->target) {
        kill(-p->target, SIGKILL);
        kill(p->target, SIGKILL);
    }
    struct timespec pause = {.tv_nsec = 200000};
    for (int tries = 0; reap(p) == 0; tries++) {
        if (tries)
            kill_children();
        if (tries > 10)
            pause.tv_nsec = 2000000;
        nanosleep(&pause, NULL);
    }
}

static int wait_for_news(struct post *p, int guard)
{
    struct pollfd fds[] = {{p->line, POLLIN, 0}, {p->signals, POLLIN, 0}, {guard, POLLIN, 0}};
    if (poll(fds, 3, -1) < 0 && errno != EINTR)
        return 0;
    if (fds[2].revents & POLLIN) {
        struct keeper_message m = {.news = KEEPER_REFUSED};
        if (guard_answer(guard, m.text, sizeof m.text)) {
            tell(p, &m);
            kill(p->target, SIGKILL);
        }
    }
    struct signalfd_siginfo info;
    if (fds[1].revents && read(p->signals, &info, sizeof info) < 0)
        return 0;
    return !fds[0].revents;
}

/* Until all are gone, or we are to go. */
static void keep_free(struct post *p, int guard)
{
    int told = 0;
    do {
        if (reap(p) < 0 && !told) {
            told = 1;
            tell(p, &(struct keeper_message){.news = KEEPER_EMPTY});
        }
    } while (wait_for_news(p, guard));
}

static void keep(struct post *p, int guard)
{
    int told = 0;
    if (p->lingers) {
        keep_free(p, guard);
        if (guard >= 0)
            close(guard);
        end_all(p);
        return;
    }
    do {
        reap(p);
        if (p->ended && !told) { /* what it leaves behind ends with it */
            told = 1;
            if (guard >= 0)
                close(guard);
            guard = -1;
            end_all(p);
        }
    } while (wait_for_news(p, guard));
    if (guard >= 0)
        close(guard); /* from here on every call it watches fails */
    end_all(p);
}

static void only_these(const int keep[2], int line)
{
    int high[3] = {keep[0], keep[1], line}, null = open("/dev/null", O_RDWR);
    for (int i = 0; i < 3; i++)
        high[i] = fcntl(high[i], F_DUPFD_CLOEXEC, 200); /* none in the way of another */
    for (int i = 0; i < 3; i++)
        dup2(high[i], FIRST_KEPT + i);
    for (int fd = 0; fd < (getenv("LOCKSTEP_DEBUG") ? 2 : 3); fd++)
        dup2(null, fd);
    close_range(3, FIRST_KEPT - 1, 0);
    close_range(LINE + 1, ~0u, 0);
    fcntl(LINE, F_SETFD, FD_CLOEXEC);
}

static int block_all(void)
{
    sigset_t all, child;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    signal(SIGCHLD, SIG_DFL);
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    return signalfd(-1, &child, SFD_CLOEXEC);
}

static _Noreturn void keeper_main(const int kept[2], int line, int lingers, become_fn *become,
                                  void *ctx)
{
    int guard_line[2];
    guard_note_terminals();
    only_these(kept, line);
    setsid();
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    struct post p = {.line = LINE, .signals = block_all(), .lingers = lingers};
    if (lingers)
        ioctl(FIRST_KEPT + 1, TIOCSCTTY, 0);
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, guard_line))
        _exit(70);
    pid_t me = getpid();
    p.target = fork();
    if (p.target == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != me)
            _exit(70);
        setpgid(0, 0);
        if (lingers)
            tcsetpgrp(FIRST_KEPT + 1, getpid());
        become(ctx, guard_line[1]);
        _exit(70);
    }
    close(guard_line[1]);
    setpgid(p.target, p.target);
    tell(&p, &(struct keeper_message){.news = KEEPER_STARTED, .value = p.target});
    int guard = guard_take(guard_line[0]);
    close(guard_line[0]);
    keep(&p, guard);
    _exit(0);
}

/* ---- in lockstep ---- */
static int start(struct keeper *k, const int keep[2], int lingers, become_fn *become, void *ctx,
                 pid_t *pid)
{
    int ends[2];
    struct keeper_message m;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
        return -errno;
    k->pid = fork();
    if (k->pid == 0)
        keeper_main(keep, ends[1], lingers, become, ctx);
    int error = errno;
    close(ends[1]);
    k->line = ends[0];
    if (k->pid < 0) {
        close(k->line);
        k->pid = 0;
        return -error;
    }
    ssize_t n;
    while ((n = recv(k->line, &m, sizeof m, 0)) < 0 && errno == EINTR)
        ;
    *pid = n == sizeof m && m.news == KEEPER_STARTED ? (pid_t)m.value : -1;
    if (*pid > 0)
        return 0;
    keeper_end(k);
    return -EAGAIN;
}

int keeper_start(struct keeper *k, const int keep[2], become_fn *become, void *ctx, pid_t *pid)
{
    return start(k, keep, 0, become, ctx, pid);
}

int keeper_start_free(struct keeper *k, const int keep[2], become_fn *become, void *ctx, pid_t *pid)
{
    return start(k, keep, 1, become, ctx, pid);
}

void keeper_hurry(struct keeper *k)
{
    if (k->pid)
        shutdown(k->line, SHUT_RDWR);
}

int keeper_hear(struct keeper *k, struct keeper_message *m)
{
    ssize_t n = recv(k->line, m, sizeof *m, MSG_DONTWAIT);
    if (n == sizeof *m) {
        m->text[sizeof m->text - 1] = '\0';
        return 1;
    }
    return n < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : -1;
}

void keeper_end(struct keeper *k)
{
    if (!k->pid)
        return;
    close(k->line);
    while (waitpid(k->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    *k = (struct keeper){0};
}
