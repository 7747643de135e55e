// A write through a null pointer, in one of two threads.
// EXPECT complete
// EXPECT outcome "" signal 11
// EXPECT finding crash line @here
#include <pthread.h>
#include <stdio.h>

static int *nowhere;

static void *crash(void *arg)
{
    *nowhere = 1; // @here
    return arg;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, crash, NULL);
    pthread_join(t, NULL);
    puts("never");
    return 0;
}
