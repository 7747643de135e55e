// The same through attributes: by default readers come in though a writer waits; where writers are
// preferred tryrdlock is refused as soon as one waits.
// EXPECT complete
// EXPECT outcome "0\n" exit 0
// EXPECT no-findings
// ARGS writers
// EXPECT complete
// EXPECT outcome "0\n" exit 0
// EXPECT outcome "busy\n" exit 0
// EXPECT no-findings
#include <errno.h>
#include <pthread.h>
#include <stdio.h>

static pthread_rwlock_t lock;

static void *write_it(void *arg)
{
    pthread_rwlock_wrlock(&lock);
    pthread_rwlock_unlock(&lock);
    return arg;
}

static void *read_too(void *arg)
{
    int rc = pthread_rwlock_tryrdlock(&lock);
    if (!rc)
        pthread_rwlock_unlock(&lock);
    *(int *)arg = rc;
    return NULL;
}

int main(int argc, char **argv)
{
    pthread_t w, r;
    pthread_rwlockattr_t a;
    static int rc;
    (void)argv;
    pthread_rwlockattr_init(&a);
    if (argc > 1)
        pthread_rwlockattr_setkind_np(&a, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
    pthread_rwlock_init(&lock, &a);
    pthread_rwlock_rdlock(&lock);
    pthread_create(&w, NULL, write_it, NULL);
    pthread_create(&r, NULL, read_too, &rc);
    pthread_join(r, NULL);
    pthread_rwlock_unlock(&lock);
    pthread_join(w, NULL);
    pthread_rwlock_destroy(&lock);
    puts(rc == 0 ? "0" : rc == EBUSY ? "busy" : "?");
    return 0;
}
