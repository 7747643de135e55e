// A counter kept in a file, read and written back without a lock: an increment may be lost.
// EXPECT complete
// EXPECT outcome "1\n" exit 0
// EXPECT outcome "2\n" exit 0
// EXPECT no-findings
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void count(int fd)
{
    int n = 0;
    if (pread(fd, &n, sizeof n, 0) != sizeof n)
        _exit(3);
    n++;
    if (pwrite(fd, &n, sizeof n, 0) != sizeof n)
        _exit(4);
}

int main(void)
{
    char name[] = "/tmp/counter-XXXXXX";
    int fd = mkstemp(name), n = 0;
    unlink(name);
    if (pwrite(fd, &n, sizeof n, 0) != sizeof n)
        return 2;
    if (fork() == 0) {
        count(fd);
        _exit(0);
    }
    count(fd);
    wait(NULL);
    if (pread(fd, &n, sizeof n, 0) != sizeof n)
        return 5;
    printf("%d\n", n);
    return 0;
}
