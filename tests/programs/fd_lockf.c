// And with lockf.
// EXPECT complete
// EXPECT outcome "2\n" exit 0
// EXPECT no-findings
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static void count(int fd, int *n)
{
    if (lockf(fd, F_LOCK, 0))
        _exit(2);
    ++*n;
    if (lockf(fd, F_ULOCK, 0))
        _exit(3);
}

int main(void)
{
    char name[] = "/tmp/lockf-XXXXXX";
    int *n = mmap(NULL, sizeof *n, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int fd = mkstemp(name);
    unlink(name);
    if (fork() == 0) {
        count(fd, n);
        _exit(0);
    }
    count(fd, n);
    wait(NULL);
    printf("%d\n", *n);
    return 0;
}
