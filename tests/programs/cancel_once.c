// The initialiser is cancelled half-way: for pthread_once it was never begun, and the next one runs
// it again.
// EXPECT complete
// EXPECT outcome "runs 2, ready 1\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static sem_t begun;
static int runs, ready;

static void init(void)
{
    runs++;
    sem_post(&begun);
    if (runs == 1)
        for (;;)
            pthread_testcancel();
    ready++;
}

static void *use(void *arg)
{
    pthread_once(&once, init);
    return arg;
}

int main(void)
{
    pthread_t a, b;
    sem_init(&begun, 0, 0);
    pthread_create(&a, NULL, use, NULL);
    sem_wait(&begun);
    pthread_create(&b, NULL, use, NULL);
    pthread_cancel(a);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    printf("runs %d, ready %d\n", runs, ready);
    return 0;
}
