// Polling a flag under its lock with a pause in between: the loop gives the lock back, so it waits
// where it does not hold it, and the search ends.
// EXPECT complete
// EXPECT outcome "ready\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int ready;

static void *make_ready(void *arg)
{
    (void)arg;
    pthread_mutex_lock(&lock);
    ready = 1;
    pthread_mutex_unlock(&lock);
    return NULL;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, make_ready, NULL);
    pthread_mutex_lock(&lock);
    while (!ready) {
        pthread_mutex_unlock(&lock);
        usleep(100);
        pthread_mutex_lock(&lock);
    }
    pthread_mutex_unlock(&lock);
    pthread_join(t, NULL);
    puts("ready");
    return 0;
}
