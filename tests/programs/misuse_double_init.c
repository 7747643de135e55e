// A mutex is initialised again without having been destroyed.
// EXPECT complete
// EXPECT outcome "end\n" exit 0
// EXPECT finding misuse line @again
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t m;

int main(void)
{
    pthread_mutex_init(&m, NULL);
    pthread_mutex_lock(&m);
    pthread_mutex_unlock(&m);
    pthread_mutex_init(&m, NULL); // @again
    pthread_mutex_destroy(&m);
    puts("end");
    return 0;
}
