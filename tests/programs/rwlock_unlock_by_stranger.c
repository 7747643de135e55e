// A read-write lock is given back by a thread that does not hold it.
// EXPECT complete
// EXPECT outcome "end\n" exit 0
// EXPECT finding misuse line @stranger
// EXPECT may-find lock-leak
#include <pthread.h>
#include <stdio.h>

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;

static void *stranger(void *arg)
{
    pthread_rwlock_unlock(&lock); // @stranger
    return arg;
}

int main(void)
{
    pthread_t t;
    pthread_rwlock_rdlock(&lock);
    pthread_create(&t, NULL, stranger, NULL);
    pthread_join(t, NULL);
    puts("end");
    return 0;
}
