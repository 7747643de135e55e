// After the handlers of atexit come the functions with the attribute destructor, the last one
// first, in every execution; before main come the constructors.
// EXPECT complete
// EXPECT outcome "main 7\nhandler\nlast\nfirst\n" exit 0
// EXPECT no-findings
// EXPECT executions 2
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static int value;

__attribute__((constructor)) static void begins(void)
{
    value = 7;
}

__attribute__((destructor(101))) static void first(void)
{
    puts("first");
}

__attribute__((destructor(102))) static void last(void)
{
    puts("last");
}

static void handler(void)
{
    puts("handler");
}

static void *work(void *arg)
{
    pthread_mutex_lock(&m);
    pthread_mutex_unlock(&m);
    return arg;
}

int main(void)
{
    pthread_t t;
    atexit(handler);
    pthread_create(&t, NULL, work, NULL);
    work(NULL);
    pthread_join(t, NULL);
    printf("main %d\n", value);
    return 0;
}
