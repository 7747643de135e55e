// The state says done before the value is there: the other may use what is not made yet.
// EXPECT complete
// EXPECT outcome "8 8\n" exit 0
// EXPECT outcome "0 8\n" exit 0
// EXPECT outcome "8 0\n" exit 0
// EXPECT finding data-race line @make|@use
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

static atomic_int done;
static int value;

static int get(void)
{
    if (!atomic_exchange(&done, 1))
        value = 8; // @make
    return value;  // @use
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
    printf("%d %d\n", a, b);
    return 0;
}
