// A sequence lock whose reader does not look again: it sees half of a pair.
// EXPECT complete
// EXPECT outcome "0 0\n" exit 0
// EXPECT outcome "1 1\n" exit 0
// EXPECT outcome "0 1\n" exit 0
// EXPECT outcome "1 0\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

static atomic_uint sequence;
static atomic_int x, y;

static void *writer(void *arg)
{
    sequence++;
    x = 1;
    y = 1;
    sequence++;
    return arg;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, writer, NULL);
    while (sequence % 2)
        ;
    int a = x, b = y;
    pthread_join(t, NULL);
    printf("%d %d\n", a, b);
    return 0;
}
