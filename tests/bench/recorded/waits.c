/* Mostly waiting: a producer and three consumers hand numbers over one at a time, and all sleep. */
#include <pthread.h>
#include <unistd.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t full = PTHREAD_COND_INITIALIZER, empty = PTHREAD_COND_INITIALIZER;
static int there, done, taken;

static void *take(void *p)
{
    for (;;) {
        pthread_mutex_lock(&m);
        while (!there && !done)
            pthread_cond_wait(&full, &m);
        if (!there)
            break;
        there = 0;
        taken++;
        pthread_cond_signal(&empty);
        pthread_mutex_unlock(&m);
        usleep(100);
    }
    pthread_mutex_unlock(&m);
    return p;
}

int main(void)
{
    pthread_t t[3];
    for (int i = 0; i < 3; i++)
        pthread_create(&t[i], NULL, take, NULL);
    for (int i = 0; i < 1000; i++) {
        pthread_mutex_lock(&m);
        while (there)
            pthread_cond_wait(&empty, &m);
        there = 1;
        pthread_cond_signal(&full);
        pthread_mutex_unlock(&m);
    }
    pthread_mutex_lock(&m);
    done = 1;
    pthread_cond_broadcast(&full);
    pthread_mutex_unlock(&m);
    for (int i = 0; i < 3; i++)
        pthread_join(t[i], NULL);
    return taken < 999;
}
