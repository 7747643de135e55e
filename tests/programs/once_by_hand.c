// Initialised once by an atomic state: one wins the exchange, the other waits until it is done.
// EXPECT complete
// EXPECT outcome "1 8 8\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

enum { NEW, BUSY, DONE };
static atomic_int state;
static int runs, value;

static int get(void)
{
    int expected = NEW;
    if (atomic_compare_exchange_strong(&state, &expected, BUSY)) {
        runs++;
        value = 8;
        state = DONE;
    }
    while (state != DONE)
        ;
    return value;
}

static void *work(void *arg)
{
    *(int *)arg = get();
    return NULL;
}

int main(void)
{
    pthread_t t;
    int a, b;
    pthread_create(&t, NULL, work, &a);
    work(&b);
    pthread_join(t, NULL);
    printf("%d %d %d\n", runs, a, b);
    return 0;
}
