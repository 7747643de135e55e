// Three philosophers, the last takes the other fork first: no circle, everybody eats.
// EXPECT complete
// EXPECT outcome "3\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

enum { N = 3 };
static pthread_mutex_t forks[N] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER,
                                   PTHREAD_MUTEX_INITIALIZER};
static int meals[N];

static void *dine(void *arg)
{
    int me = (int)(long)arg, first = me, second = (me + 1) % N;
    if (me == N - 1) {
        first = 0;
        second = me;
    }
    pthread_mutex_lock(&forks[first]);
    pthread_mutex_lock(&forks[second]);
    meals[me]++;
    pthread_mutex_unlock(&forks[second]);
    pthread_mutex_unlock(&forks[first]);
    return NULL;
}

int main(void)
{
    pthread_t t[N];
    int all = 0;
    for (long i = 1; i < N; i++)
        pthread_create(&t[i], NULL, dine, (void *)i);
    dine((void *)0);
    for (int i = 1; i < N; i++)
        pthread_join(t[i], NULL);
    for (int i = 0; i < N; i++)
        all += meals[i];
    printf("%d\n", all);
    return 0;
}
