// An event count: advance raises it, await sleeps until it is high enough.
// EXPECT complete
// EXPECT outcome "2\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t c = PTHREAD_COND_INITIALIZER;
static int count;

static void advance(void)
{
    pthread_mutex_lock(&m);
    count++;
    pthread_cond_broadcast(&c);
    pthread_mutex_unlock(&m);
}

static int await(int value)
{
    pthread_mutex_lock(&m);
    while (count < value)
        pthread_cond_wait(&c, &m);
    int seen = count;
    pthread_mutex_unlock(&m);
    return seen;
}

static void *raise_it(void *arg)
{
    advance();
    advance();
    return arg;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, raise_it, NULL);
    printf("%d\n", await(2));
    pthread_join(t, NULL);
    return 0;
}
