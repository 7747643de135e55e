// main leaves by pthread_exit; the two others block each other, and nobody is left to see it.
// EXPECT complete
// EXPECT outcome "" exit 0
// EXPECT outcome "" deadlock
// EXPECT finding deadlock
#include <pthread.h>
#include <semaphore.h>
#include <stddef.h>

static sem_t a, b;

static void *ab(void *arg)
{
    sem_wait(&a);
    sem_wait(&b);
    sem_post(&b);
    sem_post(&a);
    return arg;
}

static void *ba(void *arg)
{
    sem_wait(&b);
    sem_wait(&a);
    sem_post(&a);
    sem_post(&b);
    return arg;
}

int main(void)
{
    pthread_t t, u;
    sem_init(&a, 0, 1);
    sem_init(&b, 0, 1);
    pthread_create(&t, NULL, ab, NULL);
    pthread_create(&u, NULL, ba, NULL);
    pthread_exit(NULL);
}
