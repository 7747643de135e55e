// A thread that sleeps in a condition is cancelled: it has the mutex again before its handler runs,
// so the handler may give it back. If the request comes first, it acts on it in the wait.
// EXPECT complete
// EXPECT outcome "handler 1, canceled, free\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t c = PTHREAD_COND_INITIALIZER;
static int handled;

static void give_back(void *arg)
{
    handled++;
    pthread_mutex_unlock(arg);
}

static void *wait_for_ever(void *arg)
{
    pthread_mutex_lock(&m);
    pthread_cleanup_push(give_back, &m);
    for (;;)
        pthread_cond_wait(&c, &m);
    pthread_cleanup_pop(1);
    return arg;
}

int main(void)
{
    pthread_t t;
    void *result;
    pthread_create(&t, NULL, wait_for_ever, NULL);
    pthread_cancel(t);
    pthread_join(t, &result);
    printf("handler %d, %s, %s\n", handled, result == PTHREAD_CANCELED ? "canceled" : "?",
           pthread_mutex_trylock(&m) ? "held" : "free");
    return 0;
}
