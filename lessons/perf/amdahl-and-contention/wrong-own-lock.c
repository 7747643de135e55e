#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static int threads = 2, jobs = 2, alone = 1, together = 1;
static long total;

static long compute(long x, int n)
{
    for (int i = 0; i < n; i++)
        x = x * 5 % 1000003 + 1;
    return x;
}

static void *work(void *arg)
{
    for (int i = 0; i < jobs / threads; i++) {
        long x = compute(i, together);
        pthread_mutex_t mine = PTHREAD_MUTEX_INITIALIZER;
        pthread_mutex_lock(&mine);
        total += compute(x, alone) > 0;
        pthread_mutex_unlock(&mine);
    }
    return arg;
}

int main(int argc, char **argv)
{
    pthread_t t[64];
    if (argc > 3) {
        threads = atoi(argv[1]);
        alone = atoi(argv[2]) * 1000;
        together = 100000 - alone;
        jobs = atoi(argv[3]);
    }
    if (threads < 1 || threads > 64)
        return 2;
    for (int i = 0; i < threads; i++)
        pthread_create(&t[i], NULL, work, NULL);
    for (int i = 0; i < threads; i++)
        pthread_join(t[i], NULL);
    printf("%ld\n", total);
    return 0;
}
