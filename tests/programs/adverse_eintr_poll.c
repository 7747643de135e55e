// poll may be interrupted, whether or not it has a time limit.
// OPTIONS --adversity=eintr
// EXPECT complete
// EXPECT outcome "EINTR\n" exit 0
// EXPECT outcome "late\n" exit 0
// EXPECT outcome "ready\n" exit 0
// EXPECT no-findings
// OPTIONS --adversity=eintr --strategy dfs
// EXPECT complete
// EXPECT outcome "EINTR\n" exit 0
// EXPECT outcome "late\n" exit 0
// EXPECT outcome "ready\n" exit 0
// EXPECT no-findings
// OPTIONS --strategy dpor
// EXPECT complete
// EXPECT outcome "late\n" exit 0
// EXPECT outcome "ready\n" exit 0
// EXPECT no-findings
#include <errno.h>
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
    struct pollfd f = {.fd = p[0], .events = POLLIN};
    int n = poll(&f, 1, 1000);
    puts(n == 1 ? "ready" : n == 0 ? "late" : errno == EINTR ? "EINTR" : "?");
    return 0;
}
