// A task waits for a flag on its own stack, which the other sets: nobody else has touched the flag
// when the waiting begins, and it is no step before.
// EXPECT complete
// EXPECT outcome "set\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

struct node {
    volatile int locked;
};
static struct node *_Atomic waiting;

static void *sets(void *arg)
{
    struct node *n;
    while (!(n = waiting))
        ;
    __atomic_store_n(&n->locked, 0, __ATOMIC_RELEASE);
    return arg;
}

static void wait_for(struct node *n)
{
    while (__atomic_load_n(&n->locked, __ATOMIC_ACQUIRE))
        ;
}

int main(void)
{
    pthread_t t;
    struct node mine = {1};
    pthread_create(&t, NULL, sets, NULL);
    waiting = &mine;
    wait_for(&mine);
    puts("set");
    pthread_join(t, NULL);
    return 0;
}
