// A request against a post: the one that waits for the semaphore gets its item or is cancelled;
// then the item is still there.
// EXPECT complete
// EXPECT outcome "canceled, 1 left\n" exit 0
// EXPECT outcome "got it, 0 left\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>

static sem_t items;

static void *take(void *arg)
{
    sem_wait(&items);
    return arg;
}

static void *post(void *arg)
{
    sem_post(&items);
    return arg;
}

int main(void)
{
    pthread_t a, b;
    void *result;
    int left;
    sem_init(&items, 0, 0);
    pthread_create(&a, NULL, take, NULL);
    pthread_create(&b, NULL, post, NULL);
    pthread_cancel(a);
    pthread_join(a, &result);
    pthread_join(b, NULL);
    sem_getvalue(&items, &left);
    printf("%s, %d left\n", result == PTHREAD_CANCELED ? "canceled" : "got it", left);
    return 0;
}
