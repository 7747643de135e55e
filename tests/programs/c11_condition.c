// A C11 condition with a flag, a detached waiter of it, and a broadcast.
// EXPECT complete
// EXPECT outcome "2 seen\n" exit 0
// EXPECT no-findings
#include <stdio.h>
#include <threads.h>

static mtx_t m;
static cnd_t changed;
static int ready, seen;

static int wait_for_it(void *arg)
{
    (void)arg;
    mtx_lock(&m);
    while (!ready)
        cnd_wait(&changed, &m);
    seen++;
    cnd_signal(&changed);
    mtx_unlock(&m);
    return 0;
}

int main(void)
{
    thrd_t a, b;
    mtx_init(&m, mtx_plain);
    cnd_init(&changed);
    thrd_create(&a, wait_for_it, NULL);
    thrd_create(&b, wait_for_it, NULL);
    thrd_detach(b);
    mtx_lock(&m);
    ready = 1;
    cnd_broadcast(&changed);
    while (seen < 2)
        cnd_wait(&changed, &m);
    mtx_unlock(&m);
    thrd_join(a, NULL);
    printf("%d seen\n", seen);
    return 0;
}
