// What is written to shared memory before the signal is there for its handler.
// EXPECT complete
// EXPECT outcome "42\n" exit 0
// EXPECT no-findings
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static int *box;
static volatile sig_atomic_t seen;

static void handler(int sig)
{
    (void)sig;
    seen = *box;
}

int main(void)
{
    sigset_t set, old;
    box = mmap(NULL, sizeof *box, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    signal(SIGUSR1, handler);
    sigprocmask(SIG_BLOCK, &set, &old);
    if (fork() == 0) {
        *box = 42;
        kill(getppid(), SIGUSR1);
        _exit(0);
    }
    while (!seen)
        sigsuspend(&old);
    printf("%d\n", (int)seen);
    wait(NULL);
    return 0;
}
