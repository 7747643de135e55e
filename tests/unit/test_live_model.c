/* The model of a live run, filled by hand. */
#include "live_model.h"
#include "trace.h"

#include "made_trace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define MS 1000000ull

static struct live_task *task(struct live_model *m, uint32_t number)
{
    struct live_task *t = live_task_of(m, number);
    t->noted = 1;
    t->kernel = 'R';
    t->process = 0;
    t->pid = 100;
    t->tid = 100 + (int32_t)number;
    return t;
}

static void look(struct live_model *m, uint64_t now)
{
    live_look_begin(m, now);
}

static void program(struct live_model *m, uint32_t ntasks)
{
    struct live_process *p = live_process_of(m, 100);
    p->noted = 1;
    p->kernel = 'S';
    for (uint32_t i = 0; i < ntasks; i++)
        task(m, i);
}

static void waits(struct live_model *m, uint32_t number, unsigned kind, uint64_t addr,
                  uint64_t since)
{
    struct live_task *t = live_task_of(m, number);
    t->kernel = 'S';
    t->wait_kind = (uint8_t)kind;
    t->wait_addr = addr;
    t->wait_since = since;
}

static void says(void (*fn)(const struct live_model *, const struct names *, uint32_t,
                            struct buf *),
                 const struct live_model *m, uint32_t i, const char *expected)
{
    struct buf b = {0};
    fn(m, &made_names, i, &b);
    assert_string_equal(b.data ? b.data : "", expected);
    buf_fini(&b);
}

static void owners_and_waiters(void **state)
{
    (void)state;
    struct live_model m;
    uint32_t who[4];
    live_model_init(&m);
    look(&m, 10 * MS);
    program(&m, 4);
    m.tasks[1].held[0] = MUTEX_M;
    m.tasks[1].nheld = 1;
    waits(&m, 3, EV_LOCK, MUTEX_M, 9 * MS);
    waits(&m, 2, EV_LOCK, MUTEX_M, 8 * MS);
    m.tasks[3].wait_pc = PC(F_INC, 12);
    live_look_end(&m);
    uint32_t o = live_object_at(&m, 0, MUTEX_M);
    assert_int_equal(m.objects[o].owner, 1);
    assert_int_equal(live_waiting(&m, o, who, 4), 2);
    assert_int_equal(who[0], 2);
    assert_int_equal(who[1], 3);
    assert_int_equal(m.tasks[3].wait_by, 1);
    assert_int_equal(m.tasks[3].state, TASK_BLOCKED);
    says(live_say_task, &m, 3, "T3 waits for m since 1 ms, held by T1 (counter.c:12)");
    says(live_say_object, &m, o, "m: a mutex, held by T1; T2 and T3 wait; 0 operations");
    live_model_fini(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(owners_and_waiters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
