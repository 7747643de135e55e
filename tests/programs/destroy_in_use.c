// A mutex is destroyed while it is locked: refused, and reported.
// EXPECT complete
// EXPECT outcome "end\n" exit 0
// EXPECT finding misuse line @here
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;

int main(void)
{
    pthread_mutex_lock(&m);
    pthread_mutex_destroy(&m); // @here
    pthread_mutex_unlock(&m);
    puts("end");
    return 0;
}
