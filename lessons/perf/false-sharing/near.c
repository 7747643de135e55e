#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

struct counter {
    atomic_long n;
};
static struct counter counters[2];
static long rounds = 2;

static void *count(void *arg)
{
    struct counter *mine = arg;
    for (long i = 0; i < rounds; i++)
        atomic_fetch_add(&mine->n, 1);
    return arg;
}

int main(int argc, char **argv)
{
    pthread_t t[2];
    if (argc > 1)
        rounds = atol(argv[1]);
    for (int i = 0; i < 2; i++)
        pthread_create(&t[i], NULL, count, &counters[i]);
    for (int i = 0; i < 2; i++)
        pthread_join(t[i], NULL);
    printf("%ld %ld\n", counters[0].n, counters[1].n);
    return 0;
}
