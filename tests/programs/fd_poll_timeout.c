// A time limit may be over before anything comes, or not.
// EXPECT complete
// EXPECT outcome "timeout\n" exit 0
// EXPECT outcome "ready\n" exit 0
// EXPECT no-findings
#include <poll.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    int p[2];
    if (pipe(p))
        return 2;
    if (fork() == 0)
        _exit(write(p[1], "x", 1) != 1);
    struct pollfd fd = {p[0], POLLIN, 0};
    puts(poll(&fd, 1, 1) ? "ready" : "timeout");
    wait(NULL);
    return 0;
}
