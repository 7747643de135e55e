/* Outcomes of free runs counted, and found among those of a search made up by hand. */
#include "runs.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { EXITED_3 = 3 << 8, KILLED_BY_6 = 6 };

static uint64_t hash_of(const char *s, size_t n)
{
    uint64_t h = 1;
    for (size_t i = 0; i < n; i++)
        h = h * 31 + (unsigned char)s[i];
    return h;
}

static struct free_result ended(const char *out, int status)
{
    struct free_result f = {.end = FREE_ENDED, .status = status, .out = out, .nout = strlen(out)};
    f.out_total = f.nout;
    f.out_hash = hash_of(out, f.nout);
    return f;
}

static struct free_result blocked(const char *out)
{
    struct free_result f = ended(out, 0);
    f.end = FREE_BLOCKED;
    return f;
}

static struct free_result cut(const char *out, enum free_limit limit)
{
    struct free_result f = ended(out, 0);
    f.end = FREE_CUT;
    f.limit = limit;
    return f;
}

static void add(struct runs *r, struct free_result f, int times)
{
    for (int i = 0; i < times; i++)
        runs_add(r, &f);
}

/* An outcome of a search; the text is borrowed. */
static struct explore_outcome found(const char *out, int status, uint64_t executions,
                                    uint32_t switches)
{
    return (struct explore_outcome){.out = (char *)(uintptr_t)out,
                                    .nout = strlen(out),
                                    .exit_status = status,
                                    .executions = executions,
                                    .switches = switches};
}

static struct explore_result search_of(struct explore_outcome *outcomes, size_t n, int complete)
{
    struct explore_result x = {.complete = complete,
                               .why_not = complete ? "" : "60 s passed",
                               .outcomes = outcomes,
                               .noutcomes = n};
    for (size_t i = 0; i < n; i++)
        x.executions += outcomes[i].executions;
    return x;
}

static void what_ends_alike_is_one(void **state)
{
    struct runs r = {.wanted = 9};
    (void)state;
    add(&r, ended("1\n", 0), 2);
    add(&r, ended("2\n", 0), 3);
    add(&r, ended("2\n", EXITED_3), 1);
    add(&r, ended("2\n", KILLED_BY_6), 1);
    add(&r, blocked("2\n"), 1);
    add(&r, cut("2\n", FREE_TIME), 1);
    assert_int_equal(r.done, 9);
    assert_int_equal(r.noutcomes, 6);
    const struct runs_outcome *o = r.outcomes;
    assert_int_equal(o[0].runs, 2);
    assert_string_equal(o[0].out, "1\n");
    assert_int_equal(o[0].exit_status, 0);
    assert_int_equal(o[1].runs, 3);
    assert_int_equal(o[2].exit_status, 3);
    assert_int_equal(o[2].signal, 0);
    assert_int_equal(o[3].exit_status, -1);
    assert_int_equal(o[3].signal, 6);
    assert_true(o[4].hang);
    assert_int_equal(o[4].exit_status, -1);
    assert_int_equal(o[5].cut, FREE_TIME);
    runs_sort(&r);
    assert_int_equal(o[0].runs, 3);
    assert_int_equal(o[1].runs, 2);
    runs_fini(&r);
}

/* What was not kept tells outcomes apart, too; how far a run that was cut had come does not. */
static void outputs_are_compared_whole(void **state)
{
    struct runs r = {0};
    struct free_result a = ended("same", 0), b = a, c = a;
    (void)state;
    b.out_hash++;
    c.out_total++;
    add(&r, a, 1);
    add(&r, b, 1);
    add(&r, c, 1);
    assert_int_equal(r.noutcomes, 3);
    add(&r, cut("tick tick", FREE_TIME), 1);
    add(&r, cut("tick tick tick", FREE_TIME), 1);
    assert_int_equal(r.noutcomes, 4);
    add(&r, cut("tick tick tick", FREE_OUTPUT), 1);
    assert_int_equal(r.noutcomes, 5);
    runs_fini(&r);
}

static void outcomes_without_end_are_counted(void **state)
{
    struct runs r = {0};
    char text[32];
    (void)state;
    for (int i = 0; i < RUNS_KINDS + 10; i++) {
        snprintf(text, sizeof text, "%d", i);
        add(&r, ended(text, 0), 1);
    }
    add(&r, ended("7", 0), 1);
    assert_int_equal(r.noutcomes, RUNS_KINDS);
    assert_int_equal(r.other, 10);
    assert_int_equal(r.outcomes[7].runs, 2);
    assert_int_equal(r.done, RUNS_KINDS + 11);
    runs_fini(&r);
}

static void seen_outcomes_are_found(void **state)
{
    struct runs r = {.wanted = 10};
    struct explore_outcome o[] = {found("1\n", 0, 2, 1), found("2\n", 0, 3, 0),
                                  found("0\n", 0, 1, 2)};
    struct explore_result x = search_of(o, 3, 1);
    (void)state;
    add(&r, ended("1\n", 0), 1);
    add(&r, ended("2\n", 0), 9);
    runs_match(&r, &x, NULL);
    assert_int_equal(r.noutcomes, 3);
    assert_string_equal(r.outcomes[0].out, "2\n"); /* the commonest first, then what is possible */
    assert_string_equal(r.outcomes[1].out, "1\n");
    assert_string_equal(r.outcomes[2].out, "0\n");
    assert_int_equal(r.outcomes[1].judgement, RUNS_EXPLORED);
    assert_int_equal(r.outcomes[1].executions, 2);
    assert_int_equal(r.outcomes[1].switches, 1);
    assert_ptr_equal(r.outcomes[1].schedule, &o[0].schedule);
    assert_int_equal(r.outcomes[2].runs, 0);
    assert_int_equal(r.outcomes[2].judgement, RUNS_EXPLORED);
    assert_int_equal(r.outcomes[2].executions, 1);
    assert_int_equal(runs_exit_status(&r), 0);
    runs_fini(&r);
}

/* Each way in which an outcome differs from the only one that is possible. */
static void others_are_not_found(void **state)
{
    const struct free_result others[] = {
        ended("1", 0),          ended("1\n ", 0),          ended("", 0),
        ended("1\n", EXITED_3), ended("1\n", KILLED_BY_6), blocked("1\n")};
    struct explore_outcome o[] = {found("1\n", 0, 1, 0)};
    struct explore_result x = search_of(o, 1, 1);
    (void)state;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        struct runs r = {.wanted = 1};
        add(&r, others[i], 1);
        runs_match(&r, &x, NULL);
        assert_int_equal(r.noutcomes, 2);
        assert_int_equal(r.outcomes[0].judgement, RUNS_UNEXPLAINED);
        assert_int_equal(r.outcomes[0].executions, 0);
        assert_null(r.outcomes[0].schedule);
        runs_fini(&r);
    }
}

static void signals_differ(void **state)
{
    struct explore_outcome o[] = {found("", -1, 1, 0)};
    struct explore_result x = search_of(o, 1, 1);
    (void)state;
    for (int same = 0; same < 2; same++) {
        struct runs r = {.wanted = 1};
        o[0].signal = same ? KILLED_BY_6 : 11;
        add(&r, ended("", KILLED_BY_6), 1);
        runs_match(&r, &x, NULL);
        assert_int_equal(r.outcomes[0].judgement, same ? RUNS_EXPLORED : RUNS_UNEXPLAINED);
        runs_fini(&r);
    }
}

static void a_search_that_stopped_says_nothing_of_others(void **state)
{
    struct runs r = {.wanted = 2};
    struct explore_outcome o[] = {found("1\n", 0, 1, 0)};
    struct explore_result x = search_of(o, 1, 0);
    (void)state;
    add(&r, ended("1\n", 0), 1);
    add(&r, ended("2\n", 0), 1);
    runs_match(&r, &x, NULL);
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(r.outcomes[i].judgement,
                         r.outcomes[i].out[0] == '1' ? RUNS_EXPLORED : RUNS_UNKNOWN);
    assert_int_equal(runs_exit_status(&r), 4);
    runs_fini(&r);
}

static void a_hang_is_a_deadlock(void **state)
{
    struct runs r = {.wanted = 1};
    struct explore_outcome o[] = {found("a", 0, 4, 0), found("a", -1, 1, 1)};
    struct explore_result x = search_of(o, 2, 1);
    (void)state;
    o[1].deadlock = 1;
    add(&r, blocked("a"), 1);
    runs_match(&r, &x, NULL);
    assert_int_equal(r.noutcomes, 2);
    assert_int_equal(r.outcomes[0].judgement, RUNS_EXPLORED);
    assert_int_equal(r.outcomes[0].executions, 1);
    assert_int_equal(r.outcomes[1].hang, 0); /* the one that was not seen */
    assert_int_equal(runs_exit_status(&r), 1);
    runs_fini(&r);

    o[1].deadlock = 0;
    o[1].livelock = 1; /* of tasks that wait for each other again and again */
    r = (struct runs){.wanted = 1};
    add(&r, blocked("a"), 1);
    runs_match(&r, &x, NULL);
    assert_int_equal(r.outcomes[0].judgement, RUNS_EXPLORED);
    runs_fini(&r);
}

static void a_run_without_end_is_a_livelock_or_unknown(void **state)
{
    struct runs r = {.wanted = 1};
    struct explore_outcome o[] = {found("a", -1, 1, 1), found("b", 0, 1, 0)};
    struct explore_result x = search_of(o, 2, 1);
    (void)state;
    o[0].livelock = 1;
    add(&r, cut("a", FREE_TIME), 1);
    runs_match(&r, &x, NULL);
    assert_int_equal(r.outcomes[0].judgement, RUNS_EXPLORED);
    assert_int_equal(r.outcomes[0].livelock, 1);
    assert_int_equal(r.noutcomes, 2);
    runs_fini(&r);

    r = (struct runs){.wanted = 1};
    add(&r, cut("b", FREE_TIME), 1);
    runs_match(&r, &x, NULL);
    assert_int_equal(r.outcomes[0].judgement, RUNS_UNKNOWN);
    assert_int_equal(runs_exit_status(&r), 4);
    runs_fini(&r);
}

/* Only so much of an output is kept by each side. */
static void long_outputs_are_compared_as_far_as_kept(void **state)
{
    struct runs r = {.wanted = 1};
    struct explore_outcome o[] = {found("abc", 0, 1, 0)};
    struct explore_result x = search_of(o, 1, 1);
    struct free_result f = ended("abc", 0);
    (void)state;
    o[0].nout_total = f.out_total = 100;
    add(&r, f, 1);
    runs_match(&r, &x, NULL);
    assert_int_equal(r.outcomes[0].judgement, RUNS_EXPLORED);
    assert_int_equal(r.noutcomes, 1);
    runs_fini(&r);
}

static void interleavings_are_counted_when_all_are_known(void **state)
{
    struct explore_outcome o[] = {found("1\n", 0, 2, 2), found("2\n", 0, 2, 0)};
    struct explore_outcome every[] = {found("1\n", 0, 18, 1), found("2\n", 0, 2, 0)};
    struct explore_result x = search_of(o, 2, 1);
    (void)state;
    for (int complete = 0; complete < 2; complete++) {
        struct explore_result all = search_of(every, 2, complete);
        struct runs r = {.wanted = 1};
        add(&r, ended("1\n", 0), 1);
        runs_match(&r, &x, &all);
        assert_int_equal(r.interleaved != NULL, complete);
        assert_int_equal(r.outcomes[0].interleavings, complete ? 18 : 0);
        assert_int_equal(r.outcomes[0].executions, 2);
        assert_int_equal(r.outcomes[0].switches, complete ? 1 : 2); /* the fewest of all */
        runs_fini(&r);
    }
}

static void a_livelock_that_was_not_seen_is_counted(void **state)
{
    struct explore_outcome o[] = {found("a", -1, 1, 1), found("b", 0, 1, 0)}, every[2];
    struct explore_result x = search_of(o, 2, 1);
    struct runs r = {.wanted = 1};
    (void)state;
    o[0].livelock = 1;
    memcpy(every, o, sizeof o);
    every[0].executions = 5;
    struct explore_result all = search_of(every, 2, 1);
    add(&r, ended("b", 0), 1);
    runs_match(&r, &x, &all);
    assert_int_equal(r.outcomes[1].livelock, 1);
    assert_int_equal(r.outcomes[1].interleavings, 5);
    runs_fini(&r);
}

static void what_is_bad(void **state)
{
    const struct {
        struct free_result f;
        int bad;
    } cases[] = {{ended("", 0), 0},
                 {ended("", EXITED_3), 1},
                 {ended("", KILLED_BY_6), 1},
                 {blocked(""), 1},
                 {cut("", FREE_TIME), 0}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct runs r = {.wanted = 1};
        add(&r, cases[i].f, 1);
        assert_int_equal(runs_bad(&r), cases[i].bad);
        assert_int_equal(runs_exit_status(&r), cases[i].bad ? 1 : 4); /* nothing was searched */
        runs_fini(&r);
    }
    struct explore_outcome o[] = {found("", 0, 1, 0), found("", 1, 1, 0)};
    struct explore_finding finding = {0};
    struct explore_result x = search_of(o, 2, 1);
    struct runs r = {.wanted = 2};
    x.findings = &finding;
    x.nfindings = 1;
    add(&r, ended("", 0), 2);
    runs_match(&r, &x, NULL);
    assert_int_equal(runs_bad(&r), 0); /* the other was not seen, but the search found something */
    assert_int_equal(runs_exit_status(&r), 1);
    runs_fini(&r);
}

static void runs_that_are_missing_leave_it_open(void **state)
{
    struct explore_outcome o[] = {found("", 0, 1, 0)};
    struct explore_result x = search_of(o, 1, 1);
    struct runs r = {.wanted = 2};
    (void)state;
    add(&r, ended("", 0), 1);
    runs_match(&r, &x, NULL);
    assert_int_equal(runs_exit_status(&r), 4);
    runs_fini(&r);
}

static json_t *json_of(const struct runs *r, const char *why)
{
    struct program p = {.name = (char *)(uintptr_t) "a \"b\".c"};
    struct buf out = {0};
    json_error_t e;
    runs_json(r, &p, why, &out);
    json_t *v = json_loads(out.data, JSON_REJECT_DUPLICATES, &e);
    assert_non_null(v);
    buf_fini(&out);
    return v;
}

static void the_json_says_all_of_it(void **state)
{
    struct explore_outcome o[] = {found("1\n", 0, 2, 1), found("", -1, 1, 0)};
    struct explore_result x = search_of(o, 2, 1);
    struct runs r = {.wanted = 5};
    (void)state;
    o[1].deadlock = 1;
    add(&r, ended("1\n", 0), 3);
    add(&r, ended("\xff\n", KILLED_BY_6), 2);
    runs_match(&r, &x, NULL);
    json_t *v = json_of(&r, "");
    assert_string_equal(json_string_value(json_object_get(v, "schema")), "lockstep.live/1");
    assert_string_equal(json_string_value(json_object_get(v, "program")), "a \"b\".c");
    assert_int_equal(json_integer_value(json_object_get(v, "runs")), 5);
    const json_t *all = json_object_get(v, "outcomes");
    assert_int_equal(json_array_size(all), 3);
    const json_t *first = json_array_get(all, 0), *second = json_array_get(all, 1);
    const json_t *third = json_array_get(all, 2);
    assert_string_equal(json_string_value(json_object_get(first, "stdout")), "1\n");
    assert_int_equal(json_integer_value(json_object_get(first, "exit")), 0);
    assert_true(json_is_null(json_object_get(first, "signal")));
    assert_int_equal(json_integer_value(json_object_get(first, "runs")), 3);
    assert_true(json_is_true(json_object_get(first, "explored")));
    assert_int_equal(json_integer_value(json_object_get(first, "executions")), 2);
    assert_true(json_is_null(json_object_get(second, "exit")));
    assert_int_equal(json_integer_value(json_object_get(second, "signal")), 6);
    assert_true(json_is_false(json_object_get(second, "explored")));
    assert_null(json_object_get(second, "schedule"));
    assert_int_equal(json_integer_value(json_object_get(third, "runs")), 0);
    assert_true(json_is_true(json_object_get(third, "hang")));
    assert_true(json_is_null(json_object_get(third, "exit")));
    const json_t *explored = json_object_get(v, "explored");
    assert_true(json_is_true(json_object_get(explored, "complete")));
    assert_int_equal(json_integer_value(json_object_get(explored, "executions")), 3);
    assert_int_equal(json_array_size(json_object_get(explored, "outcomes")), 2);
    json_decref(v);
    runs_fini(&r);
}

static void the_json_says_why_nothing_was_explored(void **state)
{
    struct runs r = {.wanted = 1};
    (void)state;
    add(&r, cut("x", FREE_MEMORY), 1);
    json_t *v = json_of(&r, "not \"asked\" for");
    assert_true(json_is_null(json_object_get(v, "explored")));
    assert_string_equal(json_string_value(json_object_get(v, "why_not_explored")),
                        "not \"asked\" for");
    const json_t *o = json_array_get(json_object_get(v, "outcomes"), 0);
    assert_true(json_is_true(json_object_get(o, "cut")));
    assert_string_equal(json_string_value(json_object_get(o, "limit")), "memory");
    assert_true(json_is_null(json_object_get(o, "explored")));
    json_decref(v);
    runs_fini(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_ends_alike_is_one),
        cmocka_unit_test(outputs_are_compared_whole),
        cmocka_unit_test(outcomes_without_end_are_counted),
        cmocka_unit_test(seen_outcomes_are_found),
        cmocka_unit_test(others_are_not_found),
        cmocka_unit_test(signals_differ),
        cmocka_unit_test(a_search_that_stopped_says_nothing_of_others),
        cmocka_unit_test(a_hang_is_a_deadlock),
        cmocka_unit_test(a_run_without_end_is_a_livelock_or_unknown),
        cmocka_unit_test(long_outputs_are_compared_as_far_as_kept),
        cmocka_unit_test(interleavings_are_counted_when_all_are_known),
        cmocka_unit_test(a_livelock_that_was_not_seen_is_counted),
        cmocka_unit_test(what_is_bad),
        cmocka_unit_test(runs_that_are_missing_leave_it_open),
        cmocka_unit_test(the_json_says_all_of_it),
        cmocka_unit_test(the_json_says_why_nothing_was_explored),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
