// The thread gets the address of a local variable of a function that may have returned when it
// looks there: main does not wait in it.
// EXPECT complete
// EXPECT outcome "end\n" exit 0
// EXPECT findings misuse line @use
#include <pthread.h>
#include <stdio.h>

static pthread_t t;
static int sum;

static void *work(void *arg)
{
    sum += *(volatile int *)arg != 0; // @use
    return NULL;
}

static void start(void)
{
    volatile int number = 5;
    pthread_create(&t, NULL, work, (void *)&number);
}

int main(void)
{
    start();
    pthread_join(t, NULL);
    puts("end");
    return 0;
}
