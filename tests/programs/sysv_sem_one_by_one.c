// The same one after the other: each may have one and wait for ever for the second.
// EXPECT complete
// EXPECT outcome "done\n" exit 0
// EXPECT outcome "" deadlock
// EXPECT findings deadlock
// OPTIONS --strategy dfs
// EXPECT complete
// EXPECT outcome "done\n" exit 0
// EXPECT outcome "" deadlock
// EXPECT findings deadlock
#include <pthread.h>
#include <stdio.h>
#include <sys/ipc.h>
#include <sys/sem.h>

static int set;

static void change(unsigned short which, short by)
{
    struct sembuf op = {which, by, 0};
    semop(set, &op, 1);
}

static void *both(void *arg)
{
    unsigned short first = arg ? 1 : 0, second = arg ? 0 : 1;
    change(first, -1);
    change(second, -1);
    change(second, 1);
    change(first, 1);
    return NULL;
}

int main(void)
{
    pthread_t a;
    unsigned short ones[2] = {1, 1};
    set = semget(IPC_PRIVATE, 2, 0600);
    semctl(set, 0, SETALL, ones);
    pthread_create(&a, NULL, both, NULL);
    both(&set);
    pthread_join(a, NULL);
    printf("done\n");
    semctl(set, 0, IPC_RMID);
    return 0;
}
