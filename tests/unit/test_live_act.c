/* Slow motion and typing: a program that runs free is held before each operation until it is let,
 * goes on at full speed when it may, and reads what is typed on its terminal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include "live_help.h"
#include "recorder.h"

static uint64_t wanted;

/* Held up before an operation, which is no wait of the program's own. */
static int is_held(const struct run *r)
{
    const struct live_task *t = &r->model->tasks[0];
    return r->model->ntasks == 1 && t->wait_since && t->wait_kind == EV_NONE &&
           t->operations >= wanted;
}

static int has_asked(const struct run *r)
{
    const struct buf *out = live_output(r->live, NULL);
    return out->len && strcmp(out->data, "type\n") == 0;
}

static void step_by_step(void **state)
{
    (void)state;
    struct run r;
    struct timespec pause = {.tv_nsec = 50000000};
    wanted = 0;
    run_start(&r, "steps.c", NULL, &(struct live_options){.pace = PACE_STEP});
    assert_true(run_until(&r, is_held, 30000));
    for (int i = 0; i < 20; i++) {
        uint64_t before = r.model->tasks[0].operations;
        wanted = before + 1;
        live_step(r.live);
        assert_true(run_until(&r, is_held, 30000));
        assert_int_equal(r.model->tasks[0].operations, wanted);
    }
    nanosleep(&pause, NULL);
    live_look(r.live, 1000000);
    assert_int_equal(r.model->tasks[0].operations, wanted); /* it does not go on by itself */
    live_pace(r.live, 0);
    assert_true(run_until(&r, has_asked, 30000));
    run_end(&r);
}

static void what_is_typed_is_read(void **state)
{
    (void)state;
    struct run r;
    int status;
    run_start(&r, "steps.c", NULL, NULL);
    assert_true(run_until(&r, has_asked, 30000));
    assert_int_equal(live_type(r.live, "hello\n", 6), 0);
    assert_true(run_until(&r, run_is_over, 30000));
    assert_true(live_ended(r.live, &status) && WIFEXITED(status) && WEXITSTATUS(status) == 0);
    /* what is typed is seen, as on any terminal */
    assert_string_equal(live_output(r.live, NULL)->data, "type\nhello\ngot hello\n");
    assert_int_equal(live_type(r.live, "x", 1), -ERR_NOT_FOUND);
    run_end(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(step_by_step),
        cmocka_unit_test(what_is_typed_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
