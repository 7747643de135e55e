#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

static atomic_int last; /* who wrote here last */

static void *one(void *arg)
{
    last = 1;
    return arg;
}

static void *two(void *arg)
{
    last = 2;
    return arg;
}

int main(void)
{
    pthread_t a, b;
    pthread_create(&a, NULL, one, NULL);
    pthread_create(&b, NULL, two, NULL);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    printf("%d was last\n", last);
    return 0;
}
