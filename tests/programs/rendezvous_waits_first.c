// Both wait before they post: a deadlock in every schedule.
// EXPECT complete
// EXPECT outcome "" deadlock
// EXPECT finding deadlock
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>

static sem_t here[2];

static void *meet(void *arg)
{
    int me = arg != NULL;
    sem_wait(&here[1 - me]);
    sem_post(&here[me]);
    puts("met");
    return NULL;
}

int main(void)
{
    pthread_t t;
    sem_init(&here[0], 0, 0);
    sem_init(&here[1], 0, 0);
    pthread_create(&t, NULL, meet, (void *)1);
    meet(NULL);
    pthread_join(t, NULL);
    return 0;
}
