// Two sleep in a condition, one is cancelled, one signal is sent: a cancelled thread does not use a
// signal up while the other waits, so the other always wakes.
// EXPECT complete
// EXPECT outcome "canceled woken\n" exit 0
// EXPECT outcome "woken woken\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t c = PTHREAD_COND_INITIALIZER;
static int go;

static void give_back(void *arg)
{
    pthread_mutex_unlock(arg);
}

static void *wait_for_go(void *arg)
{
    pthread_mutex_lock(&m);
    pthread_cleanup_push(give_back, &m);
    while (!go)
        pthread_cond_wait(&c, &m);
    pthread_cleanup_pop(1);
    return arg;
}

int main(void)
{
    pthread_t a, b;
    void *result, *other;
    pthread_create(&a, NULL, wait_for_go, NULL);
    pthread_create(&b, NULL, wait_for_go, NULL);
    pthread_cancel(a);
    pthread_mutex_lock(&m);
    go = 1;
    pthread_cond_signal(&c);
    pthread_mutex_unlock(&m);
    pthread_join(a, &result);
    pthread_join(b, &other);
    printf("%s %s\n", result == PTHREAD_CANCELED ? "canceled" : "woken",
           other == PTHREAD_CANCELED ? "canceled" : "woken");
    return 0;
}
