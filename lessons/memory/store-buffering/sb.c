#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

static atomic_int x, y;
static int a, b;

static void *first(void *arg)
{
    x = 1;
    a = y;
    return arg;
}

static void *second(void *arg)
{
    y = 1;
    b = x;
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
