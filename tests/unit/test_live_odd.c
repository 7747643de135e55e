/* Programs that crash, close their descriptors, fork wild, damage what they share with lockstep, or
 * start others: what is said of them, and that nothing is left. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "live_help.h"

static int run_to_end(struct run *r, const char *file)
{
    int status = 0;
    run_start(r, file, NULL, NULL);
    assert_true(run_until(r, run_is_over, 60000));
    assert_true(live_ended(r->live, &status));
    return status;
}

static void a_crash(void **state)
{
    (void)state;
    struct run r;
    int status = run_to_end(&r, "crashes.c");
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
    assert_int_equal(r.model->ntasks, 2);
    assert_true(r.model->tasks[0].ended && r.model->tasks[1].ended);
    assert_string_equal(live_why(r.live), "");
    run_end(&r);
}

static void all_descriptors_closed(void **state)
{
    (void)state;
    struct run r;
    int status = run_to_end(&r, "closes.c");
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 4);
    assert_int_equal(r.model->ntasks, 4);
    for (uint32_t i = 1; i < 4; i++) /* 100 times lock, sleep and unlock each, start and end */
        assert_int_equal(r.model->tasks[i].operations, 302);
    run_end(&r);
}

static void a_fork_bomb(void **state)
{
    (void)state;
    struct run r;
    run_to_end(&r, "bomb.c");
    assert_non_null(strstr(live_why(r.live), "processes"));
    run_end(&r);
    assert_int_equal(run_descendants(), 0);
}

static int has_written(const struct run *r)
{
    const struct buf *out = live_output(r->live, NULL);
    return run_is_over(r) || (out->len && strstr(out->data, "half") != NULL);
}

/* Anything may be shown of its threads, and it may come to nothing, as what it overwrites says too
 * how slow it is to be; but there are only processes that the kernel knows. */
static void shared_memory_damaged(void **state)
{
    (void)state;
    struct run r;
    run_start(&r, "wild.c", NULL, NULL);
    assert_true(run_until(&r, has_written, 60000));
    assert_int_equal(r.model->nprocesses, 1);
    live_close(r.live);
    program_free(r.program);
    assert_int_equal(run_descendants(), 0);
}

/* A program of the system, which starts others. */
static void a_shell_and_what_it_starts(void **state)
{
    (void)state;
    struct run r;
    int status;
    char option[] = "-c", script[] = "(exit 3); /bin/echo two; exit 7";
    run_binary(&r, "/bin/sh", (char *[]){option, script, NULL});
    assert_true(run_until(&r, run_is_over, 60000));
    assert_true(live_ended(r.live, &status) && WIFEXITED(status) && WEXITSTATUS(status) == 7);
    assert_string_equal(live_output(r.live, NULL)->data, "two\n");
    assert_true(r.model->nprocesses >= 3);
    run_end(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_crash),
        cmocka_unit_test(all_descriptors_closed),
        cmocka_unit_test(a_fork_bomb),
        cmocka_unit_test(shared_memory_damaged),
        cmocka_unit_test(a_shell_and_what_it_starts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
