/* The same queue with two semaphores that count and a mutex. */
#include <pthread.h>
#include <semaphore.h>

enum { PLACES = 4, CONSUMERS = 3 };

pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
sem_t places, items;
static int queue[PLACES], in, out;
static volatile long sink;

static void work(int n)
{
    for (int i = 0; i < n; i++)
        sink += i;
}

static void *produce(void *unused)
{
    for (int item = 0;; item++) {
        work(item % 3 * 40000);
        sem_wait(&places);
        pthread_mutex_lock(&lock);
        work(20000);
        queue[in++ % PLACES] = item;
        pthread_mutex_unlock(&lock);
        sem_post(&items);
    }
    return unused;
}

static void *consume(void *unused)
{
    for (;;) {
        sem_wait(&items);
        pthread_mutex_lock(&lock);
        work(20000);
        int item = queue[out++ % PLACES];
        pthread_mutex_unlock(&lock);
        sem_post(&places);
        work(item % 5 * 40000);
    }
    return unused;
}

int main(void)
{
    pthread_t t[1 + CONSUMERS];
    sem_init(&places, 0, PLACES);
    sem_init(&items, 0, 0);
    pthread_create(&t[0], NULL, produce, NULL);
    for (int i = 1; i <= CONSUMERS; i++)
        pthread_create(&t[i], NULL, consume, NULL);
    return pthread_join(t[0], NULL);
}
