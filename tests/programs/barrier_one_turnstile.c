// A barrier of one turnstile, used twice: the fast one takes a permit that was meant for the slow
// one, and goes through a second time alone; the slow one waits for ever.
// EXPECT complete
// EXPECT outcome "ok\n" exit 0
// EXPECT outcome "" deadlock
// EXPECT finding deadlock
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>

enum { N = 2 };
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static sem_t gate;
static int count;

static void meet(void)
{
    pthread_mutex_lock(&m);
    int last = ++count == N;
    pthread_mutex_unlock(&m);
    if (last) {
        for (int i = 0; i < N; i++)
            sem_post(&gate);
        pthread_mutex_lock(&m);
        count = 0;
        pthread_mutex_unlock(&m);
    }
    sem_wait(&gate);
}

static void *work(void *arg)
{
    meet();
    meet();
    return arg;
}

int main(void)
{
    pthread_t t;
    sem_init(&gate, 0, 0);
    pthread_create(&t, NULL, work, NULL);
    work(NULL);
    pthread_join(t, NULL);
    puts("ok");
    return 0;
}
