// Numbers drawn with one atomic addition are all different.
// EXPECT complete
// EXPECT outcome "ok\n" exit 0
// EXPECT no-findings
// EXPECT executions 2
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

static atomic_int next;

static void *draw(void *arg)
{
    *(int *)arg = atomic_fetch_add(&next, 1);
    return NULL;
}

int main(void)
{
    pthread_t t;
    int a, b;
    pthread_create(&t, NULL, draw, &a);
    draw(&b);
    pthread_join(t, NULL);
    assert(a != b && a + b == 1);
    puts("ok");
    return 0;
}
