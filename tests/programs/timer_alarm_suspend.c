// The signal is blocked until sigsuspend waits for it: it cannot come too early.
// EXPECT complete
// EXPECT outcome "caught 1\n" exit 0
// EXPECT no-findings
// OPTIONS --strategy dfs
// EXPECT complete
// EXPECT outcome "caught 1\n" exit 0
// EXPECT no-findings
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static volatile sig_atomic_t caught;

static void on_alarm(int sig)
{
    (void)sig;
    caught++;
}

int main(void)
{
    sigset_t set, before;
    signal(SIGALRM, on_alarm);
    sigemptyset(&set);
    sigaddset(&set, SIGALRM);
    sigprocmask(SIG_BLOCK, &set, &before);
    alarm(1);
    sigsuspend(&before);
    printf("caught %d\n", caught);
    return 0;
}
