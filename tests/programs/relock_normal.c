// A normal mutex taken twice by the same thread: it waits for itself.
// EXPECT complete
// EXPECT outcome "" deadlock
// EXPECT finding deadlock
// EXPECT executions 1
#include <pthread.h>
#include <stdio.h>

int main(void)
{
    pthread_mutexattr_t attr;
    pthread_mutex_t m;
    pthread_mutexattr_init(&attr);
    pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_NORMAL);
    pthread_mutex_init(&m, &attr);
    pthread_mutex_lock(&m);
    pthread_mutex_lock(&m);
    puts("never");
    return 0;
}
