/* What is locked, what comes next, and how a path is completed. */
#include "locks.h"
#include "next.h"
#include "path_edit.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static int is_tour_done;

static int done(void *ctx, const char *id)
{
    (void)ctx;
    return is_tour_done && !strcmp(id, "start/tour");
}

static struct locks parsed(const char *text)
{
    struct locks l = {0};
    locks_parse(&l, "locks", text, strlen(text));
    return l;
}

static int is_locked(const struct locks *l, const char *id, const char *unit, const char *today)
{
    return locks_find(l, id, unit, today, done, NULL) != NULL;
}

static void locks_hold_until_their_day_or_lesson(void **state)
{
    (void)state;
    struct locks l = parsed("# mine\n\n lock race/lost until start/tour because first  the tour \n"
                            "lock lock until 2027-01-08\nlock perf\n");
    assert_int_equal(l.problem.code, 0);
    assert_int_equal(l.n, 3);
    is_tour_done = 0;
    assert_true(is_locked(&l, "race/lost", "race", "2026-01-01"));
    assert_false(is_locked(&l, "race/other", "race", "2026-01-01"));
    assert_true(is_locked(&l, "lock/mutex", "lock", "2027-01-07"));
    assert_false(is_locked(&l, "lock/mutex", "lock", "2027-01-08"));
    assert_true(is_locked(&l, "perf/x", "perf", "9999-01-01"));
    is_tour_done = 1;
    assert_false(is_locked(&l, "race/lost", "race", "2026-01-01"));
    struct buf why = {0};
    locks_say(&l.rows[0], &why);
    assert_string_equal(why.data, "Your teacher has locked it until the lesson start/tour is done."
                                  " \"first  the tour\" (locks, line 3)");
    buf_fini(&why);
    locks_fini(&l);
    l = parsed("lock all until start/tour");
    is_tour_done = 0;
    assert_true(is_locked(&l, "race/lost", "race", "2026-01-01"));
    assert_false(is_locked(&l, "start/tour", "start", "2026-01-01")); /* or it could never open */
    locks_fini(&l);
}

static void a_wrong_line_is_named_and_the_others_hold(void **state)
{
    (void)state;
    static const char *const wrong[] = {"lock",         "open race",       "lock a until",
                                        "lock a if",    "lock a until 12", "lock a until b c",
                                        "lock a unti l"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char *text = xasprintf("%s\nlock race\n", wrong[i]);
        struct locks l = parsed(text);
        assert_int_equal(l.n, 1);
        assert_non_null(strstr(l.problem.message, "locks:1: "));
        locks_fini(&l);
        free(text);
    }
    struct locks l = {0};
    locks_parse(&l, "locks", "lock a\0", 7);
    assert_int_equal(l.n, 0);
    assert_int_not_equal(l.problem.code, 0);
    locks_fini(&l);
}

static void a_lock_of_nothing_is_told(void **state)
{
    (void)state;
    struct lesson lesson = {.id = "race/lost", .unit = "race"};
    struct lesson *list[] = {&lesson};
    struct catalogue c = {.lessons = list, .nlessons = 1};
    struct locks l = parsed("lock race\nlock race/lost until race/lost\nlock all\n");
    locks_check(&l, &c);
    assert_int_equal(l.problem.code, 0);
    locks_fini(&l);
    l = parsed("lock race\nlock races until 2027-01-01\n");
    locks_check(&l, &c);
    assert_non_null(strstr(l.problem.message, "locks:2: there is no lesson \"races\""));
    locks_fini(&l);
    l = parsed("lock race until race/gone\n");
    locks_check(&l, &c);
    assert_non_null(strstr(l.problem.message, "\"race/gone\""));
    locks_fini(&l);
}

/* -------- next -------- */

static void the_next_lesson_is_one_that_is_ready(void **state)
{
    (void)state;
    const char *needs_first[] = {"a/1"}, *needs_gone[] = {"x/gone"};
    struct lesson l[] = {{.id = "a/1", .level = LEVEL_CORE},
                         {.id = "a/2", .level = LEVEL_DEEP, .needs = needs_first, .nneeds = 1},
                         {.id = "b/1", .level = LEVEL_CORE, .needs = needs_first, .nneeds = 1},
                         {.id = "b/2", .level = LEVEL_MORE, .needs = needs_gone, .nneeds = 1}};
    struct lesson *list[] = {&l[0], &l[1], &l[2], &l[3]};
    struct catalogue c = {.lessons = list, .nlessons = 4};
    assert_int_equal(next_lesson(&c, (unsigned char[]){NEXT_NEW, 0, 0, 0}), 0);
    assert_int_equal(next_lesson(&c, (unsigned char[]){NEXT_BEGUN, 0, 0, 0}), 3);
    assert_int_equal(next_lesson(&c, (unsigned char[]){NEXT_OVER, 0, 0, 0}), 2);
    assert_int_equal(next_lesson(&c, (unsigned char[]){NEXT_OVER, 0, NEXT_BARRED, NEXT_OVER}), 1);
    assert_int_equal(
        next_lesson(&c, (unsigned char[]){NEXT_BARRED, NEXT_NEW, NEXT_OVER, NEXT_OVER}), 1);
    assert_int_equal(
        next_lesson(&c, (unsigned char[]){NEXT_OVER, NEXT_OVER, NEXT_BEGUN, NEXT_OVER}), -1);
}

/* -------- paths -------- */

static void completed(const char *folder, const char *typed, const char *wanted, int n)
{
    struct line_edit l = {0};
    struct buf choices = {0};
    char *whole = xasprintf("%s/%s", folder, wanted);
    l.n = (size_t)snprintf(l.text, sizeof l.text, "%s/%s", folder, typed);
    assert_int_equal(path_complete(&l, &choices), n);
    assert_string_equal(l.text, whole);
    free(whole);
    buf_fini(&choices);
}

static void a_path_is_completed_as_far_as_it_is_certain(void **state)
{
    (void)state;
    char folder[] = "/tmp/lockstep-path-XXXXXX";
    static const char *const files[] = {"counter.c", "counters.c", "other.c", ".hidden"};
    assert_non_null(mkdtemp(folder));
    for (size_t i = 0; i < 4; i++) {
        char *path = xasprintf("%s/%s", folder, files[i]);
        close(open(path, O_CREAT | O_WRONLY, 0600));
        free(path);
    }
    char *path = xasprintf("%s/sub", folder);
    mkdir(path, 0700);
    free(path);
    completed(folder, "c", "counter", 2);
    completed(folder, "counter.", "counter.c", 1);
    completed(folder, "o", "other.c", 1);
    completed(folder, "s", "sub/", 1);
    completed(folder, "x", "x", 0);
    completed(folder, "", "", 4); /* what is hidden is not offered */
    completed(folder, ".", ".hidden", 1);
    completed("/nowhere", "x", "x", 0);
    setenv("HOME", folder, 1);
    struct line_edit l = {.text = "~/o", .n = 3};
    struct buf choices = {0};
    assert_int_equal(path_complete(&l, &choices), 1);
    assert_string_equal(l.text, "~/other.c");
    buf_fini(&choices);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(locks_hold_until_their_day_or_lesson),
        cmocka_unit_test(a_wrong_line_is_named_and_the_others_hold),
        cmocka_unit_test(a_lock_of_nothing_is_told),
        cmocka_unit_test(the_next_lesson_is_one_that_is_ready),
        cmocka_unit_test(a_path_is_completed_as_far_as_it_is_certain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
