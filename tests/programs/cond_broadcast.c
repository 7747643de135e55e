// A gate: nobody passes before it opens, then all do.
// EXPECT complete
// EXPECT outcome "3\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t opened = PTHREAD_COND_INITIALIZER;
static int is_open, passed;

static void *runner(void *arg)
{
    pthread_mutex_lock(&m);
    while (!is_open)
        pthread_cond_wait(&opened, &m);
    passed++;
    pthread_mutex_unlock(&m);
    return arg;
}

int main(void)
{
    pthread_t t[3];
    for (int i = 0; i < 3; i++)
        pthread_create(&t[i], NULL, runner, NULL);
    pthread_mutex_lock(&m);
    is_open = 1;
    pthread_cond_broadcast(&opened);
    pthread_mutex_unlock(&m);
    for (int i = 0; i < 3; i++)
        pthread_join(t[i], NULL);
    printf("%d\n", passed);
    return 0;
}
