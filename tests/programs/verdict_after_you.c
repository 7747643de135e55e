// Each raises its flag, sees the other's, lowers its own and begins again.
// EXPECT complete
// EXPECT outcome "done\n" exit 0
// EXPECT outcome "" livelock
// EXPECT findings livelock
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

static atomic_int wants[2];

static void *enter(void *arg)
{
    long i = (long)arg;
    wants[i] = 1;
    while (wants[1 - i]) {
        wants[i] = 0;
        wants[i] = 1;
    }
    wants[i] = 0;
    return NULL;
}

int main(void)
{
    pthread_t t, u;
    pthread_create(&t, NULL, enter, (void *)0);
    pthread_create(&u, NULL, enter, (void *)1);
    pthread_join(t, NULL);
    pthread_join(u, NULL);
    puts("done");
    return 0;
}
