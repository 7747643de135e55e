// Text that a thread left in the buffer is not lost when the thread ends.
// EXPECT complete
// EXPECT outcome "from a thread" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdio.h>

static void *say(void *arg)
{
    printf("from a thread");
    return arg;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, say, NULL);
    pthread_join(t, NULL);
    return 0;
}
