/* A thread that writes where nothing is. */
#include <pthread.h>
#include <unistd.h>

static void *crash(void *unused)
{
    usleep(100000);
    *(volatile int *)unused = 1;
    return unused;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, crash, NULL);
    return pthread_join(t, NULL);
}
