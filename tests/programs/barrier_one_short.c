// A barrier for three, two come: both wait for ever.
// EXPECT complete
// EXPECT outcome "" deadlock
// EXPECT finding deadlock
#include <pthread.h>
#include <stdio.h>

static pthread_barrier_t three;

static void *come(void *arg)
{
    pthread_barrier_wait(&three);
    return arg;
}

int main(void)
{
    pthread_t a, b;
    pthread_barrier_init(&three, NULL, 3);
    pthread_create(&a, NULL, come, NULL);
    pthread_create(&b, NULL, come, NULL);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    puts("never");
    return 0;
}
