// A bridge of one lane: cars of one direction only, at any time.
// EXPECT complete
// EXPECT outcome "over\n" exit 0
// EXPECT no-findings
#include <assert.h>
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t left = PTHREAD_COND_INITIALIZER;
static int cars[2];

static void *cross(void *arg)
{
    int way = arg != NULL;
    pthread_mutex_lock(&m);
    while (cars[1 - way])
        pthread_cond_wait(&left, &m);
    cars[way]++;
    assert(cars[1 - way] == 0);
    pthread_mutex_unlock(&m);
    pthread_mutex_lock(&m);
    if (--cars[way] == 0)
        pthread_cond_broadcast(&left);
    pthread_mutex_unlock(&m);
    return NULL;
}

int main(void)
{
    pthread_t t[2];
    pthread_create(&t[0], NULL, cross, NULL);
    pthread_create(&t[1], NULL, cross, (void *)1);
    pthread_join(t[0], NULL);
    pthread_join(t[1], NULL);
    puts("over");
    return 0;
}
