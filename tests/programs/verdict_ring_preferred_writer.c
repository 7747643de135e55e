// With writers preferred, a reader that asks again while a writer waits stands back for it, and the
// writer waits for that reader: a circle.
// EXPECT complete
// EXPECT outcome "done\n" exit 0
// EXPECT outcome "" deadlock
// EXPECT finding deadlock line @again
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>

static pthread_rwlock_t rw = PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP;

static void *reader(void *arg)
{
    pthread_rwlock_rdlock(&rw);
    pthread_rwlock_rdlock(&rw); // @again
    pthread_rwlock_unlock(&rw);
    pthread_rwlock_unlock(&rw);
    return arg;
}

static void *writer(void *arg)
{
    pthread_rwlock_wrlock(&rw);
    pthread_rwlock_unlock(&rw);
    return arg;
}

int main(void)
{
    pthread_t t, u;
    pthread_create(&t, NULL, reader, NULL);
    pthread_create(&u, NULL, writer, NULL);
    pthread_join(t, NULL);
    pthread_join(u, NULL);
    puts("done");
    return 0;
}
