// Two readers that both want to write without giving back: each waits for the other to stop
// reading.
// EXPECT complete
// EXPECT outcome "" deadlock
// EXPECT findings deadlock
#include <pthread.h>
#include <stdio.h>

static pthread_rwlock_t l = PTHREAD_RWLOCK_INITIALIZER;
static int value;

static void *work(void *arg)
{
    pthread_rwlock_rdlock(&l);
    if (value == 0) {
        pthread_rwlock_wrlock(&l); /* while it reads itself: even alone it would wait for ever */
        value = 1;
    }
    pthread_rwlock_unlock(&l);
    return arg;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, work, NULL);
    work(NULL);
    pthread_join(t, NULL);
    puts("done");
    return 0;
}
