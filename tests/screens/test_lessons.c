/* The home and the lesson screen over a small catalogue and a store in memory. */
#include "lesson_internal.h"
#include "home.h"
#include "show.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct tui_options options;
static struct catalogue catalogue;

struct learner {
    struct ui ui;
    struct store *store;
};

/* A screen over the store of before, or over a new one. */
static void sit_down(struct learner *l, struct store *store, int cols, int rows)
{
    struct store_options o = {.login = "anna"};
    struct err e = {0};
    if (!store && store_open_memory(&store, &o, &e) < 0)
        fail_msg("%s", e.message);
    l->store = store;
    ui_init(&l->ui, &options, cols, rows);
    l->ui.lessons = &catalogue;
    l->ui.store = store;
    home_push(&l->ui);
    ui_draw(&l->ui);
}

static void stand_up(struct learner *l)
{
    ui_fini(&l->ui);
}

static struct lesson_view *view_of(struct learner *l)
{
    assert_int_equal(l->ui.depth, 2);
    return l->ui.stack[1].state;
}

static int status_of(struct learner *l, const char *lesson)
{
    struct store_lesson *row = NULL;
    int status = STORE_NEW;
    if (store_place_get(l->store, lesson, &row, NULL) > 0)
        status = row->status;
    free(row);
    return status;
}

static void the_lessons_are_listed_by_unit(void **state)
{
    (void)state;
    struct learner l;
    static const int sizes[][2] = {{80, 24}, {120, 40}, {200, 60}, {40, 10}};
    sit_down(&l, NULL, 80, 24);
    assert_true(shows(&l.ui.canvas, "0 of 2 lessons done"));
    for (size_t i = 0; i < 4; i++) {
        char name[40];
        ui_resize(&l.ui, sizes[i][0], sizes[i][1]);
        ui_draw(&l.ui);
        snprintf(name, sizeof name, "home-%dx%d", sizes[i][0], sizes[i][1]);
        golden_check(name, &l.ui.canvas);
    }
    stand_up(&l);
    store_close(l.store);
}

static void searching_narrows_the_list(void **state)
{
    (void)state;
    struct learner l;
    sit_down(&l, NULL, 80, 24);
    press(&l.ui, "/ENTIRELY");
    assert_true(shows(&l.ui.canvas, "Another one"));
    assert_false(shows(&l.ui.canvas, "The lost one"));
    press(&l.ui, "<Enter><Enter>");
    assert_string_equal(view_of(&l)->lesson->id, "race/other");
    press(&l.ui, "<Esc>/qqqq<Enter>");
    assert_true(shows(&l.ui.canvas, "no lesson has \"qqqq\""));
    press(&l.ui, "<Enter>"); /* nothing to open */
    assert_int_equal(l.ui.depth, 1);
    press(&l.ui, "<Esc>");
    assert_true(shows(&l.ui.canvas, "The lost one"));
    stand_up(&l);
    store_close(l.store);
}

static void a_lesson_is_drawn_at_several_sizes(void **state)
{
    (void)state;
    static const int sizes[][2] = {{40, 10}, {80, 24}, {120, 40}};
    for (size_t i = 0; i < 3; i++) {
        struct learner l;
        char name[64];
        sit_down(&l, NULL, sizes[i][0], sizes[i][1]);
        press(&l.ui, "<Enter>");
        snprintf(name, sizeof name, "lesson-%dx%d", sizes[i][0], sizes[i][1]);
        golden_check(name, &l.ui.canvas);
        stand_up(&l);
        store_close(l.store);
    }
}

static void predict_then_see(void **state)
{
    (void)state;
    struct learner l;
    struct store_answer *row = NULL;
    sit_down(&l, NULL, 80, 30);
    press(&l.ui, "<Enter><Enter>");
    assert_true(shows(&l.ui.canvas, "predict first"));
    assert_false(shows(&l.ui.canvas, "can get lost"));
    press(&l.ui, "2<Enter>");
    assert_true(shows(&l.ui.canvas, "Not quite"));
    assert_true(shows(&l.ui.canvas, "One of the two can get lost."));
    assert_int_equal(store_answer_get(l.store, "race/lost", "q1", &row, NULL), 1);
    assert_string_equal(row->answer, "2");
    assert_int_equal(row->right, 0);
    free(row);
    press(&l.ui, "23<Enter>");
    assert_true(shows(&l.ui.canvas, "Right."));
    assert_int_equal(store_answer_get(l.store, "race/lost", "q1", &row, NULL), 1);
    assert_string_equal(row->answer, "2 3");
    assert_int_equal(row->right, 1);
    assert_int_equal(row->first_right, 0);
    free(row);
    golden_check("lesson-answered-80x30", &l.ui.canvas);
    stand_up(&l);
    store_close(l.store);
}

static void one_comes_back_exactly_where_one_left(void **state)
{
    (void)state;
    struct learner l;
    sit_down(&l, NULL, 80, 30);
    press(&l.ui, "<Enter>2<Enter>l1<Enter><Down>");
    struct lesson_view *v = view_of(&l);
    assert_int_equal(v->section, 1);
    int marked = v->marked;
    assert_int_equal(lesson_section_at(v)->blocks[marked].kind, LESSON_CHALLENGE);
    press(&l.ui, "q");
    assert_true(l.ui.leaving);
    stand_up(&l);
    sit_down(&l, l.store, 80, 30);
    assert_true(shows(&l.ui.canvas, "Continue: The lost one, part 2 of 3: Second part"));
    assert_int_equal(status_of(&l, "race/lost"), STORE_BEGUN);
    press(&l.ui, "c");
    v = view_of(&l);
    assert_int_equal(v->section, 1);
    assert_int_equal(v->marked, marked);
    assert_true(shows(&l.ui.canvas, "Always."));
    stand_up(&l);
    store_close(l.store);
}

static void hints_come_one_by_one_and_then_the_solution(void **state)
{
    (void)state;
    struct learner l;
    sit_down(&l, NULL, 100, 40);
    press(&l.ui, "<Enter>l<Down>i");
    assert_true(shows(&l.ui.canvas, "Look at line 9."));
    assert_false(shows(&l.ui.canvas, "Stop T1 there."));
    press(&l.ui, "ii");
    assert_true(shows(&l.ui.canvas, "Let T2 run first."));
    assert_false(shows(&l.ui.canvas, "T0 *, T1"));
    press(&l.ui, "i");
    assert_true(shows(&l.ui.canvas, "T0 *, T1 @11"));
    stand_up(&l);
    store_close(l.store);
}

static void the_end_of_a_lesson_stays_on_the_screen(void **state)
{
    (void)state;
    struct learner l;
    sit_down(&l, NULL, 80, 40);
    press(&l.ui, "<Enter>lll");
    assert_true(shows(&l.ui.canvas, "Lesson done."));
    assert_true(shows(&l.ui.canvas, "That is a race."));
    assert_true(shows(&l.ui.canvas, "Predicted right: 0 of 2. Challenges solved: 0 of 1."));
    assert_true(shows(&l.ui.canvas, "Next lesson: Another one."));
    assert_int_equal(status_of(&l, "race/lost"), STORE_DONE);
    golden_check("success-80x40", &l.ui.canvas);
    ui_resize(&l.ui, 40, 10);
    ui_draw(&l.ui);
    golden_check("success-40x10", &l.ui.canvas);
    ui_resize(&l.ui, 80, 40);
    ui_draw(&l.ui);
    press(&l.ui, "<Enter><Esc>");
    assert_true(shows(&l.ui.canvas, "1 of 2 lessons done"));
    press(&l.ui, "R<Enter>");
    assert_int_equal(status_of(&l, "race/lost"), STORE_NEW);
    press(&l.ui, "u");
    assert_int_equal(status_of(&l, "race/lost"), STORE_DONE);
    press(&l.ui, "R1");
    assert_int_equal(status_of(&l, "race/lost"), STORE_NEW);
    press(&l.ui, "s");
    assert_true(shows(&l.ui.canvas, "skipped"));
    stand_up(&l);
    store_close(l.store);
}

static void a_page_that_does_not_fit_is_read_on(void **state)
{
    (void)state;
    struct learner l;
    sit_down(&l, NULL, 40, 10);
    press(&l.ui, "<Enter>");
    assert_true(shows(&l.ui.canvas, "more ↓"));
    for (int i = 0; i < 40 && view_of(&l)->section == 0; i++)
        press(&l.ui, " ");
    assert_int_equal(view_of(&l)->section, 1);
    press(&l.ui, "h");
    assert_int_equal(view_of(&l)->section, 0);
    assert_true(view_of(&l)->top > 0); /* at the end of the page before */
    press(&l.ui, "<Tab>");
    assert_true(shows(&l.ui.canvas, "counter.c"));
    stand_up(&l);
    store_close(l.store);
}

/* What is kept of a lesson can be read, and scrolled where there is much. */
static void the_notebook_tells_what_was_done(void **state)
{
    (void)state;
    struct learner l;
    struct err e = {0};
    sit_down(&l, NULL, 80, 24);
    press(&l.ui, "<Enter>n");
    assert_true(shows(&l.ui.canvas, "Sections read: 0 of 3."));
    press(&l.ui, "<Esc>");
    press(&l.ui, "2<Enter>23<Enter>l");
    for (int i = 0; i < 12; i++) {
        struct store_attempt a = {.lesson = "race/lost",
                                  .challenge = "break",
                                  .kind = STORE_BREAK,
                                  .tried = "ls1:00000000:a2",
                                  .passed = i == 11,
                                  .message = i == 11 ? "done at last" : "not this time"};
        assert_int_equal(store_attempt_save(l.store, &a, &e), 0);
    }
    press(&l.ui, "n");
    assert_true(shows(&l.ui.canvas, "Sections read: 1 of 3."));
    assert_true(shows(&l.ui.canvas, "Which of these can it print?"));
    assert_true(shows(&l.ui.canvas, "First 2, after 2 tries 2 3: right."));
    assert_true(shows(&l.ui.canvas, "done at last")); /* the newest comes first */
    assert_true(shows(&l.ui.canvas, "more ↓"));
    static const char *const down[] = {"<Down>", "j", "<PgDn>", " "};
    for (size_t i = 0; i < 4; i++) {
        press(&l.ui, down[i]);
        assert_false(shows(&l.ui.canvas, "From "));
        press(&l.ui, i < 2 ? "<Up>" : "<PgUp>");
        assert_true(shows(&l.ui.canvas, "From "));
    }
    press(&l.ui, "q");
    assert_true(l.ui.leaving);
    stand_up(&l);
    store_close(l.store);
}

static void the_manual_pages_of_the_recap_are_listed(void **state)
{
    (void)state;
    struct learner l;
    sit_down(&l, NULL, 80, 24);
    press(&l.ui, "<Enter>m");
    assert_true(shows(&l.ui.canvas, "Manual pages"));
    assert_true(shows(&l.ui.canvas, "pthreads(7)"));
    golden_check("manual-80x24", &l.ui.canvas);
    press(&l.ui, "<Enter>");
    assert_true(shows(&l.ui.canvas, "man 7 pthreads"));
    press(&l.ui, "m<Esc>");
    assert_false(shows(&l.ui.canvas, "Manual pages"));
    press(&l.ui, "<Esc>j<Enter>m");
    assert_true(shows(&l.ui.canvas, "names no manual pages"));
    stand_up(&l);
    store_close(l.store);
}

static void every_size_draws(void **state)
{
    (void)state;
    struct learner l;
    sit_down(&l, NULL, 80, 24);
    static const char *const keys[] = {"", "<Enter>", "2<Enter>", "l<Down>iiii", "l", "?", "?"};
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
        press(&l.ui, keys[k]);
        for (int cols = 1; cols < 210; cols += cols < 90 ? 3 : 29)
            for (int rows = 1; rows < 65; rows += rows < 26 ? 2 : 9) {
                ui_resize(&l.ui, cols, rows);
                ui_draw(&l.ui);
            }
        ui_resize(&l.ui, 80, 24);
        ui_draw(&l.ui);
    }
    assert_true(shows(&l.ui.canvas, "lockstep"));
    stand_up(&l);
    store_close(l.store);
}

static void without_a_store_all_goes_on(void **state)
{
    (void)state;
    struct learner l;
    sit_down(&l, NULL, 80, 24);
    l.ui.store = NULL;
    press(&l.ui, "<Enter>2<Enter>lll<Enter><Esc>csRs");
    stand_up(&l);
    store_close(l.store);
}

int main(int argc, char **argv)
{
    struct err e = {0};
    setlocale(LC_CTYPE, "C.UTF-8");
    golden_options(argc, argv);
    if (catalogue_read(&catalogue, "tests/screens/data/lessons", NULL, &e) < 0 ||
        catalogue.nproblems) {
        fprintf(stderr, "%s\n", catalogue.nproblems ? catalogue.problems[0].message : e.message);
        return 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_lessons_are_listed_by_unit),
        cmocka_unit_test(searching_narrows_the_list),
        cmocka_unit_test(a_lesson_is_drawn_at_several_sizes),
        cmocka_unit_test(predict_then_see),
        cmocka_unit_test(one_comes_back_exactly_where_one_left),
        cmocka_unit_test(hints_come_one_by_one_and_then_the_solution),
        cmocka_unit_test(the_end_of_a_lesson_stays_on_the_screen),
        cmocka_unit_test(a_page_that_does_not_fit_is_read_on),
        cmocka_unit_test(the_notebook_tells_what_was_done),
        cmocka_unit_test(the_manual_pages_of_the_recap_are_listed),
        cmocka_unit_test(every_size_draws),
        cmocka_unit_test(without_a_store_all_goes_on),
    };
    int rc = cmocka_run_group_tests(tests, NULL, NULL);
    catalogue_fini(&catalogue);
    return rc;
}
