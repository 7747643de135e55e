// While cancellation is disabled a request stays pending, also at cancellation points; it is acted
// upon at the first one after it is enabled again.
// EXPECT complete
// EXPECT outcome "3 canceled\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>

static sem_t asked;
static int done;

static void *work(void *arg)
{
    int before = -1;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before);
    done = before == PTHREAD_CANCEL_ENABLE;
    sem_wait(&asked);
    done++;
    pthread_testcancel();
    done++;
    pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
    pthread_testcancel();
    done = 100;
    return arg;
}

int main(void)
{
    pthread_t t;
    void *result;
    sem_init(&asked, 0, 0);
    pthread_create(&t, NULL, work, NULL);
    pthread_cancel(t);
    sem_post(&asked);
    pthread_join(t, &result);
    printf("%d %s\n", done, result == PTHREAD_CANCELED ? "canceled" : "returned");
    return 0;
}
