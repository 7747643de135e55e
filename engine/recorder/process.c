/* Processes: forked, waited for, ended. */
#include "inside.h"

#include <assert.h>
#include <string.h>

/* ---- fork ---- */
static uint64_t child_of(uint32_t number, pid_t pid)
{
    return number | (uint64_t)(uint32_t)pid << 32;
}

static void fork_begin(uint64_t pc)
{
    int keep = errno;
    me.child_number = number_new();
    note_more(EV_FORK, 0, 0, pc, 0, child_of(me.child_number, 0));
    errno = keep;
}

static pid_t fork_end(pid_t pid, uint64_t pc)
{
    if (pid == 0)
        return 0; /* it has begun anew: process_forked */
    int error = errno;
    if (pid < 0)
        note_more(EV_FORK, arg_of(error), 0, pc, 0, child_of(me.child_number, 0));
    me.child_number = ~0u;
    errno = error;
    return pid;
}

EXPORT pid_t fork(void)
{
    if (!ready())
        return real.fork();
    fork_begin(HERE);
    return fork_end(real.fork(), HERE);
}

EXPORT pid_t _Fork(void)
{
    if (!real._Fork)
        map_once();
    bool noted = ready();
    if (noted)
        fork_begin(HERE);
    pid_t pid = real._Fork();
    if (pid == 0)
        process_forked(); /* this one calls no handlers */
    return noted ? fork_end(pid, HERE) : pid;
}

/* ---- waiting for children ---- */
static bool ended(int status)
{
    return WIFEXITED(status) || WIFSIGNALED(status);
}

static pid_t wait_over(struct wait *w, pid_t pid, int status, uint64_t pc)
{
    int error = errno;
    wait_end(w);
    if (pid > 0 && ended(status))
        process_reaped(pid, status);
    uint64_t got = pid > 0 ? (uint64_t)(uint32_t)pid | (uint64_t)(uint32_t)status << 32 : 0;
    note_more(EV_WAIT, pid < 0 ? arg_of(error) : 0, 0, pc, 0, got);
    errno = error;
    return pid;
}

static void wait_for(struct wait *w, pid_t pid, uint64_t pc)
{
    wait_begin(w, EV_WAIT, (uint32_t)pid, pc, 0);
}

EXPORT pid_t waitpid(pid_t pid, int *status, int options)
{
    if (!ready())
        return real.waitpid(pid, status, options);
    struct wait w;
    int own = 0, *said = status ? status : &own;
    wait_for(&w, pid, HERE);
    pid_t got = real.waitpid(pid, said, options);
    return wait_over(&w, got, got > 0 ? *said : 0, HERE);
}

EXPORT pid_t wait(int *status)
{
    if (!ready())
        return real.wait(status);
    struct wait w;
    int own = 0, *said = status ? status : &own;
    wait_for(&w, -1, HERE);
    pid_t got = real.wait(said);
    return wait_over(&w, got, got > 0 ? *said : 0, HERE);
}

EXPORT pid_t wait4(pid_t pid, int *status, int options, struct rusage *usage)
{
    if (!ready())
        return real.wait4(pid, status, options, usage);
    struct wait w;
    int own = 0, *said = status ? status : &own;
    wait_for(&w, pid, HERE);
    pid_t got = real.wait4(pid, said, options, usage);
    return wait_over(&w, got, got > 0 ? *said : 0, HERE);
}

EXPORT pid_t wait3(int *status, int options, struct rusage *usage)
{
    if (!ready())
        return real.wait3(status, options, usage);
    struct wait w;
    int own = 0, *said = status ? status : &own;
    wait_for(&w, -1, HERE);
    pid_t got = real.wait3(said, options, usage);
    return wait_over(&w, got, got > 0 ? *said : 0, HERE);
}

/* A wait status as the other calls tell it. */
static int status_of(const siginfo_t *i)
{
    switch (i->si_code) {
    case CLD_EXITED:
        return (i->si_status & 0xff) << 8;
    case CLD_KILLED:
        return i->si_status & 0x7f;
    case CLD_DUMPED:
        return (i->si_status & 0x7f) | 0x80;
    case CLD_CONTINUED:
        return 0xffff;
    default:
        return (i->si_status & 0xff) << 8 | 0x7f;
    }
}

EXPORT int waitid(idtype_t type, id_t id, siginfo_t *info, int options)
{
    if (!ready())
        return real.waitid(type, id, info, options);
    struct wait w;
    siginfo_t own = {0}, *i = info ? info : &own;
    wait_for(&w, type == P_PID ? (pid_t)id : type == P_PGID ? -(pid_t)id : -1, HERE);
    int rc = real.waitid(type, id, i, options);
    pid_t pid = rc ? -1 : i->si_pid;
    int status = pid > 0 ? status_of(i) : 0;
    if (pid > 0 && (options & WNOWAIT)) {
        int keep = errno;
        wait_end(&w);
        note_more(EV_WAIT, 0, 0, HERE, 0,
                  (uint64_t)(uint32_t)pid | (uint64_t)(uint32_t)status << 32);
        errno = keep;
    } else {
        wait_over(&w, pid, status, HERE);
    }
    return rc;
}

/* ---- ends ---- */
static void note_exit(int status, bool now, uint64_t pc)
{
    if (!ready())
        return;
    const struct recorder_process *p = process_here();
    if (!p || !p->exits)
        note_now(EV_EXIT, 0, 0, pc, (unsigned)status & 0xff);
    process_ends(status, now);
}

EXPORT _Noreturn void exit(int status)
{
    note_exit(status, false, HERE);
    real.exit(status);
    __builtin_unreachable();
}

EXPORT _Noreturn void quick_exit(int status)
{
    note_exit(status, false, HERE);
    real.quick_exit(status);
    __builtin_unreachable();
}

EXPORT _Noreturn void _exit(int status)
{
    note_exit(status, true, HERE);
    real._exit(status);
    __builtin_unreachable();
}

EXPORT _Noreturn void _Exit(int status)
{
    note_exit(status, true, HERE);
    real._Exit(status);
    __builtin_unreachable();
}

EXPORT _Noreturn void abort(void)
{
    if (ready())
        note_more(EV_ABORT, 0, 0, HERE, 0, ~0ull);
    real.abort();
    __builtin_unreachable();
}

EXPORT _Noreturn void __assert_fail(const char *what, const char *file, unsigned line,
                                    const char *function)
{
    if (ready())
        note_more(EV_ABORT, 0, 0, HERE, 0, text_add(what ? what : ""));
    real.__assert_fail(what, file, line, function);
    __builtin_unreachable();
}
