/* The outcome map and the tree of schedules of real programs, those of the lessons and some under
 * study: what they say is held against the engine's own answer, and each schedule is replayed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explain.h"
#include "outcome_map.h"
#include "schedule_tree.h"
#include "session.h"

static const char *const programs[] = {"lessons/lock/mutex/account.c",
                                       "lessons/lock/mutex/one-sided.c",
                                       "lessons/lock/deadlock/transfer.c",
                                       "lessons/race/lost-update/counter.c",
                                       "lessons/race/lost-update/twice.c",
                                       "lessons/race/lost-update/fixed.c",
                                       "lessons/start/tour/last.c",
                                       "lessons/thread/create-and-join/together.c",
                                       "lessons/cond/while-not-if/plates.c",
                                       "lessons/cond/while-not-if/with-while.c",
                                       "tests/programs/counter_2.c",
                                       "tests/programs/ab_ba.c",
                                       "tests/programs/assert_fails.c",
                                       "tests/programs/abort_called.c",
                                       "tests/programs/adverse_kill_no_post.c",
                                       "tests/programs/philosophers.c"};

static struct program *build(const char *name)
{
    const char *top = getenv("LOCKSTEP_TOP");
    char *path = xasprintf("%s/%s", top ? top : ".", name);
    struct program *p;
    struct err e = {0};
    if (program_build(&p, &path, 1, NULL, 0, &e))
        fail_msg("%s: %s", name, e.message);
    free(path);
    return p;
}

static size_t lines_of(const struct buf *b)
{
    size_t n = b->len != 0;
    for (size_t i = 0; i < b->len; i++)
        n += b->data[i] == '\n';
    return n;
}

/* A deadlock is found in an execution that ends in one; each kind is told once. */
static void check_findings(const struct trace *t, const struct explore_outcome *o)
{
    struct buf b = {0};
    outcome_say_findings(t, &b);
    const char *said = b.data ? b.data : "";
    const char *race = strstr(said, finding_name(FIND_DATA_RACE));
    assert_int_equal(b.len != 0, trace_find_back(t, t->nsteps, EV_FINDING) != NULL);
    assert_true(!o->deadlock || strstr(said, finding_name(FIND_DEADLOCK)) ||
                strstr(said, finding_name(FIND_LOST_WAKEUP)));
    assert_true(!race || !strstr(race + 1, finding_name(FIND_DATA_RACE)));
    buf_fini(&b);
}

/* Its simplest schedule leads to that end, by as many switches as are told. */
static void check_row(struct session *s, const struct explore_outcome *o, struct outcome_set *seen)
{
    struct err e = {0};
    struct buf switches = {0};
    if (session_replay(s, &o->schedule, 10000, &e))
        fail_msg("%s", e.message);
    assert_int_equal(outcome_set_add(seen, session_trace(s)), 1);
    assert_int_equal(outcome_set_add(seen, session_trace(s)), 0);
    struct world_view *v = world_view_new(session_trace(s));
    outcome_say_switches(session_trace(s), v, session_names(s), &switches);
    assert_int_equal(lines_of(&switches), o->switches);
    world_view_free(v);
    buf_fini(&switches);
    check_findings(session_trace(s), o);
}

static void check_map(struct program *p, const struct explore_result *r)
{
    struct outcome_map m = {0};
    struct outcome_set seen = {0};
    struct session *s;
    struct err e = {0};
    if (session_open(&s, p, NULL, &e))
        fail_msg("%s", e.message);
    outcome_map_update(&m, r, 0, &seen);
    assert_int_equal(m.n, r->noutcomes);
    assert_int_equal(m.executions, r->executions);
    assert_int_equal(m.beyond, 0);
    assert_int_equal(m.verdict == MAP_COMPLETE, r->complete);
    assert_int_equal(m.seen, 0);
    for (size_t i = 0; i < m.n; i++) {
        const struct explore_outcome *o = &r->outcomes[m.rows[i].outcome];
        assert_int_equal(m.rows[i].executions, o->executions);
        assert_int_equal(m.rows[i].switches, o->switches);
        assert_true(i == 0 || m.rows[i].executions <= m.rows[i - 1].executions);
        check_row(s, o, &seen);
        outcome_map_update(&m, r, 0, &seen); /* the same order again */
        assert_int_equal(m.seen, i + 1);
        assert_true(m.rows[i].seen);
        assert_int_equal(m.elsewhere, 0);
    }
    session_close(s);
    outcome_map_fini(&m);
    outcome_set_fini(&seen);
}

static uint32_t node_of_end(const struct schedule_tree *t, const struct explore_result *r,
                            const struct schedule *s)
{
    struct schedule_tree *marked = (struct schedule_tree *)(uintptr_t)t;
    schedule_tree_follow(marked, r, s->choices, s->n);
    assert_false(t->left);
    return t->left_at;
}

static void check_tree(const struct explore_result *r)
{
    struct schedule_tree t = {0};
    uint64_t ends = 0, *by_outcome = xcalloc(r->noutcomes, sizeof *by_outcome);
    schedule_tree_update(&t, r);
    for (uint32_t i = 0; i < t.n; i++) {
        const struct tree_node *n = &t.nodes[i];
        ends += n->ends;
        if (n->child != TREE_NONE)
            continue;
        assert_int_equal(n->noutcomes, 1);
        assert_int_equal(n->ends, n->executions);
        by_outcome[n->outcomes[0]] += n->ends;
    }
    assert_int_equal(ends, r->executions);
    for (size_t i = 0; i < r->noutcomes; i++) {
        assert_int_equal(by_outcome[i], r->outcomes[i].executions);
        const struct tree_node *leaf = &t.nodes[node_of_end(&t, r, &r->outcomes[i].schedule)];
        assert_int_equal(leaf->child, TREE_NONE);
        assert_int_equal(leaf->outcomes[0], i);
    }
    free(by_outcome);
    schedule_tree_fini(&t);
}

static void search(const char *name, enum strategy strategy)
{
    struct program *p = build(name);
    struct explore_options o = {
        .strategy = strategy, .executions = strategy == STRATEGY_DPOR ? 0 : 3000, .keep = 1};
    struct explore_result r;
    struct err e = {0};
    if (explore_run(p, &o, &r, &e))
        fail_msg("%s: %s", name, e.message);
    print_message("%s: %llu executions, %zu outcomes\n", name, (unsigned long long)r.executions,
                  r.noutcomes);
    assert_in_range(r.executions, 1, 10000);
    check_map(p, &r);
    check_tree(&r);
    explore_result_fini(&r);
    program_free(p);
}

static void of_all_programs(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++)
        search(programs[i], STRATEGY_DPOR);
}

static void of_other_strategies(void **state)
{
    (void)state;
    search("tests/programs/counter_2.c", STRATEGY_DFS);
    search("tests/programs/counter_2.c", STRATEGY_RANDOM);
    search("lessons/lock/deadlock/transfer.c", STRATEGY_RANDOM);
}

/* -------- in words, by hand -------- */

static void what_it_says(void **state)
{
    (void)state;
    struct explore_outcome o[] = {
        {.out = (char *)(uintptr_t) "2\n", .nout = 2, .executions = 18},
        {.out = (char *)(uintptr_t) "1\n", .nout = 2, .executions = 20, .switches = 1},
        {.exit_status = -1, .deadlock = 1, .executions = 1, .switches = 2},
        {.exit_status = 3, .executions = 1, .switches = 2}};
    struct explore_result r = {
        .outcomes = o, .noutcomes = 4, .executions = 40, .complete = 1, .why_not = ""};
    struct outcome_map m = {0};
    struct buf b = {0};
    outcome_map_update(&m, &r, 1, NULL);
    assert_int_equal(m.rows[0].outcome, 0); /* under way none moves */
    outcome_map_update(&m, &r, 0, NULL);
    outcome_map_text(&m, &r, 0, &b);
    assert_string_equal(
        b.data, "1. prints \"1\": 20 of 40 executions; the simplest with 1 switch\n"
                "2. prints \"2\": 18 of 40 executions; the simplest with 0 switches\n"
                "3. deadlock; prints nothing: 1 of 40 executions; the simplest with 2 switches; "
                "this end is a finding\n"
                "4. status 3; prints nothing: 1 of 40 executions; the simplest with 2 switches; "
                "this end is a finding\n"
                "Your own runs have reached 0 of 4 outcomes.\n"
                "Complete: every schedule is covered, the program has no other outcome.\n");
    buf_fini(&b);
    r.complete = 0;
    r.executions = 50;
    r.why_not = "5 s passed";
    outcome_map_update(&m, &r, 0, NULL);
    outcome_map_text(&m, &r, 1, &b);
    assert_string_equal(b.data,
                        "1. prints \"1\": 20 of 50 executions; the simplest with 1 switch\n"
                        "… and 3 more\n"
                        "Your own runs have reached 0 of 4 outcomes.\n"
                        "Stopped after 50 executions (5 s passed). There may be other outcomes. 10 "
                        "executions ended in outcomes that are too many to be kept.\n");
    buf_fini(&b);
    r.exhausted = 1;
    outcome_map_update(&m, &r, 0, NULL);
    assert_int_equal(m.verdict, MAP_BOUND);
    outcome_map_fini(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_all_programs),
        cmocka_unit_test(of_other_strategies),
        cmocka_unit_test(what_it_says),
    };
    return cmocka_run_group_tests_name("outcome map", tests, NULL, NULL);
}
