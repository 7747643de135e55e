// N tasks write one place once each: every order is different, N!.
// ARGS 2
// EXPECT complete
// EXPECT executions 2
// EXPECT outcome "" exit 0
// EXPECT no-findings
// ARGS 3
// EXPECT complete
// EXPECT executions 6
// EXPECT outcome "" exit 0
// EXPECT no-findings
// ARGS 5
// EXPECT complete
// EXPECT executions 120
// EXPECT outcome "" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

static atomic_int x;

static void *write_it(void *arg)
{
    atomic_store(&x, 1);
    return arg;
}

int main(int argc, char **argv)
{
    int n = argc > 1 ? atoi(argv[1]) : 2;
    pthread_t writer[8];
    for (int i = 0; i < n; i++)
        pthread_create(&writer[i], NULL, write_it, NULL);
    for (int i = 0; i < n; i++)
        pthread_join(writer[i], NULL);
    return 0;
}
