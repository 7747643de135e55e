// A lock made of a flag, which one thread takes and gives back until the other has had it once:
// that one may look at the wrong moment each time.
// EXPECT complete
// EXPECT outcome "done\n" exit 0
// EXPECT outcome "" livelock
// EXPECT findings starvation line @try
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

static atomic_flag lock = ATOMIC_FLAG_INIT;
static atomic_int done;

static void *greedy(void *arg)
{
    while (!done) {
        while (atomic_flag_test_and_set(&lock))
            ;
        atomic_flag_clear(&lock);
    }
    return arg;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, greedy, NULL);
    while (atomic_flag_test_and_set(&lock)) // @try
        ;
    done = 1;
    atomic_flag_clear(&lock);
    pthread_join(t, NULL);
    puts("done");
    return 0;
}
