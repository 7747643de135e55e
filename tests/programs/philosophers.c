// Three philosophers, each takes the left fork first: all may hold one and wait for the next.
// EXPECT complete
// EXPECT outcome "done\n" exit 0
// EXPECT outcome "" deadlock
// EXPECT finding deadlock
#include <pthread.h>
#include <stdio.h>

enum { N = 3 };
static pthread_mutex_t fork_of[N];

static void *philosopher(void *arg)
{
    long i = (long)arg;
    pthread_mutex_lock(&fork_of[i]);
    pthread_mutex_lock(&fork_of[(i + 1) % N]);
    pthread_mutex_unlock(&fork_of[(i + 1) % N]);
    pthread_mutex_unlock(&fork_of[i]);
    return NULL;
}

int main(void)
{
    pthread_t t[N];
    for (int i = 0; i < N; i++)
        pthread_mutex_init(&fork_of[i], NULL);
    for (long i = 0; i < N; i++)
        pthread_create(&t[i], NULL, philosopher, (void *)i);
    for (int i = 0; i < N; i++)
        pthread_join(t[i], NULL);
    puts("done");
    return 0;
}
