// Joining a thread a second time is not allowed.
// EXPECT complete
// EXPECT outcome "end\n" exit 0
// EXPECT finding misuse line @again
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
    pthread_join(t, NULL); // @again
    puts("end");
    return 0;
}
