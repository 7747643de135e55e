/* What the learner does to a program that runs free: signals, ends of waits, slow motion, typing.
 * Whatever is ended is the program's: a pid may have become another's meanwhile. */
#include "live_private.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <linux/futex.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

/* A descriptor of a process that descends from the keeper, which is no other's as long as it is
 * open; or negative. */
static int take_hold(const struct live *l, int32_t pid, struct err *e)
{
    int fd = (int)syscall(SYS_pidfd_open, pid, 0);
    if (fd >= 0 && l->keeper.pid && keeper_has(l->keeper.pid, pid))
        return fd;
    if (fd >= 0)
        close(fd);
    return err_set(e, ERR_NOT_FOUND, "process %" PRId32 " has ended", pid);
}

/* It has ended, though nobody has waited for it yet. */
static int is_over(int pidfd)
{
    struct pollfd p = {pidfd, POLLIN, 0};
    return poll(&p, 1, 0) > 0;
}

static int signal_thread(int pidfd, int32_t pid, int32_t tid, int sig, struct err *e)
{
    if (is_over(pidfd))
        return err_set(e, ERR_NOT_FOUND, "process %" PRId32 " has ended", pid);
    if (syscall(SYS_tgkill, pid, tid, sig) == 0)
        return 0;
    return err_set(e, ERR_NOT_FOUND, "thread %" PRId32 " of process %" PRId32 ": %s", tid, pid,
                   errno == ESRCH ? "it has ended" : strerror(errno));
}

int live_signal(struct live *l, uint32_t process, uint32_t task, int sig, struct err *e)
{
    const struct live_model *m = &l->model;
    if (sig < 0 || sig >= NSIG)
        return err_set(e, ERR_UNSUPPORTED, "there is no signal %d", sig);
    if (task != LIVE_NONE ? task >= m->ntasks : process >= m->nprocesses)
        return err_set(e, ERR_NOT_FOUND, "there is no such %s",
                       task != LIVE_NONE ? "thread" : "process");
    int32_t pid = task != LIVE_NONE ? m->tasks[task].pid : m->processes[process].pid;
    if (task != LIVE_NONE ? m->tasks[task].ended : m->processes[process].ended)
        return err_set(e, ERR_NOT_FOUND, "it has ended; nothing can be sent to it");
    int fd = take_hold(l, pid, e), rc = 0;
    if (fd < 0)
        return fd;
    if (task != LIVE_NONE)
        rc = signal_thread(fd, pid, m->tasks[task].tid, sig, e);
    else if (is_over(fd) || syscall(SYS_pidfd_send_signal, fd, sig, NULL, 0) != 0)
        rc = err_set(e, ERR_NOT_FOUND, "process %" PRId32 " has ended", pid);
    close(fd);
    return rc;
}

/* ---- ending a wait ---- */
static struct recorder_thread *slot_of(struct live *l, const struct live_task *k)
{
    for (uint32_t i = 0; i < RECORDER_THREADS; i++) {
        struct recorder_thread *t = &l->memory->threads[i];
        if (l->slots[i].known && t->number == k->number && t->tid == k->tid &&
            __atomic_load_n(&t->life, __ATOMIC_ACQUIRE) == LIFE_ALIVE)
            return t;
    }
    return NULL;
}

/* Why a wait of this kind cannot be ended; NULL if it can. */
static const char *cannot_end(unsigned kind)
{
    switch (kind) {
    case EV_NONE:
        return _("slow motion holds it up; let it make a step");
    case EV_LOCK:
    case EV_TIMEDLOCK:
    case EV_SPIN_LOCK:
    case EV_RDLOCK:
    case EV_WRLOCK:
    case EV_TIMEDRDLOCK:
    case EV_TIMEDWRLOCK:
        return _("a wait for a lock ends only when the lock is given back");
    case EV_JOIN:
        return _("a join ends only when the other thread has ended");
    case EV_BARRIER_ARRIVE:
        return _("a wait at a barrier ends only when all are there");
    case EV_SIGWAIT:
        return _("sigwait ends only when its signal comes; send it that");
    case EV_ONCE_BEGIN:
        return _("a once ends only when its routine is done");
    default:
        return NULL;
    }
}

static int has_handler(const struct live *l, int32_t pid)
{
    for (uint32_t i = 0; i < RECORDER_PROCESSES; i++) {
        const struct recorder_process *p = &l->memory->processes[i];
        if (p->pid == pid && p->life == LIFE_ALIVE && p->signal)
            return 1;
    }
    return 0;
}

int live_interrupt(struct live *l, uint32_t task, struct err *e)
{
    if (task >= l->model.ntasks || l->model.tasks[task].ended)
        return err_set(e, ERR_NOT_FOUND, "there is no such thread any more");
    const struct live_task *k = &l->model.tasks[task];
    struct recorder_thread *t = slot_of(l, k);
    if (!t)
        return err_set(e, ERR_UNSUPPORTED, "it notes nothing, so its wait cannot be ended");
    if (!k->wait_since)
        return err_set(e, ERR_UNSUPPORTED, "it does not wait");
    const char *why = cannot_end(k->wait_kind);
    if (why)
        return err_set(e, ERR_UNSUPPORTED, "%s", why);
    if (!has_handler(l, k->pid))
        return err_set(e, ERR_UNSUPPORTED,
                       "the program uses signal %d itself, by which waits are ended",
                       RECORDER_SIGNAL);
    int fd = take_hold(l, k->pid, e);
    if (fd < 0)
        return fd;
    __atomic_store_n(&t->interrupted, 1, __ATOMIC_SEQ_CST);
    int rc = signal_thread(fd, k->pid, k->tid, RECORDER_SIGNAL, e);
    close(fd);
    l->interrupting = k->number;
    l->interrupted_at = l->now;
    return rc;
}

/* The signal came before it slept: once more. */
void live_interrupt_look(struct live *l)
{
    uint32_t task = live_task_number(&l->model, l->interrupting);
    if (!l->interrupted_at || l->now - l->interrupted_at < 20000000)
        return;
    struct recorder_thread *t = task == LIVE_NONE ? NULL : slot_of(l, &l->model.tasks[task]);
    l->interrupted_at = 0;
    if (t && __atomic_load_n(&t->interrupted, __ATOMIC_SEQ_CST) == 1)
        live_interrupt(l, task, NULL);
}

/* ---- slow motion ---- */
static void wake(uint32_t *word)
{
    syscall(SYS_futex, word, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
}

void live_pace(struct live *l, uint32_t pace)
{
    __atomic_store_n(&l->memory->pace, pace, __ATOMIC_SEQ_CST);
    if (pace != PACE_STEP)
        __atomic_store_n(&l->memory->tokens, 0, __ATOMIC_SEQ_CST);
    wake(&l->memory->tokens);
}

void live_step(struct live *l)
{
    __atomic_fetch_add(&l->memory->tokens, 1, __ATOMIC_SEQ_CST);
    wake(&l->memory->tokens);
}

/* ---- typing ---- */
int live_type(struct live *l, const char *bytes, size_t n)
{
    struct termios t;
    if (l->over || l->terminal_fd < 0)
        return -ERR_NOT_FOUND;
    if (l->program->stdin_path)
        return -ERR_UNSUPPORTED;
    if (!l->typed && tcgetattr(l->terminal_fd, &t) == 0) { /* from now on it is seen */
        t.c_lflag |= ECHO;
        tcsetattr(l->terminal_fd, TCSANOW, &t);
    }
    l->typed = 1;
    for (size_t done = 0; done < n;) {
        ssize_t got = write(l->terminal_fd, bytes + done, n - done);
        if (got < 0 && errno != EINTR)
            return -ERR_WRITE; /* it does not read what was typed before */
        done += got > 0 ? (size_t)got : 0;
    }
    return 0;
}
