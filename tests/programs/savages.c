// Dining savages: who finds the pot empty wakes the cook and waits; the cook fills it with one
// meal.
// EXPECT complete
// EXPECT outcome "2 eaten\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static sem_t empty, full;
static int meals, eaten;

static void *savage(void *arg)
{
    pthread_mutex_lock(&m);
    if (meals == 0) {
        sem_post(&empty);
        sem_wait(&full);
        meals = 1;
    }
    meals--;
    eaten++;
    pthread_mutex_unlock(&m);
    return arg;
}

static void *cook(void *arg)
{
    for (int i = 0; i < 2; i++) {
        sem_wait(&empty);
        sem_post(&full);
    }
    return arg;
}

int main(void)
{
    pthread_t c, t;
    sem_init(&empty, 0, 0);
    sem_init(&full, 0, 0);
    pthread_create(&c, NULL, cook, NULL);
    pthread_create(&t, NULL, savage, NULL);
    savage(NULL);
    pthread_join(t, NULL);
    pthread_join(c, NULL);
    printf("%d eaten\n", eaten);
    return 0;
}
