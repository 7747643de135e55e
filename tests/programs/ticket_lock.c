// A ticket lock: draw a number, wait until it is called.
// EXPECT complete
// EXPECT outcome "2\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

static atomic_int next, serving;
static int counter;

static void *work(void *arg)
{
    int mine = atomic_fetch_add(&next, 1);
    while (atomic_load_explicit(&serving, memory_order_acquire) != mine)
        ;
    counter++;
    atomic_store_explicit(&serving, mine + 1, memory_order_release);
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
