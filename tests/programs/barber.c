// The sleeping barber with one chair to wait in: of two customers the second may find it taken.
// EXPECT complete
// EXPECT outcome "2 cut\n" exit 0
// EXPECT outcome "1 cut\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static sem_t customers, barber;
static int free_chairs = 1, cuts;

static void *customer(void *arg)
{
    pthread_mutex_lock(&m);
    if (free_chairs == 0) {
        pthread_mutex_unlock(&m);
        return NULL;
    }
    free_chairs--;
    sem_post(&customers);
    pthread_mutex_unlock(&m);
    sem_wait(&barber);
    pthread_mutex_lock(&m);
    cuts++;
    pthread_mutex_unlock(&m);
    return arg;
}

static void *barbers_day(void *arg)
{
    for (;;) {
        sem_wait(&customers);
        pthread_mutex_lock(&m);
        free_chairs++;
        pthread_mutex_unlock(&m);
        sem_post(&barber);
    }
    return arg;
}

int main(void)
{
    pthread_t b, t;
    sem_init(&customers, 0, 0);
    sem_init(&barber, 0, 0);
    pthread_create(&b, NULL, barbers_day, NULL);
    pthread_create(&t, NULL, customer, NULL);
    customer(NULL);
    pthread_join(t, NULL);
    printf("%d cut\n", cuts);
    return 0;
}
