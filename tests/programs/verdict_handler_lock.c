// A handler takes a lock that the thread it interrupts may hold. Here the signal comes while it
// does: the handler waits for its own thread.
// EXPECT complete
// EXPECT outcome "" deadlock
// EXPECT finding deadlock line @lock
// EXPECT may-find misuse
#include <pthread.h>
#include <signal.h>
#include <stdio.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;

static void on_signal(int sig)
{
    (void)sig;
    pthread_mutex_lock(&m); // @lock
    pthread_mutex_unlock(&m);
}

int main(void)
{
    signal(SIGUSR1, on_signal);
    pthread_mutex_lock(&m);
    raise(SIGUSR1);
    pthread_mutex_unlock(&m);
    puts("never");
    return 0;
}
