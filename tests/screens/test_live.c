/* The live screen on programs made up: what is drawn, and what keys do, without a program. */
#include "live_internal.h"
#include "recorder.h"
#include "show.h"
#include "stage.h"
#include "toy.h"

#include <locale.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MS UINT64_C(1000000)

static struct tui_options options;

struct bench {
    struct ui ui;
    struct stage *stage;
    struct live_view *v;
};

/* As the loop does when it is time. */
static void tick(struct bench *b)
{
    b->ui.now += 40;
    b->ui.stack[0].ops->tick(b->ui.stack[0].state, &b->ui);
    ui_draw(&b->ui);
}

static void open_stage(struct bench *b, enum scene scene, uint64_t ns, int cols, int rows)
{
    struct live_setup setup = {.title = "stage.c"};
    memset(b, 0, sizeof *b);
    b->stage = stage_new(scene, ns);
    ui_init(&b->ui, &options, cols, rows);
    b->v = live_push(&b->ui, stage_port(b->stage), &setup);
    b->ui.now = INT64_C(1) << 40; /* later than any look before */
    ui_draw(&b->ui);
    tick(b);
    b->v->look_at = 0;
}

static void close_stage(struct bench *b)
{
    ui_fini(&b->ui);
    assert_non_null(strstr(b->stage->log.data, "close\n"));
    stage_free(b->stage);
}

static void go(struct bench *b, uint64_t ns)
{
    stage_go(b->stage, ns);
    b->v->look_at = 0;
    tick(b);
}

static int logged(struct bench *b, const char *what)
{
    return b->stage->log.data && strstr(b->stage->log.data, what) != NULL;
}

/* -------- pictures -------- */

static const struct {
    const char *name;
    enum scene scene;
    uint64_t ms;
} pictures[] = {
    {"running", SCENE_RUNNING, 800}, {"contended", SCENE_CONTENDED, 1500},
    {"queue", SCENE_QUEUE, 2000},    {"family", SCENE_FAMILY, 300},
    {"crowd", SCENE_CROWD, 1000},    {"hang", SCENE_HANG, 2500},
};
enum { PICTURES = sizeof pictures / sizeof *pictures };

static const struct size {
    int cols, rows;
} sizes[] = {{80, 24}, {120, 40}, {200, 60}, {40, 10}};

static void pictures_made_on_purpose(void **state)
{
    (void)state;
    for (size_t i = 0; i < PICTURES; i++)
        for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
            struct bench b;
            char name[64];
            open_stage(&b, pictures[i].scene, pictures[i].ms * MS, sizes[k].cols, sizes[k].rows);
            snprintf(name, sizeof name, "live-%s-%dx%d", pictures[i].name, sizes[k].cols,
                     sizes[k].rows);
            golden_check(name, &b.ui.canvas);
            close_stage(&b);
        }
}

static void crashed_and_failed_are_said(void **state)
{
    (void)state;
    static const struct {
        int status, bad;
        const char *says, *words;
    } ends[] = {
        {SIGSEGV, 1, "crashed: ended by SIGSEGV", "The program crashed: it ended by SIGSEGV"},
        {3 << 8, 1, "failed: exited with status 3", "The program exited with status 3"},
        {0, 0, "ENDED exited with status 0", "The program exited with status 0"}};
    for (size_t i = 0; i < 3; i++) {
        struct bench b;
        open_stage(&b, SCENE_CONTENDED, 500 * MS, 80, 24);
        assert_int_equal(live_bad(b.v), 0);
        stage_end(b.stage, ends[i].status);
        b.v->look_at = 0;
        tick(&b);
        assert_true(shows(&b.ui.canvas, "ENDED"));
        assert_true(shows(&b.ui.canvas, ends[i].says));
        assert_true(shows(&b.ui.canvas, ends[i].words));
        assert_int_equal(live_bad(b.v), ends[i].bad);
        int fd;
        assert_int_equal(b.ui.stack[0].ops->wait(b.v, b.ui.now, &fd), -1); /* nothing more to do */
        if (i == 0)
            golden_check("live-crashed-80x24", &b.ui.canvas);
        close_stage(&b);
    }
}

static void a_hang_is_said_and_found_bad(void **state)
{
    (void)state;
    struct bench b;
    open_stage(&b, SCENE_HANG, 500 * MS, 80, 24);
    assert_false(shows(&b.ui.canvas, "HANGS")); /* it may go on yet */
    go(&b, 2000 * MS);
    assert_true(shows(&b.ui.canvas, "HANGS"));
    assert_true(shows(&b.ui.canvas, "T1 holds a and waits for b"));
    assert_true(shows(&b.ui.canvas, "f searches for it"));
    assert_int_equal(live_bad(b.v), 1);
    close_stage(&b);
}

static void nothing_seen_yet_is_said(void **state)
{
    (void)state;
    struct bench b;
    open_stage(&b, SCENE_NEW, 0, 80, 24);
    assert_true(shows(&b.ui.canvas, "(it is being started)"));
    press(&b.ui, "jk<Up><Down>[]xpz+-<Left>G :1<Enter>12345670<Tab><Enter><Esc>");
    close_stage(&b);
}

static void notes_and_why_are_said(void **state)
{
    (void)state;
    struct bench b;
    open_stage(&b, SCENE_CONTENDED, 500 * MS, 120, 40);
    b.stage->notes = "what its threads do is not noted";
    tick(&b);
    assert_true(shows(&b.ui.canvas, "is not noted"));
    b.stage->why = "it made too many processes";
    stage_end(b.stage, SIGKILL);
    b.v->look_at = 0;
    tick(&b);
    assert_true(shows(&b.ui.canvas, "it made too many processes"));
    close_stage(&b);
}

static void output_is_shown_and_never_obeyed(void **state)
{
    (void)state;
    struct bench b;
    open_stage(&b, SCENE_CONTENDED, 500 * MS, 80, 24);
    buf_puts(&b.stage->output, "one\r\ntwo \033[2J\x07 three\n");
    tick(&b);
    assert_true(shows(&b.ui.canvas, "one"));
    assert_true(shows(&b.ui.canvas, "two \\x1b[2J\\x07 three"));
    close_stage(&b);
}

/* -------- sizes and attributes -------- */

static void every_size_draws_and_comes_back(void **state)
{
    (void)state;
    for (int scene = 0; scene < SCENES; scene++) {
        struct bench b;
        open_stage(&b, (enum scene)scene, 700 * MS, 80, 24);
        struct buf before = {0}, after = {0};
        show_text(&b.ui.canvas, &before);
        for (int panel = 0; panel < VIEW_PANELS; panel++) {
            char key[2] = {(char)('1' + panel), 0};
            press(&b.ui, key);
            for (int cols = 1; cols <= 210; cols += cols < 12 ? 1 : 23)
                for (int rows = 1; rows <= 64; rows += rows < 12 ? 1 : 13) {
                    ui_resize(&b.ui, cols, rows);
                    ui_draw(&b.ui);
                }
        }
        ui_resize(&b.ui, 80, 24);
        press(&b.ui, "2");
        show_text(&b.ui.canvas, &after);
        assert_string_equal(before.data, after.data);
        buf_fini(&before);
        buf_fini(&after);
        close_stage(&b);
    }
}

static void ascii_draws_nothing_else(void **state)
{
    (void)state;
    struct bench b;
    options.ascii = 1;
    open_stage(&b, SCENE_FAMILY, 300 * MS, 120, 40);
    options.ascii = 0;
    golden_check("live-ascii-120x40", &b.ui.canvas);
    struct buf text = {0};
    show_text(&b.ui.canvas, &text);
    for (size_t i = 0; i < text.len; i++)
        assert_true((unsigned char)text.data[i] < 0x80);
    buf_fini(&text);
    close_stage(&b);
}

/* Each state has a shape and a word; without colours nothing is lost. */
static void states_are_told_without_colours(void **state)
{
    (void)state;
    struct bench b;
    open_stage(&b, SCENE_FAMILY, 300 * MS, 200, 60);
    static const char *const said[] = {"▒ zombie, exited with status 3", "= stopped", "· asleep",
                                       "─ orphan, blocked, read pipe#1",
                                       "× reaped, ended by SIGKILL"};
    for (size_t i = 0; i < sizeof said / sizeof *said; i++)
        if (!shows(&b.ui.canvas, said[i]))
            fail_msg("'%s' is not there", said[i]);
    close_stage(&b);
}

/* -------- looking back -------- */

static void space_pauses_and_end_follows(void **state)
{
    (void)state;
    struct bench b;
    open_stage(&b, SCENE_CONTENDED, 1000 * MS, 80, 24);
    assert_true(shows(&b.ui.canvas, "LIVE"));
    press(&b.ui, " ");
    assert_true(shows(&b.ui.canvas, "PAUSED"));
    wchar_t before[8][80];
    struct rect lanes = b.v->lane_cells;
    for (int y = 0; y < 4; y++)
        for (int x = 0; x < 50; x++) /* up to the moment it was paused at */
            before[y][x] = canvas_at(&b.ui.canvas, lanes.x + x, lanes.y + y)->ch;
    stage_go(b.stage, 500 * MS);
    b.v->look_at = 0;
    b.ui.now += 200;
    b.ui.stack[0].ops->tick(b.v, &b.ui);
    assert_int_equal(b.ui.quiet, 1); /* nothing is drawn ... */
    assert_true(b.v->cursor == 1000 * MS - VIEW_MOMENT_NS);
    ui_draw(&b.ui);
    for (int y = 0; y < 4; y++) /* ... and what would be is the same */
        for (int x = 0; x < 50; x++)
            assert_int_equal(before[y][x], canvas_at(&b.ui.canvas, lanes.x + x, lanes.y + y)->ch);
    assert_false(logged(&b, "signal"));
    press(&b.ui, "G");
    assert_true(shows(&b.ui.canvas, "LIVE"));
    assert_false(shows(&b.ui.canvas, "PAUSED"));
    close_stage(&b);
}

/* The turns of who has m are known: T1 0 to 100 ms, T2 to 200 ms, T3 to 300 ms, T1 ... */
static void the_past_is_as_it_was(void **state)
{
    (void)state;
    struct bench b;
    open_stage(&b, SCENE_CONTENDED, 1000 * MS, 80, 24);
    press(&b.ui, "1jj"); /* T2 */
    press(&b.ui, ":0.15<Enter>");
    assert_true(shows(&b.ui.canvas, "PAUSED"));
    assert_true(shows(&b.ui.canvas, "at 0.15"));
    assert_true(shows(&b.ui.canvas, "T2 was RUNNING"));
    assert_true(shows(&b.ui.canvas, "m: T2 has it"));
    press(&b.ui, ":250 ms<Enter>");
    assert_true(shows(&b.ui.canvas, "T2 was blocked (m: T3 has it)"));
    golden_check("live-back-80x24", &b.ui.canvas);
    press(&b.ui, ":-100ms<Enter>");
    assert_true(b.v->cursor == 150 * MS);
    press(&b.ui, ":99<Enter>"); /* later than now is now */
    assert_true(b.v->cursor == 1000 * MS - VIEW_MOMENT_NS);
    press(&b.ui, ":soon<Enter>");
    assert_true(shows(&b.ui.canvas, "\"soon\" is no time"));
    assert_true(b.v->cursor == 1000 * MS - VIEW_MOMENT_NS);
    press(&b.ui, "g");
    assert_true(b.v->cursor == 0);
    press(&b.ui, "<Esc>");
    assert_true(b.v->following);
    close_stage(&b);
}

static void events_of_the_chosen_thread_are_gone_to(void **state)
{
    (void)state;
    struct bench b;
    open_stage(&b, SCENE_CONTENDED, 950 * MS, 80, 24);
    press(&b.ui, "1jj[");
    assert_true(b.v->cursor == 700 * MS); /* T2 got m last then, for which it came at 502 ms */
    assert_true(shows(&b.ui.canvas, "At 0.700000 s T2 locks m (waited 198 ms)"));
    press(&b.ui, "[");
    assert_true(b.v->cursor == 400 * MS);
    press(&b.ui, "]");
    assert_true(b.v->cursor == 700 * MS);
    press(&b.ui, "]");
    assert_true(shows(&b.ui.canvas, "no later event"));
    assert_true(b.v->cursor == 700 * MS);
    close_stage(&b);
}

static void time_is_scrolled_and_zoomed(void **state)
{
    (void)state;
    struct bench b;
    open_stage(&b, SCENE_CONTENDED, 1000 * MS, 80, 24);
    assert_true(shows(&b.ui.canvas, "10 cells = 200 ms"));
    press(&b.ui, "<Left>");
    assert_true(b.v->cursor == 980 * MS);
    press(&b.ui, "<Right>");
    assert_true(b.v->cursor == 1000 * MS - VIEW_MOMENT_NS);
    press(&b.ui, "+");
    assert_true(shows(&b.ui.canvas, "10 cells = 100 ms"));
    press(&b.ui, "--");
    assert_true(shows(&b.ui.canvas, "10 cells = 500 ms"));
    for (int i = 0; i < 40; i++)
        press(&b.ui, "+");
    assert_true(shows(&b.ui.canvas, "10 cells = 1 us"));
    for (int i = 0; i < 40; i++)
        press(&b.ui, "-");
    assert_true(shows(&b.ui.canvas, "10 cells = 10 min"));
    close_stage(&b);
}

static void the_window_follows_the_newest(void **state)
{
    (void)state;
    struct bench b;
    open_stage(&b, SCENE_RUNNING, 100 * MS, 80, 24);
    for (int i = 0; i < 60; i++) {
        go(&b, 250 * MS);
        uint64_t column = live_scale_column(b.v->scale);
        uint64_t end = b.v->from + column * (uint64_t)b.v->lane_cells.w;
        assert_true(b.v->from <= b.stage->now && b.stage->now < end);
        assert_true(live_scale_tick(b.v->scale) <= 500 * MS); /* seconds are told apart */
    }
    close_stage(&b);
}

static void a_click_seeks_and_the_wheel_zooms(void **state)
{
    (void)state;
    struct bench b;
    open_stage(&b, SCENE_CONTENDED, 1000 * MS, 80, 24);
    struct input click = {
        .key = K_MOUSE, .x = b.v->lane_cells.x + 10, .y = b.v->lane_cells.y + 2, .clicks = 1};
    ui_input(&b.ui, &click);
    assert_true(b.v->cursor == 200 * MS);
    assert_int_equal(b.v->chosen, 2);
    click.wheel = -1;
    ui_input(&b.ui, &click);
    ui_draw(&b.ui);
    assert_true(shows(&b.ui.canvas, "10 cells = 100 ms"));
    click = (struct input){.key = K_MOUSE, .x = 5, .y = 3, .clicks = 1};
    ui_input(&b.ui, &click);
    assert_int_equal(b.v->chosen, 1);
    assert_int_equal(b.v->focus, VIEW_THREADS);
    close_stage(&b);
}

/* -------- many threads -------- */

static void idle_threads_fold_and_are_counted(void **state)
{
    (void)state;
    struct bench b;
    open_stage(&b, SCENE_CROWD, 1500 * MS, 80, 24);
    assert_true(shows(&b.ui.canvas, "58 idle folded") || shows(&b.ui.canvas, "57 idle folded"));
    assert_true(shows(&b.ui.canvas, "T11 work"));
    press(&b.ui, "z");
    assert_false(shows(&b.ui.canvas, "folded   "));
    assert_int_equal(b.v->rows.nlanes, 64);
    assert_int_equal(b.v->rows.idle, 0);
    for (int i = 0; i < 70; i++)
        press(&b.ui, "j");
    assert_int_equal(b.v->chosen, 63);
    assert_true(shows(&b.ui.canvas, "▶T63 work"));
    close_stage(&b);
}

static void a_pinned_thread_stays_at_the_top(void **state)
{
    (void)state;
    struct bench b;
    open_stage(&b, SCENE_CROWD, 1500 * MS, 80, 24);
    press(&b.ui, "zjjjp"); /* T3 */
    assert_int_equal(b.v->rows.lanes[0].task, live_task_number(&b.stage->model, 3));
    press(&b.ui, "z"); /* folding keeps it though it only waits */
    assert_int_equal(b.v->rows.lanes[0].task, live_task_number(&b.stage->model, 3));
    for (int i = 0; i < 20; i++)
        press(&b.ui, "kk");
    press(&b.ui, "p");
    assert_int_equal(b.v->npins, 0);
    close_stage(&b);
}

static void the_tree_has_processes_and_one_is_chosen(void **state)
{
    (void)state;
    struct bench b;
    open_stage(&b, SCENE_FAMILY, 300 * MS, 120, 40);
    press(&b.ui, "1jj");
    assert_true(shows(&b.ui.canvas, "P3 (pid 4714"));
    assert_true(shows(&b.ui.canvas, "stopped"));
    close_stage(&b);
}

/* -------- doing something to it -------- */

static void the_menu_sends_signals(void **state)
{
    (void)state;
    struct bench b;
    open_stage(&b, SCENE_CONTENDED, 500 * MS, 80, 24);
    press(&b.ui, "x");
    assert_true(shows(&b.ui.canvas, "Do what to P0 (pid 4711)?"));
    press(&b.ui, "1");
    assert_true(logged(&b, "signal 19 to P0\n"));
    assert_true(shows(&b.ui.canvas, "SIGSTOP was sent to P0 (pid 4711)"));
    press(&b.ui, "x2x3");
    assert_true(logged(&b, "signal 18 to P0\nsignal 15 to P0\n"));
    press(&b.ui, "1jx6"); /* a signal to T1 alone */
    assert_true(shows(&b.ui.canvas, "SIGUSR1"));
    press(&b.ui, "3");
    assert_true(logged(&b, "signal 10 to T1\n"));
    press(&b.ui, "jx7");
    assert_true(logged(&b, "interrupt T2\n"));
    b.stage->refuses = 1;
    press(&b.ui, "x1");
    assert_true(shows(&b.ui.canvas, "the stage refuses"));
    close_stage(&b);
}

static void killing_asks_first_and_the_status_is_told(void **state)
{
    (void)state;
    struct bench b;
    open_stage(&b, SCENE_CONTENDED, 500 * MS, 80, 24);
    press(&b.ui, "x4");
    assert_true(shows(&b.ui.canvas, "Kill P0 (pid 4711)?"));
    press(&b.ui, "<Enter>"); /* the first row is no */
    assert_false(logged(&b, "signal"));
    press(&b.ui, "x4<Esc>");
    assert_false(logged(&b, "signal"));
    press(&b.ui, "x41");
    assert_true(logged(&b, "signal 9 to P0\n"));
    stage_end(b.stage, SIGKILL);
    b.v->look_at = 0;
    tick(&b);
    assert_true(shows(&b.ui.canvas, "ended by SIGKILL"));
    assert_int_equal(live_bad(b.v), 0); /* it was asked for */
    press(&b.ui, "x");
    assert_true(shows(&b.ui.canvas, "the program has ended"));
    close_stage(&b);
}

static void slow_motion_down_to_a_step(void **state)
{
    (void)state;
    struct bench b;
    open_stage(&b, SCENE_CONTENDED, 500 * MS, 80, 24);
    press(&b.ui, "<");
    assert_true(logged(&b, "pace 10000\n"));
    for (int i = 0; i < 12; i++)
        press(&b.ui, "<");
    char step[32];
    snprintf(step, sizeof step, "pace %u\n", PACE_STEP);
    assert_true(logged(&b, step));
    assert_true(shows(&b.ui.canvas, "step by step"));
    press(&b.ui, "n");
    assert_true(logged(&b, "step\n"));
    for (int i = 0; i < 12; i++)
        press(&b.ui, ">");
    assert_true(logged(&b, "pace 0\n"));
    b.stage->model.processes[0].noted = 0;
    press(&b.ui, "<");
    assert_true(shows(&b.ui.canvas, "cannot be slowed"));
    close_stage(&b);
}

static void a_line_is_typed_to_the_program(void **state)
{
    (void)state;
    struct bench b;
    open_stage(&b, SCENE_CONTENDED, 500 * MS, 80, 24);
    press(&b.ui, "whello q<Enter>");
    assert_true(logged(&b, "type hello q\n"));
    assert_false(b.ui.leaving);
    close_stage(&b);
}

/* -------- again, and to steps -------- */

static void it_runs_again(void **state)
{
    (void)state;
    struct bench b;
    open_stage(&b, SCENE_HANG, 2500 * MS, 80, 24);
    press(&b.ui, " r");
    assert_true(logged(&b, "again\n"));
    assert_true(shows(&b.ui.canvas, "LIVE"));
    assert_false(shows(&b.ui.canvas, "HANGS"));
    b.stage->refuses = 1;
    press(&b.ui, "r");
    assert_true(shows(&b.ui.canvas, "the stage refuses"));
    assert_true(b.v->ended);
    close_stage(&b);
}

static void a_search_opens_the_finding_in_steps(void **state)
{
    (void)state;
    struct bench b;
    open_stage(&b, SCENE_HANG, 2500 * MS, 80, 24);
    press(&b.ui, "f");
    assert_true(shows(&b.ui.canvas, "the stage has nothing to step"));
    b.stage->steps = toy_port(TOY_COUNTER);
    press(&b.ui, "f<Quiet>");
    assert_int_equal(b.ui.depth, 2);
    assert_true(shows(&b.ui.canvas, "This step decides it"));
    press(&b.ui, "<Esc>");
    assert_int_equal(b.ui.depth, 1);
    assert_true(shows(&b.ui.canvas, "HANGS"));
    close_stage(&b);
}

static void help_tells_keys_and_signs(void **state)
{
    (void)state;
    struct bench b;
    open_stage(&b, SCENE_CONTENDED, 500 * MS, 80, 60);
    press(&b.ui, "?");
    assert_true(shows(&b.ui.canvas, "pause the drawing and look back"));
    assert_true(shows(&b.ui.canvas, "the program and all it started are ended"));
    press(&b.ui, "?");
    assert_int_equal(b.ui.depth, 1);
    press(&b.ui, "q");
    assert_true(b.ui.leaving);
    close_stage(&b);
}

static void a_monkey_does_no_harm(void **state)
{
    (void)state;
    static const int special[] = {K_UP,  K_DOWN, K_LEFT, K_RIGHT, K_TAB,   K_ENTER,
                                  K_ESC, K_PGUP, K_PGDN, K_HOME,  K_MOUSE, K_END};
    for (int scene = 0; scene < SCENES; scene++) {
        struct bench b;
        uint64_t r = UINT64_C(88172645463325252) + (uint64_t)scene;
        open_stage(&b, (enum scene)scene, 300 * MS, 80, 24);
        for (int i = 0; i < 1500; i++) {
            r ^= r << 13;
            r ^= r >> 7;
            r ^= r << 17;
            int key = r % 3 ? (int)(' ' + r / 3 % 95) : special[r / 3 % 12];
            struct input in = {.key = key == 'q' || key == 'r' ? 'l' : key,
                               .x = (int)(r / 7 % 90),
                               .y = (int)(r / 11 % 30),
                               .wheel = (int)(r / 13 % 3) - 1,
                               .clicks = 1 + (int)(r / 17 % 2)};
            ui_input(&b.ui, &in);
            if (r % 50 == 0)
                ui_resize(&b.ui, 1 + (int)(r / 50 % 200), 1 + (int)(r / 90 % 60));
            if (i % 9 == 0 && b.ui.depth == 1)
                go(&b, 10 * MS);
            ui_draw(&b.ui);
            assert_true(b.v->following || b.v->cursor <= b.stage->now);
        }
        if (b.ui.depth)
            close_stage(&b);
    }
}

int main(int argc, char **argv)
{
    setlocale(LC_CTYPE, "C.UTF-8");
    golden_options(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pictures_made_on_purpose),
        cmocka_unit_test(crashed_and_failed_are_said),
        cmocka_unit_test(a_hang_is_said_and_found_bad),
        cmocka_unit_test(nothing_seen_yet_is_said),
        cmocka_unit_test(notes_and_why_are_said),
        cmocka_unit_test(output_is_shown_and_never_obeyed),
        cmocka_unit_test(every_size_draws_and_comes_back),
        cmocka_unit_test(ascii_draws_nothing_else),
        cmocka_unit_test(states_are_told_without_colours),
        cmocka_unit_test(space_pauses_and_end_follows),
        cmocka_unit_test(the_past_is_as_it_was),
        cmocka_unit_test(events_of_the_chosen_thread_are_gone_to),
        cmocka_unit_test(time_is_scrolled_and_zoomed),
        cmocka_unit_test(the_window_follows_the_newest),
        cmocka_unit_test(a_click_seeks_and_the_wheel_zooms),
        cmocka_unit_test(idle_threads_fold_and_are_counted),
        cmocka_unit_test(a_pinned_thread_stays_at_the_top),
        cmocka_unit_test(the_tree_has_processes_and_one_is_chosen),
        cmocka_unit_test(the_menu_sends_signals),
        cmocka_unit_test(killing_asks_first_and_the_status_is_told),
        cmocka_unit_test(slow_motion_down_to_a_step),
        cmocka_unit_test(a_line_is_typed_to_the_program),
        cmocka_unit_test(it_runs_again),
        cmocka_unit_test(a_search_opens_the_finding_in_steps),
        cmocka_unit_test(help_tells_keys_and_signs),
        cmocka_unit_test(a_monkey_does_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
