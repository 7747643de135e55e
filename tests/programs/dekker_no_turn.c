// Dekker without the turn: both say that they want, and each waits for the other for ever.
// EXPECT complete
// EXPECT outcome "2\n" exit 0
// EXPECT outcome "" livelock
// EXPECT finding livelock line @wait
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

static atomic_int wants[2];
static int counter;

static void *work(void *arg)
{
    int me = arg != NULL;
    wants[me] = 1;
    while (wants[1 - me]) // @wait
        ;
    counter++;
    wants[me] = 0;
    return NULL;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, work, (void *)1);
    work(NULL);
    pthread_join(t, NULL);
    printf("%d\n", counter);
    return 0;
}
