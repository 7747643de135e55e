// Two workers and one pill: the second waits for ever, and main in its join.
// EXPECT complete
// EXPECT outcome "" deadlock
// EXPECT finding deadlock|lost-wakeup
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>

static sem_t pills;

static void *worker(void *arg)
{
    sem_wait(&pills);
    return arg;
}

int main(void)
{
    pthread_t t[2];
    sem_init(&pills, 0, 0);
    for (int i = 0; i < 2; i++)
        pthread_create(&t[i], NULL, worker, NULL);
    sem_post(&pills);
    for (int i = 0; i < 2; i++)
        pthread_join(t[i], NULL);
    puts("done");
    return 0;
}
