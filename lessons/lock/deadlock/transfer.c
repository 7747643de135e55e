#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t b = PTHREAD_MUTEX_INITIALIZER;
static int transfers; /* needs a and b */

static void *a_to_b(void *arg)
{
    pthread_mutex_lock(&a);
    pthread_mutex_lock(&b);
    transfers++;
    pthread_mutex_unlock(&b);
    pthread_mutex_unlock(&a);
    return arg;
}

static void *b_to_a(void *arg)
{
    pthread_mutex_lock(&b);
    pthread_mutex_lock(&a);
    transfers++;
    pthread_mutex_unlock(&a);
    pthread_mutex_unlock(&b);
    return arg;
}

int main(void)
{
    pthread_t t, u;
    pthread_create(&t, NULL, a_to_b, NULL);
    pthread_create(&u, NULL, b_to_a, NULL);
    pthread_join(t, NULL);
    pthread_join(u, NULL);
    printf("%d transfers\n", transfers);
    return 0;
}
