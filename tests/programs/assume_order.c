// Of the executions only those count in which the other task came first: the others are abandoned,
// and are no outcome. What is assumed is read under the lock.
// EXPECT complete
// EXPECT outcome "first 1\n" exit 0
// EXPECT no-findings
// EXPECT executions 1
// OPTIONS --strategy dfs
// EXPECT complete
// EXPECT outcome "first 1\n" exit 0
// EXPECT no-findings

#include <lockstep.h>
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static int set;

static void *task(void *arg)
{
    pthread_mutex_lock(&m);
    set = 1;
    pthread_mutex_unlock(&m);
    return arg;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, task, NULL);
    pthread_mutex_lock(&m);
    int seen = set;
    pthread_mutex_unlock(&m);
    lockstep_assume(seen);
    pthread_join(t, NULL);
    printf("first %d\n", seen);
    return 0;
}
