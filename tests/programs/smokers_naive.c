// Cigarette smokers without pushers: tobacco and paper lie on the table; who has matches takes
// both, but who has tobacco may take the paper first, and then nobody smokes.
// EXPECT complete
// EXPECT outcome "smoke\n" exit 0
// EXPECT outcome "" deadlock
// EXPECT finding deadlock
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>

static sem_t tobacco, paper, match, smoked;

static void *has_matches(void *arg)
{
    sem_wait(&tobacco);
    sem_wait(&paper);
    sem_post(&smoked);
    return arg;
}

static void *has_tobacco(void *arg)
{
    sem_wait(&paper);
    sem_wait(&match);
    sem_post(&smoked);
    return arg;
}

int main(void)
{
    pthread_t a, b;
    sem_init(&tobacco, 0, 0);
    sem_init(&paper, 0, 0);
    sem_init(&match, 0, 0);
    sem_init(&smoked, 0, 0);
    pthread_create(&a, NULL, has_matches, NULL);
    pthread_create(&b, NULL, has_tobacco, NULL);
    sem_post(&tobacco);
    sem_post(&paper);
    sem_wait(&smoked);
    puts("smoke");
    return 0;
}
