// Three values of one task, two of another and an order of both: each is tried.
// The two tasks write different places, so their order makes no difference.
// EXPECT complete
// EXPECT outcome "0 0\n" exit 0
// EXPECT outcome "0 1\n" exit 0
// EXPECT outcome "1 0\n" exit 0
// EXPECT outcome "1 1\n" exit 0
// EXPECT outcome "2 0\n" exit 0
// EXPECT outcome "2 1\n" exit 0
// EXPECT no-findings
// EXPECT executions 6
// OPTIONS --strategy dfs
// EXPECT complete
// EXPECT outcome "0 0\n" exit 0
// EXPECT outcome "0 1\n" exit 0
// EXPECT outcome "1 0\n" exit 0
// EXPECT outcome "1 1\n" exit 0
// EXPECT outcome "2 0\n" exit 0
// EXPECT outcome "2 1\n" exit 0
// EXPECT no-findings

#include <lockstep.h>
#include <pthread.h>
#include <stdio.h>

static int a, b;

static void *task(void *arg)
{
    a = lockstep_choose(3);
    return arg;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, task, NULL);
    b = lockstep_choose(2);
    pthread_join(t, NULL);
    printf("%d %d\n", a, b);
    return 0;
}
