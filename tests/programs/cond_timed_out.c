// Nobody signals: the only way on is the timeout, and that is no deadlock.
// EXPECT complete
// EXPECT outcome "timed out\n" exit 0
// EXPECT no-findings
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <time.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t c = PTHREAD_COND_INITIALIZER;

int main(void)
{
    struct timespec deadline;
    clock_gettime(CLOCK_REALTIME, &deadline);
    deadline.tv_sec += 1;
    int rc = 0;
    pthread_mutex_lock(&m);
    while (rc == 0)
        rc = pthread_cond_timedwait(&c, &m, &deadline);
    pthread_mutex_unlock(&m);
    puts(rc == ETIMEDOUT ? "timed out" : "something else");
    return 0;
}
