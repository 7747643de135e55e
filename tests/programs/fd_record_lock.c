// The same with a lock of fcntl, which belongs to the process.
// EXPECT complete
// EXPECT outcome "2\n" exit 0
// EXPECT no-findings
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static void count(int fd, int *n)
{
    struct flock l = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    fcntl(fd, F_SETLKW, &l);
    ++*n;
    l.l_type = F_UNLCK;
    fcntl(fd, F_SETLK, &l);
}

int main(void)
{
    char name[] = "/tmp/record-XXXXXX";
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
