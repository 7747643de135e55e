// A future told to one waiter only: the other sleeps for ever when it was asleep already.
// EXPECT complete
// EXPECT outcome "18\n" exit 0
// EXPECT outcome "" deadlock
// EXPECT finding deadlock|lost-wakeup
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t c = PTHREAD_COND_INITIALIZER;
static int set, value;

static void *get(void *arg)
{
    pthread_mutex_lock(&m);
    while (!set)
        pthread_cond_wait(&c, &m);
    *(int *)arg = value;
    pthread_mutex_unlock(&m);
    return NULL;
}

int main(void)
{
    pthread_t t[2];
    int got[2];
    for (int i = 0; i < 2; i++)
        pthread_create(&t[i], NULL, get, &got[i]);
    pthread_mutex_lock(&m);
    value = 9;
    set = 1;
    pthread_cond_signal(&c);
    pthread_mutex_unlock(&m);
    for (int i = 0; i < 2; i++)
        pthread_join(t[i], NULL);
    printf("%d\n", got[0] + got[1]);
    return 0;
}
