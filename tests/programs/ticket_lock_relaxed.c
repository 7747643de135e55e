// A ticket lock whose numbers are atomic but order nothing: the counter is raced for, although no
// interleaving loses an addition.
// EXPECT complete
// EXPECT outcome "2\n" exit 0
// EXPECT findings data-race line @in
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

static atomic_int next, serving;
static int counter;

static void *work(void *arg)
{
    int mine = atomic_fetch_add_explicit(&next, 1, memory_order_relaxed);
    while (atomic_load_explicit(&serving, memory_order_relaxed) != mine)
        ;
    counter++; // @in
    atomic_store_explicit(&serving, mine + 1, memory_order_relaxed);
    return arg;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, work, NULL);
    work(NULL);
    pthread_join(t, NULL);
    printf("%d\n", counter);
    return 0;
}
