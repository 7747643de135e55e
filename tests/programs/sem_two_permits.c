// Three threads, two permits: never three inside, sometimes two, sometimes only ever one.
// EXPECT complete
// EXPECT outcome "1\n" exit 0
// EXPECT outcome "2\n" exit 0
// EXPECT no-findings
#include <assert.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>

static sem_t permits;
static atomic_int inside, pairs;

static void *enter(void *arg)
{
    sem_wait(&permits);
    int now = atomic_fetch_add(&inside, 1) + 1;
    assert(now <= 2);
    if (now == 2)
        atomic_store(&pairs, 1);
    atomic_fetch_sub(&inside, 1);
    sem_post(&permits);
    return arg;
}

int main(void)
{
    pthread_t t[3];
    sem_init(&permits, 0, 2);
    for (int i = 0; i < 3; i++)
        pthread_create(&t[i], NULL, enter, NULL);
    for (int i = 0; i < 3; i++)
        pthread_join(t[i], NULL);
    printf("%d\n", 1 + pairs);
    return 0;
}
