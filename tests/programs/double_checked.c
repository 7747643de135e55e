// Double-checked locking, right: the pointer is atomic, published with release, read with acquire.
// EXPECT complete
// EXPECT outcome "42 42 made 1\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static int place, made;
static int *_Atomic object;

static int *get(void)
{
    int *p = atomic_load_explicit(&object, memory_order_acquire);
    if (p)
        return p;
    pthread_mutex_lock(&m);
    p = atomic_load_explicit(&object, memory_order_relaxed);
    if (!p) {
        place = 42;
        made++;
        p = &place;
        atomic_store_explicit(&object, p, memory_order_release);
    }
    pthread_mutex_unlock(&m);
    return p;
}

static void *work(void *arg)
{
    *(int *)arg = *get();
    return NULL;
}

int main(void)
{
    pthread_t t;
    int a, b;
    pthread_create(&t, NULL, work, &a);
    work(&b);
    pthread_join(t, NULL);
    printf("%d %d made %d\n", a, b, made);
    return 0;
}
