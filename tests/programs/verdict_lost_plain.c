// The flag is looked at and set without the lock: a signal between the look and the wait finds
// nobody, and the thread sleeps for ever. The flag itself is raced for.
// EXPECT complete
// EXPECT outcome "ready\n" exit 0
// EXPECT outcome "" deadlock
// EXPECT finding lost-wakeup line @wait
// EXPECT finding data-race line @look|@set
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t c = PTHREAD_COND_INITIALIZER;
static int ready;

static void *wait_for_it(void *arg)
{
    if (!ready) { // @look
        pthread_mutex_lock(&m);
        pthread_cond_wait(&c, &m); // @wait
        pthread_mutex_unlock(&m);
    }
    return arg;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, wait_for_it, NULL);
    ready = 1; // @set
    pthread_cond_signal(&c);
    pthread_join(t, NULL);
    puts("ready");
    return 0;
}
