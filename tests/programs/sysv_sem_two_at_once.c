// Two threads take two semaphores in one operation each, in opposite orders: no deadlock, for it
// waits until it can have both.
// EXPECT complete
// EXPECT outcome "done 1 1\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdio.h>
#include <sys/ipc.h>
#include <sys/sem.h>

static int set;

static void *both(void *arg)
{
    unsigned short first = arg ? 1 : 0, second = arg ? 0 : 1;
    struct sembuf take[2] = {{first, -1, 0}, {second, -1, 0}};
    struct sembuf give[2] = {{first, 1, 0}, {second, 1, 0}};
    semop(set, take, 2);
    semop(set, give, 2);
    return NULL;
}

int main(void)
{
    pthread_t a, b;
    unsigned short ones[2] = {1, 1};
    set = semget(IPC_PRIVATE, 2, 0600);
    semctl(set, 0, SETALL, ones);
    pthread_create(&a, NULL, both, NULL);
    pthread_create(&b, NULL, both, &set);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    printf("done %d %d\n", semctl(set, 0, GETVAL), semctl(set, 1, GETVAL));
    semctl(set, 0, IPC_RMID);
    return 0;
}
