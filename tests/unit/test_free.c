/* One run of a program that runs free: what it printed, how it ended, and that nobody is left. */
#include "free_family.h"

#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { GENEROUS_MS = 20000 };

static void start(struct free_run *r, const char *script)
{
    const char *argv[] = {"sh", "-c", script, NULL};
    struct free_how how = {
        .path = "/bin/sh", .argv = (char *const *)(uintptr_t)argv, .env = environ, .own = 1};
    assert_int_equal(free_start(r, &how), 0);
}

static enum free_end wait_for_end(struct free_run *r, long limit_ms)
{
    enum free_end end;
    while ((end = free_look(r, FREE_LOOKS, limit_ms)) == FREE_RUNS)
        poll(NULL, 0, 1);
    return end;
}

static int has_children(void)
{
    pid_t pids[8];
    return free_children(getpid(), pids, 8) > 0;
}

static void is_out(const struct free_run *r, const char *text)
{
    assert_int_equal(r->out.len, strlen(text));
    assert_memory_equal(r->out.data, text, r->out.len);
}

static void output_and_status(void **state)
{
    struct free_run r;
    (void)state;
    start(&r, "echo one; echo unseen >&2; printf two; exit 3");
    assert_int_equal(wait_for_end(&r, GENEROUS_MS), FREE_ENDED);
    assert_true(WIFEXITED(r.status));
    assert_int_equal(WEXITSTATUS(r.status), 3);
    is_out(&r, "one\ntwo");
    assert_int_equal(r.out_total, 7);
    free_stop(&r);
    assert_false(has_children());
}

static void signals(void **state)
{
    struct free_run r;
    (void)state;
    signal(SIGTERM, SIG_IGN); /* what we ignore it does not */
    start(&r, "kill -TERM $$; echo alive");
    assert_int_equal(wait_for_end(&r, GENEROUS_MS), FREE_ENDED);
    assert_true(WIFSIGNALED(r.status));
    assert_int_equal(WTERMSIG(r.status), SIGTERM);
    assert_int_equal(r.out_total, 0);
    free_stop(&r);
    signal(SIGTERM, SIG_DFL);
}

static void what_is_no_program(void **state)
{
    struct free_run r;
    const char *argv[] = {"x", NULL};
    struct free_how how = {
        .path = "/nowhere/x", .argv = (char *const *)(uintptr_t)argv, .env = environ, .own = 1};
    (void)state;
    assert_int_equal(free_start(&r, &how), -ENOENT);
    how.path = "/etc/passwd";
    assert_int_equal(free_start(&r, &how), -EACCES);
    how.path = "/bin/sh";
    how.input = "/nowhere/x";
    assert_int_equal(free_start(&r, &how), -ENOENT);
    how.input = NULL;
    how.folder = "/nowhere";
    assert_int_equal(free_start(&r, &how), -ENOENT);
    assert_false(has_children());
}

/* The output is a terminal, the input what was given and else empty. */
static void standard_streams(void **state)
{
    struct free_run r;
    (void)state;
    start(&r, "test -t 1 && echo terminal; cat; ls /proc/self/fd | wc -l");
    assert_int_equal(wait_for_end(&r, GENEROUS_MS), FREE_ENDED);
    is_out(&r, "terminal\n4\n"); /* 0, 1, 2 and the folder that ls reads */
    free_stop(&r);
}

static void much_output(void **state)
{
    struct free_run r;
    (void)state;
    start(&r, "head -c 1000000 /dev/zero");
    assert_int_equal(wait_for_end(&r, GENEROUS_MS), FREE_ENDED);
    assert_int_equal(r.out_total, 1000000);
    assert_int_equal(r.out.len, FREE_KEPT);
    free_stop(&r);
    start(&r, "cat /dev/zero");
    assert_int_equal(wait_for_end(&r, 10 * GENEROUS_MS), FREE_CUT);
    assert_int_equal(r.limit, FREE_OUTPUT);
    free_stop(&r);
    assert_false(has_children());
}

/* The same hash for the same output only. */
static void outputs_differ(void **state)
{
    const char *const scripts[] = {"head -c 70000 /dev/zero; echo a", "head -c 70000 /dev/zero; "
                                                                      "echo b"};
    uint64_t hash[3];
    struct free_run r;
    (void)state;
    for (int i = 0; i < 3; i++) {
        start(&r, scripts[i % 2]);
        assert_int_equal(wait_for_end(&r, GENEROUS_MS), FREE_ENDED);
        hash[i] = r.out_hash;
        free_stop(&r);
    }
    assert_int_equal(hash[0], hash[2]);
    assert_int_not_equal(hash[0], hash[1]);
}

/* A run is over when the last of its processes is. */
static void children_that_go_on(void **state)
{
    struct free_run r;
    (void)state;
    start(&r, "(sleep 0.2; echo late) & echo early");
    assert_int_equal(wait_for_end(&r, GENEROUS_MS), FREE_ENDED);
    is_out(&r, "early\nlate\n");
    assert_int_equal(WEXITSTATUS(r.status), 0);
    free_stop(&r);
}

static void nobody_can_go_on(void **state)
{
    struct free_run r;
    (void)state;
    start(&r, "echo before; kill -STOP $$; echo after");
    assert_int_equal(wait_for_end(&r, GENEROUS_MS), FREE_BLOCKED);
    is_out(&r, "before\n");
    free_stop(&r);
    /* two that wait for each other: the shell for its child, that one for the end of a pipe which
     * it holds itself */
    start(&r, "mkfifo $TMPDIR/pipe && cat <$TMPDIR/pipe 3>$TMPDIR/pipe");
    assert_int_equal(wait_for_end(&r, 10 * GENEROUS_MS), FREE_BLOCKED);
    free_stop(&r);
    assert_false(has_children());
}

/* Who sleeps for a time wakes up by itself, so it is no hang. */
static void sleeping_is_no_hang(void **state)
{
    struct free_run r;
    (void)state;
    start(&r, "sleep 0.5; echo awake");
    assert_int_equal(wait_for_end(&r, GENEROUS_MS), FREE_ENDED);
    is_out(&r, "awake\n");
    free_stop(&r);
}

static void no_time_left(void **state)
{
    struct free_run r;
    (void)state;
    start(&r, "while :; do :; done");
    assert_int_equal(wait_for_end(&r, 200), FREE_CUT);
    assert_int_equal(r.limit, FREE_TIME);
    assert_false(r.asleep);
    free_stop(&r);
    start(&r, "sleep 1000");
    assert_int_equal(wait_for_end(&r, 200), FREE_CUT);
    assert_true(r.asleep);
    free_stop(&r);
    assert_false(has_children());
}

/* Orphans in sessions of their own, too. */
static void nobody_is_left(void **state)
{
    struct free_run r;
    struct free_family f;
    (void)state;
    start(&r, "for i in 1 2 3; do (setsid sh -c 'sleep 1000 & sleep 1000' &); done; echo done");
    while (r.out_total < 5)
        assert_int_equal(free_look(&r, FREE_LOOKS, GENEROUS_MS), FREE_RUNS);
    int64_t deadline = base_now_ns() + GENEROUS_MS * 1000000ll;
    do { /* the shell gone, which a look takes note of; three with two each */
        assert_int_equal(free_look(&r, FREE_LOOKS, GENEROUS_MS), FREE_RUNS);
        free_family(&r, &f);
    } while (f.processes != 9 && base_now_ns() < deadline);
    assert_int_equal(f.processes, 9);
    assert_int_equal(f.threads, 9);
    assert_int_equal(f.blocked, 0);
    free_stop(&r);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
}

static void processors(void **state)
{
    const char *argv[] = {"sh", "-c", "grep Cpus_allowed_list /proc/self/status", NULL};
    struct free_how how = {.path = "/bin/sh",
                           .argv = (char *const *)(uintptr_t)argv,
                           .env = environ,
                           .processors = 1,
                           .own = 1};
    struct free_run r;
    (void)state;
    assert_int_equal(free_start(&r, &how), 0);
    assert_int_equal(wait_for_end(&r, GENEROUS_MS), FREE_ENDED);
    is_out(&r, "Cpus_allowed_list:\t0\n");
    free_stop(&r);
}

static void traits(void **state)
{
    struct free_traits t;
    (void)state;
    free_traits("/nowhere", &t);
    assert_true(t.timers && t.shares);
    free_traits("/etc/passwd", &t);
    assert_true(t.timers && t.shares);
    free_traits("/bin/true", &t); /* it opens no file */
    assert_false(t.timers);
    free_traits("/bin/mkdir", &t);
    assert_true(t.shares);
    free_traits("/usr/bin/timeout", &t);
    assert_true(t.timers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(output_and_status),
        cmocka_unit_test(signals),
        cmocka_unit_test(what_is_no_program),
        cmocka_unit_test(standard_streams),
        cmocka_unit_test(much_output),
        cmocka_unit_test(outputs_differ),
        cmocka_unit_test(children_that_go_on),
        cmocka_unit_test(nobody_can_go_on),
        cmocka_unit_test(sleeping_is_no_hang),
        cmocka_unit_test(no_time_left),
        cmocka_unit_test(nobody_is_left),
        cmocka_unit_test(processors),
        cmocka_unit_test(traits),
    };
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
