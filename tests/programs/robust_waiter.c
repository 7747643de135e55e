// One waits for a robust mutex while its owner ends: waiting, it is woken with EOWNERDEAD; coming
// first, it finds nothing wrong, and main is the one that is told.
// EXPECT complete
// EXPECT outcome "owner dead, 0\n" exit 0
// EXPECT outcome "fine, owner dead\n" exit 0
// EXPECT no-findings
#include <errno.h>
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t m;
static int told;

static void *die(void *arg)
{
    pthread_mutex_lock(&m);
    return arg;
}

static void *want(void *arg)
{
    int rc = pthread_mutex_lock(&m);
    if (rc == EOWNERDEAD)
        pthread_mutex_consistent(&m);
    told = rc;
    pthread_mutex_unlock(&m);
    return arg;
}

int main(void)
{
    pthread_t a, b;
    pthread_mutexattr_t attr;
    pthread_mutexattr_init(&attr);
    pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST);
    pthread_mutex_init(&m, &attr);
    pthread_create(&a, NULL, die, NULL);
    pthread_create(&b, NULL, want, NULL);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    int rc = pthread_mutex_lock(&m);
    printf("%s, %s\n", told == EOWNERDEAD ? "owner dead" : "fine",
           rc == EOWNERDEAD ? "owner dead" : "0");
    pthread_mutex_consistent(&m);
    pthread_mutex_unlock(&m);
    return 0;
}
