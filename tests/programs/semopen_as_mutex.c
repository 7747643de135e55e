// A named semaphore of value 1 guards a counter: opened twice, it is the same one.
// EXPECT complete
// EXPECT outcome "2\n" exit 0
// EXPECT no-findings
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>

#define NAME "/lockstep-test-as-mutex"

static int counter;

static void *add(void *arg)
{
    (void)arg;
    sem_t *s = sem_open(NAME, 0);
    sem_wait(s);
    counter++;
    sem_post(s);
    sem_close(s);
    return NULL;
}

int main(void)
{
    pthread_t a, b;
    sem_unlink(NAME);
    sem_t *s = sem_open(NAME, O_CREAT, 0600, 1);
    pthread_create(&a, NULL, add, NULL);
    pthread_create(&b, NULL, add, NULL);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    printf("%d\n", counter);
    sem_close(s);
    sem_unlink(NAME);
    return 0;
}
