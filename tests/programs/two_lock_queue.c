// A queue with a lock for each end and a dummy node, after Michael and Scott: enqueue and dequeue
// go on at once; the link between them is atomic.
// EXPECT complete
// EXPECT outcome "5\n" exit 0
// EXPECT outcome "empty\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

struct node {
    int value;
    struct node *_Atomic next;
};

static struct node dummy, item;
static struct node *head = &dummy, *tail = &dummy;
static pthread_mutex_t at_head = PTHREAD_MUTEX_INITIALIZER, at_tail = PTHREAD_MUTEX_INITIALIZER;

static void *enqueue(void *arg)
{
    item.value = 5;
    pthread_mutex_lock(&at_tail);
    tail->next = &item;
    tail = &item;
    pthread_mutex_unlock(&at_tail);
    return arg;
}

int main(void)
{
    pthread_t t;
    int got = 0;
    pthread_create(&t, NULL, enqueue, NULL);
    pthread_mutex_lock(&at_head);
    struct node *first = head->next;
    if (first) {
        got = first->value;
        head = first;
    }
    pthread_mutex_unlock(&at_head);
    pthread_join(t, NULL);
    if (got)
        printf("%d\n", got);
    else
        puts("empty");
    return 0;
}
