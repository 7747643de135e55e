// One item is made, two are wanted. The signal may find nobody, but the consumer has seen and
// taken what it stood for: no wake-up is lost, nobody makes a second item. A deadlock.
// EXPECT complete
// EXPECT outcome "" deadlock
// EXPECT finding deadlock line @wait
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t c = PTHREAD_COND_INITIALIZER;
static int items;

static void *producer(void *arg)
{
    pthread_mutex_lock(&m);
    items++;
    pthread_cond_signal(&c);
    pthread_mutex_unlock(&m);
    return arg;
}

static void take(void)
{
    pthread_mutex_lock(&m);
    while (items == 0)
        pthread_cond_wait(&c, &m); // @wait
    items--;
    pthread_mutex_unlock(&m);
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, producer, NULL);
    take();
    take();
    puts("never");
    return 0;
}
