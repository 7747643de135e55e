/* The presentation and the speaker's notes, drawn. */
#include "present.h"
#include "present_notes.h"
#include "show.h"
#include "step_internal.h"
#include "store.h"
#include "toy.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct tui_options options;
static struct catalogue catalogue;

static const int sizes[][2] = {{80, 24}, {120, 40}, {200, 60}, {40, 10}};
enum { SIZES = 4 };

struct room {
    struct ui ui;
    struct store *store;
};

static void begin(struct room *r, int cols, int rows)
{
    struct store_options o = {.login = "anna"};
    struct err e = {0};
    if (store_open_memory(&r->store, &o, &e) < 0)
        fail_msg("%s", e.message);
    ui_init(&r->ui, &options, cols, rows);
    r->ui.lessons = &catalogue;
    r->ui.store = r->store;
}

static void end(struct room *r)
{
    ui_fini(&r->ui);
    store_close(r->store);
}

static void at_size(struct room *r, const int size[2], const char *name)
{
    char file[80];
    ui_resize(&r->ui, size[0], size[1]);
    ui_draw(&r->ui);
    snprintf(file, sizeof file, "present-%s%s-%dx%d", name, options.ascii ? "-ascii" : "", size[0],
             size[1]);
    golden_check(file, &r->ui.canvas);
}

static void all_sizes(struct room *r, const char *name)
{
    for (int i = 0; i < SIZES; i++)
        at_size(r, sizes[i], name);
}

/* A run of a toy, shown from its step screen. */
static struct step *begin_run(struct room *r, enum toy_program toy, const char *keys)
{
    struct step_setup setup = {.title = "toy", .program = "toy.c", .lesson = ""};
    begin(r, 80, 24);
    struct step *s = step_push(&r->ui, toy_port(toy), &setup);
    ui_draw(&r->ui);
    press(&r->ui, keys);
    return s;
}

/* -------- a run -------- */

static void every_panel_of_a_run(void **state)
{
    (void)state;
    static const char *const names[] = {"source", "threads", "objects", "output", "why"};
    struct room r;
    begin_run(&r, TOY_COUNTER, "001122211p");
    for (int i = 0; i < 5; i++) {
        press(&r.ui, (char[]){(char)('1' + i), 0});
        at_size(&r, sizes[0], names[i]);
    }
    press(&r.ui, "1");
    all_sizes(&r, "split");
    press(&r.ui, "2");
    at_size(&r, sizes[3], "threads");
    end(&r);
}

static void a_deadlock_is_seen_from_the_last_row(void **state)
{
    (void)state;
    struct room r;
    begin_run(&r, TOY_LOCKS, "0012p");
    press(&r.ui, "2");
    at_size(&r, sizes[0], "deadlock-threads");
    press(&r.ui, "3");
    at_size(&r, sizes[0], "deadlock-objects");
    assert_true(shows(&r.ui.canvas, "held by T1"));
    assert_true(shows(&r.ui.canvas, "waits: T2"));
    at_size(&r, sizes[1], "deadlock-objects");
    end(&r);
}

static void it_is_the_same_run_at_the_same_step(void **state)
{
    (void)state;
    struct room r;
    struct step *s = begin_run(&r, TOY_COUNTER, "0011222");
    uint32_t last = s->trace->nsteps;
    press(&r.ui, "h"); /* one step back in the step screen */
    press(&r.ui, "p");
    assert_int_equal(r.ui.depth, 2);
    assert_int_equal(s->cursor, last - 1);
    press(&r.ui, "<PgUp><PgUp>");
    assert_int_equal(s->cursor, last - 3);
    press(&r.ui, "<PgDn> <Enter>"); /* three ways on */
    assert_int_equal(s->cursor, last);
    press(&r.ui, "<PgDn>"); /* and beyond: the program goes on */
    assert_int_equal(s->trace->nsteps, last + 1);
    press(&r.ui, "p");
    assert_int_equal(r.ui.depth, 1);
    assert_int_equal(s->cursor, last + 1);
    press(&r.ui, "p<Esc>"); /* Esc is the other way back */
    assert_int_equal(r.ui.depth, 1);
    end(&r);
}

/* What comes after the step is not drawn: the class is asked what will happen. */
static void the_future_is_not_told(void **state)
{
    (void)state;
    struct room r;
    struct step *s = begin_run(&r, TOY_COUNTER, "001122211");
    while (s->cursor > 2)
        press(&r.ui, "h");
    press(&r.ui, "p2");
    assert_true(shows(&r.ui.canvas, "▼2"));
    assert_false(shows(&r.ui.canvas, "R███"));
    press(&r.ui, "<PgDn><PgDn>");
    assert_true(shows(&r.ui.canvas, "R███"));
    end(&r);
}

static void the_class_says_who_goes_next(void **state)
{
    (void)state;
    struct room r;
    struct step *s = begin_run(&r, TOY_COUNTER, "00p");
    press(&r.ui, "t");
    assert_true(shows(&r.ui.canvas, "Who goes next?"));
    press(&r.ui, "2");
    assert_int_equal(trace_step(s->trace, s->trace->nsteps)->task, 2);
    end(&r);
}

static void ascii_is_enough(void **state)
{
    (void)state;
    struct room r;
    options.ascii = 1;
    begin_run(&r, TOY_COUNTER, "001122211p");
    press(&r.ui, "1");
    all_sizes(&r, "split");
    press(&r.ui, "2");
    at_size(&r, sizes[0], "threads");
    end(&r);
    options.ascii = 0;
}

/* -------- a plan -------- */

static const char hour[] = "title: An hour\nminutes: 45\n> not for the class\n"
                           "lesson: race/none\n"
                           "section: race/lost 1\n  minutes: 5\n  > nor this\n"
                           "ask: What does it *print*?\n  choice: one\n  choice: two\n"
                           "  choice: nobody knows\n  right: 2\n  explain: Because it is so.\n"
                           "section: race/lost 2\n"
                           "text: Break\n  minutes: 5\n  say: Back in **five** minutes.\n";

static void begin_hour(struct room *r)
{
    struct plan *p;
    struct err e = {0};
    begin(r, 80, 24);
    if (plan_parse(&p, "hour.plan", hour, strlen(hour), &e) < 0)
        fail_msg("%s", e.message);
    r->ui.now = 1000;
    present_push(&r->ui, talk_make(p, &catalogue), 0);
    ui_draw(&r->ui);
}

static void to_slide(struct room *r, const char *key, const char *text)
{
    for (int i = 0; i < 20 && !shows(&r->ui.canvas, text); i++)
        press(&r->ui, key);
    assert_true(shows(&r->ui.canvas, text));
}

static void the_cover_says_what_is_wrong(void **state)
{
    (void)state;
    struct room r;
    begin_hour(&r);
    all_sizes(&r, "cover");
    ui_resize(&r.ui, 80, 24);
    ui_draw(&r.ui);
    assert_true(shows(&r.ui.canvas, "line 4: there is no lesson \"race/none\""));
    assert_false(shows(&r.ui.canvas, "not for the class"));
    press(&r.ui, "<PgDn>");
    all_sizes(&r, "text");
    assert_false(shows(&r.ui.canvas, "nor this"));
    end(&r);
}

static void hands_are_counted_and_the_answer_waits(void **state)
{
    (void)state;
    struct room r;
    begin_hour(&r);
    to_slide(&r, "]", "What does it print?");
    all_sizes(&r, "question");
    ui_resize(&r.ui, 80, 24);
    assert_false(shows(&r.ui.canvas, "Because it is so"));
    press(&r.ui, "13<Enter>12<Enter>"); /* 1: choice 1; 3 hands; then 12 */
    at_size(&r, sizes[0], "counting");
    assert_true(shows(&r.ui.canvas, " 12"));
    assert_false(shows(&r.ui.canvas, "●"));
    press(&r.ui, "4<Back>5<Enter>");
    press(&r.ui, "a");
    at_size(&r, sizes[0], "answered");
    assert_true(shows(&r.ui.canvas, "● 2 two"));
    assert_true(shows(&r.ui.canvas, "Because it is so."));
    assert_true(shows(&r.ui.canvas, "20 hands"));
    press(&r.ui, "a"); /* hidden again */
    assert_false(shows(&r.ui.canvas, "Because it is so"));
    struct store_setting *list;
    int n = store_settings(r.store, &list, NULL), kept = 0;
    for (int i = 0; i < n; i++)
        if (!strncmp(list[i].key, "hands What does it print? ", 26)) {
            assert_string_equal(list[i].value, "3 12 5");
            kept++;
        }
    assert_int_equal(kept, 1);
    free(list);
    end(&r);
}

/* A clicker sends nothing but on and back: all of the plan is passed with these. */
static void the_clicker_alone_will_do(void **state)
{
    (void)state;
    struct room r;
    begin_hour(&r);
    to_slide(&r, "]", "What does it print?");
    press(&r.ui, "<PgDn>");
    assert_true(shows(&r.ui.canvas, "Because it is so."));
    press(&r.ui, "<PgDn>");
    assert_false(shows(&r.ui.canvas, "What does it print?"));
    press(&r.ui, "<PgUp>"); /* and what was shown stays shown */
    assert_true(shows(&r.ui.canvas, "Because it is so."));
    end(&r);
}

static void hints_come_one_by_one(void **state)
{
    (void)state;
    struct room r;
    begin_hour(&r);
    to_slide(&r, "]", "What is one and one?");
    to_slide(&r, "<PgDn>", "Lose one");
    assert_false(shows(&r.ui.canvas, "Hint"));
    press(&r.ui, "ii");
    assert_true(shows(&r.ui.canvas, "Hint 2"));
    assert_false(shows(&r.ui.canvas, "Hint 3"));
    press(&r.ui, "i");
    assert_false(shows(&r.ui.canvas, "One solution"));
    press(&r.ui, "i");
    at_size(&r, sizes[0], "hints");
    assert_true(shows(&r.ui.canvas, "T0 *, T1 @11, T2 *, T1 *"));
    end(&r);
}

static int is_blank(const struct canvas *c)
{
    for (int y = 0; y < c->rows; y++)
        for (int x = 0; x < c->cols; x++)
            if (canvas_at(c, x, y)->ch != L' ')
                return 0;
    return 1;
}

static void black_is_black_and_loses_nothing(void **state)
{
    (void)state;
    struct room r;
    struct buf before = {0}, after = {0};
    begin_hour(&r);
    to_slide(&r, "]", "What does it print?");
    show_text(&r.ui.canvas, &before);
    press(&r.ui, ".");
    assert_true(is_blank(&r.ui.canvas));
    press(&r.ui, "<PgDn>"); /* shows it again, and no more */
    show_text(&r.ui.canvas, &after);
    assert_string_equal(before.data, after.data);
    press(&r.ui, "bb");
    after.len = 0;
    show_text(&r.ui.canvas, &after);
    assert_string_equal(before.data, after.data);
    buf_fini(&before);
    buf_fini(&after);
    end(&r);
}

static void esc_once_does_not_end_the_hour(void **state)
{
    (void)state;
    struct room r;
    begin_hour(&r);
    press(&r.ui, "<PgDn><Esc>");
    assert_int_equal(r.ui.depth, 1);
    assert_true(shows(&r.ui.canvas, "Esc once more"));
    press(&r.ui, "<PgDn><Esc>"); /* another key in between: asked again */
    assert_int_equal(r.ui.depth, 1);
    press(&r.ui, "<Esc>");
    assert_int_equal(r.ui.depth, 0);
    end(&r);
}

static void the_clock_stands_in_the_corner(void **state)
{
    (void)state;
    struct room r;
    begin_hour(&r);
    struct input on = {.key = K_PGDN, .now = 60000};
    ui_input(&r.ui, &on);
    r.ui.now = 60000 + 4 * 60000;
    ui_draw(&r.ui);
    assert_true(shows(&r.ui.canvas, "4 min, 41 left"));
    r.ui.now = 60000 + 8 * 60000;
    ui_draw(&r.ui);
    assert_true(shows(&r.ui.canvas, "8 min, 3 behind"));
    end(&r);
}

static void one_jumps_to_an_entry(void **state)
{
    (void)state;
    struct room r;
    begin_hour(&r);
    press(&r.ui, "g");
    at_size(&r, sizes[0], "list");
    press(&r.ui, "<Esc>]]]]");
    assert_true(shows(&r.ui.canvas, "Back in five minutes."));
    press(&r.ui, "[");
    assert_false(shows(&r.ui.canvas, "Back in five minutes."));
    end(&r);
}

/* -------- the notes -------- */

static void fill(struct wire_state *w)
{
    wire_init(w);
    w->slide = 3;
    w->of = 12;
    w->minutes = 45;
    w->began_ms = 1;
    w->from_minute = 5;
    w->until_minute = 10;
    w->choices = 3;
    wire_set(&w->plan, "An hour");
    wire_set(&w->now, "question: What does it print?");
    wire_set(&w->next, "step counter.c");
    wire_set(&w->note, "Let them vote first.\nThen ask why.");
    wire_set(&w->answer, "So it is: 2 two\nBecause it is so.\n");
    wire_set(&w->hands, "3 12 5");
    wire_set(&w->before, "2026-11-14 10:20: 4 9 1\n");
}

static void the_notes_show_what_the_class_does_not_see(void **state)
{
    (void)state;
    struct room r;
    struct wire_state w;
    begin(&r, 80, 24);
    struct notes *n = notes_push(&r.ui, 0);
    ui_draw(&r.ui);
    all_sizes(&r, "notes-waiting");
    fill(&w);
    r.ui.now = INT64_C(12) * 60000 + 2;
    notes_show(n, &w);
    all_sizes(&r, "notes");
    ui_resize(&r.ui, 80, 24);
    ui_draw(&r.ui);
    assert_true(shows(&r.ui.canvas, "12 of 45 min, 2 behind"));
    options.ascii = r.ui.canvas.ascii = 1;
    at_size(&r, sizes[0], "notes");
    options.ascii = 0;
    wire_fini(&w);
    end(&r);
}

static void the_notes_in_lines_say_only_what_is_new(void **state)
{
    (void)state;
    struct wire_state before, now;
    struct buf out = {0};
    fill(&before);
    fill(&now);
    notes_lines(NULL, &now, &out);
    assert_string_equal(out.data, "\n[3/12] question: What does it print?\n"
                                  "> Let them vote first.\n> Then ask why.\n"
                                  "answer: So it is: 2 two\nanswer: Because it is so.\n"
                                  "before: 2026-11-14 10:20: 4 9 1\n"
                                  "next: step counter.c\nhands: 3 12 5\n");
    out.len = 0;
    out.data[0] = 0;
    notes_lines(&before, &now, &out);
    assert_int_equal(out.len, 0);
    wire_set(&now.hands, "3 12 6");
    now.shown = 1;
    notes_lines(&before, &now, &out);
    assert_string_equal(out.data, "hands: 3 12 6\nthe answer is shown\n");
    out.len = 0;
    wire_set(&now.message, "\033[2J");
    notes_lines(&before, &now, &out);
    assert_null(strchr(out.data, '\033')); /* nothing of it is obeyed */
    wire_fini(&before);
    wire_fini(&now);
    buf_fini(&out);
}

static int read_lessons(void **state)
{
    (void)state;
    return catalogue_read(&catalogue, "tests/screens/data/lessons", NULL, NULL);
}

static int drop_lessons(void **state)
{
    (void)state;
    catalogue_fini(&catalogue);
    return 0;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_panel_of_a_run),
        cmocka_unit_test(a_deadlock_is_seen_from_the_last_row),
        cmocka_unit_test(it_is_the_same_run_at_the_same_step),
        cmocka_unit_test(the_future_is_not_told),
        cmocka_unit_test(the_class_says_who_goes_next),
        cmocka_unit_test(ascii_is_enough),
        cmocka_unit_test(the_cover_says_what_is_wrong),
        cmocka_unit_test(hands_are_counted_and_the_answer_waits),
        cmocka_unit_test(the_clicker_alone_will_do),
        cmocka_unit_test(hints_come_one_by_one),
        cmocka_unit_test(black_is_black_and_loses_nothing),
        cmocka_unit_test(esc_once_does_not_end_the_hour),
        cmocka_unit_test(the_clock_stands_in_the_corner),
        cmocka_unit_test(one_jumps_to_an_entry),
        cmocka_unit_test(the_notes_show_what_the_class_does_not_see),
        cmocka_unit_test(the_notes_in_lines_say_only_what_is_new),
    };
    setlocale(LC_ALL, "C.UTF-8");
    unsetenv("XDG_RUNTIME_DIR");
    char empty[] = "/tmp/present-XXXXXX"; /* no presentation runs there */
    if (!mkdtemp(empty))
        return 1;
    setenv("LOCKSTEP_DATA", empty, 1);
    golden_options(argc, argv);
    options = (struct tui_options){.theme = TUI_DARK, .colours = 256};
    int rc = cmocka_run_group_tests(tests, read_lessons, drop_lessons);
    rmdir(empty);
    return rc;
}
