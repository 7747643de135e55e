// A wait with a time limit returns 0 although the time is not over and nobody signalled. (That it
// is late and the flag set is possible at any time: the mutex has to be had again.)
// OPTIONS --adversity=spurious
// EXPECT complete
// EXPECT outcome "in time, ready 0\n" exit 0
// EXPECT outcome "in time, ready 1\n" exit 0
// EXPECT outcome "late, ready 0\n" exit 0
// EXPECT outcome "late, ready 1\n" exit 0
// EXPECT no-findings
// OPTIONS --adversity=spurious --strategy dfs
// EXPECT complete
// EXPECT outcome "in time, ready 0\n" exit 0
// EXPECT outcome "in time, ready 1\n" exit 0
// EXPECT outcome "late, ready 0\n" exit 0
// EXPECT outcome "late, ready 1\n" exit 0
// EXPECT no-findings
// OPTIONS --strategy dpor
// EXPECT complete
// EXPECT outcome "in time, ready 1\n" exit 0
// EXPECT outcome "late, ready 0\n" exit 0
// EXPECT outcome "late, ready 1\n" exit 0
// EXPECT no-findings
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <time.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t c = PTHREAD_COND_INITIALIZER;
static int ready;

static void *waiter(void *arg)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 5;
    pthread_mutex_lock(&m);
    int error = ready ? 0 : pthread_cond_timedwait(&c, &m, &until);
    printf("%s, ready %d\n", error == ETIMEDOUT ? "late" : error ? "?" : "in time", ready);
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
