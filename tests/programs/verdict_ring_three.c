// Three threads, three locks, each takes its own and then its neighbour's: all three hold one and
// wait for the next, a circle of three. The join of main is no part of it.
// EXPECT complete
// EXPECT outcome "done\n" exit 0
// EXPECT outcome "" deadlock
// EXPECT finding deadlock line @second
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t lock[3] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER,
                                  PTHREAD_MUTEX_INITIALIZER};

static void *eat(void *arg)
{
    long i = (long)arg;
    pthread_mutex_lock(&lock[i]);
    pthread_mutex_lock(&lock[(i + 1) % 3]); // @second
    pthread_mutex_unlock(&lock[(i + 1) % 3]);
    pthread_mutex_unlock(&lock[i]);
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
