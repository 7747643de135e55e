#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

enum { R = memory_order_relaxed };
static atomic_int x, y;
static int a, b;

static void *first(void *arg)
{
    atomic_store_explicit(&x, 1, R);
    a = atomic_load_explicit(&y, R);
    return arg;
}

static void *second(void *arg)
{
    atomic_store_explicit(&y, 1, R);
    b = atomic_load_explicit(&x, R);
    return arg;
}

int main(void)
{
    pthread_t s, t;
    pthread_create(&s, NULL, first, NULL);
    pthread_create(&t, NULL, second, NULL);
    pthread_join(s, NULL);
    pthread_join(t, NULL);
    printf("%d %d\n", a, b);
    return 0;
}
