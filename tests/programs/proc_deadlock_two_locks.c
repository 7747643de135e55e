// Two processes take two shared locks in opposite orders.
// EXPECT complete
// EXPECT outcome "fine\n" exit 0
// EXPECT outcome "" deadlock
// EXPECT finding deadlock
#include <semaphore.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static void both(sem_t *first, sem_t *second)
{
    sem_wait(first);
    sem_wait(second);
    sem_post(second);
    sem_post(first);
}

int main(void)
{
    sem_t *s = mmap(NULL, 2 * sizeof *s, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    sem_init(&s[0], 1, 1);
    sem_init(&s[1], 1, 1);
    if (fork() == 0) {
        both(&s[0], &s[1]);
        _exit(0);
    }
    both(&s[1], &s[0]);
    wait(NULL);
    puts("fine");
    return 0;
}
