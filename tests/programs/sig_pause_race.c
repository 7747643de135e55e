// The signal may come between the look at the flag and the pause, which then waits for ever.
// EXPECT complete
// EXPECT outcome "got\n" exit 0
// EXPECT outcome "" deadlock
// EXPECT finding deadlock|lost-wakeup
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
    signal(SIGUSR1, handler);
    if (fork() == 0) {
        kill(getppid(), SIGUSR1);
        _exit(0);
    }
    if (!got)
        pause();
    puts("got");
    wait(NULL);
    return 0;
}
