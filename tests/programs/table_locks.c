// T tasks, K sections of one mutex each: the orders of the sections, (TK)!/(K!)^T.
// ARGS 2 2
// EXPECT complete
// EXPECT executions 6
// EXPECT outcome "4\n" exit 0
// EXPECT no-findings
// ARGS 3 1
// EXPECT complete
// EXPECT executions 6
// EXPECT outcome "3\n" exit 0
// EXPECT no-findings
// ARGS 3 2
// EXPECT complete
// EXPECT executions 90
// EXPECT outcome "6\n" exit 0
// EXPECT no-findings
// ARGS 2 4
// EXPECT complete
// EXPECT executions 70
// EXPECT outcome "8\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static int sections, counter;

static void *work(void *arg)
{
    for (int i = 0; i < sections; i++) {
        pthread_mutex_lock(&m);
        counter++;
        pthread_mutex_unlock(&m);
    }
    return arg;
}

int main(int argc, char **argv)
{
    int tasks = argc > 1 ? atoi(argv[1]) : 2;
    sections = argc > 2 ? atoi(argv[2]) : 2;
    pthread_t t[8];
    for (int i = 0; i < tasks; i++)
        pthread_create(&t[i], NULL, work, NULL);
    for (int i = 0; i < tasks; i++)
        pthread_join(t[i], NULL);
    printf("%d\n", counter);
    return 0;
}
