// Waits for a lock, but not for ever: the holder may or may not be in time.
// EXPECT complete
// EXPECT outcome "got it\n" exit 0
// EXPECT outcome "too late\n" exit 0
// EXPECT no-findings
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <time.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;

static void *want(void *arg)
{
    struct timespec deadline;
    clock_gettime(CLOCK_REALTIME, &deadline);
    deadline.tv_sec += 1;
    int rc = pthread_mutex_timedlock(&m, &deadline);
    if (rc == 0)
        pthread_mutex_unlock(&m);
    *(int *)arg = rc;
    return NULL;
}

int main(void)
{
    static int rc;
    pthread_t t;
    pthread_mutex_lock(&m);
    pthread_create(&t, NULL, want, &rc);
    pthread_mutex_unlock(&m);
    pthread_join(t, NULL);
    puts(rc == 0 ? "got it" : rc == ETIMEDOUT ? "too late" : "?");
    return 0;
}
