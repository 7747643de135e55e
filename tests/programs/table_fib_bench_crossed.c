// Without the onlooker, and the second task reads the two places the other way round.
// ARGS 3
// EXPECT complete
// EXPECT executions 141
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
        int a = atomic_load(&y);
        int b = atomic_load(&x);
        atomic_store(&y, a + b);
    }
    return arg;
}

int main(int argc, char **argv)
{
    rounds = argc > 1 ? atoi(argv[1]) : 3;
    pthread_t t[2];
    pthread_create(&t[0], NULL, first, NULL);
    pthread_create(&t[1], NULL, second, NULL);
    for (int i = 0; i < 2; i++)
        pthread_join(t[i], NULL);
    return 0;
}
