// A handler that writes into a pipe turns a signal into something to read.
// EXPECT complete
// EXPECT outcome "woken 10\n" exit 0
// EXPECT no-findings
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static int p[2];

static void handler(int sig)
{
    char c = (char)sig;
    if (write(p[1], &c, 1) != 1)
        _exit(3);
}

int main(void)
{
    char c;
    if (pipe(p))
        return 2;
    signal(SIGUSR1, handler);
    if (fork() == 0) {
        kill(getppid(), SIGUSR1);
        _exit(0);
    }
    struct pollfd fd = {p[0], POLLIN, 0};
    while (poll(&fd, 1, -1) < 0)
        ;
    if (read(p[0], &c, 1) != 1)
        return 4;
    printf("woken %d\n", c);
    wait(NULL);
    return 0;
}
