// Peterson's lock with atomics: under interleaving it excludes, and every wait ends.
// EXPECT complete
// EXPECT outcome "2\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

static atomic_int wants[2], turn;
static int counter;

static void *inc(void *arg)
{
    int me = *(int *)arg;
    atomic_store(&wants[me], 1);
    atomic_store(&turn, 1 - me);
    while (atomic_load(&wants[1 - me]) && atomic_load(&turn) == 1 - me)
        ;
    counter++;
    atomic_store(&wants[me], 0);
    return NULL;
}

int main(void)
{
    static int id[] = {0, 1};
    pthread_t a, b;
    pthread_create(&a, NULL, inc, &id[0]);
    pthread_create(&b, NULL, inc, &id[1]);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    printf("%d\n", counter);
    return 0;
}
