/* The overview as text, JSON and CSV. */
#include "test_store_help.h"
#include "progress.h"

#include <jansson.h>

static const struct progress_lesson lessons[] = {
    {"start/tour", "How to read the screen", "Start here", "core", 6},
    {"race/lost-update", "The lost update, \"counter++\"", "Races", "core", 8},
    {"race/atomics", "原子操作与比较并交换循环的一个很长的标题", "Races", "more", 12},
    {"race/lazy-init", "=lazy", "Races", "more", 9},
};
#define NLESSONS (int)(sizeof lessons / sizeof *lessons)

static void fill(struct store *s)
{
    struct store_attempt a = {.lesson = "race/lost-update", .challenge = "c", .passed = 1};
    assert_ok(store_lesson_set(s, "start/tour", STORE_DONE, &error));
    assert_ok(store_lesson_set(s, "race/lazy-init", STORE_SKIPPED, &error));
    assert_ok(store_place_save(s, "gone/lesson", 1, NULL, &error));
    assert_ok(store_place_save(s, "race/lost-update", 2, NULL, &error));
    assert_ok(store_answer_save(s, "race/lost-update", "q1", "1", 0, &error));
    assert_ok(store_answer_save(s, "race/lost-update", "q1", "2", 1, &error));
    assert_ok(store_answer_save(s, "race/lost-update", "q2", "2", 1, &error));
    assert_ok(store_attempt_save(s, &a, &error));
    assert_ok(store_attempt_save(s, &a, &error));
}

static char *render(struct store *s, enum progress_format format, int width_cols, int ascii)
{
    struct buf out = {0};
    assert_ok(progress_render(s, lessons, NLESSONS, format, width_cols, ascii, &out, &error));
    return out.data;
}

static void the_table_shows_each_lesson(void **state)
{
    struct fixture *f = *state;
    fill(f->s);
    char *text = render(f->s, PROGRESS_TEXT, 80, 1);
    assert_string_equal(
        text, "Progress of anna\n"
              "\n"
              "Start here\n"
              "  # done     start/tour        How to read the screen     core    6 min\n"
              "\n"
              "Races\n"
              "  : begun    race/lost-update  The lost update, \"coun...  core    8 min  1/2\n"
              "  . new      race/atomics      原子操作与比较并交换循...  more   12 min\n"
              "  - skipped  race/lazy-init    =lazy                      more    9 min\n"
              "\n"
              "1 of 4 lessons done, 1 begun, 1 skipped; 6 of 35 minutes.\n"
              "1 of 2 questions right at the first answer (the last column).\n"
              "1 more in the store that the catalogue does not have.\n"
              "You left off in race/lost-update, section 3: lockstep learn race/lost-update\n"
              "\n"
              "Worth doing again:\n"
              "  race/lost-update: question q1 was wrong at first\n");
    free(text);
}

/* Columns a line takes on a terminal: the Chinese characters here take two. */
static int line_cols(const char *line)
{
    int cols = 0;
    for (; *line && *line != '\n'; line++)
        cols += ((unsigned char)*line & 0xc0) == 0x80 ? 0 : ((unsigned char)*line >= 0xe4) ? 2 : 1;
    return cols;
}

static void lines_keep_to_the_width(void **state)
{
    struct fixture *f = *state;
    fill(f->s);
    for (int width = 60; width < 130; width += 7)
        for (int ascii = 0; ascii < 2; ascii++) {
            char *text = render(f->s, PROGRESS_TEXT, width, ascii), *line = text;
            for (; (line = strstr(line, " min")); line = strchr(line, '\n')) {
                while (line > text && line[-1] != '\n')
                    line--;
                assert_true(line_cols(line) <= width);
            }
            free(text);
        }
}

static void an_empty_store_has_everything_before_it(void **state)
{
    struct fixture *f = *state;
    char *text = render(f->s, PROGRESS_TEXT, 0, 0);
    assert_non_null(strstr(text, "0 of 4 lessons done, 0 begun, 0 skipped; 0 of 35 minutes.\n"));
    assert_null(strstr(text, "left off"));
    assert_null(strstr(text, "questions"));
    free(text);
    struct buf out = {0};
    assert_ok(progress_render(f->s, NULL, 0, PROGRESS_TEXT, 80, 0, &out, &error));
    assert_non_null(strstr(out.data, "0 of 0 lessons"));
    buf_fini(&out);
}

static void the_json_can_be_read(void **state)
{
    struct fixture *f = *state;
    const char *id, *status;
    int questions, right, attempts, passed, section, gone, minutes;
    fill(f->s);
    char *text = render(f->s, PROGRESS_JSON, 0, 0);
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(root);
    assert_int_equal(json_unpack(root, "{s{si,si}}", "summary", "not_in_catalogue", &gone,
                                 "minutes_done", &minutes),
                     0);
    assert_int_equal(gone, 1);
    assert_int_equal(minutes, 6);
    json_t *list = json_object_get(root, "lessons");
    assert_int_equal(json_array_size(list), NLESSONS);
    assert_int_equal(json_unpack(json_array_get(list, 1), "{ss,ss,si,si,si,si,si}", "id", &id,
                                 "status", &status, "questions", &questions, "right_first", &right,
                                 "attempts", &attempts, "passed", &passed, "section", &section),
                     0);
    assert_string_equal(id, "race/lost-update");
    assert_string_equal(status, "begun");
    assert_int_equal(questions, 2);
    assert_int_equal(right, 1);
    assert_int_equal(attempts, 2);
    assert_int_equal(passed, 1);
    assert_int_equal(section, 2);
    assert_true(json_is_null(json_object_get(json_array_get(list, 2), "updated_ms")));
    json_decref(root);
    free(text);
}

static void the_csv_has_a_row_for_each_lesson(void **state)
{
    struct fixture *f = *state;
    int lines = 0;
    fill(f->s);
    char *text = render(f->s, PROGRESS_CSV, 0, 0);
    for (const char *p = text; (p = strstr(p, "\r\n")); p += 2)
        lines++;
    assert_int_equal(lines, NLESSONS + 1);
    assert_non_null(strstr(text,
                           "race/lost-update,\"The lost update, \"\"counter++\"\"\",Races,core,8,"
                           "begun,2,2,1,2,1,2027-01-15T08:00:00Z\r\n"));
    assert_non_null(strstr(text, ",\"'=lazy\",Races,more,9,skipped,0,0,0,0,0,2027-"));
    assert_non_null(strstr(text, "more,12,new,0,0,0,0,0,\r\n"));
    free(text);
}

#define OPEN(test) cmocka_unit_test_setup_teardown(test, set_up_open, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        OPEN(the_table_shows_each_lesson),
        OPEN(lines_keep_to_the_width),
        OPEN(an_empty_store_has_everything_before_it),
        OPEN(the_json_can_be_read),
        OPEN(the_csv_has_a_row_for_each_lesson),
    };
    return cmocka_run_group_tests_name("store_progress", tests, NULL, NULL);
}
