// Two tasks meet: what each does before comes before what either does after.
// EXPECT complete
// EXPECT outcome "abAB" exit 0
// EXPECT outcome "abBA" exit 0
// EXPECT outcome "baAB" exit 0
// EXPECT outcome "baBA" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>

static sem_t here[2];

static void *meet(void *arg)
{
    int me = arg != NULL;
    putchar(me ? 'b' : 'a');
    sem_post(&here[me]);
    sem_wait(&here[1 - me]);
    putchar(me ? 'B' : 'A');
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
