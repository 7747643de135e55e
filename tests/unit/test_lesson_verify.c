/* Claims against made-up results of a search: each kind both true and false, and never true beyond
 * what was covered. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pool.h"
#include "check.h"
#include "claim.h"
#include "verify.h"

/* A search of the two-thread counter: 1 or 2, a race on line 9, and an odd third ending. */
static char out_1[] = "1\n", out_2[] = "2\n", out_none[] = "";
static char message[] = "T1 and T2", file[] = "counter.c";
static struct explore_outcome outcomes[] = {
    {.out = out_1, .nout = 2, .nout_total = 2, .executions = 6, .switches = 1},
    {.out = out_2, .nout = 2, .nout_total = 2, .executions = 14, .switches = 3},
    {.out = out_2, .nout = 2, .nout_total = 2, .exit_status = 3, .switches = 0},
};
static struct explore_outcome stuck[] = {
    {.out = out_2, .nout = 2, .nout_total = 2},
    {.out = out_none, .exit_status = -1, .deadlock = 1, .switches = 1},
};
static struct explore_finding findings[] = {
    {.kind = FIND_DATA_RACE, .message = message, .file = file, .line = 9, .switches = 2},
    {.kind = FIND_DATA_RACE, .message = message, .file = file, .line = 12, .switches = 1},
};
static const struct explore_result racy = {.complete = 1,
                                           .why_not = "",
                                           .executions = 20,
                                           .outcomes = outcomes,
                                           .noutcomes = 3,
                                           .findings = findings,
                                           .nfindings = 2};
static const struct explore_result locks = {
    .complete = 1, .why_not = "", .executions = 3, .outcomes = stuck, .noutcomes = 2};
static const struct explore_result clean = {
    .complete = 1, .why_not = "", .executions = 6, .outcomes = outcomes + 1, .noutcomes = 1};
static const struct explore_result partial = {.complete = 0,
                                              .why_not = "20 s passed",
                                              .executions = 6,
                                              .outcomes = outcomes + 1,
                                              .noutcomes = 1};

/* Verdict on the claim; *why must hold `part`. */
static void verdict(const struct explore_result *r, const char *claim, int expected,
                    const char *part)
{
    struct pool mem = {0};
    struct claim c;
    struct err e = {0};
    struct buf why = {0};
    if (claim_parse(&mem, &c, claim, &e) != 0)
        fail_msg("%s: %s", claim, e.message);
    int ok = claim_verify(&c, r, "counter.c", &why);
    if (ok != expected || !strstr(why.data, part))
        fail_msg("%s: got %d, \"%s\"; wanted %d, \"…%s…\"", claim, ok, why.data, expected, part);
    buf_fini(&why);
    pool_fini(&mem);
}

static void outputs_are_compared_whole(void **state)
{
    (void)state;
    verdict(&racy, "outcomes: \"2\\n\" \"1\\n\"", 1, "20 executions");
    verdict(&racy, "outcomes: \"2\\n\"", 0, "can also print \"1\\n\"");
    verdict(&racy, "outcomes: \"1\\n\" \"2\\n\" \"3\\n\"", 0, "\"3\\n\" came out of none");
    verdict(&racy, "outcomes: \"1\" \"2\"", 0, "can also print");
    verdict(&racy, "only: \"1\\n\" \"2\\n\" \"3\\n\"", 1, "true");
    verdict(&racy, "only: \"1\\n\"", 0, "can also print \"2\\n\"");
    verdict(&racy, "possible: \"1\\n\"", 1, "true");
    verdict(&racy, "possible: \"1\\n\" \"0\\n\"", 0, "\"0\\n\"");
    verdict(&racy, "impossible: \"0\\n\"", 1, "true");
    verdict(&racy, "impossible: \"0\\n\" \"1\\n\"", 0,
            "it can print \"1\\n\"; `lockstep replay ls1:");
    verdict(&locks, "outcomes: \"2\\n\" \"\"", 1, "true");
}

static void cut_output_is_not_the_whole(void **state)
{
    (void)state;
    struct explore_outcome cut = {.out = out_2, .nout = 2, .nout_total = 100};
    struct explore_result r = clean;
    r.outcomes = &cut;
    verdict(&r, "outcomes: \"2\\n\"", 0, "can also print");
}

static void findings_are_found(void **state)
{
    (void)state;
    verdict(&racy, "finding: data-race", 1, "true");
    verdict(&racy, "finding: data-race line 12", 1, "true");
    verdict(&racy, "finding: data-race line 10", 0, "at line 12");
    verdict(&racy, "finding: crash", 0, "none of that kind");
    verdict(&racy, "no finding: crash", 1, "true");
    verdict(&racy, "no finding: data-race", 0, "line 12");
    verdict(&racy, "no findings", 0, "data-race at line 9");
    verdict(&clean, "no findings", 1, "true");
    verdict(&locks, "deadlock", 1, "true");
    verdict(&racy, "deadlock", 0, "none of 20");
    verdict(&locks, "no deadlock", 0, "gets stuck after printing \"\"");
    verdict(&racy, "no deadlock", 1, "true");
}

static void numbers_are_exact(void **state)
{
    (void)state;
    verdict(&racy, "executions: 20", 1, "true");
    verdict(&racy, "executions: 19", 0, "there are 20");
    verdict(&racy, "exit: 0 3", 1, "true");
    verdict(&racy, "exit: 0", 0, "status 3");
    verdict(&racy, "exit: 0 3 4", 0, "never ends with status 4");
}

static void nothing_is_proved_by_a_part(void **state)
{
    static const char *const about_all[] = {
        "complete",          "outcomes: \"2\\n\"", "only: \"2\\n\"", "impossible: \"0\\n\"",
        "no finding: crash", "no findings",        "no deadlock",    "executions: 6",
        "exit: 0",
    };
    (void)state;
    for (size_t i = 0; i < sizeof about_all / sizeof about_all[0]; i++)
        verdict(&partial, about_all[i], 0, "20 s passed");
    verdict(&partial, "possible: \"2\\n\"", 1, "not all schedules");
    verdict(&clean, "complete", 1, "all schedules covered");
}

static void long_output_is_shortened(void **state)
{
    (void)state;
    char text[1000];
    struct buf b = {0};
    memset(text, 'x', sizeof text);
    quoted(text, sizeof text, &b);
    assert_true(b.len < 200 && strstr(b.data, "…"));
    b.len = 0;
    quoted("\x1b[2J", 4, &b);
    assert_null(strchr(b.data, 0x1b));
    buf_fini(&b);
}

static void refusal_words_are_unique(void **state)
{
    (void)state;
    for (int i = 0; i < REFUSAL_COUNT; i++)
        assert_int_equal(refusal_parse(refusal_word(i)), i);
    assert_int_equal(refusal_parse("because"), -1);
    assert_string_equal(refusal_word(REFUSAL_COUNT), "?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(outputs_are_compared_whole),
        cmocka_unit_test(cut_output_is_not_the_whole),
        cmocka_unit_test(findings_are_found),
        cmocka_unit_test(numbers_are_exact),
        cmocka_unit_test(nothing_is_proved_by_a_part),
        cmocka_unit_test(long_output_is_shortened),
        cmocka_unit_test(refusal_words_are_unique),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
