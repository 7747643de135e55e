/* The tree of explored schedules: merging, counting, folding, a run marked in it, its words. On
 * schedules written by hand and made by chance; those of real programs: test_outcome_map.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "schedule_tree.h"

#define ALT(n) ((uint16_t)(CHOICE_ALT | (n)))

static struct explore_result result;
static struct explore_outcome outcomes[3];
static struct schedule_tree tree;

static void keep(uint32_t outcome, uint32_t n, const uint16_t *choices)
{
    struct explore_kept *k;
    result.kept = xrealloc(result.kept, result.nkept + 1, sizeof *k);
    k = &result.kept[result.nkept++];
    *k = (struct explore_kept){.n = n, .outcome = outcome};
    k->choices = xcalloc(n + 1, sizeof *k->choices);
    k->options = xcalloc(n + 1, 1);
    memcpy(k->choices, choices, n * sizeof *choices);
    memset(k->options, 2, n);
    result.executions++;
}
#define KEEP(outcome, ...)                                                                         \
    keep(outcome, sizeof((uint16_t[]){__VA_ARGS__}) / 2, (uint16_t[]){__VA_ARGS__})

static int setup(void **state)
{
    (void)state;
    result = (struct explore_result){.why_not = "", .kept_every = 1, .complete = 1};
    outcomes[0] = (struct explore_outcome){.out = (char *)(uintptr_t) "2\n", .nout = 2};
    outcomes[1] = (struct explore_outcome){.out = (char *)(uintptr_t) "1\n", .nout = 2};
    outcomes[2] = (struct explore_outcome){.deadlock = 1, .exit_status = -1};
    result.outcomes = outcomes;
    result.noutcomes = 3;
    tree = (struct schedule_tree){0};
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    for (size_t i = 0; i < result.nkept; i++) {
        free(result.kept[i].choices);
        free(result.kept[i].options);
    }
    free(result.kept);
    schedule_tree_fini(&tree);
    return 0;
}

static void text_is(const char *expected)
{
    struct buf b = {0};
    schedule_tree_text(&tree, &result, 0, &b);
    assert_string_equal(b.data ? b.data : "", expected);
    buf_fini(&b);
}

/* T0 makes two threads, who take three steps in all. */
static void a_small_tree(void **state)
{
    (void)state;
    KEEP(0, 0, 0, 1, 1, 2);
    KEEP(1, 0, 0, 1, 2, 1);
    KEEP(2, 0, 0, 2, 1, 1);
    assert_int_equal(schedule_tree_update(&tree, &result), 1);
    assert_int_equal(schedule_tree_update(&tree, &result), 0);
    text_is("from the start: 3 executions; 3 outcomes; 1 of them ends as a finding; 2 branches, "
            "folded\nAll 3 executions of the search.\n");
    schedule_tree_unfold(&tree, 1);
    text_is("from the start: 3 executions; 3 outcomes; 1 of them ends as a finding\n"
            "1 T1 at step 3: 2 executions; 2 outcomes; 2 branches, folded\n"
            "2 T2 at step 3: 1 execution; deadlock; prints nothing; 1 of them ends as a finding\n"
            "All 3 executions of the search.\n");
    schedule_tree_unfold(&tree, 9);
    text_is("from the start: 3 executions; 3 outcomes; 1 of them ends as a finding\n"
            "1 T1 at step 3: 2 executions; 2 outcomes\n"
            "1.1 T1 at step 4: 1 execution; prints \"2\"\n"
            "1.2 T2 at step 4: 1 execution; prints \"1\"\n"
            "2 T2 at step 3: 1 execution; deadlock; prints nothing; 1 of them ends as a finding\n"
            "All 3 executions of the search.\n");
    struct buf steps = {0};
    schedule_tree_say_steps(&tree, &result, 0, 8, &steps);
    assert_string_equal(steps.data, "T0 2 steps");
    buf_fini(&steps);
    assert_int_equal(schedule_tree_options(&tree, &result, 0), 2);
}

/* Who is woken is no step of its own; equal schedules, of a search by chance, count together. */
static void answers_are_no_steps(void **state)
{
    (void)state;
    KEEP(0, 0, 1, ALT(0), 2);
    KEEP(1, 0, 1, ALT(1), 2);
    KEEP(1, 0, 1, ALT(1), 2);
    result.executions = 12;
    result.kept_every = 4;
    schedule_tree_update(&tree, &result);
    schedule_tree_unfold(&tree, 1);
    text_is("from the start: 3 executions; 2 outcomes\n"
            "1 answer 1 at step 2: 1 execution; prints \"2\"\n"
            "2 answer 2 at step 2: 2 executions; prints \"1\"\n"
            "A sample: 3 of 12 executions, one in 4. What is not here may have been tried all the "
            "same.\n");
}

static void a_run_is_marked(void **state)
{
    (void)state;
    KEEP(0, 0, 0, 1, 1, 2);
    KEEP(1, 0, 0, 1, 2, 1);
    KEEP(2, 0, 0, 2, 1, 1);
    schedule_tree_update(&tree, &result);
    schedule_tree_follow(&tree, &result, (uint16_t[]){0, 0, 1, 2}, 4);
    assert_false(tree.left); /* as far as it has come it is in the tree */
    assert_int_equal(tree.left_step, 4);
    assert_int_equal(schedule_tree_choice(&tree, &result, tree.left_at), 2);
    schedule_tree_reveal(&tree, tree.left_at);
    text_is("from the start: 3 executions; 3 outcomes; 1 of them ends as a finding; your run goes "
            "here\n"
            "1 T1 at step 3: 2 executions; 2 outcomes; your run goes here\n"
            "1.1 T1 at step 4: 1 execution; prints \"2\"\n"
            "1.2 T2 at step 4: 1 execution; prints \"1\"; your run goes here\n"
            "2 T2 at step 3: 1 execution; deadlock; prints nothing; 1 of them ends as a finding\n"
            "All 3 executions of the search.\n");
    schedule_tree_follow(&tree, &result, (uint16_t[]){0, 0, 3}, 3);
    assert_true(tree.left);
    assert_int_equal(tree.left_at, 0);
    assert_int_equal(tree.left_step, 2);
    struct schedule s;
    schedule_init(&s);
    schedule_tree_schedule(&tree, &result, 2, &s);
    assert_int_equal(s.n, 5);
    schedule_fini(&s);
}

/* -------- by chance -------- */

static uint32_t seed;
static uint32_t chance(uint32_t n)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 16) % n;
}

/* What must hold in every tree. */
static void check_tree(void)
{
    uint64_t ends = 0;
    for (uint32_t i = 0; i < tree.n; i++) {
        const struct tree_node *n = &tree.nodes[i];
        uint32_t below = n->ends, wrong = 0, children = 0;
        int first[4] = {0};
        for (uint32_t c = n->child; c != TREE_NONE; c = tree.nodes[c].sibling) {
            uint16_t choice = schedule_tree_choice(&tree, &result, c);
            assert_int_equal(tree.nodes[c].parent, i);
            assert_int_equal(tree.nodes[c].from, n->to);
            assert_false(first[choice]); /* they part there */
            first[choice] = 1;
            below += tree.nodes[c].executions;
            wrong += tree.nodes[c].wrong;
            children++;
        }
        assert_int_equal(below, n->executions);
        assert_int_equal(children, n->children);
        assert_int_not_equal(n->children, i ? 1 : TREE_NONE); /* chains are folded */
        assert_true(wrong <= n->wrong);
        ends += n->ends;
    }
    assert_int_equal(ends, result.nkept);
}

/* Schedules of one length, so that none is the beginning of another. */
static void any_tree_counts_right(void **state)
{
    (void)state;
    for (int round = 0; round < 200; round++) {
        seed = (uint32_t)round;
        uint32_t length = 1 + chance(12), tasks = 1 + chance(3);
        setup(NULL);
        for (int i = 0; i < 60; i++) {
            uint16_t choices[12];
            for (uint32_t k = 0; k < length; k++)
                choices[k] = (uint16_t)chance(tasks);
            keep(chance(3), length, choices);
            if (chance(2)) {
                schedule_tree_update(&tree, &result);
                check_tree();
            }
        }
        schedule_tree_update(&tree, &result);
        check_tree();
        schedule_tree_unfold(&tree, 99);
        size_t shown = 0;
        for (uint32_t n = 0; n != TREE_NONE; n = schedule_tree_next(&tree, n, NULL))
            shown++;
        assert_int_equal(shown, tree.n);
        teardown(NULL);
    }
    setup(NULL);
}

/* A search that began anew has other schedules; thinned out ones are read again. */
static void what_is_stale_goes(void **state)
{
    (void)state;
    KEEP(0, 0, 1);
    KEEP(0, 0, 2);
    schedule_tree_update(&tree, &result);
    assert_int_equal(tree.nodes[0].executions, 2);
    result.kept_every = 2;
    free(result.kept[1].choices);
    free(result.kept[1].options);
    result.nkept = 1;
    assert_int_equal(schedule_tree_update(&tree, &result), 1);
    assert_int_equal(tree.nodes[0].executions, 1);
    assert_int_equal(tree.n, 1);
}

static void an_empty_one(void **state)
{
    (void)state;
    assert_int_equal(schedule_tree_update(&tree, &result), 0);
    assert_int_equal(schedule_tree_next(&tree, 0, NULL), TREE_NONE);
    schedule_tree_follow(&tree, &result, (uint16_t[]){0}, 1);
    schedule_tree_unfold(&tree, 3);
    text_is("All 0 executions of the search.\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_small_tree, setup, teardown),
        cmocka_unit_test_setup_teardown(answers_are_no_steps, setup, teardown),
        cmocka_unit_test_setup_teardown(a_run_is_marked, setup, teardown),
        cmocka_unit_test_setup_teardown(any_tree_counts_right, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_stale_goes, setup, teardown),
        cmocka_unit_test_setup_teardown(an_empty_one, setup, teardown),
    };
    return cmocka_run_group_tests_name("schedule tree", tests, NULL, NULL);
}
