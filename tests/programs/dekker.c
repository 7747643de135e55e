// Dekker's algorithm with atomics: flags and a turn keep two tasks apart without any lock.
// EXPECT complete
// EXPECT outcome "2\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

static atomic_int wants[2], turn;
static int counter;

static void enter(int me)
{
    wants[me] = 1;
    while (wants[1 - me])
        if (turn != me) {
            wants[me] = 0;
            while (turn != me)
                ;
            wants[me] = 1;
        }
}

static void leave(int me)
{
    turn = 1 - me;
    wants[me] = 0;
}

static void *work(void *arg)
{
    int me = arg != NULL;
    enter(me);
    counter++;
    leave(me);
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
