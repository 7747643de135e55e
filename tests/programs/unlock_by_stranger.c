// A mutex is unlocked by a thread that does not hold it.
// EXPECT complete
// EXPECT outcome "end\n" exit 0
// EXPECT finding misuse line @stranger
// EXPECT may-find lock-leak
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;

static void *stranger(void *arg)
{
    pthread_mutex_unlock(&m); // @stranger
    return arg;
}

int main(void)
{
    pthread_t t;
    pthread_mutex_lock(&m);
    pthread_create(&t, NULL, stranger, NULL);
    pthread_join(t, NULL);
    puts("end");
    return 0;
}
