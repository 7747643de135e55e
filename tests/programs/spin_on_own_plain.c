// The same without atomics: a race on the flag, but it ends.
// EXPECT complete
// EXPECT outcome "set\n" exit 0
// EXPECT finding data-race line @clears|@reads
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
    n->locked = 0; // @clears
    return arg;
}

static void wait_for(struct node *n)
{
    while (n->locked) // @reads
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
