// Spins on a flag that nobody sets any more: it runs and gets nowhere.
// EXPECT complete
// EXPECT outcome "" livelock
// EXPECT finding livelock line @spin
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

static atomic_int stop;

static void *spin(void *arg)
{
    while (!stop) // @spin
        ;
    return arg;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, spin, NULL);
    pthread_join(t, NULL);
    puts("never");
    return 0;
}
