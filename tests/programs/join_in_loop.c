// Created and joined one by one: nothing overlaps, there is one execution.
// EXPECT complete
// EXPECT outcome "3\n" exit 0
// EXPECT no-findings
// EXPECT executions 1
#include <pthread.h>
#include <stdio.h>

static int counter;

static void *inc(void *arg)
{
    (void)arg;
    counter++;
    return NULL;
}

int main(void)
{
    for (int i = 0; i < 3; i++) {
        pthread_t t;
        pthread_create(&t, NULL, inc, NULL);
        pthread_join(t, NULL);
    }
    printf("%d\n", counter);
    return 0;
}
