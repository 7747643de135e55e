// Deferred cancellation waits for a cancellation point: what stands before pthread_testcancel is
// always done, what stands after it only if the request came later.
// EXPECT complete
// EXPECT outcome "1 canceled\n" exit 0
// EXPECT outcome "2 returned\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdio.h>

static int done;

static void *work(void *arg)
{
    done = 1;
    pthread_testcancel();
    done = 2;
    return arg;
}

int main(void)
{
    pthread_t t;
    void *result;
    pthread_create(&t, NULL, work, NULL);
    pthread_cancel(t);
    pthread_join(t, &result);
    printf("%d %s\n", done, result == PTHREAD_CANCELED ? "canceled" : "returned");
    return 0;
}
