/* The step screen on a toy program: what keys do, and what is drawn, without a terminal. */
#include "show.h"
#include "step_internal.h"
#include "toy.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct tui_options options;

struct bench {
    struct ui ui;
    struct step *s;
};

static void open_toy(struct bench *b, enum toy_program program, int cols, int rows,
                     const struct lesson_challenge *challenge)
{
    struct step_setup setup = {
        .title = "toy", .program = "toy.c", .lesson = "", .challenge = challenge};
    ui_init(&b->ui, &options, cols, rows);
    b->s = step_push(&b->ui, toy_port(program), &setup);
    ui_draw(&b->ui);
}

static void close_toy(struct bench *b)
{
    ui_fini(&b->ui);
}

static size_t nchoices(struct bench *b)
{
    return b->s->port.ops->schedule(b->s->port.ctx)->n;
}

static void check_golden(struct bench *b, const char *name)
{
    golden_check(name, &b->ui.canvas);
}

/* -------- moving -------- */

static void forward_makes_steps_and_back_only_looks(void **state)
{
    (void)state;
    struct bench b;
    open_toy(&b, TOY_COUNTER, 80, 24, NULL);
    press(&b.ui, "<Right>l.");
    assert_int_equal(b.s->trace->nsteps, 3);
    assert_int_equal(b.s->cursor, 3);
    press(&b.ui, "<Left>h");
    assert_int_equal(b.s->trace->nsteps, 3);
    assert_int_equal(b.s->cursor, 1);
    press(&b.ui, "<Right>");
    assert_int_equal(b.s->trace->nsteps, 3);
    assert_int_equal(b.s->cursor, 2);
    press(&b.ui, "g,,G");
    assert_int_equal(b.s->cursor, 3);
    close_toy(&b);
}

static void the_end_is_said(void **state)
{
    (void)state;
    struct bench b;
    open_toy(&b, TOY_COUNTER, 80, 24, NULL);
    for (int i = 0; i < 40; i++)
        press(&b.ui, "l");
    assert_true(b.s->port.ops->finished(b.s->port.ctx));
    assert_true(shows(&b.ui.canvas, "THE END"));
    assert_true(shows(&b.ui.canvas, "the run is over"));
    assert_true(shows(&b.ui.canvas, "│ 2"));
    close_toy(&b);
}

static void a_digit_at_the_end_lets_that_thread_go(void **state)
{
    (void)state;
    struct bench b;
    open_toy(&b, TOY_COUNTER, 80, 24, NULL);
    press(&b.ui, "00212");
    assert_int_equal(b.s->trace->nsteps, 5);
    assert_int_equal(trace_step(b.s->trace, 3)->task, 2);
    assert_int_equal(trace_step(b.s->trace, 4)->task, 1);
    press(&b.ui, "0"); /* main waits for T1 */
    assert_int_equal(b.s->trace->nsteps, 5);
    assert_true(b.s->message[0]);
    press(&b.ui, "9");
    assert_true(shows(&b.ui.canvas, "there is no T9"));
    close_toy(&b);
}

static void another_turn_replaces_what_came_after_and_undo_brings_it_back(void **state)
{
    (void)state;
    struct bench b;
    open_toy(&b, TOY_COUNTER, 80, 24, NULL);
    press(&b.ui, "001122"); /* T1 reads, writes; T2 reads, writes */
    assert_int_equal(b.s->trace->nsteps, 6);
    press(&b.ui, "hhh");
    assert_int_equal(b.s->cursor, 3);
    press(&b.ui, "1"); /* that is what happened anyway */
    assert_int_equal(b.s->trace->nsteps, 6);
    assert_int_equal(b.s->cursor, 4);
    press(&b.ui, "h2");
    assert_int_equal(b.s->trace->nsteps, 4);
    assert_int_equal(trace_step(b.s->trace, 4)->task, 2);
    assert_true(shows(&b.ui.canvas, "3 steps replaced"));
    press(&b.ui, "u");
    assert_int_equal(b.s->trace->nsteps, 6);
    assert_int_equal(b.s->cursor, 3);
    assert_int_equal(trace_step(b.s->trace, 4)->task, 1);
    press(&b.ui, "U");
    assert_int_equal(b.s->trace->nsteps, 4);
    close_toy(&b);
}

static void who_goes_next_is_chosen_from_a_list(void **state)
{
    (void)state;
    struct bench b;
    open_toy(&b, TOY_COUNTER, 80, 24, NULL);
    press(&b.ui, "00t");
    assert_true(shows(&b.ui.canvas, "Who goes next?"));
    check_golden(&b, "step-choose-80x24");
    press(&b.ui, "<Down><Enter>");
    assert_int_equal(trace_step(b.s->trace, 3)->task, 2);
    press(&b.ui, "t<Esc>");
    assert_int_equal(b.s->trace->nsteps, 3);
    close_toy(&b);
}

static void whom_a_signal_wakes_is_a_choice_and_can_be_changed(void **state)
{
    (void)state;
    struct bench b;
    open_toy(&b, TOY_COND, 120, 40, NULL);
    press(&b.ui, "00011223"); /* both wait, T3 signals */
    assert_int_equal(b.s->trace->nsteps, 8);
    assert_true(shows(&b.ui.canvas, "Whom does it wake?"));
    press(&b.ui, "2");
    assert_int_equal(b.s->trace->nsteps, 8);
    assert_int_equal(world_at(b.s->view, 8)->tasks[2].state, TASK_READY);
    assert_int_equal(world_at(b.s->view, 8)->tasks[1].state, TASK_BLOCKED);
    check_golden(&b, "step-wake-120x40");
    press(&b.ui, "w");
    assert_true(shows(&b.ui.canvas, "Whom does it wake?"));
    press(&b.ui, "1");
    assert_int_equal(world_at(b.s->view, 8)->tasks[1].state, TASK_READY);
    assert_int_equal(world_at(b.s->view, 8)->tasks[2].state, TASK_BLOCKED);
    press(&b.ui, "u");
    assert_int_equal(world_at(b.s->view, 8)->tasks[2].state, TASK_READY);
    close_toy(&b);
}

static void playing_goes_on_by_itself_and_stops_at_a_finding(void **state)
{
    (void)state;
    struct bench b;
    open_toy(&b, TOY_COUNTER, 80, 24, NULL);
    const struct screen_ops *ops = b.ui.stack[0].ops;
    press(&b.ui, "0012 ");
    assert_true(b.s->playing);
    int fd = -1;
    for (int i = 0; i < 100 && b.s->playing; i++) {
        int wait = ops->wait(b.s, b.ui.now, &fd);
        assert_true(wait >= 0);
        b.ui.now += wait;
        ops->tick(b.s, &b.ui);
    }
    assert_false(b.s->playing);
    assert_non_null(marks_at(&b.s->marks, b.s->cursor, EV_FINDING));
    assert_int_equal(ops->wait(b.s, b.ui.now, &fd), -1); /* idle: nothing to wake up for */
    close_toy(&b);
}

/* -------- finding -------- */

static void one_key_finds_the_bug_and_opens_the_decisive_step(void **state)
{
    (void)state;
    struct bench b;
    open_toy(&b, TOY_COUNTER, 80, 24, NULL);
    press(&b.ui, "f<Quiet>");
    assert_non_null(marks_at(&b.s->marks, b.s->cursor, EV_FINDING));
    assert_true(b.s->cursor < b.s->trace->nsteps);
    assert_true(shows(&b.ui.canvas, "a data race"));
    check_golden(&b, "step-found-80x24");
    press(&b.ui, "v1");
    check_golden(&b, "step-table-80x24");
    press(&b.ui, "<Esc>u");
    assert_int_equal(b.s->trace->nsteps, 0);
    close_toy(&b);
}

static void a_deadlock_is_drawn(void **state)
{
    (void)state;
    struct bench b;
    open_toy(&b, TOY_LOCKS, 120, 40, NULL);
    press(&b.ui, "f<Quiet>");
    assert_true(shows(&b.ui.canvas, "deadlocked"));
    check_golden(&b, "step-deadlock-120x40");
    close_toy(&b);
}

static void marks_and_bookmarks_are_gone_to(void **state)
{
    (void)state;
    struct bench b;
    open_toy(&b, TOY_COUNTER, 80, 24, NULL);
    press(&b.ui, "f<Quiet>");
    uint32_t finding = b.s->cursor;
    press(&b.ui, "g]");
    assert_int_equal(b.s->cursor, finding);
    press(&b.ui, "gllb");
    assert_int_equal(b.s->nbookmarks, 1);
    press(&b.ui, "g]");
    assert_int_equal(b.s->cursor, 2);
    press(&b.ui, "]");
    assert_int_equal(b.s->cursor, finding);
    press(&b.ui, "[b");
    assert_int_equal(b.s->nbookmarks, 0);
    close_toy(&b);
}

static void steps_are_searched_and_gone_to(void **state)
{
    (void)state;
    struct bench b;
    open_toy(&b, TOY_COUNTER, 80, 24, NULL);
    press(&b.ui, "f<Quiet>");
    press(&b.ui, "g/WRITE counter<Enter>");
    assert_int_equal(trace_step(b.s->trace, b.s->cursor)->kind, EV_WRITE);
    uint32_t first = b.s->cursor;
    press(&b.ui, "n");
    assert_true(b.s->cursor > first);
    press(&b.ui, "N");
    assert_int_equal(b.s->cursor, first);
    press(&b.ui, "/nowhere<Enter>");
    assert_true(shows(&b.ui.canvas, "no step of this run has \"nowhere\""));
    press(&b.ui, ":4<Enter>");
    assert_int_equal(b.s->cursor, 4);
    press(&b.ui, ":-3<Enter>");
    assert_int_equal(b.s->cursor, 1);
    press(&b.ui, ":x<Enter>");
    assert_int_equal(b.s->cursor, 1);
    assert_true(shows(&b.ui.canvas, "is no step"));
    press(&b.ui, ":99<Enter>");
    assert_int_equal(b.s->cursor, b.s->trace->nsteps);
    press(&b.ui, "g}");
    press(&b.ui, "}{");
    assert_int_equal(b.s->cursor, 1);
    close_toy(&b);
}

/* -------- challenges -------- */

struct told {
    int passed, failed;
};
static void on_reached(void *ctx, struct ui *ui, int passed, const char *token, const char *message)
{
    struct told *t = ctx;
    (void)ui;
    assert_true(*token);
    assert_true(*message);
    t->passed += passed;
    t->failed += !passed;
}

static void a_challenge_knows_when_its_goal_is_reached(void **state)
{
    (void)state;
    struct bench b;
    struct told told = {0};
    char out[] = "1\n", hint[] = "T1 first", title[] = "Lose one", text[] = "Make it print 1.";
    struct lesson_challenge ch = {.kind = CHALLENGE_BREAK,
                                  .goal_finding = -1,
                                  .goal_outcome = {out, 2},
                                  .title = {.text = title},
                                  .text = {.text = text}};
    for (int i = 0; i < CHALLENGE_HINTS; i++)
        ch.hints[i].text = hint;
    open_toy(&b, TOY_COUNTER, 80, 24, &ch);
    b.s->setup.reached = on_reached;
    b.s->setup.ctx = &told;
    assert_true(shows(&b.ui.canvas, "Goal: it prints \"1\\n\" at its end. Switches: yours 0"));
    press(&b.ui, "f"); /* that is the learner's to find */
    assert_true(shows(&b.ui.canvas, "you are the one who finds it"));
    assert_int_equal(b.s->trace->nsteps, 0);
    press(&b.ui, "F");
    assert_true(shows(&b.ui.canvas, "you are the one who finds it"));
    press(&b.ui, "0011122200000");
    assert_int_equal(told.failed, 1);
    press(&b.ui, "i");
    assert_true(shows(&b.ui.canvas, "hint 1 of 3: T1 first"));
    press(&b.ui, "r0012");
    press(&b.ui, "121200000");
    assert_int_equal(told.passed, 1);
    assert_true(shows(&b.ui.canvas, "You did it!"));
    close_toy(&b);
}

/* -------- drawing -------- */

static void every_size_draws_and_comes_back(void **state)
{
    (void)state;
    struct bench b;
    open_toy(&b, TOY_LOCKS, 80, 24, NULL);
    press(&b.ui, "f<Quiet>");
    static const char *const keys[] = {"",  "<Tab>", "v1",      "<Enter>",
                                       "t", "<Esc>", ":1<Esc>", "<Esc>"};
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
        press(&b.ui, keys[k]);
        for (int cols = 1; cols < 210; cols += cols < 90 ? 3 : 29)
            for (int rows = 1; rows < 65; rows += rows < 26 ? 2 : 9) {
                ui_resize(&b.ui, cols, rows);
                ui_draw(&b.ui);
            }
    }
    ui_resize(&b.ui, 80, 24);
    ui_draw(&b.ui);
    assert_true(shows(&b.ui.canvas, "Timeline"));
    close_toy(&b);
}

static void sizes_made_on_purpose(void **state)
{
    (void)state;
    static const int sizes[][2] = {{40, 10}, {80, 24}, {120, 40}, {200, 60}};
    for (size_t i = 0; i < 4; i++) {
        struct bench b;
        char name[64];
        open_toy(&b, TOY_COUNTER, sizes[i][0], sizes[i][1], NULL);
        press(&b.ui, "0012");
        snprintf(name, sizeof name, "step-%dx%d", sizes[i][0], sizes[i][1]);
        check_golden(&b, name);
        close_toy(&b);
    }
}

static void ascii_draws_nothing_else(void **state)
{
    (void)state;
    struct bench b;
    options.ascii = 1;
    open_toy(&b, TOY_LOCKS, 80, 24, NULL);
    press(&b.ui, "f<Quiet>");
    for (int y = 0; y < 24; y++)
        for (int x = 0; x < 80; x++)
            assert_true(canvas_at(&b.ui.canvas, x, y)->ch < 0x80);
    check_golden(&b, "step-ascii-80x24");
    options.ascii = 0;
    close_toy(&b);
}

static void a_crowd_scrolls_with_the_one_who_acts(void **state)
{
    (void)state;
    struct bench b;
    open_toy(&b, TOY_CROWD, 80, 24, NULL);
    toy_fill(&b.s->port, 5000);
    step_refresh(b.s, 0);
    for (int i = 0; i < 200; i++) {
        step_seek(b.s, 70 + i * 23);
        ui_draw(&b.ui);
        const struct world *w = step_world(b.s);
        char label[32];
        snprintf(label, sizeof label, "▶T%u ", w->running);
        assert_true(shows(&b.ui.canvas, label));
    }
    close_toy(&b);
}

static void mouse_selects_and_seeks(void **state)
{
    (void)state;
    struct bench b;
    open_toy(&b, TOY_COUNTER, 80, 24, NULL);
    press(&b.ui, "001122");
    struct rect cells = b.s->lane_cells;
    struct input click = {.key = K_MOUSE, .x = cells.x + 2 * b.s->scale, .y = cells.y, .clicks = 1};
    ui_input(&b.ui, &click);
    assert_int_equal(b.s->cursor, 2);
    struct rect threads = b.s->layout.at[PANEL_THREADS];
    click.x = threads.x + 3;
    click.y = threads.y + 2;
    ui_input(&b.ui, &click);
    assert_int_equal(b.s->focus, PANEL_THREADS);
    assert_int_equal(b.s->selected, 1);
    struct input wheel = {.key = K_MOUSE, .x = cells.x, .y = cells.y, .wheel = 1};
    ui_draw(&b.ui);
    ui_input(&b.ui, &wheel);
    assert_int_equal(b.s->cursor, 3);
    close_toy(&b);
}

static void looking_never_changes_the_run(void **state)
{
    (void)state;
    struct bench b;
    open_toy(&b, TOY_COUNTER, 120, 40, NULL);
    press(&b.ui, "0012");
    size_t before = nchoices(&b);
    press(&b.ui, "hhgGvv<Tab><Tab><Enter><Enter><Down><Up>?<Esc>z:2<Enter>/read<Enter>n");
    assert_int_equal(nchoices(&b), before);
    assert_int_equal(b.s->trace->nsteps, 4);
    close_toy(&b);
}

static void help_opens_searches_and_closes_with_the_same_key(void **state)
{
    (void)state;
    struct bench b;
    open_toy(&b, TOY_COUNTER, 80, 24, NULL);
    press(&b.ui, "?");
    assert_int_equal(b.ui.depth, 2);
    check_golden(&b, "help-80x24");
    press(&b.ui, "/bookmark<Enter>");
    assert_true(shows(&b.ui.canvas, "bookmark"));
    assert_false(shows(&b.ui.canvas, "one step back"));
    press(&b.ui, "?");
    assert_int_equal(b.ui.depth, 1);
    close_toy(&b);
}

/* Any keys in any order, at any size, on each program: no crash, and the cursor stays in the run.
 */
static void a_monkey_does_no_harm(void **state)
{
    (void)state;
    static const enum toy_program programs[] = {TOY_COUNTER, TOY_LOCKS, TOY_COND};
    static const int named[] = {K_UP,   K_DOWN, K_LEFT,  K_RIGHT, K_PGUP,    K_PGDN,
                                K_HOME, K_END,  K_ENTER, K_TAB,   K_BACKTAB, K_MOUSE};
    unsigned random = 11;
    for (int run = 0; run < 6; run++) {
        struct bench b;
        open_toy(&b, programs[run % 3], 80, 24, NULL);
        for (int i = 0; i < 1500; i++) {
            random = random * 1103515245U + 12345U;
            unsigned r = random >> 8;
            int key = r % 3 ? (int)(' ' + r / 3 % 95) : named[r / 3 % 12];
            /* q ends it; f is tried elsewhere and costs a search */
            struct input in = {.key = key == 'q' || key == 'f' ? 'l' : key,
                               .x = (int)(r / 7 % 90),
                               .y = (int)(r / 11 % 30),
                               .wheel = (int)(r / 13 % 3) - 1,
                               .clicks = 1 + (int)(r / 17 % 2)};
            ui_input(&b.ui, &in);
            if (r % 50 == 0)
                ui_resize(&b.ui, 1 + (int)(r / 50 % 200), 1 + (int)(r / 90 % 60));
            ui_draw(&b.ui);
            assert_true(b.s->cursor <= b.s->trace->nsteps);
            assert_true(b.s->selected < MAX_TASKS);
        }
        close_toy(&b);
    }
}

static void leaving_is_said_to_the_loop(void **state)
{
    (void)state;
    struct bench b;
    open_toy(&b, TOY_COUNTER, 80, 24, NULL);
    press(&b.ui, "<Esc>");
    assert_false(b.ui.leaving);
    press(&b.ui, "q");
    assert_true(b.ui.leaving);
    assert_int_equal(b.ui.status, 0);
    close_toy(&b);
}

int main(int argc, char **argv)
{
    setlocale(LC_CTYPE, "C.UTF-8");
    golden_options(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forward_makes_steps_and_back_only_looks),
        cmocka_unit_test(the_end_is_said),
        cmocka_unit_test(a_digit_at_the_end_lets_that_thread_go),
        cmocka_unit_test(another_turn_replaces_what_came_after_and_undo_brings_it_back),
        cmocka_unit_test(who_goes_next_is_chosen_from_a_list),
        cmocka_unit_test(whom_a_signal_wakes_is_a_choice_and_can_be_changed),
        cmocka_unit_test(playing_goes_on_by_itself_and_stops_at_a_finding),
        cmocka_unit_test(one_key_finds_the_bug_and_opens_the_decisive_step),
        cmocka_unit_test(a_deadlock_is_drawn),
        cmocka_unit_test(marks_and_bookmarks_are_gone_to),
        cmocka_unit_test(steps_are_searched_and_gone_to),
        cmocka_unit_test(a_challenge_knows_when_its_goal_is_reached),
        cmocka_unit_test(every_size_draws_and_comes_back),
        cmocka_unit_test(sizes_made_on_purpose),
        cmocka_unit_test(ascii_draws_nothing_else),
        cmocka_unit_test(a_crowd_scrolls_with_the_one_who_acts),
        cmocka_unit_test(mouse_selects_and_seeks),
        cmocka_unit_test(looking_never_changes_the_run),
        cmocka_unit_test(help_opens_searches_and_closes_with_the_same_key),
        cmocka_unit_test(a_monkey_does_no_harm),
        cmocka_unit_test(leaving_is_said_to_the_loop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
