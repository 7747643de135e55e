// Two consumers, `if` around the wait: one is signalled, but before it has the lock again the other
// comes by and takes the item. Then the first finds nothing.
// EXPECT complete
// EXPECT outcome "done\n" exit 0
// EXPECT outcome "" signal 6
// EXPECT finding assertion line @empty
// EXPECT exit-status 1
#include <assert.h>
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t filled = PTHREAD_COND_INITIALIZER;
static int items;

static void *consume(void *arg)
{
    pthread_mutex_lock(&m);
    if (items == 0)
        pthread_cond_wait(&filled, &m);
    assert(items > 0); // @empty
    items--;
    pthread_mutex_unlock(&m);
    return arg;
}

int main(void)
{
    pthread_t a, b;
    pthread_create(&a, NULL, consume, NULL);
    pthread_create(&b, NULL, consume, NULL);
    for (int i = 0; i < 2; i++) {
        pthread_mutex_lock(&m);
        items++;
        pthread_cond_signal(&filled);
        pthread_mutex_unlock(&m);
    }
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    puts("done");
    return 0;
}
