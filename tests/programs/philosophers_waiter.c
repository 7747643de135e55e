// Three philosophers and a waiter who lets only two to the table: no circle can close.
// EXPECT complete
// EXPECT outcome "all ate\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>

enum { N = 3 };
static sem_t table;
static pthread_mutex_t forks[N] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER,
                                   PTHREAD_MUTEX_INITIALIZER};

static void *dine(void *arg)
{
    int me = (int)(long)arg;
    sem_wait(&table);
    pthread_mutex_lock(&forks[me]);
    pthread_mutex_lock(&forks[(me + 1) % N]);
    pthread_mutex_unlock(&forks[(me + 1) % N]);
    pthread_mutex_unlock(&forks[me]);
    sem_post(&table);
    return NULL;
}

int main(void)
{
    pthread_t t[N];
    sem_init(&table, 0, N - 1);
    for (long i = 1; i < N; i++)
        pthread_create(&t[i], NULL, dine, (void *)i);
    dine((void *)0);
    for (int i = 1; i < N; i++)
        pthread_join(t[i], NULL);
    puts("all ate");
    return 0;
}
