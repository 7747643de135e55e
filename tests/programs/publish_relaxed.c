// The same with a relaxed flag: it is atomic, and orders nothing, so the data is raced for.
// EXPECT complete
// EXPECT outcome "7\n" exit 0
// EXPECT finding data-race line @read|@write
// FREE outside "a relaxed flag may be seen before the data"
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

static int data;
static atomic_int ready;

static void *writer(void *arg)
{
    data = 7; // @write
    atomic_store_explicit(&ready, 1, memory_order_relaxed);
    return arg;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, writer, NULL);
    while (!atomic_load_explicit(&ready, memory_order_relaxed))
        ;
    printf("%d\n", data); // @read
    pthread_join(t, NULL);
    return 0;
}
