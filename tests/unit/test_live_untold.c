/* Lanes of threads whose events come too fast to be kept: how long they waited is known all the
 * same, by their own counters. */
#include "live_model.h"

#include "made_trace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define MS 1000000ull

/* A look every 20 ms at a thread that the kernel says ran for `ran` of it and waited for `waited`.
 */
static void looks(struct live_model *m, int n, uint64_t ran, uint64_t waited)
{
    for (int i = 0; i < n; i++) {
        live_look_begin(m, m->now + 20 * MS);
        struct live_task *t = live_task_of(m, 0);
        t->noted = 1;
        t->kernel = 'S';
        t->wait_ns += waited;
        t->waits += 100;
        live_lost(m, 0, 200);
        live_spent(m, 0, ran, 0);
        live_look_end(m);
    }
}

static void told_once(struct live_model *m)
{
    live_look_begin(m, 20 * MS);
    struct live_process *p = live_process_of(m, 100);
    p->noted = 1;
    p->kernel = 'S';
    struct live_task *t = live_task_of(m, 0);
    t->noted = 1;
    t->kernel = 'S';
    t->wait_kind = EV_LOCK;
    t->wait_addr = MUTEX_M;
    t->wait_since = 15 * MS;
    live_look_end(m);
    t = live_task_of(m, 0);
    t->wait_kind = 0;
    t->wait_since = 0;
}

static void waiting_stays_waiting(void **state)
{
    (void)state;
    struct live_model m;
    struct live_column c;
    live_model_init(&m);
    told_once(&m);
    looks(&m, 10, 2 * MS, 18 * MS);
    live_columns(&m, 0, 60 * MS, 100 * MS, 1, &c);
    assert_true(c.known);
    assert_int_equal(c.state, TASK_BLOCKED);
    assert_in_range(c.running, 50, 150);
    assert_in_range(c.waiting, 850, 950);
    live_model_fini(&m);
}

/* What is neither waiting by its own account nor running by the kernel's is asleep in the kernel.
 */
static void the_rest_is_sleep(void **state)
{
    (void)state;
    struct live_model m;
    struct live_column c;
    live_model_init(&m);
    told_once(&m);
    looks(&m, 10, 2 * MS, 1 * MS);
    live_columns(&m, 0, 60 * MS, 100 * MS, 1, &c);
    assert_int_equal(c.state, TASK_SLEEPING);
    live_model_fini(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(waiting_stays_waiting),
        cmocka_unit_test(the_rest_is_sleep),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
