// The counter is a local of main; the threads have its address. It is as shared as a global.
// EXPECT complete
// EXPECT outcome "1\n" exit 0
// EXPECT outcome "2\n" exit 0
// EXPECT finding data-race line @race
#include <pthread.h>
#include <stdio.h>

static void *inc(void *arg)
{
    int *n = arg;
    (*n)++; // @race
    return NULL;
}

int main(void)
{
    int counter = 0;
    pthread_t a, b;
    pthread_create(&a, NULL, inc, &counter);
    pthread_create(&b, NULL, inc, &counter);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    printf("%d\n", counter);
    return 0;
}
