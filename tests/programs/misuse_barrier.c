// A barrier is destroyed while a thread waits at it: whoever comes later finds it gone.
// FREE outside "POSIX leaves undefined what a destroyed barrier does"
// EXPECT complete
// EXPECT outcome "end\n" exit 0
// EXPECT findings misuse line @gone
// EXPECT findings misuse line @wait
#include <pthread.h>
#include <stdio.h>

static pthread_barrier_t b;

static void *wait_there(void *arg)
{
    pthread_barrier_wait(&b); // @wait
    return arg;
}

int main(void)
{
    pthread_t t[2];
    pthread_barrier_init(&b, NULL, 2);
    for (int i = 0; i < 2; i++)
        pthread_create(&t[i], NULL, wait_there, NULL);
    pthread_barrier_destroy(&b); // @gone
    for (int i = 0; i < 2; i++)
        pthread_join(t[i], NULL);
    puts("end");
    return 0;
}
