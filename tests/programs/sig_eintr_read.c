// Without SA_RESTART a read that waits may end with EINTR, or get its byte when the signal came
// before it or after.
// EXPECT complete
// EXPECT outcome "EINTR\n" exit 0
// EXPECT outcome "read\n" exit 0
// EXPECT no-findings
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static void handler(int sig)
{
    (void)sig;
}

int main(void)
{
    int p[2];
    char c;
    struct sigaction a = {.sa_handler = handler};
    sigaction(SIGUSR1, &a, NULL);
    if (pipe(p))
        return 2;
    if (fork() == 0) {
        kill(getppid(), SIGUSR1);
        _exit(write(p[1], "x", 1) != 1);
    }
    ssize_t n = read(p[0], &c, 1);
    puts(n == 1 ? "read" : n < 0 && errno == EINTR ? "EINTR" : "?");
    wait(NULL);
    return 0;
}
