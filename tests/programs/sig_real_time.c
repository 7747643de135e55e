// Real-time signals are queued, each with its value, in order; the lowest number comes first.
// EXPECT complete
// EXPECT outcome "0:1 0:2 0:3 1:9\n" exit 0
// EXPECT no-findings
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static volatile sig_atomic_t n, order[8], values[8];

static void handler(int sig, siginfo_t *info, void *context)
{
    (void)context;
    order[n] = sig - SIGRTMIN;
    values[n++] = info->si_value.sival_int;
}

int main(void)
{
    struct sigaction a = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO};
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGRTMIN);
    sigaddset(&set, SIGRTMIN + 1);
    a.sa_mask = set;
    sigaction(SIGRTMIN, &a, NULL);
    sigaction(SIGRTMIN + 1, &a, NULL);
    sigprocmask(SIG_BLOCK, &set, NULL);
    sigqueue(getpid(), SIGRTMIN + 1, (union sigval){.sival_int = 9});
    for (int i = 1; i <= 3; i++)
        sigqueue(getpid(), SIGRTMIN, (union sigval){.sival_int = i});
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    for (int i = 0; i < n; i++)
        printf("%d:%d%c", (int)order[i], (int)values[i], i + 1 < n ? ' ' : '\n');
    return 0;
}
