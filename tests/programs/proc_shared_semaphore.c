// A semaphore in shared memory orders the processes: the child speaks after the parent.
// EXPECT complete
// EXPECT outcome "parent\nchild\n" exit 0
// EXPECT no-findings
#include <semaphore.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    sem_t *go = mmap(NULL, sizeof *go, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    sem_init(go, 1, 0);
    if (fork() == 0) {
        sem_wait(go);
        puts("child");
        return 0;
    }
    puts("parent");
    sem_post(go);
    wait(NULL);
    return 0;
}
