// The queue lock of Mellor-Crummey and Scott: each waits at a place of its own.
// EXPECT complete
// EXPECT outcome "2\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

struct node {
    struct node *_Atomic next;
    atomic_int locked;
};

static struct node *_Atomic tail;
static struct node nodes[2];
static int counter;

static void lock(struct node *me)
{
    me->next = NULL;
    struct node *before = atomic_exchange(&tail, me);
    if (!before)
        return;
    me->locked = 1;
    before->next = me;
    while (me->locked)
        ;
}

static void unlock(struct node *me)
{
    struct node *expected = me;
    if (!me->next) {
        if (atomic_compare_exchange_strong(&tail, &expected, NULL))
            return;
        while (!me->next)
            ;
    }
    me->next->locked = 0;
}

static void *work(void *arg)
{
    lock(arg);
    counter++;
    unlock(arg);
    return NULL;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, work, &nodes[1]);
    work(&nodes[0]);
    pthread_join(t, NULL);
    printf("%d\n", counter);
    return 0;
}
