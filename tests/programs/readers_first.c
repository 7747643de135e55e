// Readers and a writer after Courtois: the first reader shuts the writer out, the last lets it in.
// EXPECT complete
// EXPECT outcome "0 0\n" exit 0
// EXPECT outcome "0 1\n" exit 0
// EXPECT outcome "1 0\n" exit 0
// EXPECT outcome "1 1\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static sem_t empty;
static int readers, value, seen[2];

static void *reader(void *arg)
{
    pthread_mutex_lock(&m);
    if (++readers == 1)
        sem_wait(&empty);
    pthread_mutex_unlock(&m);
    *(int *)arg = value;
    pthread_mutex_lock(&m);
    if (--readers == 0)
        sem_post(&empty);
    pthread_mutex_unlock(&m);
    return NULL;
}

int main(void)
{
    pthread_t t[2];
    sem_init(&empty, 0, 1);
    for (int i = 0; i < 2; i++)
        pthread_create(&t[i], NULL, reader, &seen[i]);
    sem_wait(&empty);
    value = 1;
    sem_post(&empty);
    for (int i = 0; i < 2; i++)
        pthread_join(t[i], NULL);
    printf("%d %d\n", seen[0], seen[1]);
    return 0;
}
