// Everybody writes before anybody reads: the barrier orders them. One of them is the serial one.
// EXPECT complete
// EXPECT outcome "6 6 6 serial 1\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

enum { N = 3 };
static pthread_barrier_t all;
static int part[N], sum[N];
static atomic_int serial;

static void *work(void *arg)
{
    long i = (long)arg;
    part[i] = (int)i + 1;
    if (pthread_barrier_wait(&all) == PTHREAD_BARRIER_SERIAL_THREAD)
        atomic_fetch_add(&serial, 1);
    for (int k = 0; k < N; k++)
        sum[i] += part[k];
    return NULL;
}

int main(void)
{
    pthread_t t[N];
    pthread_barrier_init(&all, NULL, N);
    for (long i = 0; i < N; i++)
        pthread_create(&t[i], NULL, work, (void *)i);
    for (int i = 0; i < N; i++)
        pthread_join(t[i], NULL);
    printf("%d %d %d serial %d\n", sum[0], sum[1], sum[2], serial);
    pthread_barrier_destroy(&all);
    return 0;
}
