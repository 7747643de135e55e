/* The views of the step screen, drawn at every size: who waits for whom, and the others. */
#include "film.h"
#include "show.h"
#include "step_internal.h"
#include "toy.h"
#include "views.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static struct tui_options options;

struct bench {
    struct ui ui;
    struct step *s;
};

static void open_port(struct bench *b, struct port port, int cols, int rows, const char *keys)
{
    struct step_setup setup = {.title = "toy", .program = "toy.c", .lesson = ""};
    ui_init(&b->ui, &options, cols, rows);
    b->s = step_push(&b->ui, port, &setup);
    ui_draw(&b->ui);
    press(&b->ui, keys);
}

/* The key that takes a view from the list. */
static void choose(struct bench *b, enum panel view)
{
    int digit = 0;
    char keys[8];
    for (int p = 0; p <= (int)view; p++)
        digit += panel_is_view((enum panel)p);
    snprintf(keys, sizeof keys, "v%d", digit);
    press(&b->ui, keys);
    assert_int_equal(b->s->main_view, view);
}

static const int sizes[][2] = {{40, 10}, {80, 24}, {120, 40}, {200, 60}};

/* The view at every size, in colours; at 80x24 once more in ASCII. */
static void check_view(struct port (*open)(void), const char *keys, enum panel view,
                       const char *more, const char *name)
{
    char file[64];
    struct bench b;
    for (size_t i = 0; i < 4; i++) {
        open_port(&b, open(), sizes[i][0], sizes[i][1], keys);
        choose(&b, view);
        press(&b.ui, more);
        snprintf(file, sizeof file, "view-%s-%dx%d", name, sizes[i][0], sizes[i][1]);
        golden_check(file, &b.ui.canvas);
        ui_fini(&b.ui);
    }
    options.ascii = 1;
    open_port(&b, open(), 80, 24, keys);
    choose(&b, view);
    press(&b.ui, more);
    snprintf(file, sizeof file, "view-%s-ascii-80x24", name);
    golden_check(file, &b.ui.canvas);
    ui_fini(&b.ui);
    options.ascii = 0;
}

/* Views are drawn at every size, whatever is in them. */
static void check_all_sizes(struct port port, const char *keys, enum panel view)
{
    struct bench b;
    open_port(&b, port, 80, 24, keys);
    choose(&b, view);
    for (int cols = 1; cols <= 210; cols += cols < 20 ? 1 : 13)
        for (int rows = 1; rows <= 64; rows += rows < 14 ? 1 : 7) {
            ui_resize(&b.ui, cols, rows);
            press(&b.ui, "<Down><Up><PgDn>");
        }
    ui_fini(&b.ui);
}

static struct port locks(void)
{
    return toy_port(TOY_LOCKS);
}

static struct port conditions(void)
{
    return toy_port(TOY_COND);
}

static struct port pipes(void)
{
    return film_port(FILM_PIPE);
}

static void a_deadlock_is_a_circle(void **state)
{
    (void)state;
    check_view(locks, "0012", PANEL_WAITS, "", "waits-circle");
}

static void waits_that_name_nobody(void **state)
{
    (void)state;
    check_view(conditions, "0001122", PANEL_WAITS, "", "waits-condition");
}

static void waits_of_processes(void **state)
{
    (void)state;
    check_view(pipes, "G", PANEL_WAITS, "", "waits-pipe");
}

static struct port counter(void)
{
    return toy_port(TOY_COUNTER);
}

static void a_race_is_ordered_by_nothing(void **state)
{
    (void)state;
    check_view(counter, "001212", PANEL_ORDER, "", "order-race");
}

static void memory_stands_along_the_steps(void **state)
{
    (void)state;
    check_view(counter, "001212", PANEL_MEMORY, "", "memory");
}

static struct port family(void)
{
    return film_port(FILM_FAMILY);
}

static struct port orphan(void)
{
    return film_port(FILM_ORPHAN);
}

static void processes_stand_as_a_tree(void **state)
{
    (void)state;
    check_view(family, "G<Left><Left>", PANEL_TREE, "", "tree-family");
    check_view(orphan, "G<Left>", PANEL_TREE, "", "tree-orphan");
    struct bench b;
    open_port(&b, counter(), 80, 24, "00");
    choose(&b, PANEL_TREE);
    assert_true(shows(&b.ui.canvas, "one process only"));
    ui_fini(&b.ui);
}

static void click(struct bench *b, int x, int y)
{
    struct input in = {.key = K_MOUSE, .x = x, .y = y, .clicks = 1};
    ui_input(&b->ui, &in);
    ui_draw(&b->ui);
}

/* A click on an access goes to its step: in the memory's row, and on its card. */
static void the_mouse_goes_to_accesses(void **state)
{
    (void)state;
    struct bench b;
    open_port(&b, counter(), 80, 24, "001212");
    choose(&b, PANEL_MEMORY);
    click(&b, b.s->views->memory_cells.x + 3 * b.s->views->memory_scale, 3);
    assert_int_equal(b.s->cursor, 3);
    press(&b.ui, "G<Esc>");
    choose(&b, PANEL_ORDER);
    click(&b, 10, 3);
    assert_int_equal(b.s->cursor, 5);
    ui_fini(&b.ui);
}

/* Arrows of all wake-ups stand where there is a row between lanes, tips elsewhere; the key again
 * takes them away. */
static void all_wake_ups_on_demand(void **state)
{
    (void)state;
    struct bench b;
    open_port(&b, conditions(), 120, 40, "00011223233");
    press(&b.ui, "a<Right>");
    golden_check("view-wakes-120x40", &b.ui.canvas);
    ui_fini(&b.ui);
    open_port(&b, conditions(), 80, 24, "00011223233");
    press(&b.ui, "a");
    golden_check("view-wakes-80x24", &b.ui.canvas);
    assert_true(shows(&b.ui.canvas, "all wake-ups"));
    press(&b.ui, "a");
    assert_false(b.s->all_wakes);
    ui_fini(&b.ui);
}

/* A pipe says what is in it: what was written and not read yet. */
static void a_pipe_shows_what_is_in_it(void **state)
{
    (void)state;
    struct bench b;
    open_port(&b, pipes(), 120, 40, "G");
    assert_true(shows(&b.ui.canvas, "in it: "));
    ui_fini(&b.ui);
}

/* On to the end and back again: each view is the same at the same step, whichever way it came. */
static void views_are_functions_of_the_step(void **state)
{
    (void)state;
    struct port (*const ports[])(void) = {counter, conditions, locks, orphan, pipes};
    static const char *const runs[] = {"001212001122", "00011223233112", "0012", "G", "G"};
    for (size_t i = 0; i < sizeof ports / sizeof *ports; i++)
        for (int view = 0; view < PANEL_COUNT; view++) {
            struct bench b;
            struct buf seen[40] = {{0}};
            if (!panel_is_view((enum panel)view))
                continue;
            open_port(&b, ports[i](), 120, 40, runs[i]);
            choose(&b, (enum panel)view);
            press(&b.ui, "g");
            uint32_t last = b.s->trace->nsteps;
            assert_true(last >= 4 && last < 40);
            for (uint32_t step = 0; step <= last; step++) {
                show_text(&b.ui.canvas, &seen[step]);
                show_styles(&b.ui.canvas, &seen[step]);
                if (step < last)
                    press(&b.ui, "<Right>");
            }
            for (uint32_t step = last + 1; step-- > 0;) {
                struct buf now = {0};
                show_text(&b.ui.canvas, &now);
                show_styles(&b.ui.canvas, &now);
                assert_string_equal(now.data, seen[step].data);
                buf_fini(&now);
                buf_fini(&seen[step]);
                press(&b.ui, "<Left>");
            }
            ui_fini(&b.ui);
        }
}

static void no_size_is_too_small(void **state)
{
    (void)state;
    check_all_sizes(locks(), "0012", PANEL_WAITS);
    check_all_sizes(pipes(), "G", PANEL_WAITS);
    check_all_sizes(toy_port(TOY_CROWD), "llllllll", PANEL_WAITS);
    check_all_sizes(counter(), "001212", PANEL_ORDER);
    check_all_sizes(counter(), "001212", PANEL_MEMORY);
    check_all_sizes(orphan(), "G<Left>", PANEL_TREE);
    check_all_sizes(toy_port(TOY_CROWD), "llllllll", PANEL_MEMORY);
}

int main(int argc, char **argv)
{
    setlocale(LC_CTYPE, "C.UTF-8");
    golden_options(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_deadlock_is_a_circle),
        cmocka_unit_test(waits_that_name_nobody),
        cmocka_unit_test(waits_of_processes),
        cmocka_unit_test(a_race_is_ordered_by_nothing),
        cmocka_unit_test(memory_stands_along_the_steps),
        cmocka_unit_test(processes_stand_as_a_tree),
        cmocka_unit_test(the_mouse_goes_to_accesses),
        cmocka_unit_test(all_wake_ups_on_demand),
        cmocka_unit_test(a_pipe_shows_what_is_in_it),
        cmocka_unit_test(views_are_functions_of_the_step),
        cmocka_unit_test(no_size_is_too_small),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
