// One thread writes a place to and fro for ever; it changes something all the time and gets
// nowhere.
// EXPECT complete
// EXPECT outcome "" livelock
// EXPECT finding livelock line @loop
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

static atomic_int light;

static void *blink(void *arg)
{
    for (;;) {
        light = 1; // @loop
        light = 0;
    }
    return arg;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, blink, NULL);
    pthread_join(t, NULL);
    puts("never");
    return 0;
}
