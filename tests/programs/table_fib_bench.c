// Two tasks add two places up in turns while a third looks at both; counts known from the
// literature on partial-order reduction.
// ARGS 1
// EXPECT complete
// EXPECT executions 11
// EXPECT outcome "" exit 0
// EXPECT no-findings
// ARGS 2
// EXPECT complete
// EXPECT executions 140
// EXPECT outcome "" exit 0
// EXPECT no-findings
// ARGS 3
// EXPECT complete
// EXPECT executions 1698
// EXPECT outcome "" exit 0
// EXPECT no-findings
// ARGS 4
// EXPECT complete
// EXPECT executions 19605
// EXPECT outcome "" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

static atomic_int x = 1, y = 1;
static int rounds;

static void *first(void *arg)
{
    for (int i = 0; i < rounds; i++) {
        int a = atomic_load(&x);
        int b = atomic_load(&y);
        atomic_store(&x, a + b);
    }
    return arg;
}

static void *second(void *arg)
{
    for (int i = 0; i < rounds; i++) {
        int a = atomic_load(&x);
        int b = atomic_load(&y);
        atomic_store(&y, a + b);
    }
    return arg;
}

static void *look(void *arg)
{
    (void)atomic_load(&x);
    (void)atomic_load(&y);
    return arg;
}

int main(int argc, char **argv)
{
    rounds = argc > 1 ? atoi(argv[1]) : 1;
    pthread_t t[3];
    pthread_create(&t[0], NULL, first, NULL);
    pthread_create(&t[1], NULL, second, NULL);
    pthread_create(&t[2], NULL, look, NULL);
    for (int i = 0; i < 3; i++)
        pthread_join(t[i], NULL);
    return 0;
}
