/* Which switches matter, on real programs: what is left is shown still, nothing of it can go, it is
 * never more than a complete search knows, and the sentences name the right steps. Needs a C
 * compiler and the probe. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "explore.h"
#include "least.h"
#include "minimise.h"

enum { REPLAY_MS = 20000 };

/* With the fewest switches that what goes wrong needs, by reasoning about the program. */
static const struct {
    const char *name;
    int finding; /* -1: the output */
    const char *out;
    size_t least;
} programs[] = {
    /* The other has done its round between the read and the write of the first: one switch, and
     * the end of the other gives the turn back. */
    {"counter_1", -1, "1\n", 1},
    /* 2 of 4: T1 has read, T2 does both rounds. 3: one of T2's rounds only, so T1 is let go on. */
    {"counter_2", -1, "2\n", 1},
    {"counter_2", -1, "3\n", 2},
    /* T1 has one lock when T2 takes the other: then both wait. */
    {"ab_ba", FIND_DEADLOCK, NULL, 1},
    /* One has asked, the other takes it before the first does. */
    {"check_then_act", -1, "-10\n", 1},
    /* T0 stands before its pause when the signal comes. Whether it is in it already is no switch
     * but an answer, as T0 cannot go on either way. */
    {"verdict_lost_signal", FIND_LOST_WAKEUP, NULL, 0},
    /* The pointer is cleared between the test and the use. */
    {"verdict_crash_race", FIND_CRASH, NULL, 1},
};
enum { NPROGRAMS = sizeof programs / sizeof *programs };

static struct program *build(const char *name)
{
    const char *top = getenv("LOCKSTEP_TOP");
    char *path = xasprintf("%s/tests/programs/%s.c", top ? top : ".", name);
    struct program *p;
    struct err e = {0};
    if (program_build(&p, &path, 1, NULL, 0, &e) != 0)
        fail_msg("%s: %s", name, e.message);
    free(path);
    return p;
}

static void search(struct program *p, enum strategy strategy, uint64_t executions,
                   struct explore_result *r)
{
    struct explore_options o = {.strategy = strategy, .executions = executions, .seed = 7};
    struct err e = {0};
    if (explore_run(p, &o, r, &e) != 0)
        fail_msg("%s", e.message);
}

static struct session *open_session(struct program *p)
{
    struct session *s;
    struct err e = {0};
    if (session_open(&s, p, NULL, &e) != 0)
        fail_msg("%s", e.message);
    return s;
}

static void replay(struct session *s, const struct schedule *schedule)
{
    struct err e = {0};
    if (session_replay(s, schedule, REPLAY_MS, &e) != 0)
        fail_msg("%s", e.message);
}

static void run_on(struct session *s)
{
    struct err e = {0};
    while (!session_finished(s))
        if (session_run(s, -1, REPLAY_MS, &e) != 0)
            fail_msg("%s", e.message);
}

/* -------- switches -------- */

static void switches_are_those_the_search_counts(void **state)
{
    static const char *const names[] = {"counter_2", "ab_ba", "check_then_act", "philosophers",
                                        "cond_timed_poll"};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct program *p = build(names[i]);
        struct explore_result r;
        struct session *s = open_session(p);
        search(p, STRATEGY_RANDOM, 50, &r);
        for (size_t k = 0; k < r.noutcomes; k++) {
            struct switches w;
            replay(s, &r.outcomes[k].schedule);
            switches_of(session_trace(s), &w);
            assert_int_equal(w.n, r.outcomes[k].switches);
            switches_fini(&w);
        }
        explore_result_fini(&r);
        session_close(s);
        program_free(p);
    }
}

/* -------- minimising -------- */

static int is_it(int i, struct session *s)
{
    struct buf out = {0};
    const struct trace *t = session_trace(s);
    int same = 0;
    if (programs[i].finding >= 0) {
        for (size_t k = 0; k < t->nevents; k++)
            same |=
                t->events[k].kind == EV_FINDING && t->events[k].a == (uint64_t)programs[i].finding;
        return same;
    }
    world_output(t, t->nsteps, 1, &out);
    same = out.data && !strcmp(out.data, programs[i].out);
    buf_fini(&out);
    return same;
}

/* Without a switch nobody interferes any more: then it is not shown. */
static void each_is_necessary(int i, struct session *s, const struct minimise_result *r)
{
    for (size_t k = 0; k < r->switches.n; k++) {
        uint32_t step = r->switches.list[k].step;
        replay(s, &r->schedule);
        struct err e = {0};
        assert_int_equal(session_rewind(s, step - 1, REPLAY_MS, &e), 0);
        assert_int_equal(session_default_choice(s), r->switches.list[k].from);
        run_on(s);
        assert_false(is_it(i, s));
    }
}

static void check_result(int i, struct session *s, const struct minimise_result *r)
{
    replay(s, &r->schedule);
    assert_true(is_it(i, s));
    assert_true(minimise_shows(&r->goal, session_trace(s)));
    assert_true(r->proved);
    assert_true(r->fewest);
    if (r->switches.n != programs[i].least)
        fail_msg("%s: %zu switches", programs[i].name, r->switches.n);
    size_t necessary = 0;
    for (size_t k = 0; k < r->given.n; k++)
        necessary += r->necessary[k];
    assert_true(necessary >= r->switches.n);
    each_is_necessary(i, s, r);
}

/* Executions by chance have many switches; those that show it are made shorter. */
static void only_necessary_switches_are_left(void **state)
{
    (void)state;
    for (int i = 0; i < NPROGRAMS; i++) {
        struct program *p = build(programs[i].name);
        struct explore_result r;
        struct session *s = open_session(p);
        int checked = 0;
        search(p, STRATEGY_RANDOM, 40, &r);
        for (size_t k = 0; k < r.noutcomes; k++) {
            struct minimise_result m;
            struct err e = {0};
            replay(s, &r.outcomes[k].schedule);
            if (!is_it(i, s))
                continue;
            if (minimise_run(p, &r.outcomes[k].schedule, NULL, NULL, &m, &e) != 0)
                fail_msg("%s: %s", programs[i].name, e.message);
            check_result(i, s, &m);
            minimise_fini(&m);
            checked++;
        }
        if (!checked)
            fail_msg("%s: chance did not meet it", programs[i].name);
        explore_result_fini(&r);
        session_close(s);
        program_free(p);
    }
}

/* Without a switch, by the plain policy from there, the goal is not shown. */
static void none_can_go(struct session *s, const struct minimise_result *m)
{
    struct err e = {0};
    for (size_t k = 0; k < m->switches.n; k++) {
        replay(s, &m->schedule);
        assert_int_equal(session_rewind(s, m->switches.list[k].step - 1, REPLAY_MS, &e), 0);
        run_on(s);
        assert_false(minimise_shows(&m->goal, session_trace(s)));
    }
}

/* Whatever a search finds in a program with a bug: what is left shows it, needs every switch, and
 * has no more of them than the search knows. */
static void whatever_is_found_is_made_short(void **state)
{
    static const char *const names[] = {"ab_ba",
                                        "bakery_no_choosing",
                                        "barrier_one_turnstile",
                                        "bridge_no_check",
                                        "buffer_sem_lock_first",
                                        "cond_if_two_consumers",
                                        "cond_lost_wakeup",
                                        "cond_wrong_one",
                                        "counter_2",
                                        "counter_three_threads",
                                        "counter_two_mutexes",
                                        "deadlock_main_gone",
                                        "deadlock_partial",
                                        "dekker_no_turn",
                                        "exit_from_thread",
                                        "futex_no_wake",
                                        "future_signalled_once",
                                        "lazy_init_race",
                                        "list_no_lock",
                                        "local_of_main",
                                        "loop_variable",
                                        "misuse_destroyed_cond",
                                        "misuse_two_mutexes",
                                        "null_sometimes",
                                        "once_by_hand_too_early",
                                        "philosophers",
                                        "pointer_swap_free_early",
                                        "proc_deadlock_two_locks",
                                        "proc_fork_holds_lock",
                                        "proc_not_shared_lock",
                                        "proc_shared_race",
                                        "recursive_wait",
                                        "rwlock_prefers_writers",
                                        "shm_counter",
                                        "struct_torn",
                                        "verdict_courtesy",
                                        "verdict_crash_race",
                                        "verdict_deadlock_semaphores",
                                        "verdict_exit_status",
                                        "verdict_lost_broadcast",
                                        "verdict_lost_no_flag",
                                        "verdict_lost_plain",
                                        "verdict_lost_while",
                                        "verdict_partial_and_exit",
                                        "verdict_race_one_sided",
                                        "verdict_ring_join",
                                        "verdict_ring_once",
                                        "verdict_ring_preferred_writer",
                                        "verdict_ring_rwlock",
                                        "verdict_ring_three",
                                        "verdict_signal_too_early"};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct program *p = build(names[i]);
        struct session *s = open_session(p);
        struct explore_result r;
        search(p, STRATEGY_DPOR, 20000, &r);
        assert_true(r.nfindings > 0);
        for (size_t k = 0; k < r.nfindings && k < 2; k++) {
            struct minimise_result m;
            struct err e = {0};
            if (minimise_run(p, &r.findings[k].schedule, NULL, NULL, &m, &e) != 0)
                fail_msg("%s: %s", names[i], e.message);
            replay(s, &m.schedule);
            if (!minimise_shows(&m.goal, session_trace(s)) || m.switches.n > m.given.n)
                fail_msg("%s: the short run does not show it", names[i]);
            none_can_go(s, &m);
            minimise_fini(&m);
        }
        explore_result_fini(&r);
        session_close(s);
        program_free(p);
    }
}

/* The other way of counting, of the lessons, says the same. */
static void never_more_than_the_lessons_know(void **state)
{
    (void)state;
    struct program *p = build("ab_ba");
    struct claim goal = {.finding = FIND_DEADLOCK};
    struct least_result none, one;
    struct minimise_result m;
    struct err e = {0};
    assert_int_equal(least_reaches(p, &goal, 0, 20, &none, &e), 0);
    assert_int_equal(least_reaches(p, &goal, 1, 20, &one, &e), 0);
    assert_false(none.reached);
    assert_true(one.reached);
    assert_int_equal(minimise_run(p, &one.schedule, NULL, NULL, &m, &e), 0);
    assert_int_equal(m.switches.n, 1);
    assert_int_equal(m.given.n, 1);
    assert_true(m.necessary[0]);
    minimise_fini(&m);
    schedule_fini(&none.schedule);
    schedule_fini(&one.schedule);
    program_free(p);
}

static void a_run_that_shows_nothing_is_said_so(void **state)
{
    (void)state;
    struct program *p = build("counter_mutex");
    struct session *s = open_session(p);
    struct minimise_result m;
    struct err e = {0};
    run_on(s);
    assert_int_equal(minimise_run(p, session_schedule(s), NULL, NULL, &m, &e), -ERR_NOT_FOUND);
    assert_non_null(strstr(e.message, "nothing was found"));
    minimise_fini(&m);
    session_close(s);
    program_free(p);
}

static int stop(void *ctx, uint64_t replays, size_t switches)
{
    (void)switches;
    return replays > *(const uint64_t *)ctx;
}

static void it_can_be_stopped(void **state)
{
    (void)state;
    struct program *p = build("counter_2");
    struct explore_result r;
    uint64_t early = 0, later = 4;
    struct minimise_options o = {.progress = stop, .ctx = &early};
    struct minimise_result m;
    struct err e = {0};
    search(p, STRATEGY_RANDOM, 40, &r);
    const struct schedule *odd = NULL;
    for (size_t k = 0; k < r.noutcomes; k++)
        if (!strcmp(r.outcomes[k].out, "3\n"))
            odd = &r.outcomes[k].schedule;
    assert_non_null(odd);
    assert_int_equal(minimise_run(p, odd, NULL, &o, &m, &e), -ERR_INTERRUPTED);
    minimise_fini(&m);
    o.ctx = &later;
    assert_int_equal(minimise_run(p, odd, NULL, &o, &m, &e), 0);
    assert_true(m.stopped);
    assert_false(m.fewest);
    struct session *s = open_session(p);
    replay(s, &m.schedule);
    assert_true(minimise_shows(&m.goal, session_trace(s))); /* what is there holds */
    session_close(s);
    minimise_fini(&m);
    explore_result_fini(&r);
    program_free(p);
}

/* -------- words -------- */

static void say_all(struct program *p, const char *out, struct buf *text)
{
    struct explore_result r;
    struct minimise_result m;
    struct err e = {0};
    struct session *s = open_session(p);
    search(p, STRATEGY_DPOR, 0, &r);
    for (size_t k = 0; k < r.noutcomes; k++) {
        if (out ? strcmp(r.outcomes[k].out, out) != 0 : !r.outcomes[k].deadlock)
            continue;
        assert_int_equal(minimise_run(p, &r.outcomes[k].schedule, NULL, NULL, &m, &e), 0);
        replay(s, &m.schedule);
        struct world_view *v = world_view_new(session_trace(s));
        minimise_say_goal(&m.goal, session_names(s), text);
        for (size_t i = 0; i < m.switches.n; i++) {
            buf_puts(text, "\n");
            minimise_say(session_trace(s), v, m.switches.list[i].step, session_names(s), text);
        }
        world_view_free(v);
        minimise_fini(&m);
        break;
    }
    explore_result_fini(&r);
    session_close(s);
}

static void sentences_name_what_the_switch_tears_apart(void **state)
{
    (void)state;
    struct buf text = {0};
    struct program *p = build("counter_1");
    say_all(p, "1\n", &text);
    assert_non_null(strstr(text.data, "the output \"1\"\nT1 had read counter (step "));
    assert_non_null(strstr(text.data, ") when T2 wrote it (step "));
    buf_fini(&text);
    program_free(p);
    p = build("ab_ba");
    say_all(p, NULL, &text);
    assert_non_null(strstr(text.data, "the deadlock\nT1 was about to lock b when T2 locked it"));
    buf_fini(&text);
    program_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(switches_are_those_the_search_counts),
        cmocka_unit_test(only_necessary_switches_are_left),
        cmocka_unit_test(whatever_is_found_is_made_short),
        cmocka_unit_test(never_more_than_the_lessons_know),
        cmocka_unit_test(a_run_that_shows_nothing_is_said_so),
        cmocka_unit_test(it_can_be_stopped),
        cmocka_unit_test(sentences_name_what_the_switch_tears_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
