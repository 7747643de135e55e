// The parent unlinks the name at once: the child may come too late and find none.
// EXPECT complete
// EXPECT outcome "opened\n" exit 0
// EXPECT outcome "none\n" exit 0
// EXPECT no-findings
#include <fcntl.h>
#include <semaphore.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#define NAME "/lockstep-test-too-early"

int main(void)
{
    sem_unlink(NAME);
    sem_open(NAME, O_CREAT | O_EXCL, 0600, 0);
    if (fork() == 0) {
        printf("%s\n", sem_open(NAME, 0) == SEM_FAILED ? "none" : "opened");
        return 0;
    }
    sem_unlink(NAME);
    wait(NULL);
    return 0;
}
