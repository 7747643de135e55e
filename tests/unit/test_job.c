/* Work beside the loop (tui/job.h). */
#include "job.h"
#include "program.h"

#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

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

/* -------- a compiler that takes for ever -------- */

struct building {
    char *path;
    int rc;
};

static void build_it(struct job *j, void *ctx)
{
    struct building *b = ctx;
    struct program *p = NULL;
    struct err e = {0};
    (void)j;
    b->rc = program_build_free(&p, &b->path, 1, NULL, 0, BUILD_PLAIN, 0, &e);
    if (p)
        program_free(p);
}

static void write_file(const char *path, const char *text, mode_t mode)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
    assert_int_equal(chmod(path, mode), 0);
}

/* Ended, though nobody has taken its status yet. */
static int is_zombie(long pid)
{
    char path[64], state = 0;
    snprintf(path, sizeof path, "/proc/%ld/stat", pid);
    FILE *f = fopen(path, "r");
    if (f && fscanf(f, "%*d (%*[^)]) %c", &state) != 1)
        state = 0;
    if (f)
        fclose(f);
    return state == 'Z';
}

/* The number in the file once it is there; 0: it never came. */
static long awaited_number(const char *path)
{
    long n = 0;
    for (int ms = 0; ms < PATIENCE_MS && n == 0; ms += 10) {
        FILE *f = fopen(path, "r");
        if (f && fscanf(f, "%ld\n", &n) != 1)
            n = 0;
        if (f)
            fclose(f);
        poll(NULL, 0, 10);
    }
    return n;
}

/* The compiler and what it started: a job that is freed does not wait for them. */
static void freeing_ends_a_compiler(void **state)
{
    (void)state;
    char dir[] = "/tmp/lockstep-job-XXXXXX";
    assert_non_null(mkdtemp(dir));
    char *source = xasprintf("%s/a.c", dir), *cc = xasprintf("%s/slow", dir),
         *pid = xasprintf("%s/pid", dir);
    char *script = xasprintf("#!/bin/sh\nsleep 600 & echo $! >%s\nwait\n", pid);
    write_file(source, "int main(void) { return 0; }\n", 0600);
    write_file(cc, script, 0700);
    setenv("LOCKSTEP_CC", cc, 1);
    struct building b = {.path = source, .rc = 1};
    struct job *j = job_start(build_it, &b);
    long child = awaited_number(pid);
    assert_true(child > 0);
    job_free(j);
    assert_true(b.rc < 0);
    int gone = 0;
    for (int ms = 0; ms < PATIENCE_MS && !gone; ms += 10) {
        gone = kill((pid_t)child, 0) < 0 || is_zombie(child);
        poll(NULL, 0, 10);
    }
    assert_true(gone);
    unsetenv("LOCKSTEP_CC");
    unlink(source);
    unlink(cc);
    unlink(pid);
    rmdir(dir);
    free(source);
    free(cc);
    free(pid);
    free(script);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(its_end_makes_the_descriptor_readable),
        cmocka_unit_test(it_is_looked_at_while_it_runs_and_cancelled),
        cmocka_unit_test(freeing_ends_it),
        cmocka_unit_test(freeing_ends_a_compiler),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
