// A set of one semaphore as a lock between two processes, its value set to 1 first.
// EXPECT complete
// EXPECT outcome "2\n" exit 0
// EXPECT no-findings
#include <stdio.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/sem.h>
#include <sys/wait.h>
#include <unistd.h>

static int set, *counter;

static void change(short by)
{
    struct sembuf op = {0, by, 0};
    semop(set, &op, 1);
}

static void add(void)
{
    change(-1);
    ++*counter;
    change(1);
}

int main(void)
{
    set = semget(IPC_PRIVATE, 1, 0600);
    semctl(set, 0, SETVAL, 1);
    counter =
        mmap(NULL, sizeof *counter, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (fork() == 0) {
        add();
        _exit(0);
    }
    add();
    wait(NULL);
    printf("%d\n", *counter);
    semctl(set, 0, IPC_RMID);
    return 0;
}
