// A loop under the lock does not help when the flag is set without it: the thread has seen 0 and
// holds the lock, the signal comes, then it sleeps.
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
    pthread_mutex_lock(&m);
    while (!ready)                 // @look
        pthread_cond_wait(&c, &m); // @wait
    pthread_mutex_unlock(&m);
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
