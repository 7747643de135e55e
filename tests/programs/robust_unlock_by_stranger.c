// A robust mutex checks who unlocks it and answers EPERM; whether it is consistent can only be said
// by who was told that it is not.
// EXPECT complete
// EXPECT outcome "perm perm inval\n" exit 0
// EXPECT no-findings
#include <errno.h>
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t m;

static void *stranger(void *arg)
{
    *(int *)arg = pthread_mutex_unlock(&m);
    return NULL;
}

int main(void)
{
    pthread_t t;
    pthread_mutexattr_t attr;
    static int rc;
    pthread_mutexattr_init(&attr);
    pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST);
    pthread_mutex_init(&m, &attr);
    int free_one = pthread_mutex_unlock(&m);
    pthread_mutex_lock(&m);
    pthread_create(&t, NULL, stranger, &rc);
    pthread_join(t, NULL);
    int good = pthread_mutex_consistent(&m);
    pthread_mutex_unlock(&m);
    printf("%s %s %s\n", free_one == EPERM ? "perm" : "?", rc == EPERM ? "perm" : "?",
           good == EINVAL ? "inval" : "?");
    return 0;
}
