// Who waits for a semaphore of a killed process waits for ever.
// OPTIONS --adversity=kill
// EXPECT complete
// EXPECT outcome "" deadlock
// EXPECT outcome "had\n" exit 0
// EXPECT finding deadlock|lost-wakeup
// OPTIONS --adversity=kill --strategy dfs
// EXPECT complete
// EXPECT outcome "" deadlock
// EXPECT outcome "had\n" exit 0
// EXPECT finding deadlock|lost-wakeup
// OPTIONS --strategy dpor
// EXPECT complete
// EXPECT outcome "had\n" exit 0
// EXPECT no-findings
#include <semaphore.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static void *shared(size_t n)
{
    return mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
}

int main(void)
{
    sem_t *s = shared(sizeof *s);
    sem_init(s, 1, 0);
    if (fork() == 0) {
        sem_post(s);
        _exit(0);
    }
    sem_wait(s);
    puts("had");
    return 0;
}
