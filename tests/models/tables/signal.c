/* Signals: actions, masks, what is pending, and the ways to wait for them. */
#include "cell.h"

#include <signal.h>
#include <sys/wait.h>

static volatile sig_atomic_t calls, last, depth, deepest, blocked_in_handler, value;

static void handler(int n)
{
    sigset_t now;
    calls++;
    last = n;
    if (++depth > deepest)
        deepest = depth;
    sigprocmask(SIG_BLOCK, NULL, &now);
    blocked_in_handler = sigismember(&now, n);
    depth--;
}

static void again(int n)
{
    calls++;
    if (++depth > deepest)
        deepest = depth;
    if (calls < 2)
        raise(n);
    depth--;
}

static void informed(int n, siginfo_t *info, void *context)
{
    (void)context;
    last = n;
    value = info->si_value.sival_int;
    calls++;
}

static void action(int n, void (*f)(int), int flags)
{
    struct sigaction a = {.sa_handler = f, .sa_flags = flags};
    sigemptyset(&a.sa_mask);
    sigaction(n, &a, NULL);
}

static void actions(void)
{
    struct sigaction a = {.sa_handler = handler}, old;
    cell_errno("sigaction, KILL", sigaction(SIGKILL, &a, NULL));
    cell_errno("sigaction, STOP", sigaction(SIGSTOP, &a, NULL));
    cell_errno("sigaction, 0", sigaction(0, &a, NULL));
    cell_errno("sigaction, 1000", sigaction(1000, &a, NULL));
    cell_errno("sigaction", sigaction(SIGUSR1, &a, &old));
    cell_number("the old one is the default", old.sa_handler == SIG_DFL);
    cell_errno("sigaction, to ask", sigaction(SIGUSR1, NULL, &old));
    cell_number("it is what was set", old.sa_handler == handler);
    cell_number("signal gives what was set", signal(SIGUSR1, SIG_IGN) == handler);
    cell_number("signal gives SIG_IGN", signal(SIGUSR1, handler) == SIG_IGN);
    cell_number("signal, KILL, is SIG_ERR", signal(SIGKILL, handler) == SIG_ERR);
    cell_number("raise", raise(SIGUSR1));
    cell_number("calls before raise came back", calls);
    cell_number("the signal", last == SIGUSR1);
    cell_number("blocked in its own handler", blocked_in_handler);
    cell_errno("kill of oneself", kill(getpid(), SIGUSR1));
    cell_number("calls before kill came back", calls);
    cell_number("pthread_kill of oneself", pthread_kill(pthread_self(), SIGUSR1));
    cell_number("calls before pthread_kill came back", calls);
    signal(SIGUSR1, SIG_IGN);
    raise(SIGUSR1);
    cell_number("ignored: calls still", calls);
    calls = 0;
    action(SIGUSR1, handler, SA_RESETHAND);
    raise(SIGUSR1);
    sigaction(SIGUSR1, NULL, &old);
    cell_number("SA_RESETHAND: calls", calls);
    cell_number("then: the default again", old.sa_handler == SIG_DFL);
    calls = deepest = 0;
    action(SIGUSR1, again, 0);
    raise(SIGUSR1);
    cell_number("raised in its handler: calls", calls);
    cell_number("how deep", deepest);
    calls = deepest = 0;
    action(SIGUSR1, again, SA_NODEFER);
    raise(SIGUSR1);
    cell_number("SA_NODEFER, raised in its handler: calls", calls);
    cell_number("how deep then", deepest);
}

static void masks(void)
{
    sigset_t one, old, pending;
    calls = 0;
    action(SIGUSR1, handler, 0);
    sigemptyset(&one);
    sigaddset(&one, SIGUSR1);
    cell_errno("sigprocmask, no such way", sigprocmask(99, &one, NULL));
    cell_errno("sigprocmask, block", sigprocmask(SIG_BLOCK, &one, &old));
    cell_number("it was not blocked", sigismember(&old, SIGUSR1));
    raise(SIGUSR1);
    raise(SIGUSR1);
    cell_number("blocked: calls", calls);
    sigpending(&pending);
    cell_number("blocked: pending", sigismember(&pending, SIGUSR1));
    cell_errno("sigprocmask, unblock", sigprocmask(SIG_UNBLOCK, &one, NULL));
    cell_number("raised twice while blocked: calls", calls);
    sigpending(&pending);
    cell_number("then: pending", sigismember(&pending, SIGUSR1));
    sigprocmask(SIG_BLOCK, &one, NULL);
    raise(SIGUSR1);
    signal(SIGUSR1, SIG_IGN);
    sigpending(&pending);
    cell_number("ignored while pending: pending", sigismember(&pending, SIGUSR1));
    action(SIGUSR1, handler, 0);
    sigprocmask(SIG_UNBLOCK, &one, NULL);
    cell_number("then: calls still", calls);
    sigfillset(&one);
    cell_errno("sigprocmask, block all", sigprocmask(SIG_SETMASK, &one, &old));
    sigprocmask(SIG_SETMASK, &old, &one);
    cell_number("KILL is not blocked", sigismember(&one, SIGKILL));
    cell_number("pthread_sigmask, no such way", pthread_sigmask(99, &one, NULL));
    cell_number("sigaddset, 1000, is an error", sigaddset(&one, 1000) == -1);
}

static void waits(void)
{
    sigset_t set, none;
    struct timespec zero = {0};
    siginfo_t info;
    int n = 0;
    calls = 0;
    sigemptyset(&none);
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigaddset(&set, SIGUSR2);
    action(SIGUSR1, handler, 0);
    sigprocmask(SIG_BLOCK, &set, NULL);
    cell_errno("nothing pending: sigtimedwait, 0", sigtimedwait(&set, &info, &zero));
    raise(SIGUSR2);
    cell("pending: sigwait", sigwait(&set, &n));
    cell_number("it is USR2", n == SIGUSR2);
    raise(SIGUSR1);
    cell_number("pending: sigwaitinfo gives USR1", sigwaitinfo(&set, &info) == SIGUSR1);
    cell_number("its si_signo", info.si_signo == SIGUSR1);
    cell_number("its si_pid is mine", info.si_pid == getpid());
    cell_number("no handler was called", calls);
    raise(SIGUSR1);
    cell_errno("pending: sigsuspend", sigsuspend(&none));
    cell_number("its handler was called", calls);
    sigprocmask(SIG_BLOCK, NULL, &none);
    cell_number("after sigsuspend: blocked as before", sigismember(&none, SIGUSR1));
    sigprocmask(SIG_UNBLOCK, &set, NULL);
}

static void queues(void)
{
    struct sigaction a = {.sa_sigaction = informed, .sa_flags = SA_SIGINFO};
    sigset_t set;
    siginfo_t info;
    sigemptyset(&a.sa_mask);
    sigaction(SIGRTMIN, &a, NULL);
    calls = 0;
    cell_errno("sigqueue", sigqueue(getpid(), SIGRTMIN, (union sigval){.sival_int = 42}));
    cell_number("calls", calls);
    cell_number("the value", value);
    cell_errno("sigqueue, no such signal", sigqueue(getpid(), 1000, (union sigval){0}));
    sigemptyset(&set);
    sigaddset(&set, SIGRTMIN);
    sigaddset(&set, SIGRTMIN + 1);
    sigprocmask(SIG_BLOCK, &set, NULL);
    sigqueue(getpid(), SIGRTMIN + 1, (union sigval){.sival_int = 3});
    sigqueue(getpid(), SIGRTMIN, (union sigval){.sival_int = 1});
    sigqueue(getpid(), SIGRTMIN, (union sigval){.sival_int = 2});
    for (int i = 1; i <= 3; i++) {
        char what[40];
        sigwaitinfo(&set, &info);
        snprintf(what, sizeof what, "real-time signals in order, number %d", i);
        cell_number(what, info.si_value.sival_int);
    }
    sigprocmask(SIG_UNBLOCK, &set, NULL);
}

/* Signals end a child, or a call of it. */
static int child(void (*f)(void))
{
    int status = 0;
    pid_t pid = fork();
    if (pid == 0) {
        f();
        _exit(0);
    }
    waitpid(pid, &status, 0);
    return WIFSIGNALED(status) ? 1000 + WTERMSIG(status) : WEXITSTATUS(status);
}

static void default_usr1(void)
{
    signal(SIGUSR1, SIG_DFL);
    raise(SIGUSR1);
}

static void default_chld(void)
{
    raise(SIGCHLD);
    raise(SIGURG);
    raise(SIGCONT);
}

static void abort_handled(void)
{
    signal(SIGABRT, SIG_IGN);
    abort();
}

static void null_blocked(void)
{
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    raise(SIGKILL);
}

static void children(void)
{
    cell_number("default of USR1: ends, 1000 + signal", child(default_usr1));
    cell_number("default of CHLD, URG, CONT: nothing", child(default_chld));
    cell_number("abort with ABRT ignored", child(abort_handled));
    cell_number("KILL with all blocked", child(null_blocked));
}

int main(void)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    actions();
    masks();
    waits();
    queues();
    children();
    return 0;
}
