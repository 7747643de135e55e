// The same three threads and locks, taken in one order by all: no circle can close.
// EXPECT complete
// EXPECT outcome "done\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t lock[3] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER,
                                  PTHREAD_MUTEX_INITIALIZER};

static void *eat(void *arg)
{
    long i = (long)arg, j = (i + 1) % 3;
    long low = i < j ? i : j, high = i < j ? j : i;
    pthread_mutex_lock(&lock[low]);
    pthread_mutex_lock(&lock[high]);
    pthread_mutex_unlock(&lock[high]);
    pthread_mutex_unlock(&lock[low]);
    return NULL;
}

int main(void)
{
    pthread_t t[3];
    for (long i = 0; i < 3; i++)
        pthread_create(&t[i], NULL, eat, (void *)i);
    for (int i = 0; i < 3; i++)
        pthread_join(t[i], NULL);
    puts("done");
    return 0;
}
