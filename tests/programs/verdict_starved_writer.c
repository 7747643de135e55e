// A lock for readers and writers, made of a mutex and a count, that lets every reader in while
// another reads. Two readers that read until the writer has written can keep it out for ever.
// EXPECT complete
// EXPECT outcome "done\n" exit 0
// EXPECT outcome "" livelock
// EXPECT findings starvation line @look
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static int readers;
static atomic_int written;

static void count(int n)
{
    pthread_mutex_lock(&m);
    readers += n;
    pthread_mutex_unlock(&m);
}

static void *reader(void *arg)
{
    while (!written) {
        count(1);
        count(-1);
    }
    return arg;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, reader, NULL);
    pthread_mutex_lock(&m); // @look
    while (readers) {
        pthread_mutex_unlock(&m); // @look
        pthread_mutex_lock(&m);   // @look
    }
    written = 1;
    pthread_mutex_unlock(&m);
    pthread_join(t, NULL);
    puts("done");
    return 0;
}
