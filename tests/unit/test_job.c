/* Work beside the loop (tui/job.h). */
#include "job.h"

#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { PATIENCE_MS = 20000 };

struct counting {
    int seen, rounds;
    int signals_blocked;
};

static int readable(struct job *j, int ms)
{
    struct pollfd polled = {job_fd(j), POLLIN, 0};
    return poll(&polled, 1, ms) > 0;
}

static void count_once(struct job *j, void *ctx)
{
    struct counting *c = ctx;
    sigset_t now;
    pthread_sigmask(SIG_SETMASK, NULL, &now);
    c->signals_blocked = sigismember(&now, SIGTERM) && sigismember(&now, SIGWINCH);
    job_lock(j);
    c->seen = 1;
    job_unlock(j);
}

static void count_until_cancelled(struct job *j, void *ctx)
{
    struct counting *c = ctx;
    job_lock(j);
    c->seen = 1;
    job_unlock(j);
    job_look(j);
    while (!job_cancelled(j))
        poll(NULL, 0, 1);
    c->rounds = 1;
}

static void its_end_makes_the_descriptor_readable(void **state)
{
    (void)state;
    struct counting c = {0};
    struct job *j = job_start(count_once, &c);
    assert_non_null(j);
    assert_true(readable(j, PATIENCE_MS));
    assert_true(job_done(j));
    assert_false(readable(j, 0)); /* taken */
    assert_int_equal(c.seen, 1);
    assert_true(c.signals_blocked);
    job_free(j);
}

static void it_is_looked_at_while_it_runs_and_cancelled(void **state)
{
    (void)state;
    struct counting c = {0};
    struct job *j = job_start(count_until_cancelled, &c);
    assert_true(readable(j, PATIENCE_MS));
    assert_false(job_done(j));
    job_lock(j);
    assert_int_equal(c.seen, 1);
    job_unlock(j);
    job_cancel(j);
    assert_true(readable(j, PATIENCE_MS));
    assert_true(job_done(j));
    assert_int_equal(c.rounds, 1);
    job_free(j);
}

static void freeing_ends_it(void **state)
{
    (void)state;
    struct counting c = {0};
    struct job *j = job_start(count_until_cancelled, &c);
    job_free(j);
    assert_int_equal(c.rounds, 1);
    job_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(its_end_makes_the_descriptor_readable),
        cmocka_unit_test(it_is_looked_at_while_it_runs_and_cancelled),
        cmocka_unit_test(freeing_ends_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
