// Dekker's algorithm: who may not go first lowers its flag and waits for its turn, so the two
// cannot step aside for each other for ever. Nothing is found.
// EXPECT complete
// EXPECT outcome "2\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

static atomic_int wants[2], turn;
static int count;

static void *enter(void *arg)
{
    long i = (long)arg;
    wants[i] = 1;
    while (wants[1 - i])
        if (turn != i) {
            wants[i] = 0;
            while (turn != i)
                ;
            wants[i] = 1;
        }
    count++;
    turn = (int)(1 - i);
    wants[i] = 0;
    return NULL;
}

int main(void)
{
    pthread_t t, u;
    pthread_create(&t, NULL, enter, (void *)0);
    pthread_create(&u, NULL, enter, (void *)1);
    pthread_join(t, NULL);
    pthread_join(u, NULL);
    printf("%d\n", count);
    return 0;
}
