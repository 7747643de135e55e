// A sorted list with a lock in each node: two inserts go along hand over hand.
// EXPECT complete
// EXPECT outcome "1 2 3\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdio.h>

struct node {
    int value;
    struct node *next;
    pthread_mutex_t m;
};

static struct node one = {1, NULL, PTHREAD_MUTEX_INITIALIZER},
                   two = {2, NULL, PTHREAD_MUTEX_INITIALIZER},
                   three = {3, NULL, PTHREAD_MUTEX_INITIALIZER},
                   head = {0, &two, PTHREAD_MUTEX_INITIALIZER};

static void *insert(void *arg)
{
    struct node *new = arg, *at = &head;
    pthread_mutex_lock(&at->m);
    while (at->next && at->next->value < new->value) {
        struct node *next = at->next;
        pthread_mutex_lock(&next->m);
        pthread_mutex_unlock(&at->m);
        at = next;
    }
    new->next = at->next;
    at->next = new;
    pthread_mutex_unlock(&at->m);
    return NULL;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, insert, &one);
    insert(&three);
    pthread_join(t, NULL);
    printf("%d %d %d\n", head.next->value, head.next->next->value, head.next->next->next->value);
    return 0;
}
