// One slot, one condition for both sides, signal instead of broadcast: a consumer may wake the
// other consumer where the producer was meant, and then all sleep.
// EXPECT complete
// EXPECT outcome "done\n" exit 0
// EXPECT outcome "" deadlock
// EXPECT findings deadlock|lost-wakeup
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int slot;

static void put(int item)
{
    pthread_mutex_lock(&m);
    while (slot != 0)
        pthread_cond_wait(&changed, &m);
    slot = item;
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&m);
}

static void *consume(void *arg)
{
    pthread_mutex_lock(&m);
    while (slot == 0)
        pthread_cond_wait(&changed, &m);
    slot = 0;
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&m);
    return arg;
}

int main(void)
{
    pthread_t a, b;
    pthread_create(&a, NULL, consume, NULL);
    pthread_create(&b, NULL, consume, NULL);
    put(1);
    put(2);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    puts("done");
    return 0;
}
