// Two processes open shared memory by its name and add to the counter in it without a lock.
// EXPECT complete
// EXPECT outcome "2\n" exit 0
// EXPECT outcome "1\n" exit 0
// EXPECT finding data-race line @add
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define NAME "/lockstep-test-counter"

static void add(void)
{
    int fd = shm_open(NAME, O_RDWR, 0);
    int *counter = mmap(NULL, sizeof *counter, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    (*counter)++; // @add
}

int main(void)
{
    shm_unlink(NAME);
    int fd = shm_open(NAME, O_CREAT | O_RDWR, 0600);
    ftruncate(fd, sizeof(int));
    if (fork() == 0) {
        add();
        _exit(0);
    }
    add();
    wait(NULL);
    int *counter = mmap(NULL, sizeof *counter, PROT_READ, MAP_SHARED, fd, 0);
    printf("%d\n", *counter);
    shm_unlink(NAME);
    return 0;
}
