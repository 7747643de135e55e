#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static int threads = 2, n = 5, jobs = 2;
static int busy, most;

static long fib(int k)
{
    return k < 2 ? k : fib(k - 1) + fib(k - 2);
}

static void *work(void *arg)
{
    long sum = 0;
    for (int i = 0; i < jobs / threads; i++) {
        if (++busy > most)
            most = busy;
        sum += fib(n);
        busy--;
    }
    (void)arg;
    return (void *)sum;
}

int main(int argc, char **argv)
{
    pthread_t t[64];
    void *sum;
    if (argc > 3) {
        threads = atoi(argv[1]);
        n = atoi(argv[2]);
        jobs = atoi(argv[3]);
    }
    if (threads < 1 || threads > 64)
        return 2;
    for (int i = 0; i < threads; i++)
        pthread_create(&t[i], NULL, work, NULL);
    for (int i = 0; i < threads; i++)
        pthread_join(t[i], &sum);
    printf("%d\n", most);
    return sum == NULL;
}
