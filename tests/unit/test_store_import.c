/* Export and import: all comes back, twice is once, and what is wrong changes nothing. */
#include "test_store_help.h"

#include <jansson.h>

static void fill(struct store *s)
{
    struct store_attempt a = {.lesson = "race/lost-update",
                              .challenge = "fix",
                              .kind = STORE_FIX,
                              .tried = "int x;\n\t\"quoted\" \\ \x01 ü\n",
                              .message = "no"};
    struct store_recording r = {.name = "one", .program = "c.c", .token = "ls1:x"};
    struct store_bookmark b = {.lesson = "a", .token = "ls1:y", .step = 3, .note = "=1+1"};
    assert_ok(store_place_save(s, "race/lost-update", 2, "ls1:x 4", &error));
    assert_ok(store_place_save(s, "lock/mutex", 1, NULL, &error));
    assert_ok(store_section_set(s, "lock/mutex", 0, STORE_SKIPPED, &error));
    assert_ok(store_lesson_set(s, "start/tour", STORE_DONE, &error));
    assert_ok(store_answer_save(s, "race/lost-update", "q1", "1", 0, &error));
    assert_ok(store_answer_save(s, "race/lost-update", "q1", "2, really", 1, &error));
    assert_ok(store_attempt_save(s, &a, &error));
    assert_ok(store_recording_save(s, &r, &error));
    assert_ok(store_bookmark_save(s, &b, NULL, &error));
    assert_ok(store_setting_set(s, "theme", "dark", &error));
    assert_ok(store_learner_create(s, "ben", &error));
}

static char *export(struct store *s)
{
    struct buf out = {0};
    assert_ok(store_export_json(s, STORE_ALL_LEARNERS, &out, &error));
    return out.data;
}

static void import(struct store *s, const char *text, struct store_imported *done)
{
    assert_ok(store_import_json(s, text, strlen(text), done, &error));
}

static void all_comes_back(void **state)
{
    struct fixture *f = *state;
    struct store_imported done;
    struct store *other;
    struct store_lesson *row;
    fill(f->s);
    char *before = export(f->s);
    assert_ok(store_open_memory(&other, &f->options, &error));
    import(other, before, &done);
    assert_int_equal(done.learners, 2);
    assert_int_equal(done.rows, 11);
    assert_int_equal(done.changed, 11);
    char *after = export(other);
    assert_string_equal(before, after);
    assert_rc(store_place_last(other, &row, &error), 1);
    assert_string_equal(row->lesson, "start/tour");
    free(row);
    free(before);
    free(after);
    store_close(other);
}

static void twice_is_once(void **state)
{
    struct fixture *f = *state;
    struct store_imported done;
    fill(f->s);
    char *before = export(f->s);
    import(f->s, before, &done);
    assert_int_equal(done.changed, 0);
    assert_int_equal(done.rows, 11);
    char *after = export(f->s);
    assert_string_equal(before, after);
    free(before);
    free(after);
}

static void an_export_is_json_and_of_one_learner_if_asked(void **state)
{
    struct fixture *f = *state;
    struct buf out = {0};
    fill(f->s);
    assert_ok(store_export_json(f->s, STORE_ONE_LEARNER, &out, &error));
    json_t *root = json_loads(out.data, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(root);
    assert_string_equal(json_string_value(json_object_get(root, "schema")), "lockstep.progress/1");
    json_t *learners = json_object_get(root, "learners");
    assert_int_equal(json_array_size(learners), 1);
    json_t *answer = json_array_get(json_object_get(json_array_get(learners, 0), "answers"), 0);
    assert_string_equal(json_string_value(json_object_get(answer, "first_answer")), "1");
    assert_string_equal(json_string_value(json_object_get(answer, "answer")), "2, really");
    assert_true(json_is_true(json_object_get(answer, "correct")));
    assert_int_equal(json_integer_value(json_object_get(answer, "tries")), 2);
    json_decref(root);
    buf_fini(&out);
}

#define HEAD                                                                                       \
    "{\"schema\":\"lockstep.progress/1\",\"learners\":[{\"name\":\"anna\",\"created_ms\":5,"
#define REST  "\"attempts\":[],\"recordings\":[],\"bookmarks\":[],\"settings\":[]}]}"
#define EMPTY "\"lessons\":[],\"sections\":[],\"answers\":[],"

static void the_newer_state_stays(void **state)
{
    struct fixture *f = *state;
    struct store_lesson *row;
    struct store_answer *answer;
    struct store_imported done;
    assert_ok(store_place_save(f->s, "old", 1, NULL, &error));
    assert_ok(store_place_save(f->s, "new", 1, NULL, &error));
    assert_ok(store_answer_save(f->s, "old", "q", "mine", 0, &error));
    import(f->s,
           HEAD "\"lessons\":[{\"lesson\":\"old\",\"status\":\"done\",\"section\":5,"
                "\"updated_ms\":1900000000000},{\"lesson\":\"new\",\"status\":\"done\","
                "\"section\":5,\"updated_ms\":1700000000000}],\"sections\":[],\"answers\":["
                "{\"lesson\":\"old\",\"question\":\"q\",\"answer\":\"theirs\",\"correct\":true,"
                "\"at_ms\":1700000000001,\"first_answer\":\"earlier\",\"first_correct\":true,"
                "\"first_ms\":1700000000000,\"tries\":7}]," REST,
           &done);
    assert_int_equal(done.changed, 2);
    assert_rc(store_place_last(f->s, &row, &error), 1);
    assert_string_equal(row->lesson, "old");
    assert_int_equal(row->status, STORE_DONE);
    free(row);
    assert_rc(store_place_get(f->s, "new", &row, &error), 1);
    assert_int_equal(row->status, STORE_BEGUN);
    free(row);
    assert_rc(store_answer_get(f->s, "old", "q", &answer, &error), 1);
    assert_string_equal(answer->answer, "mine");
    assert_string_equal(answer->first_answer, "earlier");
    assert_int_equal(answer->tries, 7);
    assert_true(answer->first_right && !answer->right);
    assert_int_equal(answer->first_ms, 1700000000000);
    assert_true(answer->at_ms >= 1800000000000);
    free(answer);
}

static void a_recordings_name_is_made_free(void **state)
{
    struct fixture *f = *state;
    struct store_recording r = {.name = "one", .program = "mine.c", .token = "ls1:m"}, *row;
    struct store_imported done;
    static const char text[] = HEAD EMPTY
        "\"attempts\":[],\"recordings\":[{\"name\":\"one\",\"program\":\"theirs.c\",\"path\":\"\","
        "\"token\":\"ls1:t\",\"finding\":\"\",\"created_ms\":7}],\"bookmarks\":[],\"settings\":[]}]"
        "}";
    assert_ok(store_recording_save(f->s, &r, &error));
    import(f->s, text, &done);
    assert_int_equal(done.changed, 1);
    assert_rc(store_recording_get(f->s, "one", &row, &error), 1);
    assert_string_equal(row->program, "mine.c");
    free(row);
    assert_rc(store_recording_get(f->s, "one (2)", &row, &error), 1);
    assert_string_equal(row->program, "theirs.c");
    free(row);
    import(f->s, text, &done);
    assert_int_equal(done.changed, 0);
}

/* Each with what the message must say. */
static const struct {
    const char *text, *says;
} bad[] = {
    {"", "line 1, column 0"},
    {"{\n\"schema\": oops}", "line 2, column"},
    {"[]", "must be an object"},
    {"{}", "schema: is missing"},
    {"{\"schema\":\"lockstep.progress/2\",\"learners\":[]}", "lockstep.progress/2"},
    {"{\"schema\":\"lockstep.overview/1\"}", "overview"},
    {"{\"schema\":\"x\\u001b[2J\",\"learners\":[]}", "x\\x1b[2J"},
    {"{\"schema\":\"lockstep.progress/1\"}", "learners: must be a list"},
    {"{\"schema\":\"lockstep.progress/1\",\"learners\":[],\"more\":1}", "more: is not a field"},
    {"{\"schema\":\"lockstep.progress/1\",\"schema\":\"lockstep.progress/1\"}", "duplicate"},
    {"{\"schema\":\"lockstep.progress/1\",\"learners\":[7]}", "learners[0]: must be an object"},
    {"{\"schema\":\"lockstep.progress/1\",\"learners\":[{}]}", "learners[0].name"},
    {"{\"schema\":\"lockstep.progress/1\",\"learners\":[{\"name\":\" a\",\"created_ms\":1}]}",
     "learners[0].name: begins or ends with a blank"},
    {"{\"schema\":\"lockstep.progress/1\",\"learners\":[{\"name\":\"a\",\"created_ms\":-1}]}",
     "learners[0].created_ms: must be a whole number"},
    {HEAD "\"lessons\":{}," REST, "learners[0].lessons: must be a list"},
    {HEAD REST, "learners[0].lessons: is missing"},
    {HEAD EMPTY "\"extra\":[]," REST, "learners[0].extra: is not a field"},
    {HEAD "\"lessons\":[1],\"sections\":[],\"answers\":[]," REST,
     "learners[0].lessons[0]: must be"},
    {HEAD "\"lessons\":[{}],\"sections\":[],\"answers\":[]," REST,
     "learners[0].lessons[0].lesson: is missing"},
    {HEAD "\"lessons\":[{\"lesson\":\"a\",\"status\":\"new\",\"section\":0,\"updated_ms\":1}],"
          "\"sections\":[],\"answers\":[]," REST,
     "learners[0].lessons[0].status: is none of the words"},
    {HEAD "\"lessons\":[{\"lesson\":\"a\",\"status\":3,\"section\":0,\"updated_ms\":1}],"
          "\"sections\":[],\"answers\":[]," REST,
     "learners[0].lessons[0].status"},
    {HEAD "\"lessons\":[{\"lesson\":\"\",\"status\":\"done\",\"section\":0,\"updated_ms\":1}],"
          "\"sections\":[],\"answers\":[]," REST,
     "learners[0].lessons[0].lesson: must not be empty"},
    {HEAD "\"lessons\":[{\"lesson\":\"a\",\"status\":\"done\",\"section\":1.5,\"updated_ms\":1}],"
          "\"sections\":[],\"answers\":[]," REST,
     "learners[0].lessons[0].section: must be a whole number from 0 to 9999"},
    {HEAD "\"lessons\":[{\"lesson\":\"a\",\"status\":\"done\",\"section\":1,\"updated_ms\":1},"
          "{\"lesson\":\"b\",\"status\":\"done\",\"section\":10000,\"updated_ms\":1}],"
          "\"sections\":[],\"answers\":[]," REST,
     "learners[0].lessons[1].section"},
    {HEAD "\"lessons\":[],\"sections\":[{\"lesson\":\"a\",\"section\":0,\"status\":\"done\","
          "\"position\":\"\",\"updated_ms\":1}],\"answers\":[]," REST,
     "learners[0].sections[0]: belongs to a lesson"},
    {HEAD EMPTY "\"attempts\":[],\"recordings\":[{\"name\":\"r\",\"program\":\"\",\"path\":\"\","
                "\"token\":\"\",\"finding\":\"\",\"created_ms\":7}],\"bookmarks\":[],"
                "\"settings\":[]}]}",
     "learners[0].recordings[0]: "},
    {HEAD EMPTY "\"attempts\":[],\"recordings\":[],\"bookmarks\":[],"
                "\"settings\":[{\"key\":\"k\",\"value\":null}]}]}",
     "learners[0].settings[0].value: must be a text"},
};

static void what_is_wrong_changes_nothing(void **state)
{
    struct fixture *f = *state;
    fill(f->s);
    char *before = export(f->s);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct store_imported done = {-1, -1, -1};
        error.message[0] = '\0';
        assert_rc(store_import_json(f->s, bad[i].text, strlen(bad[i].text), &done, &error),
                  -ERR_DATA);
        if (!strstr(error.message, bad[i].says))
            fail_msg("number %zu says \"%s\", not \"%s\"", i, error.message, bad[i].says);
        assert_int_equal(done.changed, -1);
        char *after = export(f->s);
        assert_string_equal(before, after);
        free(after);
    }
    free(before);
}

/* Any prefix of a good file is a bad one. */
static void a_file_cut_short_changes_nothing(void **state)
{
    struct fixture *f = *state;
    struct store *other;
    fill(f->s);
    char *whole = export(f->s);
    assert_ok(store_open_memory(&other, &f->options, &error));
    char *before = export(other);
    for (size_t n = 0; n < strlen(whole) - 2; n += 7)
        assert_rc(store_import_json(other, whole, n, NULL, &error), -ERR_DATA);
    char *after = export(other);
    assert_string_equal(before, after);
    free(before);
    free(after);
    free(whole);
    store_close(other);
}

static void csv_is_for_spreadsheets(void **state)
{
    struct fixture *f = *state;
    struct buf out = {0};
    fill(f->s);
    assert_ok(store_export_csv(f->s, STORE_ONE_LEARNER, &out, &error));
    assert_memory_equal(out.data,
                        "learner,record,lesson,item,section,status,correct,tries,value,"
                        "message,time\r\n",
                        76);
    assert_non_null(strstr(out.data, "anna,last answer,race/lost-update,q1,,,1,2,\"2, really\",,"
                                     "2027-01-15T08:00:00Z\r\n"));
    assert_non_null(strstr(out.data, "anna,lesson,start/tour,,0,done,,,,,"));
    assert_non_null(strstr(out.data, "\"int x;\n\t\"\"quoted\"\" \\ \x01 ü\n\",no,"));
    assert_non_null(strstr(out.data, "\"'=1+1\""));
    assert_null(strstr(out.data, "ben"));
    buf_fini(&out);
}

#define OPEN(test) cmocka_unit_test_setup_teardown(test, set_up_open, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        OPEN(all_comes_back),
        OPEN(twice_is_once),
        OPEN(an_export_is_json_and_of_one_learner_if_asked),
        OPEN(the_newer_state_stays),
        OPEN(a_recordings_name_is_made_free),
        OPEN(what_is_wrong_changes_nothing),
        OPEN(a_file_cut_short_changes_nothing),
        OPEN(csv_is_for_spreadsheets),
    };
    return cmocka_run_group_tests_name("store_import", tests, NULL, NULL);
}
