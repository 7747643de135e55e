// With SA_RESTART the read goes on after the handler.
// EXPECT complete
// EXPECT outcome "read 1\n" exit 0
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
    int p[2];
    char c;
    struct sigaction a = {.sa_handler = handler, .sa_flags = SA_RESTART};
    sigaction(SIGUSR1, &a, NULL);
    if (pipe(p))
        return 2;
    if (fork() == 0) {
        kill(getppid(), SIGUSR1);
        _exit(write(p[1], "x", 1) != 1);
    }
    ssize_t n = read(p[0], &c, 1);
    wait(NULL);
    printf("%s %d\n", n == 1 ? "read" : "?", (int)got);
    return 0;
}
