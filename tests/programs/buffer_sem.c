// A bounded buffer of one place by two semaphores and a lock: what goes in comes out, in order.
// EXPECT complete
// EXPECT outcome "1 2\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>

static sem_t places, items;
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static int buffer;

static void *producer(void *arg)
{
    for (int i = 1; i <= 2; i++) {
        sem_wait(&places);
        pthread_mutex_lock(&m);
        buffer = i;
        pthread_mutex_unlock(&m);
        sem_post(&items);
    }
    return arg;
}

static int take(void)
{
    sem_wait(&items);
    pthread_mutex_lock(&m);
    int item = buffer;
    pthread_mutex_unlock(&m);
    sem_post(&places);
    return item;
}

int main(void)
{
    pthread_t t;
    sem_init(&places, 0, 1);
    sem_init(&items, 0, 0);
    pthread_create(&t, NULL, producer, NULL);
    int a = take(), b = take();
    pthread_join(t, NULL);
    printf("%d %d\n", a, b);
    return 0;
}
