// An unprotected counter, but in sections nobody else comes into: nothing is lost, and no race.
// EXPECT complete
// EXPECT outcome "2\n" exit 0
// EXPECT no-findings
// EXPECT executions 2
// OPTIONS --strategy dfs
// EXPECT complete
// EXPECT outcome "2\n" exit 0
// EXPECT no-findings

#include <lockstep.h>
#include <pthread.h>
#include <stdio.h>

static int counter;

static void *task(void *arg)
{
    lockstep_atomic_begin();
    counter++;
    lockstep_atomic_end();
    return arg;
}

int main(void)
{
    pthread_t t[2];
    for (int i = 0; i < 2; i++)
        pthread_create(&t[i], NULL, task, NULL);
    for (int i = 0; i < 2; i++)
        pthread_join(t[i], NULL);
    printf("%d\n", counter);
    return 0;
}
