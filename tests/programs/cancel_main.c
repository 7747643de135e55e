// A thread cancels the main one: that ends like any other, and the process with the last.
// EXPECT complete
// EXPECT outcome "canceled\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdio.h>

static pthread_t first;

static void *work(void *arg)
{
    void *result;
    pthread_cancel(first);
    pthread_join(first, &result);
    puts(result == PTHREAD_CANCELED ? "canceled" : "?");
    return arg;
}

int main(void)
{
    pthread_t t;
    first = pthread_self();
    pthread_create(&t, NULL, work, NULL);
    for (;;)
        pthread_testcancel();
}
