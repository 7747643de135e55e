// The pointer is checked, set to null by the other, and used: a crash, and the race behind it.
// EXPECT complete
// EXPECT outcome "end\n" exit 0
// EXPECT outcome "" signal 11
// EXPECT finding crash line @use
// EXPECT findings data-race line @check|@use|@set
#include <pthread.h>
#include <stdio.h>

static int value = 5;
static int *shared = &value;

static void *clear(void *arg)
{
    shared = NULL; // @set
    return arg;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, clear, NULL);
    if (shared)      // @check
        *shared = 6; // @use
    pthread_join(t, NULL);
    puts("end");
    return 0;
}
