/* One producer, three consumers, a queue of four places: a mutex and two conditions. Works inside
 * and outside the lock, for ever, so that every state of every thread is met often. */
#include <pthread.h>

enum { PLACES = 4, CONSUMERS = 3 };

pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t not_full = PTHREAD_COND_INITIALIZER;
pthread_cond_t not_empty = PTHREAD_COND_INITIALIZER;
static int queue[PLACES], count, head;
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
        pthread_mutex_lock(&lock);
        while (count == PLACES)
            pthread_cond_wait(&not_full, &lock);
        work(20000);
        queue[(head + count++) % PLACES] = item;
        pthread_cond_signal(&not_empty);
        pthread_mutex_unlock(&lock);
    }
    return unused;
}

static void *consume(void *unused)
{
    for (;;) {
        pthread_mutex_lock(&lock);
        while (count == 0)
            pthread_cond_wait(&not_empty, &lock);
        work(20000);
        int item = queue[head];
        head = (head + 1) % PLACES;
        count--;
        pthread_cond_signal(&not_full);
        pthread_mutex_unlock(&lock);
        work(item % 5 * 40000);
    }
    return unused;
}

int main(void)
{
    pthread_t t[1 + CONSUMERS];
    pthread_create(&t[0], NULL, produce, NULL);
    for (int i = 1; i <= CONSUMERS; i++)
        pthread_create(&t[i], NULL, consume, NULL);
    return pthread_join(t[0], NULL);
}
