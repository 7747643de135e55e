// The only waiter is signalled, then cancelled: if it has not gone on yet, nobody can tell which of
// the two it notices. Either way it has the mutex.
// EXPECT complete
// EXPECT outcome "canceled\n" exit 0
// EXPECT outcome "woken\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t c = PTHREAD_COND_INITIALIZER;
static sem_t inside;
static int go;

static void give_back(void *arg)
{
    pthread_mutex_unlock(arg);
}

static void *wait_for_go(void *arg)
{
    pthread_mutex_lock(&m);
    sem_post(&inside);
    pthread_cleanup_push(give_back, &m);
    while (!go)
        pthread_cond_wait(&c, &m);
    pthread_cleanup_pop(1);
    return arg;
}

int main(void)
{
    pthread_t t;
    void *result;
    sem_init(&inside, 0, 0);
    pthread_create(&t, NULL, wait_for_go, NULL);
    sem_wait(&inside);
    pthread_mutex_lock(&m);
    go = 1;
    pthread_cond_signal(&c);
    pthread_mutex_unlock(&m);
    pthread_cancel(t);
    pthread_join(t, &result);
    puts(result == PTHREAD_CANCELED ? "canceled" : "woken");
    return 0;
}
