// Water: an oxygen waits for two hydrogens, and they for it; the molecule is told once.
// EXPECT complete
// EXPECT outcome "H2O\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>

static sem_t hydrogens, bonded;

static void *hydrogen(void *arg)
{
    sem_post(&hydrogens);
    sem_wait(&bonded);
    return arg;
}

int main(void)
{
    pthread_t t[2];
    sem_init(&hydrogens, 0, 0);
    sem_init(&bonded, 0, 0);
    for (int i = 0; i < 2; i++)
        pthread_create(&t[i], NULL, hydrogen, NULL);
    sem_wait(&hydrogens);
    sem_wait(&hydrogens);
    puts("H2O");
    sem_post(&bonded);
    sem_post(&bonded);
    for (int i = 0; i < 2; i++)
        pthread_join(t[i], NULL);
    return 0;
}
