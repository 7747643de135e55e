// A child takes the semaphore with SEM_UNDO and ends without giving it back: its end does that.
// EXPECT complete
// EXPECT outcome "taken again, 0\n" exit 0
// EXPECT no-findings
#include <stdio.h>
#include <sys/ipc.h>
#include <sys/sem.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    struct sembuf take = {0, -1, SEM_UNDO};
    int set = semget(IPC_PRIVATE, 1, 0600);
    semctl(set, 0, SETVAL, 1);
    if (fork() == 0) {
        semop(set, &take, 1);
        _exit(0);
    }
    wait(NULL);
    semop(set, &take, 1);
    printf("taken again, %d\n", semctl(set, 0, GETVAL));
    semctl(set, 0, IPC_RMID);
    return 0;
}
