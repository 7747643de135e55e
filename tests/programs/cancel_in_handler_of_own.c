// In a clean-up handler cancellation is over: a cancellation point there does nothing, whatever was
// asked for meanwhile.
// EXPECT complete
// EXPECT outcome "all of it, canceled\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdio.h>

static const char *text = "";

static void clean(void *arg)
{
    pthread_cancel(pthread_self());
    pthread_testcancel();
    text = arg;
}

static void *work(void *arg)
{
    pthread_cleanup_push(clean, "all of it");
    for (;;)
        pthread_testcancel();
    pthread_cleanup_pop(0);
    return arg;
}

int main(void)
{
    pthread_t t;
    void *result;
    pthread_create(&t, NULL, work, NULL);
    pthread_cancel(t);
    pthread_join(t, &result);
    printf("%s, %s\n", text, result == PTHREAD_CANCELED ? "canceled" : "?");
    return 0;
}
