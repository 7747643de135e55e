// A thread leaves by pthread_exit with a spin lock and a read lock in its hands; nobody asks for
// either again, and still both are gone.
// EXPECT complete
// EXPECT outcome "end\n" exit 0
// EXPECT finding lock-leak line @spin
// EXPECT finding lock-leak line @read
#include <pthread.h>
#include <stdio.h>

static pthread_spinlock_t s;
static pthread_rwlock_t rw = PTHREAD_RWLOCK_INITIALIZER;

static void *work(void *arg)
{
    pthread_spin_lock(&s);      // @spin
    pthread_rwlock_rdlock(&rw); // @read
    pthread_exit(arg);
}

int main(void)
{
    pthread_t t;
    pthread_spin_init(&s, PTHREAD_PROCESS_PRIVATE);
    pthread_create(&t, NULL, work, NULL);
    pthread_join(t, NULL);
    puts("end");
    return 0;
}
