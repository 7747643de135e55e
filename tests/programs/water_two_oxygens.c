// Two oxygens and two hydrogens, each oxygen takes the hydrogens one by one: each may get one.
// EXPECT complete
// EXPECT outcome "H2O\n" deadlock
// EXPECT outcome "" deadlock
// EXPECT findings deadlock
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>

static sem_t hydrogens;

static void *oxygen(void *arg)
{
    sem_wait(&hydrogens);
    sem_wait(&hydrogens);
    puts("H2O");
    return arg;
}

int main(void)
{
    pthread_t t;
    sem_init(&hydrogens, 0, 2);
    pthread_create(&t, NULL, oxygen, NULL);
    oxygen(NULL);
    pthread_join(t, NULL);
    return 0;
}
