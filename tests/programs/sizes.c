// Shared variables of every size, written by one thread and read by another under a mutex.
// EXPECT complete
// EXPECT outcome "0\n" exit 0
// EXPECT outcome "15\n" exit 0
// EXPECT no-findings
// EXPECT executions 2
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static char c;
static short s;
static int i;
static long long l;
static double d;

static void *set(void *arg)
{
    pthread_mutex_lock(&m);
    c = 1;
    s = 2;
    i = 3;
    l = 4;
    d = 5.0;
    pthread_mutex_unlock(&m);
    return arg;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, set, NULL);
    pthread_mutex_lock(&m);
    long long sum = c + s + i + l + (long long)d;
    pthread_mutex_unlock(&m);
    pthread_join(t, NULL);
    printf("%lld\n", sum);
    return 0;
}
