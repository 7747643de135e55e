// A thread that was joined no longer exists: it cannot be cancelled.
// EXPECT complete
// EXPECT outcome "end\n" exit 0
// EXPECT finding misuse line @late
#include <pthread.h>
#include <stdio.h>

static void *nothing(void *arg)
{
    return arg;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, nothing, NULL);
    pthread_join(t, NULL);
    pthread_cancel(t); // @late
    puts("end");
    return 0;
}
