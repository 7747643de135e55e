// A handler runs on the same task as what it interrupts: whatever both touch, it is no data race.
// EXPECT complete
// EXPECT outcome "1\n" exit 0
// EXPECT outcome "2\n" exit 0
// EXPECT no-findings
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile int n;

static void handler(int sig)
{
    (void)sig;
    n++;
}

int main(void)
{
    signal(SIGUSR1, handler);
    if (fork() == 0) {
        kill(getppid(), SIGUSR1);
        _exit(0);
    }
    n++; /* the handler may come between the read and the write */
    wait(NULL);
    printf("%d\n", n);
    return 0;
}
