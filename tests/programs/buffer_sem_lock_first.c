// The same, but the lock is taken before the wait: who waits holds what the other needs.
// EXPECT complete
// EXPECT outcome "1\n" exit 0
// EXPECT outcome "" deadlock
// EXPECT findings deadlock
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>

static sem_t items;
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static int buffer;

static void *producer(void *arg)
{
    pthread_mutex_lock(&m);
    buffer = 1;
    sem_post(&items);
    pthread_mutex_unlock(&m);
    return arg;
}

int main(void)
{
    pthread_t t;
    sem_init(&items, 0, 0);
    pthread_create(&t, NULL, producer, NULL);
    pthread_mutex_lock(&m);
    sem_wait(&items);
    int item = buffer;
    pthread_mutex_unlock(&m);
    pthread_join(t, NULL);
    printf("%d\n", item);
    return 0;
}
