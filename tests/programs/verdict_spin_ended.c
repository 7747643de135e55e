// Spins until a worker has set a flag; the worker sets it, and nothing is found.
// EXPECT complete
// EXPECT outcome "end\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

static atomic_int ready;

static void *work(void *arg)
{
    ready = 1;
    return arg;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, work, NULL);
    while (!ready)
        ;
    pthread_join(t, NULL);
    puts("end");
    return 0;
}
