// Each takes its own lock and tries the other's; when that fails it gives its own back and begins
// again. In step they can go on so for ever: a livelock, though mostly it ends well.
// EXPECT complete
// EXPECT outcome "done\n" exit 0
// EXPECT outcome "" livelock
// EXPECT findings livelock
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;

static void both(pthread_mutex_t *first, pthread_mutex_t *second)
{
    for (;;) {
        pthread_mutex_lock(first);
        if (pthread_mutex_trylock(second) == 0)
            break;
        pthread_mutex_unlock(first);
    }
    pthread_mutex_unlock(second);
    pthread_mutex_unlock(first);
}

static void *one(void *arg)
{
    both(&a, &b);
    return arg;
}

static void *two(void *arg)
{
    both(&b, &a);
    return arg;
}

int main(void)
{
    pthread_t t, u;
    pthread_create(&t, NULL, one, NULL);
    pthread_create(&u, NULL, two, NULL);
    pthread_join(t, NULL);
    pthread_join(u, NULL);
    puts("done");
    return 0;
}
