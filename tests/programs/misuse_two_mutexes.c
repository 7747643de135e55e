// Two wait in one condition at the same time, each with a mutex of its own.
// EXPECT complete
// EXPECT outcome "end\n" exit 0
// EXPECT findings misuse line @wait
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>

static pthread_mutex_t m[2] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER};
static pthread_cond_t c = PTHREAD_COND_INITIALIZER;
static int go[2];

static void *wait_for_go(void *arg)
{
    int i = *(int *)arg;
    pthread_mutex_lock(&m[i]);
    while (!go[i])
        pthread_cond_wait(&c, &m[i]); // @wait
    pthread_mutex_unlock(&m[i]);
    return NULL;
}

int main(void)
{
    static int index[] = {0, 1};
    pthread_t t[2];
    for (int i = 0; i < 2; i++)
        pthread_create(&t[i], NULL, wait_for_go, &index[i]);
    for (int i = 0; i < 2; i++) {
        pthread_mutex_lock(&m[i]);
        go[i] = 1;
        pthread_cond_broadcast(&c);
        pthread_mutex_unlock(&m[i]);
    }
    for (int i = 0; i < 2; i++)
        pthread_join(t[i], NULL);
    puts("end");
    return 0;
}
