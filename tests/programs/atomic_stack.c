// A lock-free stack: a failed exchange puts what it saw into a node of the heap, which is a change
// too; the loops are no waiting loops. Each task pops after its two pushes.
// EXPECT complete
// EXPECT outcome "3\n" exit 0
// EXPECT outcome "12\n" exit 0
// EXPECT outcome "14\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

struct node {
    int value;
    struct node *next;
};
static _Atomic(struct node *) top;

static void push(int value)
{
    struct node *n = malloc(sizeof *n);
    n->value = value;
    n->next = atomic_load(&top);
    while (!atomic_compare_exchange_weak(&top, &n->next, n))
        ;
}

static int pop(void)
{
    struct node *n = atomic_load(&top);
    while (n && !atomic_compare_exchange_weak(&top, &n, n->next))
        ;
    return n ? n->value : -1;
}

static void *work(void *arg)
{
    int base = *(int *)arg;
    push(base);
    push(base + 10);
    pop();
    return NULL;
}

int main(void)
{
    pthread_t a, b;
    int one = 1, two = 2, sum = 0, value;
    pthread_create(&a, NULL, work, &one);
    pthread_create(&b, NULL, work, &two);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    while ((value = pop()) >= 0)
        sum += value;
    printf("%d\n", sum);
    return 0;
}
