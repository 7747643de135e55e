// ABA: a pop reads the top and what is below it; before it exchanges them, the other has popped
// both and pushed the first again. The exchange succeeds, and the stack holds a node it gave away.
// EXPECT complete
// EXPECT outcome "top 0 given away 0\n" exit 0
// EXPECT outcome "top 1 given away 0\n" exit 0
// EXPECT outcome "top 1 given away 1\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

struct node {
    struct node *_Atomic next;
};

static struct node a, b;
static struct node *_Atomic top = &a;

static struct node *pop(void)
{
    for (;;) {
        struct node *first = top;
        if (!first)
            return NULL;
        struct node *second = first->next;
        if (atomic_compare_exchange_strong(&top, &first, second))
            return first;
    }
}

static void push(struct node *n)
{
    struct node *first;
    do {
        first = top;
        n->next = first;
    } while (!atomic_compare_exchange_strong(&top, &first, n));
}

static struct node *kept;

/* Takes two and gives the first back. */
static void *shuffle(void *arg)
{
    struct node *first = pop();
    kept = pop();
    if (first)
        push(first);
    return arg;
}

int main(void)
{
    pthread_t t;
    a.next = &b;
    pthread_create(&t, NULL, shuffle, NULL);
    pop();
    pthread_join(t, NULL);
    /* what is on top must not be what the other still has */
    printf("top %d given away %d\n", top != NULL, top && top == kept);
    return 0;
}
