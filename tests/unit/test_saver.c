/* Places saved beside the loop (tui/saver.h), while another program holds the store. */
#include "saver.h"

#include "store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sqlite3.h>

#include <cmocka.h>

static char folder[256], path[300];
static struct err error;

static struct store *open_it(void)
{
    struct store_options o = {.path = path, .login = "anna"};
    struct store *s;
    if (store_open(&s, &o, &error) < 0)
        fail_msg("%s", error.message);
    return s;
}

static void assert_place(struct store *s, int section, const char *position)
{
    struct store_lesson *row;
    assert_int_equal(store_place_get(s, "race/lost", &row, &error), 1);
    assert_int_equal(row->section, section);
    assert_string_equal(row->position, position);
    free(row);
}

static void the_newest_place_is_there_after_a_flush(void **state)
{
    (void)state;
    struct store *s = open_it();
    struct saver *v = saver_new(s);
    char position[32];
    for (int i = 0; i <= 200; i++) {
        snprintf(position, sizeof position, "at %d", i);
        assert_int_equal(saver_place(v, "race/lost", i % 7, position, &error), 0);
    }
    assert_int_equal(saver_flush(v, &error), 0);
    assert_place(s, 200 % 7, "at 200");
    saver_free(v);
    store_close(s);
}

/* Another program writes and does not come to its end: saving a place returns all the same, and it
 * is written once that one is done. The lock is held here, so a call that waited for it would end
 * in an error after STORE_BUSY_MS, and the flush below would find the place of before. */
static void a_store_in_use_is_not_waited_for(void **state)
{
    (void)state;
    struct store *s = open_it();
    struct saver *v = saver_new(s);
    sqlite3 *other;
    assert_int_equal(sqlite3_open(path, &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(saver_place(v, "race/lost", 5, "while in use", &error), 0);
    assert_int_equal(saver_place(v, "race/lost", 6, "still", &error), 0);
    assert_int_equal(sqlite3_exec(other, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(other);
    assert_int_equal(saver_flush(v, &error), 0);
    assert_place(s, 6, "still");
    saver_free(v);
    store_close(s);
}

static void the_learner_of_that_moment_is_meant(void **state)
{
    (void)state;
    struct store *s = open_it();
    struct saver *v = saver_new(s);
    assert_int_equal(store_learner_create(s, "bert", &error), 0);
    assert_int_equal(saver_place(v, "race/lost", 1, "anna's", &error), 0);
    assert_int_equal(saver_flush(v, &error), 0);
    assert_int_equal(store_learner_select(s, "bert", &error), 0);
    assert_int_equal(saver_place(v, "race/lost", 2, "bert's", &error), 0);
    saver_free(v);
    assert_place(s, 2, "bert's");
    assert_int_equal(store_learner_select(s, "anna", &error), 0);
    assert_place(s, 1, "anna's");
    store_close(s);
}

static void an_error_is_told_with_the_next(void **state)
{
    (void)state;
    struct store *s = open_it();
    struct saver *v = saver_new(s);
    char longer[STORE_ID_MAX + 2];
    memset(longer, 'x', sizeof longer - 1);
    longer[sizeof longer - 1] = 0;
    saver_place(v, longer, 0, "", &error);
    assert_int_equal(saver_flush(v, &error), -ERR_DATA);
    assert_true(error.message[0] != 0);
    assert_int_equal(saver_flush(v, &error), 0); /* told once */
    saver_free(v);
    store_close(s);
}

static void a_store_in_memory_has_it_at_once(void **state)
{
    (void)state;
    struct store_options o = {.login = "anna"};
    struct store *s;
    assert_int_equal(store_open_memory(&s, &o, &error), 0);
    struct saver *v = saver_new(s);
    assert_int_equal(saver_place(v, "race/lost", 3, "here", &error), 0);
    assert_place(s, 3, "here");
    saver_free(v);
    store_close(s);
    assert_null(saver_new(NULL));
    assert_int_equal(saver_place(NULL, "race/lost", 3, "here", &error), 0);
}

static int make_folder(void **state)
{
    (void)state;
    const char *tmp = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/saver-XXXXXX", tmp ? tmp : "/tmp");
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/lockstep.db", folder);
    return 0;
}

static int drop_folder(void **state)
{
    (void)state;
    static const char *const ends[] = {"", "-wal", "-shm", "-journal", ".lock"};
    for (size_t i = 0; i < 5; i++) {
        char file[320];
        snprintf(file, sizeof file, "%s%s", path, ends[i]);
        unlink(file);
    }
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_newest_place_is_there_after_a_flush, make_folder,
                                        drop_folder),
        cmocka_unit_test_setup_teardown(a_store_in_use_is_not_waited_for, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(the_learner_of_that_moment_is_meant, make_folder,
                                        drop_folder),
        cmocka_unit_test_setup_teardown(an_error_is_told_with_the_next, make_folder, drop_folder),
        cmocka_unit_test(a_store_in_memory_has_it_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
