/* 64 threads that lock and unlock as fast as they can, until they are ended. */
#include <pthread.h>
#include <unistd.h>

enum { THREADS = 64, LOCKS = 8 };
static pthread_mutex_t locks[LOCKS];
long counters[LOCKS];

static void *work(void *arg)
{
    unsigned random = (unsigned)(long)arg;
    for (;;) {
        random = random * 1103515245U + 12345U;
        unsigned i = (random >> 16) % LOCKS;
        pthread_mutex_lock(&locks[i]);
        counters[i]++;
        pthread_mutex_unlock(&locks[i]);
    }
    return NULL;
}

int main(void)
{
    pthread_t thread;
    for (int i = 0; i < LOCKS; i++)
        pthread_mutex_init(&locks[i], NULL);
    for (long i = 0; i < THREADS; i++)
        pthread_create(&thread, NULL, work, (void *)i);
    for (;;)
        pause();
}
