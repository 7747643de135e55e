// One thread tries again and again, with a pause, until the other has given the lock back, which it
// does once. That is no livelock: the other has an end.
// EXPECT complete
// EXPECT outcome "2\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <sched.h>
#include <stdio.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static int count;

static void *patient(void *arg)
{
    pthread_mutex_lock(&m);
    count++;
    pthread_mutex_unlock(&m);
    return arg;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, patient, NULL);
    while (pthread_mutex_trylock(&m))
        sched_yield();
    count++;
    pthread_mutex_unlock(&m);
    pthread_join(t, NULL);
    printf("%d\n", count);
    return 0;
}
