// Coming back from a condition, a wait takes its robust mutex as a lock would: with EOWNERDEAD when
// the one that woke it died with the mutex held.
// EXPECT complete
// EXPECT outcome "owner dead\n" exit 0
// EXPECT no-findings
#include <errno.h>
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t m;
static pthread_cond_t c = PTHREAD_COND_INITIALIZER;
static int ready;

static void *signal_and_die(void *arg)
{
    pthread_mutex_lock(&m);
    ready = 1;
    pthread_cond_signal(&c);
    return arg;
}

int main(void)
{
    pthread_t t;
    pthread_mutexattr_t attr;
    int rc = 0;
    pthread_mutexattr_init(&attr);
    pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST);
    pthread_mutex_init(&m, &attr);
    pthread_mutex_lock(&m);
    pthread_create(&t, NULL, signal_and_die, NULL);
    while (!ready)
        rc = pthread_cond_wait(&c, &m);
    puts(rc == EOWNERDEAD ? "owner dead" : "?");
    pthread_mutex_consistent(&m);
    pthread_mutex_unlock(&m);
    pthread_join(t, NULL);
    return 0;
}
