/* The step screen of executions with several processes: the tree of processes, lanes grouped by
 * process, zombies, orphans, pipes and who has their ends open. */
#include "film.h"
#include "show.h"
#include "step_internal.h"

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

static void open_film(struct bench *b, enum film film, int cols, int rows, uint32_t step)
{
    struct step_setup setup = {.title = "film", .program = "film.c", .lesson = ""};
    ui_init(&b->ui, &options, cols, rows);
    b->s = step_push(&b->ui, film_port(film), &setup);
    step_seek(b->s, step);
    ui_draw(&b->ui);
}

static void check_sizes(enum film film, uint32_t step, const char *what)
{
    static const int sizes[][2] = {{80, 24}, {120, 40}, {200, 60}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct bench b;
        char name[64];
        open_film(&b, film, sizes[i][0], sizes[i][1], step);
        snprintf(name, sizeof name, "processes-%s-%dx%d", what, sizes[i][0], sizes[i][1]);
        golden_check(name, &b.ui.canvas);
        ui_fini(&b.ui);
    }
}

static void two_processes(void **state)
{
    (void)state;
    check_sizes(FILM_FAMILY, 3, "two");
}

static void a_zombie(void **state)
{
    (void)state;
    check_sizes(FILM_FAMILY, 5, "zombie");
    struct bench b;
    open_film(&b, FILM_FAMILY, 80, 24, 4);
    assert_true(shows(&b.ui.canvas, "zombie, status 3"));
    step_seek(b.s, 6);
    ui_draw(&b.ui);
    assert_true(shows(&b.ui.canvas, "reaped, status 3"));
    ui_fini(&b.ui);
}

static void an_orphan(void **state)
{
    (void)state;
    check_sizes(FILM_ORPHAN, 7, "orphan");
    struct bench b;
    open_film(&b, FILM_ORPHAN, 80, 24, 3);
    assert_true(shows(&b.ui.canvas, "P2 1002←1001"));
    step_seek(b.s, 4);
    ui_draw(&b.ui);
    assert_true(shows(&b.ui.canvas, "P2 1002←1 "));
    assert_true(shows(&b.ui.canvas, "orphan, new"));
    ui_fini(&b.ui);
}

static void a_full_pipe(void **state)
{
    (void)state;
    check_sizes(FILM_PIPE, 6, "pipe");
    struct bench b;
    open_film(&b, FILM_PIPE, 120, 40, 6);
    assert_true(shows(&b.ui.canvas, "full, 65536 of 65536 bytes"));
    assert_true(shows(&b.ui.canvas, "reads: P0:3  writes: P1:4"));
    assert_true(shows(&b.ui.canvas, "waits: P1.T1"));
    ui_fini(&b.ui);
}

static void the_table_names_tasks_with_their_process(void **state)
{
    (void)state;
    struct bench b;
    open_film(&b, FILM_ORPHAN, 80, 24, 7);
    press(&b.ui, "v1");
    golden_check("processes-table-80x24", &b.ui.canvas);
    step_seek(b.s, 0);
    ui_draw(&b.ui);
    assert_false(shows(&b.ui.canvas, "P0.T0")); /* there is one process yet */
    ui_fini(&b.ui);
}

static void small_and_plain_terminals(void **state)
{
    (void)state;
    struct bench b;
    options.ascii = 1;
    open_film(&b, FILM_ORPHAN, 80, 24, 7);
    for (int y = 0; y < 24; y++)
        for (int x = 0; x < 80; x++)
            assert_true(canvas_at(&b.ui.canvas, x, y)->ch < 0x80);
    assert_true(shows(&b.ui.canvas, "P2 1002<1 "));
    ui_fini(&b.ui);
    options.ascii = 0;
    open_film(&b, FILM_ORPHAN, 40, 10, 7);
    for (int i = 0; i < 9; i++) { /* every panel has its turn */
        press(&b.ui, "<Tab>");
        for (uint32_t step = 0; step <= b.s->trace->nsteps; step++) {
            step_seek(b.s, step);
            ui_draw(&b.ui);
        }
    }
    ui_fini(&b.ui);
}

static void up_and_down_follow_the_tree(void **state)
{
    (void)state;
    struct bench b;
    open_film(&b, FILM_ORPHAN, 80, 24, 7);
    b.s->focus = PANEL_THREADS;
    b.s->selected = 0;
    press(&b.ui, "<Down>");
    assert_int_equal(b.s->selected, 1);
    press(&b.ui, "<Down><Down><Down>");
    assert_int_equal(b.s->selected, 2);
    press(&b.ui, "<Up><Up><Up>");
    assert_int_equal(b.s->selected, 0);
    ui_fini(&b.ui);
}

int main(int argc, char **argv)
{
    setlocale(LC_CTYPE, "C.UTF-8");
    golden_options(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_processes),
        cmocka_unit_test(a_zombie),
        cmocka_unit_test(an_orphan),
        cmocka_unit_test(a_full_pipe),
        cmocka_unit_test(the_table_names_tasks_with_their_process),
        cmocka_unit_test(small_and_plain_terminals),
        cmocka_unit_test(up_and_down_follow_the_tree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
