// Two threads add one each and nobody guards the counter. counter++ is a read and a write: when
// both read before either writes, one update is lost. By the order of the four accesses there are
// four different executions: T1 wholly first, T2 wholly first, both read and T1 writes last, both
// read and T2 writes last.
// EXPECT complete
// EXPECT outcome "1\n" exit 0 executions 2
// EXPECT outcome "2\n" exit 0 executions 2
// EXPECT finding data-race line @race
// EXPECT executions 4
// EXPECT exit-status 1
// OPTIONS --strategy dfs
// EXPECT complete
// EXPECT outcome "1\n" exit 0
// EXPECT outcome "2\n" exit 0
// EXPECT finding data-race line @race
// OPTIONS --strategy random --executions 500
// EXPECT incomplete
// EXPECT outcome "1\n" exit 0
// EXPECT outcome "2\n" exit 0
// EXPECT finding data-race line @race
// EXPECT executions 500
#include <pthread.h>
#include <stdio.h>

static int counter;

static void *inc(void *arg)
{
    (void)arg;
    counter++; // @race
    return NULL;
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
