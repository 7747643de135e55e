// Readers and writers by a mutex and a condition: a writer is alone.
// EXPECT complete
// EXPECT outcome "2\n" exit 0
// EXPECT no-findings
#include <assert.h>
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int readers, writing, a, b;

static void begin_write(void)
{
    pthread_mutex_lock(&m);
    while (readers || writing)
        pthread_cond_wait(&changed, &m);
    writing = 1;
    pthread_mutex_unlock(&m);
}

static void end_write(void)
{
    pthread_mutex_lock(&m);
    writing = 0;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&m);
}

static void *reader(void *arg)
{
    pthread_mutex_lock(&m);
    while (writing)
        pthread_cond_wait(&changed, &m);
    readers++;
    pthread_mutex_unlock(&m);
    assert(a == b);
    pthread_mutex_lock(&m);
    if (--readers == 0)
        pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&m);
    return arg;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, reader, NULL);
    begin_write();
    a++;
    b++;
    end_write();
    pthread_join(t, NULL);
    printf("%d\n", a + b);
    return 0;
}
