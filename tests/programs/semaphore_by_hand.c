// A counting semaphore made of a mutex and a condition, used as a lock.
// EXPECT complete
// EXPECT outcome "2\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t c = PTHREAD_COND_INITIALIZER;
static int permits = 1, counter;

static void down(void)
{
    pthread_mutex_lock(&m);
    while (permits == 0)
        pthread_cond_wait(&c, &m);
    permits--;
    pthread_mutex_unlock(&m);
}

static void up(void)
{
    pthread_mutex_lock(&m);
    permits++;
    pthread_cond_signal(&c);
    pthread_mutex_unlock(&m);
}

static void *work(void *arg)
{
    down();
    counter++;
    up();
    return arg;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, work, NULL);
    work(NULL);
    pthread_join(t, NULL);
    printf("%d\n", counter);
    return 0;
}
