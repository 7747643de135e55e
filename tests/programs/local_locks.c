// Each call has locks of its own on its stack, at the same places each time, begun by assignment or
// by a call and destroyed or not: new objects every time, and nothing is wrong.
// EXPECT complete
// EXPECT outcome "6\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>

static int once_more(int destroys)
{
    pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
    pthread_rwlock_t l = PTHREAD_RWLOCK_INITIALIZER;
    pthread_cond_t c = PTHREAD_COND_INITIALIZER;
    pthread_mutex_t n;
    sem_t s;
    pthread_mutex_init(&n, NULL);
    sem_init(&s, 0, 1);
    int sum = pthread_mutex_lock(&m) + pthread_mutex_lock(&n) + pthread_rwlock_rdlock(&l) +
              pthread_cond_signal(&c) + sem_wait(&s);
    pthread_mutex_unlock(&m);
    pthread_mutex_unlock(&n);
    pthread_rwlock_unlock(&l);
    if (destroys) {
        pthread_mutex_destroy(&m);
        pthread_rwlock_destroy(&l);
        pthread_cond_destroy(&c);
        pthread_mutex_destroy(&n);
        sem_destroy(&s);
    }
    return sum + 2;
}

int main(void)
{
    int sum = 0;
    for (int i = 0; i < 3; i++)
        sum += once_more(i != 1);
    printf("%d\n", sum);
    return 0;
}
