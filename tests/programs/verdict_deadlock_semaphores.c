// Two semaphores of one permit each, taken in two orders: nobody holds a semaphore, but both
// threads wait for what the other one took.
// EXPECT complete
// EXPECT outcome "done\n" exit 0
// EXPECT outcome "" deadlock
// EXPECT finding deadlock
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>

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
    pthread_join(t, NULL);
    pthread_join(u, NULL);
    puts("done");
    return 0;
}
