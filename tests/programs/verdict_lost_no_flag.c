// No flag at all: whoever signals first signals in vain.
// EXPECT complete
// EXPECT outcome "woken\n" exit 0
// EXPECT outcome "" deadlock
// EXPECT finding lost-wakeup line @wait
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t c = PTHREAD_COND_INITIALIZER;

static void *sleeper(void *arg)
{
    pthread_mutex_lock(&m);
    pthread_cond_wait(&c, &m); // @wait
    pthread_mutex_unlock(&m);
    return arg;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, sleeper, NULL);
    pthread_mutex_lock(&m);
    pthread_cond_signal(&c);
    pthread_mutex_unlock(&m);
    pthread_join(t, NULL);
    puts("woken");
    return 0;
}
