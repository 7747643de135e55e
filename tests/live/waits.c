/* A thread waits for a semaphore that nobody posts, and main for that thread. */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>

static sem_t never;

static void *wait_for_it(void *unused)
{
    if (sem_wait(&never) && errno == EINTR)
        printf("sem_wait: EINTR\n");
    return unused;
}

int main(void)
{
    pthread_t t;
    sem_init(&never, 0, 0);
    pthread_create(&t, NULL, wait_for_it, NULL);
    return pthread_join(t, NULL);
}
