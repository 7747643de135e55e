// A deadline against a signal: either may come first.
// EXPECT complete
// EXPECT outcome "0\n" exit 0
// EXPECT outcome "1\n" exit 0
// EXPECT no-findings
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <time.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t c = PTHREAD_COND_INITIALIZER;
static int ready;

static void *set(void *arg)
{
    pthread_mutex_lock(&m);
    ready = 1;
    pthread_cond_signal(&c);
    pthread_mutex_unlock(&m);
    return arg;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, set, NULL);
    struct timespec deadline;
    clock_gettime(CLOCK_REALTIME, &deadline);
    deadline.tv_sec += 1;
    int rc = 0;
    pthread_mutex_lock(&m);
    while (!ready && rc != ETIMEDOUT)
        rc = pthread_cond_timedwait(&c, &m, &deadline);
    int seen = ready;
    pthread_mutex_unlock(&m);
    pthread_join(t, NULL);
    printf("%d\n", seen);
    return 0;
}
