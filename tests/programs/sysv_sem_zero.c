// Waiting for zero: main goes on when both threads have counted down.
// EXPECT complete
// EXPECT outcome "3\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdio.h>
#include <sys/ipc.h>
#include <sys/sem.h>

static int set, one, two;

static void *count_down(void *place)
{
    struct sembuf down = {0, -1, 0};
    *(int *)place = place == &one ? 1 : 2;
    semop(set, &down, 1);
    return NULL;
}

int main(void)
{
    struct sembuf zero = {0, 0, 0};
    pthread_t a, b;
    set = semget(IPC_PRIVATE, 1, 0600);
    semctl(set, 0, SETVAL, 2);
    pthread_create(&a, NULL, count_down, &one);
    pthread_create(&b, NULL, count_down, &two);
    semop(set, &zero, 1);
    printf("%d\n", one + two);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    semctl(set, 0, IPC_RMID);
    return 0;
}
