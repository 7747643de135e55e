// The same with a process-shared semaphore beside the counter: one outcome.
// EXPECT complete
// EXPECT outcome "2\n" exit 0
// EXPECT no-findings
#include <fcntl.h>
#include <semaphore.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define NAME "/lockstep-test-semaphore"

struct shared {
    sem_t free;
    int counter;
};

static struct shared *shared;

static void add(void)
{
    sem_wait(&shared->free);
    shared->counter++;
    sem_post(&shared->free);
}

int main(void)
{
    shm_unlink(NAME);
    int fd = shm_open(NAME, O_CREAT | O_EXCL | O_RDWR, 0600);
    ftruncate(fd, sizeof *shared);
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    sem_init(&shared->free, 1, 1);
    if (fork() == 0) {
        add();
        return 0;
    }
    add();
    wait(NULL);
    printf("%d\n", shared->counter);
    shm_unlink(NAME);
    return 0;
}
