// sigwaitinfo takes queued signals with their values, in order.
// EXPECT complete
// EXPECT outcome "5 6\n" exit 0
// EXPECT no-findings
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    sigset_t set;
    siginfo_t a, b;
    sigemptyset(&set);
    sigaddset(&set, SIGRTMIN);
    sigprocmask(SIG_BLOCK, &set, NULL);
    if (fork() == 0) {
        sigqueue(getppid(), SIGRTMIN, (union sigval){.sival_int = 5});
        sigqueue(getppid(), SIGRTMIN, (union sigval){.sival_int = 6});
        _exit(0);
    }
    sigwaitinfo(&set, &a);
    sigwaitinfo(&set, &b);
    printf("%d %d\n", a.si_value.sival_int, b.si_value.sival_int);
    wait(NULL);
    return 0;
}
