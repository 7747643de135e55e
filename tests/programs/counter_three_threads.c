// Three threads add one each: anything from 1 to 3.
// EXPECT complete
// EXPECT outcome "1\n" exit 0
// EXPECT outcome "2\n" exit 0
// EXPECT outcome "3\n" exit 0
// EXPECT finding data-race line @race
// EXPECT executions 36
#include <pthread.h>
#include <stdio.h>

static long counter;

static void *inc(void *arg)
{
    (void)arg;
    counter += 1; // @race
    return NULL;
}

int main(void)
{
    pthread_t t[3];
    for (int i = 0; i < 3; i++)
        pthread_create(&t[i], NULL, inc, NULL);
    for (int i = 0; i < 3; i++)
        pthread_join(t[i], NULL);
    printf("%ld\n", counter);
    return 0;
}
