// Spinning on an atomic flag that another thread sets: it ends, and the data is ordered by the
// flag.
// EXPECT complete
// EXPECT outcome "42\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

static atomic_int ready;
static int data;

static void *produce(void *arg)
{
    data = 42;
    ready = 1;
    return arg;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, produce, NULL);
    while (!ready)
        ;
    printf("%d\n", data);
    pthread_join(t, NULL);
    return 0;
}
