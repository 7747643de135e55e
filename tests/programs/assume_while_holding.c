// The task that stops holds a lock another waits for: nothing goes on, and that is no deadlock.
// Only with the other value the program ends, in either order of the two sections.
// EXPECT complete
// EXPECT outcome "held\n" exit 0
// EXPECT no-findings
// EXPECT executions 2
// OPTIONS --strategy dfs
// EXPECT complete
// EXPECT outcome "held\n" exit 0
// EXPECT no-findings

#include <lockstep.h>
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;

static void *task(void *arg)
{
    pthread_mutex_lock(&m);
    pthread_mutex_unlock(&m);
    return arg;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, task, NULL);
    pthread_mutex_lock(&m);
    lockstep_assume(lockstep_choose(2));
    pthread_mutex_unlock(&m);
    pthread_join(t, NULL);
    puts("held");
    return 0;
}
