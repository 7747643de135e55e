// Two threads join each other: each waits for the other to end. POSIX lets the library tell one of
// them EDEADLK, and some versions do; that of this machine lets both wait.
// EXPECT complete
// EXPECT outcome "" deadlock
// EXPECT finding deadlock
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>

static pthread_t t[2];
static sem_t known, done;
static atomic_int told;

static void *join_other(void *arg)
{
    sem_wait(&known);
    if (pthread_join(t[*(int *)arg], NULL) == EDEADLK)
        told++;
    sem_post(&done);
    return NULL;
}

int main(void)
{
    static int other[] = {1, 0};
    sem_init(&known, 0, 0);
    sem_init(&done, 0, 0);
    for (int i = 0; i < 2; i++)
        pthread_create(&t[i], NULL, join_other, &other[i]);
    for (int i = 0; i < 2; i++)
        sem_post(&known);
    for (int i = 0; i < 2; i++)
        sem_wait(&done);
    printf("%d told\n", told);
    return 0;
}
