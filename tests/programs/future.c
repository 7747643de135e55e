// A future: two tasks wait for a value that a third computes.
// EXPECT complete
// EXPECT outcome "18\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdio.h>

static struct {
    pthread_mutex_t m;
    pthread_cond_t c;
    int set, value;
} future = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, 0};

static int get(void)
{
    pthread_mutex_lock(&future.m);
    while (!future.set)
        pthread_cond_wait(&future.c, &future.m);
    int value = future.value;
    pthread_mutex_unlock(&future.m);
    return value;
}

static void *compute(void *arg)
{
    pthread_mutex_lock(&future.m);
    future.value = 9;
    future.set = 1;
    pthread_cond_broadcast(&future.c);
    pthread_mutex_unlock(&future.m);
    return arg;
}

static void *user(void *arg)
{
    *(int *)arg = get();
    return NULL;
}

int main(void)
{
    pthread_t a, b;
    int theirs;
    pthread_create(&a, NULL, compute, NULL);
    pthread_create(&b, NULL, user, &theirs);
    int mine = get();
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    printf("%d\n", mine + theirs);
    return 0;
}
