// main ends by pthread_exit and keeps the lock, as the last one: the process ends with it.
// EXPECT complete
// EXPECT outcome "end\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;

static void *work(void *arg)
{
    return arg;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, work, NULL);
    pthread_join(t, NULL);
    pthread_mutex_lock(&m);
    puts("end");
    pthread_exit(NULL);
}
