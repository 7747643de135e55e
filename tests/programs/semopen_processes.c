// Two processes open one semaphore by its name and take turns with it: the child goes first.
// EXPECT complete
// EXPECT outcome "child\nparent\n" exit 0
// EXPECT no-findings
#include <fcntl.h>
#include <semaphore.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#define NAME "/lockstep-test-processes"

int main(void)
{
    sem_unlink(NAME);
    sem_t *s = sem_open(NAME, O_CREAT | O_EXCL, 0600, 0);
    if (fork() == 0) {
        sem_t *mine = sem_open(NAME, 0);
        printf("child\n");
        fflush(stdout);
        sem_post(mine);
        _exit(0);
    }
    sem_wait(s);
    printf("parent\n");
    wait(NULL);
    sem_unlink(NAME);
    return 0;
}
