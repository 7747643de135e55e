// Gets the lock or is told that it is busy; both happen.
// EXPECT complete
// EXPECT outcome "got it\n" exit 0
// EXPECT outcome "busy\n" exit 0
// EXPECT no-findings
#include <errno.h>
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;

static void *hold(void *arg)
{
    pthread_mutex_lock(&m);
    pthread_mutex_unlock(&m);
    return arg;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, hold, NULL);
    int rc = pthread_mutex_trylock(&m);
    if (rc == 0)
        pthread_mutex_unlock(&m);
    pthread_join(t, NULL);
    puts(rc == 0 ? "got it" : rc == EBUSY ? "busy" : "?");
    return 0;
}
