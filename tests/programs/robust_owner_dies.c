// A thread ends with a robust mutex locked: the next one is told, makes good, and goes on as usual.
// EXPECT complete
// EXPECT outcome "ownerdead 0, then 0 0\n" exit 0
// EXPECT no-findings
#include <errno.h>
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t m;

static void *die(void *arg)
{
    pthread_mutex_lock(&m);
    return arg;
}

int main(void)
{
    pthread_t t;
    pthread_mutexattr_t a;
    pthread_mutexattr_init(&a);
    pthread_mutexattr_setrobust(&a, PTHREAD_MUTEX_ROBUST);
    pthread_mutex_init(&m, &a);
    pthread_create(&t, NULL, die, NULL);
    pthread_join(t, NULL);
    int first = pthread_mutex_lock(&m), good = pthread_mutex_consistent(&m);
    pthread_mutex_unlock(&m);
    int second = pthread_mutex_lock(&m), last = pthread_mutex_unlock(&m);
    printf("%s %d, then %d %d\n", first == EOWNERDEAD ? "ownerdead" : "?", good, second, last);
    return 0;
}
