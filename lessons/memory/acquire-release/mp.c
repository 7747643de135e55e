#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

static int data;
static atomic_int ready;

static void *send(void *arg)
{
    data = 42;
    atomic_store_explicit(&ready, 1,
        memory_order_relaxed);
    return arg;
}

static void *receive(void *arg)
{
    int seen = atomic_load_explicit(
        &ready, memory_order_relaxed);
    if (seen)
        printf("%d\n", data);
    else
        puts("not yet");
    return arg;
}

int main(void)
{
    pthread_t a, b;
    pthread_create(&a, NULL, send, NULL);
    pthread_create(&b, NULL, receive, NULL);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    return 0;
}
