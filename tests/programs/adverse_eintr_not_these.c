// A mutex, a condition and a join are never interrupted: POSIX says so.
// OPTIONS --adversity=eintr:2
// EXPECT complete
// EXPECT outcome "0 0 1\n" exit 0
// EXPECT no-findings
// OPTIONS --adversity=eintr:2 --strategy dfs
// EXPECT complete
// EXPECT outcome "0 0 1\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t c = PTHREAD_COND_INITIALIZER;
static int ready;

static void *waiter(void *arg)
{
    int lock = pthread_mutex_lock(&m), wait = 0;
    while (!ready)
        wait |= pthread_cond_wait(&c, &m);
    printf("%d %d %d\n", lock, wait, ready);
    pthread_mutex_unlock(&m);
    return arg;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, waiter, NULL);
    pthread_mutex_lock(&m);
    ready = 1;
    pthread_cond_signal(&c);
    pthread_mutex_unlock(&m);
    pthread_join(t, NULL);
    return 0;
}
