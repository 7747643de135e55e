// A barrier that can be used again, of two turnstiles: nobody is a round ahead.
// EXPECT complete
// EXPECT outcome "ok\n" exit 0
// EXPECT no-findings
#include <assert.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>

enum { N = 2 };
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static sem_t in, out;
static int count, rounds[N];

static void arrive(void)
{
    pthread_mutex_lock(&m);
    if (++count == N)
        for (int i = 0; i < N; i++)
            sem_post(&in);
    pthread_mutex_unlock(&m);
    sem_wait(&in);
}

static void depart(void)
{
    pthread_mutex_lock(&m);
    if (--count == 0)
        for (int i = 0; i < N; i++)
            sem_post(&out);
    pthread_mutex_unlock(&m);
    sem_wait(&out);
}

static void *work(void *arg)
{
    int me = arg != NULL;
    for (int r = 1; r <= 2; r++) {
        rounds[me] = r;
        arrive();
        assert(rounds[1 - me] == r);
        depart();
    }
    return NULL;
}

int main(void)
{
    pthread_t t;
    sem_init(&in, 0, 0);
    sem_init(&out, 0, 0);
    pthread_create(&t, NULL, work, (void *)1);
    work(NULL);
    pthread_join(t, NULL);
    puts("ok");
    return 0;
}
