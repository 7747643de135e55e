/* Signals: sent, waited for. */
#include "inside.h"

#include <sys/syscall.h>

static uint64_t target(pid_t pid, uint32_t number)
{
    return (uint64_t)(uint32_t)pid | (uint64_t)number << 32;
}

static void note_kill(int result, int sig, uint64_t to, uint64_t pc)
{
    int keep = errno;
    note_more(EV_KILL, arg_of(result), 0, pc, (unsigned)sig & 0xffff, to);
    errno = keep;
}

/* Noted before; again when it could not be sent. */
#define SEND(call, sig, to, error)                                                                 \
    bool noted = ready();                                                                          \
    uint64_t whom = noted ? (to) : 0;                                                              \
    if (noted)                                                                                     \
        note_kill(0, sig, whom, HERE);                                                             \
    int rc = call;                                                                                 \
    if (noted && rc)                                                                               \
        note_kill(error, sig, whom, HERE);                                                         \
    return rc;

EXPORT int kill(pid_t pid, int sig){SEND(real.kill(pid, sig), sig, target(pid, ~0u), errno)}

EXPORT
    int killpg(pid_t group, int sig){SEND(real.killpg(group, sig), sig, target(-group, ~0u), errno)}

EXPORT int raise(int sig){SEND(real.raise(sig), sig, target(process_pid, me.slot->number), errno)}

EXPORT int sigqueue(pid_t pid, int sig, const union sigval value){
    SEND(real.sigqueue(pid, sig, value), sig, target(pid, ~0u), errno)}

EXPORT int pthread_kill(pthread_t thread, int sig)
{
    SEND(real.pthread_kill(thread, sig), sig, target(process_pid, thread_number((uint64_t)thread)),
         rc)
}

/* ---- waiting ---- */
static void over(struct wait *w, unsigned kind, int error, int sig, uint64_t pc)
{
    int keep = errno;
    wait_end(w);
    note_now(kind, arg_of(error), 0, pc, (unsigned)sig & 0xffff);
    errno = keep;
}

EXPORT int pause(void)
{
    if (!ready())
        return real.pause();
    struct wait w;
    wait_begin(&w, EV_PAUSE, 0, HERE, 0);
    int rc = real.pause();
    over(&w, EV_PAUSE, errno, 0, HERE);
    return rc;
}

EXPORT int sigsuspend(const sigset_t *mask)
{
    if (!ready())
        return real.sigsuspend(mask);
    struct wait w;
    wait_begin(&w, EV_PAUSE, 0, HERE, 0);
    int rc = real.sigsuspend(mask);
    over(&w, EV_PAUSE, errno, 0, HERE);
    return rc;
}

EXPORT int sigwait(const sigset_t *restrict set, int *restrict sig)
{
    if (!ready())
        return real.sigwait(set, sig);
    struct wait w;
    wait_begin(&w, EV_SIGWAIT, 0, HERE, 0);
    int rc = real.sigwait(set, sig);
    over(&w, EV_SIGWAIT, rc, rc ? 0 : *sig, HERE);
    return rc;
}

EXPORT int sigwaitinfo(const sigset_t *restrict set, siginfo_t *restrict info)
{
    if (!ready())
        return real.sigwaitinfo(set, info);
    struct wait w;
    wait_begin(&w, EV_SIGWAIT, 0, HERE, 0);
    int sig = real.sigwaitinfo(set, info);
    over(&w, EV_SIGWAIT, sig < 0 ? errno : 0, sig < 0 ? 0 : sig, HERE);
    return sig;
}

EXPORT int sigtimedwait(const sigset_t *restrict set, siginfo_t *restrict info,
                        const struct timespec *restrict limit)
{
    if (!ready())
        return real.sigtimedwait(set, info, limit);
    struct wait w;
    wait_begin(&w, EV_SIGWAIT, 0, HERE, 0);
    int sig = real.sigtimedwait(set, info, limit);
    over(&w, EV_SIGWAIT, sig < 0 ? errno : 0, sig < 0 ? 0 : sig, HERE);
    return sig;
}

/* ---- the signal that ends waits: the program's own, when it wants it ---- */
static void taken(int sig)
{
    struct recorder_process *p = sig == RECORDER_SIGNAL ? process_here() : NULL;
    if (p)
        p->signal = 0;
}

EXPORT int sigaction(int sig, const struct sigaction *restrict act, struct sigaction *restrict old)
{
    begun();
    if (act)
        taken(sig);
    return real.sigaction(sig, act, old);
}

EXPORT __sighandler_t signal(int sig, __sighandler_t handler)
{
    begun();
    taken(sig);
    return real.signal(sig, handler);
}
