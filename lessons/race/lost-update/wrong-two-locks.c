#include <pthread.h>
#include <stdio.h>

static int counter;
static pthread_mutex_t m1 = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t m2 = PTHREAD_MUTEX_INITIALIZER;

static void *inc(void *arg)
{
    pthread_mutex_t *m = arg;
    pthread_mutex_lock(m);
    counter++;
    pthread_mutex_unlock(m);
    return NULL;
}

int main(void)
{
    pthread_t a, b;
    pthread_create(&a, NULL, inc, &m1);
    pthread_create(&b, NULL, inc, &m2);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    printf("%d\n", counter);
    return 0;
}
