// A file that only one can make is a lock; the other tries until it is gone.
// EXPECT complete
// EXPECT outcome "2\n" exit 0
// EXPECT may-find data-race
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static void count(const char *lock, int *n)
{
    int fd;
    while ((fd = open(lock, O_CREAT | O_EXCL | O_WRONLY, 0600)) < 0)
        ;
    ++*n;
    close(fd);
    unlink(lock);
}

int main(void)
{
    int *n = mmap(NULL, sizeof *n, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    char folder[] = "/tmp/lock-XXXXXX", lock[64];
    if (!mkdtemp(folder))
        return 2;
    snprintf(lock, sizeof lock, "%s/l", folder);
    if (fork() == 0) {
        count(lock, n);
        _exit(0);
    }
    count(lock, n);
    wait(NULL);
    rmdir(folder);
    printf("%d\n", *n);
    return 0;
}
