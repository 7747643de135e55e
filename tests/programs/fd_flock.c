// A lock on a file keeps two processes apart: each opens it for itself.
// EXPECT complete
// EXPECT outcome "2\n" exit 0
// EXPECT no-findings
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static char name[] = "/tmp/flock-XXXXXX";

static void count(int *n)
{
    int fd = open(name, O_RDWR);
    flock(fd, LOCK_EX);
    ++*n;
    flock(fd, LOCK_UN);
    close(fd);
}

int main(void)
{
    int *n = mmap(NULL, sizeof *n, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    close(mkstemp(name));
    if (fork() == 0) {
        count(n);
        _exit(0);
    }
    count(n);
    wait(NULL);
    unlink(name);
    printf("%d\n", *n);
    return 0;
}
