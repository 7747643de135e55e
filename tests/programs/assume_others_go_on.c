// A task that stops at its assumption could as well have come last, so an assertion of another
// task that fails after it counts; that nobody can go on is no deadlock.
// EXPECT complete
// EXPECT outcome "" signal 6
// EXPECT finding assertion line @fails
// OPTIONS --strategy dfs
// EXPECT complete
// EXPECT outcome "" signal 6
// EXPECT finding assertion line @fails

#include <assert.h>
#include <lockstep.h>
#include <pthread.h>

static void *stops(void *arg)
{
    lockstep_assume(0);
    return arg;
}

static void *fails(void *arg)
{
    assert(arg); // @fails
    return arg;
}

int main(void)
{
    pthread_t a, b;
    pthread_create(&a, NULL, stops, NULL);
    pthread_create(&b, NULL, fails, NULL);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    return 0;
}
