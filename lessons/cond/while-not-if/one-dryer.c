#include <assert.h>
#include <pthread.h>
#include <stdio.h>

static int plates;
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t more = PTHREAD_COND_INITIALIZER;

static void *dry(void *arg)
{
    pthread_mutex_lock(&m);
    if (plates == 0)
        pthread_cond_wait(&more, &m);
    assert(plates > 0);
    plates--;
    printf("%d left\n", plates);
    pthread_mutex_unlock(&m);
    return arg;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, dry, NULL);
    pthread_mutex_lock(&m);
    plates++;
    pthread_cond_signal(&more);
    pthread_mutex_unlock(&m);
    pthread_join(t, NULL);
    return 0;
}
