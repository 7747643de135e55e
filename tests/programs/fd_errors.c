// Errors of the calls: closed, never opened, the wrong end.
// EXPECT complete
// EXPECT outcome "1 1 1 1\n" exit 0
// EXPECT no-findings
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
    int p[2];
    char c = 0;
    if (pipe(p))
        return 2;
    int a = write(p[0], &c, 1) == -1 && errno == EBADF;
    int b = read(p[1], &c, 1) == -1 && errno == EBADF;
    close(p[0]);
    int d = close(p[0]) == -1 && errno == EBADF;
    int e = dup2(77, 5) == -1 && errno == EBADF;
    printf("%d %d %d %d\n", a, b, d, e);
    return 0;
}
