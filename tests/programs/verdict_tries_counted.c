// Each gives up after two tries: rounds that are counted come to an end, whoever is unlucky.
// EXPECT complete
// EXPECT outcome "end\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;

static void both(pthread_mutex_t *first, pthread_mutex_t *second)
{
    for (int tries = 0; tries < 2; tries++) {
        pthread_mutex_lock(first);
        if (pthread_mutex_trylock(second) == 0) {
            pthread_mutex_unlock(second);
            pthread_mutex_unlock(first);
            return;
        }
        pthread_mutex_unlock(first);
    }
}

static void *one(void *arg)
{
    both(&a, &b);
    return arg;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, one, NULL);
    both(&b, &a);
    pthread_join(t, NULL);
    puts("end");
    return 0;
}
