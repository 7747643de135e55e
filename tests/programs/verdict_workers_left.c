// A worker that sleeps in its condition when main returns is no deadlock: many pools end so.
// EXPECT complete
// EXPECT outcome "end\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t c = PTHREAD_COND_INITIALIZER;
static int jobs;

static void *worker(void *arg)
{
    pthread_mutex_lock(&m);
    while (jobs == 0)
        pthread_cond_wait(&c, &m);
    jobs--;
    pthread_mutex_unlock(&m);
    return arg;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, worker, NULL);
    puts("end");
    return 0;
}
