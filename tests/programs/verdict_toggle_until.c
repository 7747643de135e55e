// The same until the other says stop. A scheduler that is fair lets it; nothing is wrong.
// EXPECT complete
// EXPECT outcome "stopped\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

static atomic_int light, stop;

static void *blink(void *arg)
{
    while (!stop) {
        light = 1;
        light = 0;
    }
    return arg;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, blink, NULL);
    stop = 1;
    pthread_join(t, NULL);
    puts("stopped");
    return 0;
}
