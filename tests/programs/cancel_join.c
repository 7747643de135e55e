// Cancelled while it waits to join: the other thread can still be joined.
// EXPECT complete
// EXPECT outcome "canceled 0\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>

static sem_t go;
static pthread_t worker;

static void *work(void *arg)
{
    sem_wait(&go);
    return arg;
}

static void *joins(void *arg)
{
    pthread_join(worker, NULL);
    return arg;
}

int main(void)
{
    pthread_t t;
    void *result;
    sem_init(&go, 0, 0);
    pthread_create(&worker, NULL, work, NULL);
    pthread_create(&t, NULL, joins, NULL);
    pthread_cancel(t);
    pthread_join(t, &result);
    sem_post(&go);
    int again = pthread_join(worker, NULL);
    printf("%s %d\n", result == PTHREAD_CANCELED ? "canceled" : "?", again);
    return 0;
}
