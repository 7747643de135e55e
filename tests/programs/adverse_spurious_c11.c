// cnd_wait, too, may return without a signal.
// OPTIONS --adversity=spurious
// EXPECT complete
// EXPECT outcome "0\n" exit 0
// EXPECT outcome "1\n" exit 0
// EXPECT no-findings
// OPTIONS --adversity=spurious --strategy dfs
// EXPECT complete
// EXPECT outcome "0\n" exit 0
// EXPECT outcome "1\n" exit 0
// EXPECT no-findings
// OPTIONS --strategy dpor
// EXPECT complete
// EXPECT outcome "1\n" exit 0
// EXPECT no-findings
#include <stdio.h>
#include <threads.h>

static mtx_t m;
static cnd_t c;
static int ready;

static int waiter(void *arg)
{
    (void)arg;
    mtx_lock(&m);
    if (!ready)
        cnd_wait(&c, &m);
    printf("%d\n", ready);
    mtx_unlock(&m);
    return 0;
}

int main(void)
{
    thrd_t t;
    mtx_init(&m, mtx_plain);
    cnd_init(&c);
    thrd_create(&t, waiter, NULL);
    mtx_lock(&m);
    ready = 1;
    cnd_signal(&c);
    mtx_unlock(&m);
    thrd_join(t, NULL);
    return 0;
}
