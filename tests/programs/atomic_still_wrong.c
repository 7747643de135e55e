// Every access is atomic, so there is no data race, and still an update is lost: it takes two
// steps.
// EXPECT complete
// EXPECT outcome "1\n" exit 0 executions 2
// EXPECT outcome "2\n" exit 0 executions 2
// EXPECT no-findings
// EXPECT executions 4
// EXPECT exit-status 0
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

static atomic_int counter;

static void *inc(void *arg)
{
    int seen = atomic_load(&counter);
    atomic_store(&counter, seen + 1);
    return arg;
}

int main(void)
{
    pthread_t a, b;
    pthread_create(&a, NULL, inc, NULL);
    pthread_create(&b, NULL, inc, NULL);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    printf("%d\n", counter);
    return 0;
}
