// A detached thread is not joined; a semaphore tells that its work is done.
// EXPECT complete
// EXPECT outcome "5\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>

static sem_t done;
static int result;

static void *work(void *arg)
{
    result = 5;
    sem_post(&done);
    return arg;
}

int main(void)
{
    pthread_t t;
    sem_init(&done, 0, 0);
    pthread_create(&t, NULL, work, NULL);
    int rc = pthread_detach(t);
    sem_wait(&done);
    printf("%d\n", result + rc);
    return 0;
}
