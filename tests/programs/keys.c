// Each thread has its own value under one key; the destructor gets it when the thread ends, before
// the join returns.
// EXPECT complete
// EXPECT outcome "null 30\n" exit 0
// EXPECT no-findings
#include <assert.h>
#include <pthread.h>
#include <stdio.h>

static pthread_key_t key;
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static int sum;

static void gone(void *value)
{
    pthread_mutex_lock(&m);
    sum += *(int *)value;
    pthread_mutex_unlock(&m);
}

static void *own(void *arg)
{
    assert(pthread_getspecific(key) == NULL);
    pthread_setspecific(key, arg);
    assert(pthread_getspecific(key) == arg);
    return NULL;
}

int main(void)
{
    static int value[] = {10, 20};
    pthread_t t[2];
    pthread_key_create(&key, gone);
    for (int i = 0; i < 2; i++)
        pthread_create(&t[i], NULL, own, &value[i]);
    for (int i = 0; i < 2; i++)
        pthread_join(t[i], NULL);
    printf("%s %d\n", pthread_getspecific(key) ? "?" : "null", sum);
    return 0;
}
