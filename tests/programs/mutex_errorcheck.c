// An error-checking mutex answers instead of hanging; the program asked for that and handles it, so
// nothing is to be reported.
// EXPECT complete
// EXPECT outcome "deadlk perm 0 perm\n" exit 0
// EXPECT no-findings
#include <errno.h>
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t m;

static const char *word(int rc)
{
    return rc == 0 ? "0" : rc == EDEADLK ? "deadlk" : rc == EPERM ? "perm" : "?";
}

static void *stranger(void *arg)
{
    *(int *)arg = pthread_mutex_unlock(&m);
    return NULL;
}

int main(void)
{
    pthread_mutexattr_t attr;
    pthread_mutexattr_init(&attr);
    pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_ERRORCHECK);
    pthread_mutex_init(&m, &attr);
    pthread_mutex_lock(&m);
    int again = pthread_mutex_lock(&m), by_stranger = -1;
    pthread_t t;
    pthread_create(&t, NULL, stranger, &by_stranger);
    pthread_join(t, NULL);
    int first = pthread_mutex_unlock(&m), second = pthread_mutex_unlock(&m);
    printf("%s %s %s %s\n", word(again), word(by_stranger), word(first), word(second));
    return 0;
}
