// Two threads, two fields of one struct: different places, no conflict.
// EXPECT complete
// EXPECT outcome "1 2\n" exit 0
// EXPECT no-findings
// EXPECT executions 1
#include <pthread.h>
#include <stdio.h>

static struct {
    short left;
    short right;
} pair;

static void *set_left(void *arg)
{
    pair.left = 1;
    return arg;
}

static void *set_right(void *arg)
{
    pair.right = 2;
    return arg;
}

int main(void)
{
    pthread_t a, b;
    pthread_create(&a, NULL, set_left, NULL);
    pthread_create(&b, NULL, set_right, NULL);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    printf("%d %d\n", pair.left, pair.right);
    return 0;
}
