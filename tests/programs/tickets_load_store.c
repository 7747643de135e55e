// Numbers drawn with an atomic load and an atomic store: both may draw the same. No data race.
// EXPECT complete
// EXPECT outcome "0 1\n" exit 0
// EXPECT outcome "1 0\n" exit 0
// EXPECT outcome "0 0\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

static atomic_int next;

static void *draw(void *arg)
{
    int n = atomic_load(&next);
    atomic_store(&next, n + 1);
    *(int *)arg = n;
    return NULL;
}

int main(void)
{
    pthread_t t;
    int a, b;
    pthread_create(&t, NULL, draw, &a);
    draw(&b);
    pthread_join(t, NULL);
    printf("%d %d\n", a, b);
    return 0;
}
