// A ring for one producer and one consumer without locks: release and acquire carry the items.
// EXPECT complete
// EXPECT outcome "1 2\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

enum { SIZE = 1 };
static int ring[SIZE];
static atomic_uint head, tail;

static void *producer(void *arg)
{
    for (unsigned i = 0; i < 2; i++) {
        while (i - atomic_load_explicit(&head, memory_order_acquire) == SIZE)
            ;
        ring[i % SIZE] = (int)i + 1;
        atomic_store_explicit(&tail, i + 1, memory_order_release);
    }
    return arg;
}

static int take(unsigned i)
{
    while (atomic_load_explicit(&tail, memory_order_acquire) == i)
        ;
    int item = ring[i % SIZE];
    atomic_store_explicit(&head, i + 1, memory_order_release);
    return item;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, producer, NULL);
    int a = take(0), b = take(1);
    pthread_join(t, NULL);
    printf("%d %d\n", a, b);
    return 0;
}
