// Born detached, through an attribute; main waits by pthread_exit, and the last thread ends the
// process with status 0.
// EXPECT complete
// EXPECT outcome "work\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdio.h>

static void *work(void *arg)
{
    puts("work");
    return arg;
}

int main(void)
{
    pthread_t t;
    pthread_attr_t attr;
    pthread_attr_init(&attr);
    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    pthread_create(&t, &attr, work, NULL);
    pthread_attr_destroy(&attr);
    pthread_exit(NULL);
}
