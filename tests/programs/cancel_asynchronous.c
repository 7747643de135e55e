// Of asynchronous type a thread may be cancelled anywhere: before or between the writes; after
// the last of them it is too late, for then nothing follows.
// EXPECT complete
// EXPECT outcome "0 canceled\n" exit 0
// EXPECT outcome "1 canceled\n" exit 0
// EXPECT outcome "2 returned\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdio.h>

static int done;

static void *work(void *arg)
{
    pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
    done = 1;
    done = 2;
    pthread_setcanceltype(PTHREAD_CANCEL_DEFERRED, NULL);
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
