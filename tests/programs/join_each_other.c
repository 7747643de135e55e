// Two threads join each other: the second to call is told EDEADLK, and the first gets its value.
// EXPECT complete
// EXPECT outcome "1 told\n" exit 0
// EXPECT findings misuse line @join
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
    if (pthread_join(t[*(int *)arg], NULL) == EDEADLK) // @join
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
