// A mutex is unlocked that nobody locked.
// EXPECT complete
// EXPECT outcome "end\n" exit 0
// EXPECT finding misuse line @here
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;

int main(void)
{
    pthread_mutex_unlock(&m); // @here
    puts("end");
    return 0;
}
