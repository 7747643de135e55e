// Told that the owner died, a thread unlocks without making good: the mutex is lost for everybody.
// EXPECT complete
// EXPECT outcome "ownerdead notrecoverable notrecoverable 0\n" exit 0
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

static const char *word(int rc)
{
    return rc == EOWNERDEAD ? "ownerdead" : rc == ENOTRECOVERABLE ? "notrecoverable" : "?";
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
    int first = pthread_mutex_lock(&m);
    pthread_mutex_unlock(&m);
    int second = pthread_mutex_lock(&m), third = pthread_mutex_trylock(&m);
    printf("%s %s %s %d\n", word(first), word(second), word(third), pthread_mutex_destroy(&m));
    return 0;
}
