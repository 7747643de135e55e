/* Programs run with the recorder and without: the same results, and rings that say what happened.
 * What they do is in tests/recorder/scenes.c; the rings are read raw. */
#include "ring_help.h"

#include "base.h"
#include "program.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static struct program *plain;

static struct program *build(enum program_build how, int optimise)
{
    const char *top = getenv("LOCKSTEP_TOP");
    char *path = xasprintf("%s/tests/recorder/scenes.c", top ? top : ".");
    struct program *p;
    struct err e = {0};
    if (program_build_free(&p, &path, 1, NULL, 0, how, optimise, &e))
        fail_msg("%s", e.message);
    free(path);
    return p;
}

static int setup(void **state)
{
    (void)state;
    plain = build(BUILD_PLAIN, 1);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    program_free(plain);
    return 0;
}

/* A scene from start to end; its status. */
static int play(struct memory *m, const char *name, char **printed)
{
    struct scene s;
    scene_start(&s, m, plain->binary, name);
    return scene_end(&s, printed);
}

static void wait_ms(long ms)
{
    nanosleep(&(struct timespec){.tv_nsec = ms * 1000000}, NULL);
}

/* Until the first thread waits in that kind of operation; generous. */
static void await_wait(const struct recorder_thread *t, unsigned kind)
{
    for (int i = 0; i < 10000; i++) {
        if (t->life == LIFE_ALIVE && t->wait_since && REC_ARG(t->wait_what) == kind)
            return;
        wait_ms(2);
    }
    fail_msg("it does not wait in %u", kind);
}

static void results_are_the_same(void **state)
{
    (void)state;
    struct memory m;
    char *with, *without;
    memory_make(&m, 4096);
    assert_int_equal(play(NULL, "results", &without), 0);
    assert_int_equal(play(&m, "results", &with), 0);
    assert_string_equal(with, without);
    free(with);
    with = NULL;
    assert_int_equal(m.r->unnoted, 0);
    memory_free(&m);
    free(without);
}

/* The k-th time anybody had the lock, as the program says, in the rings: whoever gave it back did
 * so no later, as far as times can tell, than the next one got it. */
static void an_unlock_is_not_later_than_the_next_lock(void **state)
{
    (void)state;
    struct memory m;
    struct seen *all[3];
    unsigned n[3], at[3] = {0};
    char *turns;
    const struct seen *given = NULL;
    memory_make(&m, 1u << 16);
    assert_int_equal(play(&m, "order", &turns), 0);
    for (unsigned i = 0; i < 3; i++)
        all[i] = seen_read(&m, i + 1, &n[i]);
    for (const char *c = turns; *c; c++) {
        unsigned i = (unsigned)(*c - '1');
        const struct seen *got = seen_next(all[i], n[i], &at[i], EV_LOCK);
        assert_non_null(got);
        if (given)
            assert_true(given->from <= got->to);
        given = seen_next(all[i], n[i], &at[i], EV_UNLOCK);
        assert_non_null(given);
        assert_int_equal(given->addr, got->addr);
    }
    for (unsigned i = 0; i < 3; i++)
        free(all[i]);
    assert_int_equal(strlen(turns), 3000);
    free(turns);
    memory_free(&m);
}

/* main has the lock for 60 ms; how long that is in ticks, its own sleep says. */
static void check_waited(const struct memory *m)
{
    unsigned n, k, i = 0;
    struct seen *all = seen_read(m, 0, &k), *wants = seen_read(m, 1, &n);
    const struct seen *slept = seen_next(all, k, &i, EV_SLEEP);
    uint64_t ticks = slept->from - slept[-1].from;
    assert_int_equal(slept->more, 60000000);
    assert_true(slept[-1].wait);
    i = 0;
    const struct seen *lock = seen_next(wants, n, &i, EV_LOCK);
    assert_non_null(lock);
    assert_true(lock[-1].wait && lock[-1].kind == EV_LOCK && lock[-1].addr == lock->addr);
    assert_true(lock->from - lock[-1].from > ticks / 2);
    const struct recorder_thread *t = seen_thread(m, 1);
    assert_int_equal(t->waits, 1);
    assert_true(t->wait_ticks > ticks / 2);
    assert_int_equal(t->creator, 0);
    assert_int_equal(t->nheld, 0);
    assert_int_equal(t->joined, 1);
    assert_int_equal(t->life, LIFE_ENDED);
    i = 0;
    assert_int_equal(seen_next(all, k, &i, EV_CREATE)->more, 1);
    assert_int_equal(seen_next(all, k, &i, EV_JOIN)->more, 1);
    free(all);
    free(wants);
}

static void a_wait_is_seen_with_its_time(void **state)
{
    (void)state;
    struct memory m;
    memory_make(&m, 512);
    assert_int_equal(play(&m, "waiting", NULL), 0);
    check_waited(&m);
    memory_free(&m);
}

static void slots_of_ended_threads_are_used_again(void **state)
{
    (void)state;
    struct memory m;
    memory_make(&m, 512);
    assert_int_equal(play(&m, "rows", NULL), 0);
    assert_int_equal(m.r->next_number, 3001);
    assert_int_equal(m.r->nthreads, RECORDER_THREADS);
    assert_int_equal(m.r->unnoted, 0);
    unsigned uses = 0;
    for (unsigned i = 0; i < RECORDER_THREADS; i++)
        uses += m.r->threads[i].generation;
    assert_int_equal(uses, 3001);
    memory_free(&m);
}

static void threads_without_a_slot_run_and_are_counted(void **state)
{
    (void)state;
    struct memory m;
    char *made;
    memory_make(&m, 512);
    assert_int_equal(play(&m, "crowd", &made), 0);
    if (atoi(made) >= RECORDER_THREADS) /* there may be a limit below */
        assert_int_equal(m.r->unnoted, atoi(made) + 1 - RECORDER_THREADS);
    free(made);
    memory_free(&m);
}

static void a_cancelled_wait_is_over(void **state)
{
    (void)state;
    struct memory m;
    char *with, *without;
    unsigned n, i = 0;
    memory_make(&m, 512);
    assert_int_equal(play(NULL, "ends", &without), 0);
    assert_int_equal(play(&m, "ends", &with), 0);
    assert_string_equal(with, without);
    struct seen *all = seen_read(&m, 2, &n);
    assert_non_null(seen_next(all, n, &i, EV_COND_WAIT));
    assert_non_null(seen_next(all, n, &i, REC_GO));
    assert_non_null(seen_next(all, n, &i, EV_UNLOCK)); /* its clean-up handler */
    assert_non_null(seen_next(all, n, &i, EV_END));
    for (unsigned k = 0; k < 3; k++) {
        assert_int_equal(seen_thread(&m, k)->wait_since, 0);
        assert_int_equal(seen_thread(&m, k)->life, LIFE_ENDED);
    }
    free(all);
    free(with);
    free(without);
    memory_free(&m);
}

static void a_wait_that_was_jumped_out_of_is_over(void **state)
{
    (void)state;
    struct memory m;
    unsigned n, i = 0;
    memory_make(&m, 512);
    assert_int_equal(play(&m, "jump", NULL), 0);
    struct seen *all = seen_read(&m, 0, &n);
    assert_non_null(seen_next(all, n, &i, REC_GO));
    assert_non_null(seen_next(all, n, &i, EV_LOCK));
    assert_int_equal(seen_count(all, n, EV_SEM_WAIT, 0), 0);
    assert_int_equal(seen_thread(&m, 0)->wait_since, 0);
    free(all);
    memory_free(&m);
}

/* Handlers at any instruction: the entries of who they interrupt are all there, each once, and
 * theirs but for those that are counted (with the times that stood before them). */
static void a_handler_in_the_middle_of_an_entry(void **state)
{
    (void)state;
    struct memory m;
    char *handled;
    unsigned n;
    memory_make(&m, RECORDER_RING_MAX);
    assert_int_equal(play(&m, "storm", &handled), 0);
    struct seen *all = seen_read(&m, 0, &n);
    const struct recorder_thread *t = seen_thread(&m, 0);
    assert_true(t->head < RECORDER_RING_MAX);
    unsigned loops = 0, came = 0, posts = seen_count(all, n, EV_SEM_POST, 0);
    assert_int_equal(sscanf(handled, "%u %u", &loops, &came), 2);
    assert_int_equal(seen_count(all, n, EV_LOCK, 0), loops);
    assert_int_equal(seen_count(all, n, EV_UNLOCK, 0), loops);
    assert_true(came > 0);
    assert_true(posts <= came);
    assert_true(posts + t->skipped >= came);
    free(all);
    free(handled);
    memory_free(&m);
}

static void killed_at_any_moment(void **state)
{
    (void)state;
    struct memory m;
    memory_make(&m, 512);
    for (int i = 0; i < 20; i++) {
        struct scene s;
        uint32_t before = m.r->next_number;
        scene_start(&s, &m, plain->binary, "spin");
        for (int k = 0; k < 5000 && m.r->next_number < before + 10; k++)
            wait_ms(1);
        wait_ms(i % 7);
        kill(s.pid, SIGKILL);
        assert_true(WIFSIGNALED(scene_end(&s, NULL)));
    }
    assert_int_equal(play(&m, "waiting", NULL), 0); /* nothing of them is in the way */
    uint32_t last = m.r->next_number - 1;
    assert_int_equal(seen_thread(&m, last)->waits, 1);
    memory_free(&m);
}

static void waits_end_when_the_host_says_so(void **state)
{
    (void)state;
    static const unsigned kinds[] = {EV_SEM_WAIT, EV_FD_READ,   EV_SLEEP,
                                     EV_FD_POLL,  EV_COND_WAIT, EV_PAUSE};
    struct memory m;
    struct scene s;
    char *printed;
    memory_make(&m, 512);
    scene_start(&s, &m, plain->binary, "interrupted");
    for (unsigned i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct recorder_thread *t = &m.r->threads[0];
        await_wait(t, kinds[i]);
        assert_int_equal(m.r->processes[0].signal, 1);
        for (int k = 0; k < 5000 && t->wait_since && REC_ARG(t->wait_what) == kinds[i]; k++) {
            t->interrupted = 1;
            syscall(SYS_tgkill, t->pid, t->tid, RECORDER_SIGNAL);
            wait_ms(2);
        }
    }
    assert_int_equal(scene_end(&s, &printed), 0);
    unsigned ended = 0;
    for (const char *p = printed; (p = strstr(p, "-1, Interrupted system call")); p++)
        ended++;
    assert_int_equal(ended, 5);
    assert_non_null(strstr(printed, "pthread_cond_wait(&c, &m) = 0"));
    assert_non_null(strstr(printed, "pthread_mutex_trylock(&m) = 16"));
    free(printed);
    memory_free(&m);
}

static void nothing_left_of_what_it_came_with(void **state)
{
    (void)state;
    struct memory m;
    unsigned n;
    memory_make(&m, 512);
    assert_int_equal(play(&m, "odd", NULL), 2 << 8);
    assert_int_equal(m.r->nprocesses, 2);
    const struct recorder_process *p = m.r->processes;
    assert_int_equal(p[0].signal, 0); /* it has taken it */
    assert_int_equal(p[0].exit_status, 2);
    assert_int_equal(p[1].parent, 0);
    assert_int_equal(p[1].exits, 1);
    assert_int_equal(p[1].reaped, 1);
    assert_int_equal(p[1].wait_status, 2 << 8);
    struct seen *all = seen_read(&m, 0, &n);
    assert_int_equal(seen_count(all, n, EV_LOCK, 0), 1);
    assert_int_equal(seen_count(all, n, EV_EXIT, 0), 1);
    free(all);
    all = seen_read(&m, 1, &n);
    assert_int_equal(seen_count(all, n, EV_LOCK, 0), 1);
    free(all);
    memory_free(&m);
}

/* The child is noticed at the next operation that is stamped; those before are among its parent's.
 */
static void a_fork_past_the_library_is_noticed(void **state)
{
    (void)state;
    struct memory m;
    unsigned n;
    memory_make(&m, 16384);
    assert_int_equal(play(&m, "raw", NULL), 6 << 8);
    assert_int_equal(m.r->nprocesses, 2);
    assert_int_equal(m.r->processes[1].wait_status, 6 << 8);
    struct seen *all = seen_read(&m, 0, &n);
    assert_in_range(seen_count(all, n, EV_LOCK, 0), 1000, 1000 + REC_APART);
    free(all);
    all = seen_read(&m, 1, &n);
    assert_in_range(seen_count(all, n, EV_LOCK, 0), 3000 - REC_APART, 3000);
    free(all);
    memory_free(&m);
}

static void exec_goes_on_as_the_first_thread(void **state)
{
    (void)state;
    struct memory m;
    unsigned n;
    memory_make(&m, 8192);
    assert_int_equal(play(&m, "exec", NULL), 0);
    assert_int_equal(m.r->nprocesses, 1);
    assert_int_equal(m.r->processes[0].execs, 1);
    assert_int_equal(seen_thread(&m, 1)->life, LIFE_ENDED);
    struct seen *all = seen_read(&m, 0, &n);
    assert_int_equal(seen_count(all, n, EV_START, 0), 2);
    assert_int_equal(seen_count(all, n, EV_EXEC, 0), 1);
    for (unsigned i = 0; i < n; i++)
        if (all[i].kind == EV_EXEC)
            assert_string_equal(m.r->text + all[i].more, "/proc/self/exe");
    assert_int_equal(seen_count(all, n, EV_EXIT, 0), 1);
    free(all);
    memory_free(&m);
}

/* PACE_STEP: an operation a token. The first one that waits is the lock. */
static void an_operation_a_token(void **state)
{
    (void)state;
    struct memory m;
    struct scene s;
    unsigned n;
    memory_make(&m, 512);
    m.r->pace = PACE_STEP;
    scene_start(&s, &m, plain->binary, "step");
    for (unsigned done = 0; done < 3; done++) {
        for (int k = 0; k < 10000 && (!m.r->paced || m.r->tokens); k++)
            wait_ms(1);
        assert_int_equal(m.r->paced, 1);
        struct seen *all = seen_read(&m, 0, &n);
        unsigned operations = seen_count(all, n, EV_LOCK, 0) + seen_count(all, n, EV_UNLOCK, 0) +
                              seen_count(all, n, EV_YIELD, 0);
        free(all);
        assert_int_equal(operations, done);
        uint64_t head = seen_thread(&m, 0)->head;
        __atomic_fetch_add(&m.r->tokens, 1, __ATOMIC_SEQ_CST);
        syscall(SYS_futex, &m.r->tokens, 1 /* FUTEX_WAKE */, 1, NULL, NULL, 0);
        for (int k = 0; k < 10000 && (head + 4 > seen_thread(&m, 0)->head || !m.r->paced); k++)
            wait_ms(1);
    }
    m.r->pace = 0;
    syscall(SYS_futex, &m.r->tokens, 1, 1, NULL, NULL, 0);
    assert_int_equal(scene_end(&s, NULL), 0);
    memory_free(&m);
}

static void check_accesses(struct program *p)
{
    struct memory m;
    struct scene s;
    char *printed;
    unsigned reads = 0, writes = 0, adds = 0, copies = 0, n;
    memory_make(&m, 1u << 16);
    m.r->accesses = 1;
    scene_start(&s, &m, p->binary, "accesses");
    assert_int_equal(scene_end(&s, &printed), 0);
    assert_non_null(strstr(printed, "1000 4 "));
    uint64_t counter = strtoull(strstr(printed, "0x"), NULL, 16);
    for (unsigned i = 1; i <= 2; i++) {
        struct seen *all = seen_read(&m, i, &n);
        reads += seen_count(all, n, EV_READ, counter);
        writes += seen_count(all, n, EV_WRITE, counter);
        adds += seen_count(all, n, EV_ATOMIC_RMW, 0);
        for (unsigned k = 0; k < n; k++)
            copies += all[k].kind == EV_WRITE && all[k].extra == 16;
        /* its own variable, 500 times read and written, is not among them */
        assert_in_range(seen_count(all, n, EV_WRITE, 0), 500, 520);
        free(all);
    }
    assert_int_equal(reads, 1000);
    assert_int_equal(writes, 1000);
    assert_int_equal(adds, 1000);
    assert_int_equal(copies, 2);
    free(printed);
    memory_free(&m);
}

static void check_noted(int optimise)
{
    struct program *p = build(BUILD_NOTED, optimise);
    check_accesses(p);
    program_free(p);
}

static void every_access_is_noted(void **state)
{
    (void)state;
    check_noted(0);
    check_noted(2);
}

static void every_access_is_noted_by_clang(void **state)
{
    (void)state;
    if (system("clang --version >/dev/null 2>&1"))
        skip();
    setenv("LOCKSTEP_CC", "clang", 1);
    check_noted(0);
    check_noted(2);
    unsetenv("LOCKSTEP_CC");
}

static void without_a_memory_it_does_nothing(void **state)
{
    (void)state;
    struct memory m;
    char *with, *without;
    memory_make(&m, 512);
    m.r->version++; /* of another time */
    assert_int_equal(play(NULL, "ends", &without), 0);
    assert_int_equal(play(&m, "ends", &with), 0);
    assert_string_equal(with, without);
    assert_int_equal(m.r->next_number, 0);
    free(with);
    free(without);
    memory_free(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(results_are_the_same),
        cmocka_unit_test(an_unlock_is_not_later_than_the_next_lock),
        cmocka_unit_test(a_wait_is_seen_with_its_time),
        cmocka_unit_test(slots_of_ended_threads_are_used_again),
        cmocka_unit_test(threads_without_a_slot_run_and_are_counted),
        cmocka_unit_test(a_cancelled_wait_is_over),
        cmocka_unit_test(a_wait_that_was_jumped_out_of_is_over),
        cmocka_unit_test(a_handler_in_the_middle_of_an_entry),
        cmocka_unit_test(killed_at_any_moment),
        cmocka_unit_test(waits_end_when_the_host_says_so),
        cmocka_unit_test(nothing_left_of_what_it_came_with),
        cmocka_unit_test(a_fork_past_the_library_is_noticed),
        cmocka_unit_test(exec_goes_on_as_the_first_thread),
        cmocka_unit_test(an_operation_a_token),
        cmocka_unit_test(every_access_is_noted),
        cmocka_unit_test(every_access_is_noted_by_clang),
        cmocka_unit_test(without_a_memory_it_does_nothing),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
