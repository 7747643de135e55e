// Without blocking: an empty pipe says EAGAIN, a full one too once it holds its 64 KiB.
// EXPECT complete
// EXPECT outcome "-1 1\n65536 1\n" exit 0
// EXPECT no-findings
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
    int p[2];
    char block[4096] = {0};
    long all = 0;
    if (pipe2(p, O_NONBLOCK))
        return 2;
    ssize_t n = read(p[0], block, 1);
    printf("%d %d\n", (int)n, errno == EAGAIN);
    while ((n = write(p[1], block, sizeof block)) > 0)
        all += n;
    printf("%ld %d\n", all, errno == EAGAIN);
    return 0;
}
