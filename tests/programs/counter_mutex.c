// The same under a mutex: one outcome, and the orders of two sections of each of two threads.
// EXPECT complete
// EXPECT outcome "4\n" exit 0 executions 6
// EXPECT no-findings
// EXPECT executions 6
// EXPECT exit-status 0
// OPTIONS --strategy dfs
// EXPECT complete
// EXPECT outcome "4\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdio.h>

static int counter;
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;

static void *inc(void *arg)
{
    (void)arg;
    for (int i = 0; i < 2; i++) {
        pthread_mutex_lock(&m);
        counter++;
        pthread_mutex_unlock(&m);
    }
    return NULL;
}

int main(void)
{
    pthread_t a, b;
    pthread_create(&a, NULL, inc, NULL);
    pthread_create(&b, NULL, inc, NULL);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    printf("%d\n", counter);
    return 0;
}
