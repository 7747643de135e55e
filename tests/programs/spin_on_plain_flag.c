// The same with a plain int: by interleaving it works, but nothing orders the accesses.
// EXPECT complete
// EXPECT outcome "42\n" exit 0
// EXPECT findings data-race line @set|@spin|@data|@use
#include <pthread.h>
#include <stdio.h>

static int ready;
static int data;

static void *produce(void *arg)
{
    data = 42; // @data
    ready = 1; // @set
    return arg;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, produce, NULL);
    while (!ready) // @spin
        ;
    printf("%d\n", data); // @use
    pthread_join(t, NULL);
    return 0;
}
