// Names of shared memory; a program that forgets to unlink one begins without it all the same.
// EXPECT complete
// EXPECT outcome "none: ENOENT\nname: EINVAL\nexclusive: EEXIST\nread only: EACCES\nunlinked: ENOENT\nstill there: 7\n" exit 0
// EXPECT executions 1
// EXPECT no-findings
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define NAME "/lockstep-test-shm-errors"

static void say(const char *what, int result)
{
    printf("%s: %s\n", what, result < 0 ? strerrorname_np(errno) : "done");
}

int main(void)
{
    shm_unlink(NAME);
    say("none", shm_open(NAME, O_RDWR, 0));
    say("name", shm_open("/a/b", O_CREAT | O_RDWR, 0600));
    int fd = shm_open(NAME, O_CREAT | O_RDWR, 0600);
    say("exclusive", shm_open(NAME, O_CREAT | O_EXCL | O_RDWR, 0600));
    ftruncate(fd, 4096);
    int reader = shm_open(NAME, O_RDONLY, 0);
    void *no = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, reader, 0);
    printf("read only: %s\n", no == MAP_FAILED ? strerrorname_np(errno) : "written");
    int *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    shm_unlink(NAME);
    say("unlinked", shm_open(NAME, O_RDWR, 0));
    *p = 7;
    const int *same = mmap(NULL, 4096, PROT_READ, MAP_SHARED, reader, 0);
    printf("still there: %d\n", *same);
    return 0;
}
