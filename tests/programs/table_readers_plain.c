// The same with a plain int: as many executions, and a data race.
// EXPECT complete
// EXPECT executions 8
// EXPECT outcome "" exit 0
// EXPECT finding data-race line @read|@write
#include <pthread.h>
#include <stddef.h>

static int x;

static void *write_it(void *arg)
{
    x = 1; // @write
    return arg;
}

static void *read_it(void *arg)
{
    int seen = x; // @read
    return seen < 0 ? NULL : arg;
}

int main(void)
{
    pthread_t t[4];
    pthread_create(&t[0], NULL, write_it, NULL);
    for (int i = 1; i < 4; i++)
        pthread_create(&t[i], NULL, read_it, NULL);
    for (int i = 0; i < 4; i++)
        pthread_join(t[i], NULL);
    return 0;
}
