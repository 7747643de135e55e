/* What a lane tells of waits that did not end by themselves: a lock that went from hand to hand,
 * a signal that stopped the thread, an end in the middle. */
#include "live_model.h"

#include "made_trace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define MS UINT64_C(1000000)

/* Three threads, looked at every 10 ms; T2 waits for m from 10 ms on. */
struct run {
    struct live_model m;
    uint64_t now;
    uint32_t owner; /* of m: 0 or 1 */
    char kernel;    /* of T2 */
    uint64_t ended;
};

static void look(struct run *r)
{
    r->now += 10 * MS;
    live_look_begin(&r->m, r->now);
    live_process_of(&r->m, 100)->noted = 1;
    for (uint32_t i = 0; i < 3; i++) {
        struct live_task *t = live_task_of(&r->m, i);
        t->noted = 1;
        t->process = 0;
        t->pid = 100;
        t->tid = 100 + (int32_t)i;
        t->kernel = i == 2 ? r->kernel : 'R';
        t->nheld = i == r->owner;
        t->held[0] = MUTEX_M;
        if (i == 2 && r->now >= 20 * MS) {
            t->wait_kind = EV_LOCK;
            t->wait_addr = MUTEX_M;
            t->wait_since = r->ended ? 0 : 10 * MS;
            t->ended = r->ended;
        }
    }
    live_look_end(&r->m);
}

static void until(struct run *r, uint64_t ms)
{
    while (r->now < ms * MS)
        look(r);
}

static struct live_column at(const struct run *r, uint64_t ms)
{
    struct live_column c = {0};
    live_columns(&r->m, 2, ms * MS, MS, 1, &c);
    return c;
}

static void begin(struct run *r)
{
    memset(r, 0, sizeof *r);
    live_model_init(&r->m);
    r->kernel = 'S';
}

static void the_holder_of_each_moment_is_told(void **state)
{
    (void)state;
    struct run r;
    begin(&r);
    until(&r, 100);
    r.owner = 1;
    until(&r, 200);
    assert_int_equal(at(&r, 50).state, TASK_BLOCKED);
    assert_int_equal(at(&r, 50).by, 0);
    assert_int_equal(at(&r, 150).by, 1);
    live_event_add(&r.m, &(struct live_event){.task = 2,
                                              .kind = EV_LOCK,
                                              .addr = MUTEX_M,
                                              .time = 205 * MS,
                                              .waited = 195 * MS,
                                              .stamped = 1});
    until(&r, 300);
    assert_int_equal(at(&r, 50).by, 0); /* and afterwards, too */
    assert_int_equal(at(&r, 150).by, 1);
    live_model_fini(&r.m);
}

static void stopped_is_not_waiting(void **state)
{
    (void)state;
    struct run r;
    begin(&r);
    until(&r, 100);
    r.kernel = 'T';
    until(&r, 200);
    assert_int_equal(at(&r, 50).state, TASK_BLOCKED);
    assert_int_equal(at(&r, 150).state, TASK_STOPPED);
    r.kernel = 'S';
    until(&r, 300);
    assert_int_equal(at(&r, 50).state, TASK_BLOCKED);
    assert_int_equal(at(&r, 150).state, TASK_STOPPED);
    assert_int_equal(at(&r, 250).state, TASK_BLOCKED);
    live_model_fini(&r.m);
}

static void who_was_ended_waited_until_then(void **state)
{
    (void)state;
    struct run r;
    begin(&r);
    until(&r, 100);
    r.ended = 105 * MS;
    r.kernel = 'X';
    until(&r, 200);
    assert_int_equal(at(&r, 50).state, TASK_BLOCKED);
    assert_true(at(&r, 50).addr == MUTEX_M);
    assert_int_equal(at(&r, 102).state, TASK_BLOCKED);
    live_model_fini(&r.m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_holder_of_each_moment_is_told),
        cmocka_unit_test(stopped_is_not_waiting),
        cmocka_unit_test(who_was_ended_waited_until_then),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
