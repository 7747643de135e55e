// One thread calls the initialiser while it holds m, the other runs the initialiser, which wants m.
// EXPECT complete
// EXPECT outcome "done\n" exit 0
// EXPECT outcome "" deadlock
// EXPECT finding deadlock line @once
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void prepare(void)
{
    pthread_mutexattr_t a; /* not the lock itself when the caller holds it: see below */
    pthread_mutexattr_init(&a);
}

static void prepare_locked(void)
{
    pthread_mutex_lock(&m);
    pthread_mutex_unlock(&m);
}

static void *with_lock(void *arg)
{
    pthread_mutex_lock(&m);
    pthread_once(&once, prepare); // @once
    pthread_mutex_unlock(&m);
    return arg;
}

static void *without(void *arg)
{
    pthread_once(&once, prepare_locked);
    return arg;
}

int main(void)
{
    pthread_t t, u;
    pthread_create(&t, NULL, with_lock, NULL);
    pthread_create(&u, NULL, without, NULL);
    pthread_join(t, NULL);
    pthread_join(u, NULL);
    puts("done");
    return 0;
}
