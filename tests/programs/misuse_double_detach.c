// A thread is detached twice, another detached and then joined.
// EXPECT complete
// EXPECT outcome "end\n" exit 0
// EXPECT finding misuse line @detach
// EXPECT finding misuse line @join
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>

static sem_t go;

static void *wait_for_go(void *arg)
{
    sem_wait(&go);
    return arg;
}

int main(void)
{
    pthread_t t, u;
    sem_init(&go, 0, 0);
    pthread_create(&t, NULL, wait_for_go, NULL);
    pthread_create(&u, NULL, wait_for_go, NULL);
    pthread_detach(t);
    pthread_detach(t); // @detach
    pthread_detach(u);
    pthread_join(u, NULL); // @join
    puts("end");
    return 0;
}
