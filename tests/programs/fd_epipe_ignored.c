// With SIGPIPE ignored the write fails with EPIPE.
// EXPECT complete
// EXPECT outcome "-1 1\n" exit 0
// EXPECT no-findings
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
    int p[2];
    signal(SIGPIPE, SIG_IGN);
    if (pipe(p))
        return 2;
    close(p[0]);
    ssize_t n = write(p[1], "x", 1);
    printf("%d %d\n", (int)n, errno == EPIPE);
    return 0;
}
