// A thread joins itself: EDEADLK, at once.
// EXPECT complete
// EXPECT outcome "deadlk\n" exit 0
// EXPECT finding misuse line @self
#include <errno.h>
#include <pthread.h>
#include <stdio.h>

int main(void)
{
    int rc = pthread_join(pthread_self(), NULL); // @self
    puts(rc == EDEADLK ? "deadlk" : "?");
    return 0;
}
