// Two inserts at the head of a list without a lock: one may be lost.
// EXPECT complete
// EXPECT outcome "2\n" exit 0
// EXPECT outcome "1\n" exit 0
// EXPECT findings data-race
// FREE outside "with a data race anything goes"
#include <pthread.h>
#include <stdio.h>

struct node {
    struct node *next;
};

static struct node nodes[2];
static struct node *head;

static void *insert(void *arg)
{
    struct node *n = arg;
    n->next = head;
    head = n;
    return NULL;
}

int main(void)
{
    pthread_t t;
    int n = 0;
    pthread_create(&t, NULL, insert, &nodes[0]);
    insert(&nodes[1]);
    pthread_join(t, NULL);
    for (struct node *at = head; at; at = at->next)
        n++;
    printf("%d\n", n);
    return 0;
}
