// Blocked until sigsuspend lets it in: the signal cannot be missed.
// EXPECT complete
// EXPECT outcome "got\n" exit 0
// EXPECT no-findings
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t got;

static void handler(int sig)
{
    (void)sig;
    got = 1;
}

int main(void)
{
    sigset_t set, old;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    signal(SIGUSR1, handler);
    sigprocmask(SIG_BLOCK, &set, &old);
    if (fork() == 0) {
        kill(getppid(), SIGUSR1);
        _exit(0);
    }
    while (!got)
        sigsuspend(&old);
    puts("got");
    wait(NULL);
    return 0;
}
