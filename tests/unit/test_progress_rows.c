/* Progress as rows, over a store in memory whose clock stands where the test puts it. */
#include "progress.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static int64_t now_ms;
static const int64_t day_ms = INT64_C(24) * 3600 * 1000;

static int64_t clock_of_test(void *clock)
{
    (void)clock;
    return now_ms;
}

static const struct progress_lesson lessons[] = {
    {"race/lost", "The lost one", "race", "core", 10},
    {"race/other", "Another one", "race", "more", 5},
    {"lock/mutex", "The mutex", "lock", "core", 20},
};

static struct store *fresh(void)
{
    struct store_options o = {.login = "anna", .now_ms = clock_of_test};
    struct store *s;
    struct err e = {0};
    now_ms = 1000 * day_ms;
    if (store_open_memory(&s, &o, &e) < 0)
        fail_msg("%s", e.message);
    return s;
}

static struct progress read_it(struct store *s)
{
    struct progress p;
    struct err e = {0};
    if (progress_read(&p, s, lessons, 3, now_ms, &e) < 0)
        fail_msg("%s", e.message);
    return p;
}

static void attempt(struct store *s, const char *lesson, const char *challenge, int passed,
                    const char *verdict)
{
    struct store_attempt a = {.lesson = lesson,
                              .challenge = challenge,
                              .kind = STORE_FIX,
                              .tried = "x",
                              .passed = passed,
                              .verdict = verdict,
                              .message = ""};
    now_ms += 1000;
    assert_int_equal(store_attempt_save(s, &a, NULL), 0);
}

static void units_have_their_lessons_and_minutes(void **state)
{
    (void)state;
    struct store *s = fresh();
    struct progress p = read_it(s);
    assert_int_equal(p.nunits, 2);
    assert_int_equal(p.units[0].n, 2);
    assert_int_equal(p.units[0].minutes, 15);
    assert_int_equal(p.units[1].first, 2);
    assert_int_equal(p.count[STORE_NEW], 3);
    assert_int_equal(p.nrepeats, 0);
    progress_fini(&p);
    store_lesson_set(s, "race/lost", STORE_DONE, NULL);
    store_lesson_set(s, "lock/mutex", STORE_SKIPPED, NULL);
    store_lesson_set(s, "gone/away", STORE_DONE, NULL);
    p = read_it(s);
    assert_int_equal(p.units[0].count[STORE_DONE], 1);
    assert_int_equal(p.units[0].minutes_over, 10);
    assert_int_equal(p.minutes_over, 30);
    assert_int_equal(p.minutes, 35);
    assert_int_equal(p.count[STORE_DONE], 1);
    progress_fini(&p);
    store_close(s);
}

static void answers_count_by_first_and_last(void **state)
{
    (void)state;
    struct store *s = fresh();
    store_answer_save(s, "race/lost", "q1", "1", 1, NULL);
    store_answer_save(s, "race/lost", "q2", "1", 0, NULL);
    store_answer_save(s, "race/lost", "q2", "2", 1, NULL);
    store_answer_save(s, "lock/mutex", "q1", "1", 1, NULL);
    store_answer_save(s, "lock/mutex", "q1", "2", 0, NULL);
    struct progress p = read_it(s);
    assert_int_equal(p.answered, 3);
    assert_int_equal(p.right_first, 2);
    assert_int_equal(p.right_later, 1);
    assert_int_equal(p.wrong, 1);
    assert_int_equal(p.nrepeats, 2);
    assert_int_equal(p.repeats[0].why, REPEAT_STILL_WRONG);
    assert_string_equal(p.repeats[0].lesson, "lock/mutex");
    assert_int_equal(p.repeats[1].why, REPEAT_WRONG_FIRST);
    assert_string_equal(p.repeats[1].what, "q2");
    progress_fini(&p);
    store_close(s);
}

static void challenges_count_their_tries(void **state)
{
    (void)state;
    struct store *s = fresh();
    attempt(s, "lock/mutex", "fix", 0, "does-not-compile");
    attempt(s, "race/lost", "fix", 0, "data-race");
    attempt(s, "race/lost", "fix", 1, "");
    attempt(s, "race/lost", "fix", 1, "");
    attempt(s, "lock/mutex", "fix", 0, "deadlock");
    struct progress p = read_it(s);
    assert_int_equal(p.attempts, 5);
    assert_int_equal(p.passed, 1);
    assert_int_equal(p.nchallenges, 2);
    assert_string_equal(p.challenges[0].lesson, "race/lost"); /* the order of the lessons */
    assert_int_equal(p.challenges[0].tries, 3);
    assert_int_equal(p.challenges[0].passed, 1);
    assert_string_equal(p.challenges[1].verdict, "deadlock"); /* of the last one */
    assert_int_equal(p.nrepeats, 1);
    assert_int_equal(p.repeats[0].why, REPEAT_NOT_PASSED);
    assert_string_equal(p.repeats[0].lesson, "lock/mutex");
    progress_fini(&p);
    store_close(s);
}

static void what_is_long_ago_comes_last(void **state)
{
    (void)state;
    struct store *s = fresh();
    store_lesson_set(s, "race/lost", STORE_DONE, NULL);
    now_ms += day_ms;
    store_lesson_set(s, "lock/mutex", STORE_DONE, NULL);
    store_lesson_set(s, "race/other", STORE_SKIPPED, NULL);
    now_ms += (PROGRESS_LONG_DAYS - 1) * day_ms - 1;
    struct progress p = read_it(s);
    assert_int_equal(p.nrepeats, 0);
    progress_fini(&p);
    now_ms += 1;
    p = read_it(s);
    assert_int_equal(p.nrepeats, 1);
    assert_string_equal(p.repeats[0].lesson, "race/lost");
    progress_fini(&p);
    now_ms += 2 * day_ms;
    attempt(s, "race/other", "fix", 0, "");
    p = read_it(s);
    assert_int_equal(p.nrepeats, 3);
    assert_int_equal(p.repeats[0].why, REPEAT_NOT_PASSED);
    assert_string_equal(p.repeats[1].lesson, "race/lost"); /* the oldest first */
    assert_string_equal(p.repeats[2].lesson, "lock/mutex");
    progress_fini(&p);
    store_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(units_have_their_lessons_and_minutes),
        cmocka_unit_test(answers_count_by_first_and_last),
        cmocka_unit_test(challenges_count_their_tries),
        cmocka_unit_test(what_is_long_ago_comes_last),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
