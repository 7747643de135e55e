// "If it is not there, make it" without a lock: made once or twice.
// EXPECT complete
// EXPECT outcome "1\n" exit 0
// EXPECT outcome "2\n" exit 0
// EXPECT findings data-race line @check|@make
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

static int *shared, storage;
static atomic_int made;

static void *use(void *arg)
{
    if (shared == NULL) { // @check
        atomic_fetch_add(&made, 1);
        shared = &storage; // @make
    }
    return arg;
}

int main(void)
{
    pthread_t a, b;
    pthread_create(&a, NULL, use, NULL);
    pthread_create(&b, NULL, use, NULL);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    printf("%d\n", made);
    return 0;
}
