// main joins a thread while it holds the lock that this thread needs: unless the thread was
// quicker, they wait for each other.
// EXPECT complete
// EXPECT outcome "done\n" exit 0
// EXPECT outcome "" deadlock
// EXPECT finding deadlock line @join
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;

static void *work(void *arg)
{
    pthread_mutex_lock(&m);
    pthread_mutex_unlock(&m);
    return arg;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, work, NULL);
    pthread_mutex_lock(&m);
    pthread_join(t, NULL); // @join
    pthread_mutex_unlock(&m);
    puts("done");
    return 0;
}
