// A mutex is locked after it was destroyed; begun anew it may be used again.
// EXPECT complete
// EXPECT outcome "end\n" exit 0
// EXPECT finding misuse line @gone
// EXPECT may-find lock-leak
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t m, n;

int main(void)
{
    pthread_mutex_init(&m, NULL);
    pthread_mutex_init(&n, NULL);
    pthread_mutex_destroy(&m);
    pthread_mutex_destroy(&n);
    pthread_mutex_init(&n, NULL);
    pthread_mutex_lock(&n);
    pthread_mutex_unlock(&n);
    pthread_mutex_trylock(&m); // @gone
    puts("end");
    return 0;
}
