// Two threads spin on each other's flag, and each would set its own only afterwards.
// EXPECT complete
// EXPECT outcome "" livelock
// EXPECT finding livelock line @spin1|@spin2
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

static atomic_int first, second;

static void *one(void *arg)
{
    while (!second) // @spin1
        ;
    first = 1;
    return arg;
}

static void *two(void *arg)
{
    while (!first) // @spin2
        ;
    second = 1;
    return arg;
}

int main(void)
{
    pthread_t t, u;
    pthread_create(&t, NULL, one, NULL);
    pthread_create(&u, NULL, two, NULL);
    pthread_join(t, NULL);
    pthread_join(u, NULL);
    puts("never");
    return 0;
}
