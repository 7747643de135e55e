// A handler that writes with write, posts a semaphore and sets a flag: all that is allowed.
// EXPECT complete
// EXPECT outcome "handler\nend\n" exit 0
// EXPECT no-findings
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static sem_t posted;
static volatile sig_atomic_t seen;

static void on_signal(int sig)
{
    seen = sig;
    ssize_t n = write(1, "handler\n", 8);
    (void)n;
    sem_post(&posted);
}

int main(void)
{
    sem_init(&posted, 0, 0);
    signal(SIGUSR1, on_signal);
    raise(SIGUSR1);
    sem_wait(&posted);
    puts("end");
    return 0;
}
