// The waiting thread yields while it spins; that is a hint and changes no outcome.
// EXPECT complete
// EXPECT outcome "1\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>

static atomic_int go, seen;

static void *wait_for_go(void *arg)
{
    while (atomic_load(&go) == 0)
        sched_yield();
    atomic_store(&seen, 1);
    return arg;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, wait_for_go, NULL);
    atomic_store(&go, 1);
    pthread_join(t, NULL);
    printf("%d\n", seen);
    return 0;
}
