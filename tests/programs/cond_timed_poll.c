// A timed wait in a loop: however often it times out, nothing changes until the other task sets
// the flag, so the search ends.
// EXPECT complete
// EXPECT outcome "ready\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdio.h>
#include <time.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int ready;

static void *make_ready(void *arg)
{
    (void)arg;
    pthread_mutex_lock(&lock);
    ready = 1;
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&lock);
    return NULL;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, make_ready, NULL);
    pthread_mutex_lock(&lock);
    while (!ready) {
        struct timespec deadline;
        clock_gettime(CLOCK_REALTIME, &deadline);
        deadline.tv_nsec += deadline.tv_nsec < 900000000 ? 100000000 : 0;
        pthread_cond_timedwait(&changed, &lock, &deadline);
    }
    pthread_mutex_unlock(&lock);
    pthread_join(t, NULL);
    puts("ready");
    return 0;
}
