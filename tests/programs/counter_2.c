// Two rounds each. The last write stands for at least one round of the other and of its own, so 2
// is the least (a thread reads 1, the other does both its rounds, the first writes 2), 4 the most.
// The orders of the accesses that differ: 34, counted by a program of its own.
// EXPECT complete
// EXPECT outcome "2\n" exit 0
// EXPECT outcome "3\n" exit 0
// EXPECT outcome "4\n" exit 0
// EXPECT finding data-race line @race
// EXPECT executions 34
#include <pthread.h>
#include <stdio.h>

static int counter;

static void *inc(void *arg)
{
    (void)arg;
    for (int i = 0; i < 2; i++)
        counter++; // @race
    return NULL;
}

int main(void)
{
    pthread_t a, b;
    pthread_create(&a, NULL, inc, NULL);
    pthread_create(&b, NULL, inc, NULL);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    printf("%d\n", counter);
    return 0;
}
