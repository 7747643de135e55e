// Nobody signals. That a wait may return early is nothing to rely on: once all others are gone it
// is a deadlock. The two share one event; who comes back early may well do so while the other is
// running.
// OPTIONS --adversity=spurious
// EXPECT complete
// EXPECT outcome "" deadlock
// EXPECT findings deadlock|lost-wakeup
// OPTIONS --adversity=spurious --strategy dfs
// EXPECT complete
// EXPECT outcome "" deadlock
// EXPECT findings deadlock|lost-wakeup
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t c = PTHREAD_COND_INITIALIZER;
static int ready;

static void *waiter(void *arg)
{
    pthread_mutex_lock(&m);
    while (!ready)
        pthread_cond_wait(&c, &m);
    pthread_mutex_unlock(&m);
    return arg;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, waiter, NULL);
    pthread_mutex_lock(&m);
    pthread_mutex_unlock(&m);
    pthread_join(t, NULL);
    puts("never");
    return 0;
}
