// Two threads look at an atomic flag before they take the lock; a broadcast in between reaches
// those who sleep already, and only those. So both, one or none may sleep for ever.
// EXPECT complete
// EXPECT outcome "go\n" exit 0
// EXPECT outcome "" deadlock
// EXPECT finding lost-wakeup line @wait
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t c = PTHREAD_COND_INITIALIZER;
static atomic_int go;

static void *runner(void *arg)
{
    if (!go) {
        pthread_mutex_lock(&m);
        pthread_cond_wait(&c, &m); // @wait
        pthread_mutex_unlock(&m);
    }
    return arg;
}

int main(void)
{
    pthread_t t, u;
    pthread_create(&t, NULL, runner, NULL);
    pthread_create(&u, NULL, runner, NULL);
    go = 1;
    pthread_cond_broadcast(&c);
    pthread_join(t, NULL);
    pthread_join(u, NULL);
    puts("go");
    return 0;
}
