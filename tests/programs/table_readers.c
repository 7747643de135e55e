// One task writes a place once, N tasks read it once each: each read before or after the write,
// 2^N.
// ARGS 2
// EXPECT complete
// EXPECT executions 4
// EXPECT outcome "" exit 0
// EXPECT no-findings
// ARGS 3
// EXPECT complete
// EXPECT executions 8
// EXPECT outcome "" exit 0
// EXPECT no-findings
// ARGS 5
// EXPECT complete
// EXPECT executions 32
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

static void *read_it(void *arg)
{
    (void)atomic_load(&x);
    return arg;
}

int main(int argc, char **argv)
{
    int n = argc > 1 ? atoi(argv[1]) : 2;
    pthread_t writer, reader[8];
    pthread_create(&writer, NULL, write_it, NULL);
    for (int i = 0; i < n; i++)
        pthread_create(&reader[i], NULL, read_it, NULL);
    pthread_join(writer, NULL);
    for (int i = 0; i < n; i++)
        pthread_join(reader[i], NULL);
    return 0;
}
