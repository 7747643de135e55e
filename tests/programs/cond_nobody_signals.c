// Waits for a signal that nobody ever sends.
// EXPECT complete
// EXPECT outcome "" deadlock
// EXPECT finding deadlock|lost-wakeup
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t c = PTHREAD_COND_INITIALIZER;

int main(void)
{
    pthread_mutex_lock(&m);
    pthread_cond_wait(&c, &m);
    pthread_mutex_unlock(&m);
    puts("never");
    return 0;
}
