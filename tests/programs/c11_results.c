// What the calls say, in one thread and against one that holds the lock.
// EXPECT complete
// EXPECT outcome "busy timedout\ntimedout equal 1 0\nslept 0 -2\n" exit 0
// EXPECT no-findings
#include <stdio.h>
#include <threads.h>
#include <time.h>

static mtx_t m;
static cnd_t c;

static const char *word(int rc)
{
    return rc == thrd_busy       ? "busy"
           : rc == thrd_timedout ? "timedout"
           : rc == thrd_error    ? "error"
           : rc == thrd_success  ? "success"
                                 : "?";
}

static int ask(void *arg)
{
    struct timespec soon;
    (void)arg;
    timespec_get(&soon, TIME_UTC);
    printf("%s ", word(mtx_trylock(&m)));
    printf("%s\n", word(mtx_timedlock(&m, &soon)));
    return 0;
}

int main(void)
{
    thrd_t t;
    struct timespec soon, pause = {0, 10}, bad = {0, -1};
    mtx_init(&m, mtx_timed);
    cnd_init(&c);
    mtx_lock(&m);
    thrd_create(&t, ask, NULL);
    int same = thrd_equal(t, thrd_current());
    thrd_join(t, NULL);
    timespec_get(&soon, TIME_UTC);
    printf("%s ", word(cnd_timedwait(&c, &m, &soon)));
    printf("equal %d %d\n", thrd_equal(thrd_current(), thrd_current()) != 0, same != 0);
    mtx_unlock(&m);
    int first = thrd_sleep(&pause, NULL);
    printf("slept %d %d\n", first, thrd_sleep(&bad, NULL));
    cnd_destroy(&c);
    mtx_destroy(&m);
    return 0;
}
