/* What is saved comes back, for the right learner, after closing and opening too. */
#include "test_store_help.h"

static void the_login_is_the_first_learner(void **state)
{
    struct fixture *f = *state;
    struct store_learner *list;
    assert_string_equal(store_learner(f->s), "anna");
    assert_rc(store_learners(f->s, &list, &error), 1);
    assert_string_equal(list[0].name, "anna");
    assert_int_equal(list[0].selected, 1);
    assert_true(list[0].id > 0 && list[0].created_ms >= 1800000000000);
    free(list);
    assert_string_equal(store_notice(f->s), "");
    assert_int_equal(store_mode(f->s), STORE_WRITABLE);
}

static void learners_are_made_selected_renamed_removed(void **state)
{
    struct fixture *f = *state;
    struct store_learner *list;
    assert_ok(store_learner_create(f->s, "Jürgen", &error));
    assert_rc(store_learner_create(f->s, "Jürgen", &error), -ERR_CREATE);
    assert_non_null(strstr(error.message, "choose another name"));
    assert_string_equal(store_learner(f->s), "anna");
    assert_ok(store_learner_select(f->s, "Jürgen", &error));
    assert_string_equal(store_learner(f->s), "Jürgen");
    reopen(f);
    assert_string_equal(store_learner(f->s), "Jürgen");
    assert_rc(store_learner_select(f->s, "nobody", &error), -ERR_NOT_FOUND);
    assert_string_equal(store_learner(f->s), "Jürgen");
    assert_rc(store_learner_rename(f->s, "Jürgen", "anna", &error), -ERR_CREATE);
    assert_ok(store_learner_rename(f->s, "Jürgen", "J", &error));
    assert_string_equal(store_learner(f->s), "J");
    assert_rc(store_learner_rename(f->s, "Jürgen", "K", &error), -ERR_NOT_FOUND);
    assert_ok(store_learner_remove(f->s, "J", &error));
    assert_string_equal(store_learner(f->s), "anna");
    assert_rc(store_learners(f->s, &list, &error), 1);
    free(list);
    assert_rc(store_learner_remove(f->s, "J", &error), -ERR_NOT_FOUND);
}

static void the_renamed_login_stays_selected(void **state)
{
    struct fixture *f = *state;
    assert_ok(store_learner_rename(f->s, "anna", "Anna B.", &error));
    reopen(f);
    assert_string_equal(store_learner(f->s), "Anna B.");
}

static void forgetting_a_learner_forgets_all(void **state)
{
    struct fixture *f = *state;
    struct store_lesson *row;
    struct store_answer *answer;
    assert_ok(store_place_save(f->s, "race/lost-update", 3, "here", &error));
    assert_ok(store_answer_save(f->s, "race/lost-update", "q1", "2", 1, &error));
    assert_ok(store_learner_remove(f->s, "anna", &error));
    assert_string_equal(store_learner(f->s), "anna");
    assert_rc(store_place_last(f->s, &row, &error), 0);
    assert_null(row);
    assert_rc(store_answer_get(f->s, "race/lost-update", "q1", &answer, &error), 0);
}

static void bad_names_are_refused(void **state)
{
    struct fixture *f = *state;
    char longest[STORE_LEARNER_MAX + 2] = "";
    memset(longest, 'x', STORE_LEARNER_MAX + 1);
    const char *const bad[] = {"", " a", "a ", "a\nb", "a\x1b[2J", "\xff", longest};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_rc(store_learner_create(f->s, bad[i], &error), -ERR_DATA);
    longest[STORE_LEARNER_MAX] = '\0';
    assert_ok(store_learner_create(f->s, longest, &error));
}

static void the_place_comes_back(void **state)
{
    struct fixture *f = *state;
    struct store_lesson *row;
    assert_rc(store_place_last(f->s, &row, &error), 0);
    assert_ok(store_place_save(f->s, "lock/mutex", 0, NULL, &error));
    assert_ok(store_place_save(f->s, "race/lost-update", 2, "ls1:7f3a91:a2Kb3Q 10", &error));
    reopen(f);
    assert_rc(store_place_last(f->s, &row, &error), 1);
    assert_string_equal(row->lesson, "race/lost-update");
    assert_int_equal(row->status, STORE_BEGUN);
    assert_int_equal(row->section, 2);
    assert_string_equal(row->position, "ls1:7f3a91:a2Kb3Q 10");
    free(row);
    assert_rc(store_place_get(f->s, "lock/mutex", &row, &error), 1);
    assert_string_equal(row->position, "");
    free(row);
}

/* The clock may be put back between two visits. */
static void the_last_place_does_not_depend_on_the_clock(void **state)
{
    struct fixture *f = *state;
    struct store_lesson *list;
    assert_ok(store_place_save(f->s, "a", 0, NULL, &error));
    f->now_ms = 5;
    assert_ok(store_place_save(f->s, "b", 0, NULL, &error));
    assert_rc(store_lessons(f->s, &list, &error), 2);
    assert_string_equal(list[0].lesson, "b");
    assert_string_equal(list[1].lesson, "a");
    free(list);
    assert_rc(store_place_last(f->s, &list, &error), 1);
    assert_string_equal(list->lesson, "b");
    free(list);
}

static void positions_are_kept_for_each_section(void **state)
{
    struct fixture *f = *state;
    struct store_section *list;
    struct store_lesson *row;
    assert_ok(store_place_save(f->s, "a", 0, "p0", &error));
    assert_ok(store_section_set(f->s, "a", 0, STORE_DONE, &error));
    assert_ok(store_place_save(f->s, "a", 1, "p1", &error));
    assert_ok(store_section_set(f->s, "a", 2, STORE_SKIPPED, &error));
    assert_ok(store_place_save(f->s, "a", 0, NULL, &error));
    assert_rc(store_sections(f->s, "a", &list, &error), 3);
    assert_string_equal(list[0].position, "p0");
    assert_int_equal(list[0].status, STORE_DONE);
    assert_string_equal(list[1].position, "p1");
    assert_int_equal(list[1].status, STORE_BEGUN);
    assert_int_equal(list[2].status, STORE_SKIPPED);
    free(list);
    assert_rc(store_place_get(f->s, "a", &row, &error), 1);
    assert_int_equal(row->section, 0);
    assert_string_equal(row->position, "p0");
    free(row);
    assert_ok(store_section_set(f->s, "a", 0, STORE_NEW, &error));
    assert_rc(store_sections(f->s, "a", &list, &error), 2);
    free(list);
}

static void a_lesson_is_done_and_stays_done(void **state)
{
    struct fixture *f = *state;
    struct store_lesson *row;
    assert_ok(store_lesson_set(f->s, "a", STORE_DONE, &error));
    assert_ok(store_place_save(f->s, "a", 4, NULL, &error));
    assert_rc(store_place_get(f->s, "a", &row, &error), 1);
    assert_int_equal(row->status, STORE_DONE);
    free(row);
    assert_ok(store_lesson_set(f->s, "a", STORE_BEGUN, &error));
    assert_rc(store_place_get(f->s, "a", &row, &error), 1);
    assert_int_equal(row->status, STORE_BEGUN);
    assert_int_equal(row->section, 4);
    free(row);
}

static void the_first_answer_is_kept(void **state)
{
    struct fixture *f = *state;
    struct store_answer *row;
    assert_ok(store_answer_save(f->s, "a", "q", "1", 0, &error));
    assert_ok(store_answer_save(f->s, "a", "q", "2", 1, &error));
    assert_ok(store_answer_save(f->s, "a", "q", "3", 0, &error));
    assert_rc(store_answer_get(f->s, "a", "q", &row, &error), 1);
    assert_string_equal(row->first_answer, "1");
    assert_int_equal(row->first_right, 0);
    assert_string_equal(row->answer, "3");
    assert_int_equal(row->right, 0);
    assert_int_equal(row->tries, 3);
    assert_true(row->at_ms > row->first_ms);
    free(row);
    assert_rc(store_answer_get(f->s, "a", "other", &row, &error), 0);
    assert_ok(store_answer_save(f->s, "b", "q", "x", 1, &error));
    assert_rc(store_answers(f->s, "a", &row, &error), 1);
    free(row);
    assert_rc(store_answers(f->s, NULL, &row, &error), 2);
    assert_string_equal(row[1].lesson, "b");
    free(row);
}

static void attempts_keep_the_source(void **state)
{
    struct fixture *f = *state;
    struct store_attempt a = {.lesson = "a",
                              .challenge = "fix",
                              .kind = STORE_FIX,
                              .tried = "int main(void)\n{\n\treturn 0; /* \xc3\xa4 \xff */\n}\n",
                              .verdict = "data-race",
                              .message = "still a race in line 3"};
    struct store_attempt *list;
    assert_ok(store_attempt_save(f->s, &a, &error));
    struct store_attempt b = {.lesson = "a",
                              .challenge = "break",
                              .kind = STORE_BREAK,
                              .tried = "ls1:00000000:a1A",
                              .passed = 7};
    assert_ok(store_attempt_save(f->s, &b, &error));
    assert_rc(store_attempts(f->s, "a", NULL, &list, &error), 2);
    assert_int_equal(list[0].kind, STORE_BREAK);
    assert_int_equal(list[0].passed, 1);
    assert_string_equal(list[0].message, "");
    assert_string_equal(list[1].tried, a.tried);
    assert_string_equal(list[1].verdict, "data-race");
    free(list);
    assert_rc(store_attempt_last(f->s, "a", "fix", &list, &error), 1);
    assert_string_equal(list->message, a.message);
    free(list);
    b.kind = STORE_NKIND;
    assert_rc(store_attempt_save(f->s, &b, &error), -ERR_DATA);
}

static void one_lesson_is_reset(void **state)
{
    struct fixture *f = *state;
    struct store_lesson *row;
    struct store_attempt a = {.lesson = "a", .challenge = "c"}, *attempts;
    struct store_answer *answers;
    struct store_section *sections;
    struct store_bookmark mark = {.lesson = "a"}, *marks;
    assert_ok(store_place_save(f->s, "b", 1, NULL, &error));
    assert_ok(store_place_save(f->s, "a", 1, NULL, &error));
    assert_ok(store_answer_save(f->s, "a", "q", "1", 0, &error));
    assert_ok(store_attempt_save(f->s, &a, &error));
    assert_ok(store_bookmark_save(f->s, &mark, NULL, &error));
    assert_ok(store_lesson_reset(f->s, "a", &error));
    assert_rc(store_place_get(f->s, "a", &row, &error), 0);
    assert_rc(store_sections(f->s, "a", &sections, &error), 0);
    assert_rc(store_answers(f->s, "a", &answers, &error), 0);
    assert_rc(store_attempts(f->s, NULL, NULL, &attempts, &error), 0);
    assert_rc(store_bookmarks(f->s, "a", NULL, &marks, &error), 1);
    free(marks);
    assert_rc(store_place_last(f->s, &row, &error), 1);
    assert_string_equal(row->lesson, "b");
    free(row);
}

static void recordings_have_names(void **state)
{
    struct fixture *f = *state;
    struct store_recording r = {.name = "first",
                                .program = "counter.c",
                                .token = "ls1:x",
                                .finding = "data-race"},
                           *list;
    assert_ok(store_recording_save(f->s, &r, &error));
    assert_rc(store_recording_save(f->s, &r, &error), -ERR_CREATE);
    r = (struct store_recording){.name = "second"};
    assert_rc(store_recording_save(f->s, &r, &error), -ERR_DATA);
    r.path = "/tmp/x.rec";
    assert_ok(store_recording_save(f->s, &r, &error));
    assert_rc(store_recordings(f->s, &list, &error), 2);
    assert_string_equal(list[0].path, "/tmp/x.rec");
    assert_string_equal(list[1].finding, "data-race");
    free(list);
    assert_rc(store_recording_get(f->s, "first", &list, &error), 1);
    assert_string_equal(list->program, "counter.c");
    free(list);
    assert_ok(store_recording_remove(f->s, "first", &error));
    assert_rc(store_recording_remove(f->s, "first", &error), -ERR_NOT_FOUND);
}

static void bookmarks_are_listed_by_step(void **state)
{
    struct fixture *f = *state;
    struct store_bookmark late = {.lesson = "a", .token = "ls1:x", .step = 9, .note = "lost here"};
    struct store_bookmark early = {.program = "counter.c", .step = 2}, *list;
    int64_t id, other;
    assert_ok(store_bookmark_save(f->s, &late, &id, &error));
    assert_ok(store_bookmark_save(f->s, &early, &other, &error));
    assert_true(id > 0 && other != id);
    assert_rc(store_bookmarks(f->s, NULL, NULL, &list, &error), 2);
    assert_int_equal(list[0].step, 2);
    assert_string_equal(list[1].note, "lost here");
    free(list);
    assert_rc(store_bookmarks(f->s, NULL, "counter.c", &list, &error), 1);
    free(list);
    assert_ok(store_bookmark_note(f->s, id, "here", &error));
    assert_rc(store_bookmarks(f->s, "a", NULL, &list, &error), 1);
    assert_string_equal(list->note, "here");
    free(list);
    assert_ok(store_bookmark_remove(f->s, id, &error));
    assert_rc(store_bookmark_remove(f->s, id, &error), -ERR_NOT_FOUND);
    early.step = -1;
    assert_rc(store_bookmark_save(f->s, &early, NULL, &error), -ERR_DATA);
}

static void settings_belong_to_a_learner(void **state)
{
    struct fixture *f = *state;
    struct store_setting *list;
    char *value;
    assert_rc(store_setting_get(f->s, "theme", &value, &error), 0);
    assert_null(value);
    assert_ok(store_setting_set(f->s, "theme", "dark", &error));
    assert_ok(store_setting_set(f->s, "theme", "light", &error));
    assert_ok(store_setting_set(f->s, "empty", "", &error));
    assert_rc(store_setting_get(f->s, "theme", &value, &error), 1);
    assert_string_equal(value, "light");
    free(value);
    assert_rc(store_setting_get(f->s, "empty", &value, &error), 1);
    assert_string_equal(value, "");
    free(value);
    assert_rc(store_settings(f->s, &list, &error), 2);
    assert_string_equal(list[1].key, "theme");
    free(list);
    assert_ok(store_learner_create(f->s, "ben", &error));
    assert_ok(store_learner_select(f->s, "ben", &error));
    assert_rc(store_setting_get(f->s, "theme", &value, &error), 0);
    assert_ok(store_setting_set(f->s, "theme", NULL, &error));
}

static void parameters_out_of_range_are_refused(void **state)
{
    struct fixture *f = *state;
    char *huge = xcalloc(STORE_TEXT_MAX + 2, 1);
    memset(huge, 'x', STORE_TEXT_MAX + 1);
    assert_rc(store_place_save(f->s, "", 0, NULL, &error), -ERR_DATA);
    assert_rc(store_place_save(f->s, NULL, 0, NULL, &error), -ERR_DATA);
    assert_rc(store_place_save(f->s, "a", -1, NULL, &error), -ERR_DATA);
    assert_rc(store_place_save(f->s, "a", STORE_SECTION_MAX + 1, NULL, &error), -ERR_DATA);
    assert_rc(store_place_save(f->s, "a", 0, huge, &error), -ERR_DATA);
    assert_rc(store_place_save(f->s, "a\tb", 0, NULL, &error), -ERR_DATA);
    assert_rc(store_section_set(f->s, "a", 0, STORE_NSTATUS, &error), -ERR_DATA);
    huge[STORE_TEXT_MAX] = '\0';
    assert_ok(store_place_save(f->s, "a", 0, huge, &error));
    free(huge);
}

static void words_of_status(void **state)
{
    (void)state;
    for (int i = 0; i < STORE_NSTATUS; i++)
        assert_int_equal(store_status_parse(store_status_word((enum store_status)i)), i);
    assert_int_equal(store_status_parse("finished"), -ERR_DATA);
    assert_int_equal(store_status_parse(NULL), -ERR_DATA);
    assert_string_equal(store_attempt_word(STORE_FIND), "find");
}

static void a_store_in_memory_does_it_all(void **state)
{
    struct fixture *f = *state;
    struct store_lesson *row;
    struct store *m;
    assert_ok(store_open_memory(&m, &f->options, &error));
    assert_int_equal(store_mode(m), STORE_MEMORY);
    assert_string_equal(store_file(m), ":memory:");
    assert_ok(store_place_save(m, "a", 1, "p", &error));
    assert_rc(store_place_last(m, &row, &error), 1);
    free(row);
    assert_ok(store_check(m, &error));
    store_close(m);
    assert_int_equal(count_files(f, "lockstep.db", NULL), 0);
}

#define OPEN(test) cmocka_unit_test_setup_teardown(test, set_up_open, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        OPEN(the_login_is_the_first_learner),
        OPEN(learners_are_made_selected_renamed_removed),
        OPEN(the_renamed_login_stays_selected),
        OPEN(forgetting_a_learner_forgets_all),
        OPEN(bad_names_are_refused),
        OPEN(the_place_comes_back),
        OPEN(the_last_place_does_not_depend_on_the_clock),
        OPEN(positions_are_kept_for_each_section),
        OPEN(a_lesson_is_done_and_stays_done),
        OPEN(the_first_answer_is_kept),
        OPEN(attempts_keep_the_source),
        OPEN(one_lesson_is_reset),
        OPEN(recordings_have_names),
        OPEN(bookmarks_are_listed_by_step),
        OPEN(settings_belong_to_a_learner),
        OPEN(parameters_out_of_range_are_refused),
        cmocka_unit_test(words_of_status),
        cmocka_unit_test_setup_teardown(a_store_in_memory_does_it_all, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
