// A condition used with one mutex and, when nobody waits any more, with another: that is allowed.
// EXPECT complete
// EXPECT outcome "end\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t c = PTHREAD_COND_INITIALIZER;
static int stage;

static void next(pthread_mutex_t *m)
{
    pthread_mutex_lock(m);
    stage++;
    pthread_cond_signal(&c);
    pthread_mutex_unlock(m);
}

static void await(pthread_mutex_t *m, int wanted)
{
    pthread_mutex_lock(m);
    while (stage < wanted)
        pthread_cond_wait(&c, m);
    pthread_mutex_unlock(m);
}

static void *work(void *arg)
{
    next(arg);
    return NULL;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, work, &a);
    await(&a, 1);
    pthread_join(t, NULL);
    pthread_create(&t, NULL, work, &b);
    await(&b, 2);
    pthread_join(t, NULL);
    puts("end");
    return 0;
}
