// Sent twice, an ordinary signal is taken once or twice.
// EXPECT complete
// EXPECT outcome "1\n" exit 0
// EXPECT outcome "2\n" exit 0
// EXPECT no-findings
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t n;

static void handler(int sig)
{
    (void)sig;
    n++;
}

int main(void)
{
    struct sigaction a = {.sa_handler = handler, .sa_flags = SA_RESTART};
    sigaction(SIGUSR1, &a, NULL);
    if (fork() == 0) {
        kill(getppid(), SIGUSR1);
        kill(getppid(), SIGUSR1);
        _exit(0);
    }
    wait(NULL);
    printf("%d\n", (int)n);
    return 0;
}
