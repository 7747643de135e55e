// Cancelled in a wait without a clean-up handler: the mutex stays locked for ever, and main waits
// for it in vain.
// EXPECT complete
// EXPECT outcome "" deadlock
// EXPECT finding deadlock line @stuck
// EXPECT may-find lock-leak
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t c = PTHREAD_COND_INITIALIZER;

static void *wait_for_ever(void *arg)
{
    pthread_mutex_lock(&m);
    for (;;)
        pthread_cond_wait(&c, &m);
    return arg;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, wait_for_ever, NULL);
    pthread_cancel(t);
    pthread_join(t, NULL);
    pthread_mutex_lock(&m); // @stuck
    puts("not here");
    return 0;
}
