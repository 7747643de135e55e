// Each writes one place and reads the other. No interleaving lets both read 0.
// EXPECT complete
// EXPECT outcome "0 1\n" exit 0
// EXPECT outcome "1 0\n" exit 0
// EXPECT outcome "1 1\n" exit 0
// EXPECT no-findings
// EXPECT executions 3
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

static atomic_int x, y;
static int r1, r2;

static void *first(void *arg)
{
    atomic_store(&x, 1);
    int seen = atomic_load(&y);
    r1 = seen;
    return arg;
}

static void *second(void *arg)
{
    atomic_store(&y, 1);
    int seen = atomic_load(&x);
    r2 = seen;
    return arg;
}

int main(void)
{
    pthread_t a, b;
    pthread_create(&a, NULL, first, NULL);
    pthread_create(&b, NULL, second, NULL);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    printf("%d %d\n", r1, r2);
    return 0;
}
