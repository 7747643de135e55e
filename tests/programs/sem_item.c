// A semaphore of 0 is waited for until the item is there; the post orders the accesses.
// EXPECT complete
// EXPECT outcome "42\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>

static sem_t there;
static int item;

static void *produce(void *arg)
{
    item = 42;
    sem_post(&there);
    return arg;
}

int main(void)
{
    pthread_t t;
    sem_init(&there, 0, 0);
    pthread_create(&t, NULL, produce, NULL);
    sem_wait(&there);
    printf("%d\n", item);
    pthread_join(t, NULL);
    sem_destroy(&there);
    return 0;
}
