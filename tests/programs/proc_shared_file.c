// Two processes that map one file after the fork share its bytes all the same.
// EXPECT complete
// EXPECT outcome "42\n" exit 0
// EXPECT no-findings
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static int *attach(int fd)
{
    return mmap(NULL, sizeof(int), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
}

int main(void)
{
    char name[] = "/tmp/proc-shared-XXXXXX";
    int fd = mkstemp(name);
    unlink(name);
    if (ftruncate(fd, sizeof(int)))
        return 2;
    if (fork() == 0) {
        *attach(fd) = 42;
        _exit(0);
    }
    int *n = attach(fd);
    wait(NULL);
    printf("%d\n", *n);
    return 0;
}
