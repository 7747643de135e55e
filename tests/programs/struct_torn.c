// Two fields that belong together, written one after the other without a lock: a reader may come at
// any time, and between its own two reads as well: all four pairs.
// EXPECT complete
// EXPECT outcome "0 0\n" exit 0
// EXPECT outcome "0 1\n" exit 0
// EXPECT outcome "1 1\n" exit 0
// EXPECT outcome "1 0\n" exit 0
// EXPECT findings data-race line @wlow|@whigh|@rlow|@rhigh
#include <pthread.h>
#include <stdio.h>

static struct {
    int low, high;
} range;

static void *move(void *arg)
{
    range.low = 1;  // @wlow
    range.high = 1; // @whigh
    return arg;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, move, NULL);
    int low = range.low;   // @rlow
    int high = range.high; // @rhigh
    pthread_join(t, NULL);
    printf("%d %d\n", low, high);
    return 0;
}
