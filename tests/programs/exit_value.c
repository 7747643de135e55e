// What a thread returns and what it gives to pthread_exit, deep in a call, both reach the join.
// EXPECT complete
// EXPECT outcome "7 9\n" exit 0
// EXPECT no-findings
// EXPECT executions 1
#include <pthread.h>
#include <stdio.h>

static void deep(int n)
{
    if (n == 0)
        pthread_exit((void *)9L);
    deep(n - 1);
}

static void *by_return(void *arg)
{
    (void)arg;
    return (void *)7L;
}

static void *by_exit(void *arg)
{
    deep(3);
    return arg;
}

int main(void)
{
    pthread_t a, b;
    void *x, *y;
    pthread_create(&a, NULL, by_return, NULL);
    pthread_create(&b, NULL, by_exit, NULL);
    pthread_join(a, &x);
    pthread_join(b, &y);
    printf("%ld %ld\n", (long)x, (long)y);
    return 0;
}
