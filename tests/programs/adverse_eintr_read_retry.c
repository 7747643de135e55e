// A read may be interrupted: so again.
// OPTIONS --adversity=eintr:2
// EXPECT complete
// EXPECT outcome "1 x\n" exit 0
// EXPECT no-findings
// OPTIONS --adversity=eintr:2 --strategy dfs
// EXPECT complete
// EXPECT outcome "1 x\n" exit 0
// EXPECT no-findings
#include <errno.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    int p[2];
    char c = '?';
    if (pipe(p))
        return 2;
    if (fork() == 0)
        _exit(write(p[1], "x", 1) != 1);
    ssize_t n;
    do
        n = read(p[0], &c, 1);
    while (n == -1 && errno == EINTR);
    printf("%zd %c\n", n, c);
    return 0;
}
