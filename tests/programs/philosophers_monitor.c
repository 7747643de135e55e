// Two philosophers take both forks at once, under one lock, or wait: nobody holds one and waits.
// EXPECT complete
// EXPECT outcome "2\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t laid_down = PTHREAD_COND_INITIALIZER;
static int taken[2], meals;

static void *dine(void *arg)
{
    pthread_mutex_lock(&m);
    while (taken[0] || taken[1])
        pthread_cond_wait(&laid_down, &m);
    taken[0] = taken[1] = 1;
    pthread_mutex_unlock(&m);
    meals++;
    pthread_mutex_lock(&m);
    taken[0] = taken[1] = 0;
    pthread_cond_signal(&laid_down);
    pthread_mutex_unlock(&m);
    return arg;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, dine, NULL);
    dine(NULL);
    pthread_join(t, NULL);
    printf("%d\n", meals);
    return 0;
}
