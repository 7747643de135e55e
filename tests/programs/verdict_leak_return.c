// A thread returns early and keeps the lock: nobody can have it again, and main waits for ever.
// EXPECT complete
// EXPECT outcome "" deadlock
// EXPECT finding lock-leak line @lock
// EXPECT finding deadlock line @wait
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static int broken = 1;

static void *work(void *arg)
{
    pthread_mutex_lock(&m); // @lock
    if (broken)
        return arg;
    pthread_mutex_unlock(&m);
    return arg;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, work, NULL);
    pthread_join(t, NULL);
    pthread_mutex_lock(&m); // @wait
    puts("never");
    pthread_mutex_unlock(&m);
    return 0;
}
