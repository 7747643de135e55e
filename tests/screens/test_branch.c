/* Moving, undoing, other turns, comparing and necessary switches on the step screen: with toys, and
 * with real programs in a session (these need a C compiler and the probe). */
#include "compare.h"
#include "show.h"
#include "step_internal.h"
#include "store.h"
#include "toy.h"

#include <locale.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct tui_options options;

struct bench {
    struct ui ui;
    struct step *s;
    struct program *program; /* NULL: a toy */
};

static void open_toy(struct bench *b, enum toy_program program, int cols, int rows)
{
    struct step_setup setup = {.title = "toy", .program = "toy.c", .lesson = ""};
    *b = (struct bench){0};
    ui_init(&b->ui, &options, cols, rows);
    b->s = step_push(&b->ui, toy_port(program), &setup);
    ui_draw(&b->ui);
}

static void open_program(struct bench *b, const char *name, int cols, int rows)
{
    struct step_setup setup = {.title = name, .program = name, .lesson = ""};
    const char *top = getenv("LOCKSTEP_TOP");
    char *path = xasprintf("%s/tests/programs/%s.c", top ? top : ".", name);
    struct port port = {0};
    struct err e = {0};
    *b = (struct bench){0};
    if (program_build(&b->program, &path, 1, NULL, 0, &e) != 0 ||
        port_open(&port, b->program, NULL, &e) != 0)
        fail_msg("%s: %s", name, e.message);
    free(path);
    ui_init(&b->ui, &options, cols, rows);
    b->s = step_push(&b->ui, port, &setup);
    ui_draw(&b->ui);
}

static void close_bench(struct bench *b)
{
    ui_fini(&b->ui);
    if (b->program)
        program_free(b->program);
}

/* Let the work beside the screen, and what is run until, come to its end. */
static void settle(struct bench *b)
{
    for (int i = 0; i < 3000; i++) {
        int fd = -1, ms = step_wait(b->s, b->ui.now, &fd);
        if (fd < 0 && ms != 0)
            break;
        struct pollfd polled = {fd, POLLIN, 0};
        poll(&polled, fd >= 0, fd >= 0 ? 20 : 0);
        b->ui.now += 20;
        step_tick(b->s, &b->ui);
    }
    ui_draw(&b->ui);
}

static void go(struct bench *b, const char *keys)
{
    press(&b->ui, keys);
    settle(b);
}

/* -------- undo -------- */

static void many_turns_are_undone_and_done_again(void **state)
{
    (void)state;
    struct bench b;
    open_toy(&b, TOY_COUNTER, 80, 24);
    go(&b, "001122"); /* T1 reads and writes, then T2 */
    go(&b, "hhh2");   /* instead of T1's write */
    go(&b, "hh1");    /* and that again, later, elsewhere */
    go(&b, "hhh0");   /* nobody is hurt by one that changes nothing */
    assert_true(b.s->nundo >= 1);
    uint32_t steps = b.s->trace->nsteps;
    int levels = b.s->nundo;
    for (int i = 0; i < levels; i++)
        go(&b, "u");
    assert_int_equal(b.s->nundo, 0);
    assert_int_equal(b.s->trace->nsteps, 6); /* the first run */
    assert_int_equal(trace_step(b.s->trace, 4)->task, 1);
    go(&b, "u");
    assert_true(shows(&b.ui.canvas, "no run before this one"));
    for (int i = 0; i < levels; i++)
        go(&b, "U");
    assert_int_equal(b.s->trace->nsteps, steps);
    go(&b, "U");
    assert_true(shows(&b.ui.canvas, "nothing was undone"));
    close_bench(&b);
}

/* More turns than levels: the oldest are forgotten, nothing else. */
static void undoing_has_a_bound(void **state)
{
    (void)state;
    struct bench b;
    open_toy(&b, TOY_COUNTER, 80, 24);
    go(&b, "0012");
    for (int i = 0; i < UNDO_LEVELS; i++)
        go(&b, i % 2 ? "h2" : "h1");
    assert_true(b.s->nundo <= UNDO_LEVELS);
    for (int i = 0; i < UNDO_LEVELS + 3; i++)
        go(&b, "u");
    assert_int_equal(b.s->nundo, 0);
    close_bench(&b);
}

/* -------- comparing -------- */

static void two_runs_stand_side_by_side(void **state)
{
    (void)state;
    struct bench b;
    open_toy(&b, TOY_COUNTER, 80, 24);
    go(&b, "c");
    assert_true(shows(&b.ui.canvas, "no run before this one"));
    go(&b, "001122GGGG"); /* T1 reads and writes, then T2: 2 */
    assert_true(b.s->port.ops->finished(b.s->port.ctx));
    go(&b, "glll2GGGG"); /* T2 reads before T1 has written: 1 */
    go(&b, "c");
    assert_int_equal(b.s->main_view, PANEL_COMPARE);
    assert_int_equal(b.s->cursor, 4); /* the first three steps are the same */
    assert_true(shows(&b.ui.canvas, "the first difference: step 4"));
    assert_true(shows(&b.ui.canvas, "Printed: \"1\\n\" here, \"2\\n\" there."));
    golden_check("compare-80x24", &b.ui.canvas);
    go(&b, "u"); /* the other one is this one now */
    assert_true(shows(&b.ui.canvas, "Printed: \"2\\n\" here, \"1\\n\" there."));
    go(&b, "c");
    assert_int_equal(b.s->main_view, PANEL_COUNT);
    close_bench(&b);
}

static void sizes_of_comparing(void **state)
{
    static const struct {
        int cols, rows;
        const char *name;
    } sizes[] = {
        {40, 10, "compare-40x10"}, {120, 40, "compare-120x40"}, {200, 60, "compare-200x60"}};
    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct bench b;
        open_toy(&b, TOY_COUNTER, sizes[i].cols, sizes[i].rows);
        go(&b, "001122GGGGglll2GGGGc");
        golden_check(sizes[i].name, &b.ui.canvas);
        close_bench(&b);
    }
}

/* What is said of the other run is what the engine gives when its schedule is replayed. */
static void the_other_end_is_what_a_replay_gives(void **state)
{
    (void)state;
    struct bench b;
    struct session *session;
    struct err e = {0};
    struct buf end = {0}, out = {0}, printed = {0};
    open_program(&b, "counter_1", 80, 24);
    go(&b, "GGGGGG"); /* nobody interferes: 2 */
    assert_true(b.s->port.ops->finished(b.s->port.ctx));
    go(&b, "g:T1 2<Enter>"); /* T1 has started and read */
    uint32_t at = b.s->cursor;
    go(&b, "2:T2 *<Enter>GGGGGGc");
    assert_int_equal(b.s->cursor, at + 1);
    assert_true(b.s->nundo > 0);
    assert_int_equal(session_open(&session, b.program, NULL, &e), 0);
    assert_int_equal(session_replay(session, &b.s->undo[b.s->nundo - 1].schedule, 20000, &e), 0);
    const struct trace *t = session_trace(session);
    compare_say_end(t, &end);
    world_output(t, t->nsteps, 1, &out);
    buf_visible(&printed, out.data, out.len);
    buf_printf(&end, "%s", "");
    char there[80];
    snprintf(there, sizeof there, "\"%s\" there", printed.data);
    assert_string_equal(out.data, "2\n");
    assert_true(shows(&b.ui.canvas, there));
    assert_true(shows(&b.ui.canvas, "\"1\\n\" here"));
    assert_true(shows(&b.ui.canvas, end.data));
    buf_fini(&end);
    buf_fini(&out);
    buf_fini(&printed);
    session_close(session);
    close_bench(&b);
}

/* -------- run until -------- */

static void run_until_along_the_run_and_beyond(void **state)
{
    (void)state;
    struct bench b;
    open_toy(&b, TOY_COUNTER, 80, 24); /* T1 and T2 read on line 9, write on line 11 */
    go(&b, "00:T1 @11<Enter>");
    assert_int_equal(b.s->trace->nsteps, 3); /* it has read and stands before its write */
    go(&b, ":T2 *<Enter>");                  /* to its end */
    assert_int_equal(trace_step(b.s->trace, b.s->cursor)->task, 2);
    uint32_t last = b.s->cursor;
    go(&b, "g:@11<Enter>"); /* along the run: before the first write */
    assert_int_equal(b.s->trace->nsteps, last);
    const struct event *next = trace_step(b.s->trace, b.s->cursor + 1);
    assert_int_equal(next->kind, EV_WRITE);
    go(&b, "g:T1 1, T2 1<Enter>"); /* leg by leg */
    assert_int_equal(trace_step(b.s->trace, b.s->cursor)->task, 2);
    assert_int_equal(b.s->trace->nsteps, last);
    go(&b, "g:12x<Enter>");
    assert_true(shows(&b.ui.canvas, "is no step"));
    assert_int_equal(b.s->cursor, 0);
    go(&b, ":T9 @3<Enter>");
    assert_true(shows(&b.ui.canvas, "does not come there"));
    close_bench(&b);
}

static void the_same_object_and_switches_are_gone_to(void **state)
{
    (void)state;
    struct bench b;
    open_toy(&b, TOY_COUNTER, 80, 24);
    go(&b, "001221g"); /* create, create, T1 reads, T2 reads and writes, T1 writes */
    go(&b, "o");
    assert_true(shows(&b.ui.canvas, "at no object"));
    go(&b, ":3<Enter>o");
    assert_int_equal(b.s->cursor, 4);
    go(&b, "oo");
    assert_int_equal(b.s->cursor, 6);
    go(&b, "o");
    assert_true(shows(&b.ui.canvas, "no later step at"));
    go(&b, "O");
    assert_int_equal(b.s->cursor, 5);
    /* T0 could have gone on to its join, T1 and T2 to their writes and ends. */
    go(&b, "gs");
    uint32_t first = b.s->cursor;
    assert_true(first >= 3);
    go(&b, "s");
    assert_true(b.s->cursor > first);
    go(&b, "S");
    assert_int_equal(b.s->cursor, first);
    close_bench(&b);
}

/* -------- necessary switches -------- */

static void the_necessary_ones_are_marked_and_told(void **state)
{
    (void)state;
    struct bench b;
    open_program(&b, "counter_1", 80, 24);
    go(&b, "0011:T2 *<Enter>"); /* T1 reads; T2 does all */
    go(&b, "GGGG");
    go(&b, "m");
    assert_int_equal(b.s->mode, MODE_NORMAL);
    unsigned marks[4] = {0};
    for (uint32_t i = 1; i <= b.s->trace->nsteps; i++)
        marks[step_switch(b.s, i)]++;
    assert_int_equal(marks[SWITCH_NECESSARY], 1);
    assert_int_equal(marks[SWITCH_UNKNOWN], 0);
    struct buf why = {0};
    int bad;
    why_text(b.s, &why, &bad);
    assert_non_null(strstr(why.data, "Necessary for the output \"1\":\nswitch at step "));
    assert_non_null(strstr(why.data, "T1 had read counter (step "));
    buf_fini(&why);
    go(&b, "gs");
    assert_int_equal(step_switch(b.s, b.s->cursor), SWITCH_NECESSARY);
    assert_true(shows(&b.ui.canvas, "a necessary switch: T1 had read counter"));
    go(&b, "h1"); /* another run: nothing is known of that one */
    for (uint32_t i = 1; i <= b.s->trace->nsteps; i++)
        assert_int_not_equal(step_switch(b.s, i), SWITCH_NECESSARY);
    close_bench(&b);
}

static void a_run_that_shows_nothing_has_none(void **state)
{
    (void)state;
    struct bench b;
    open_program(&b, "counter_mutex", 80, 24);
    go(&b, "GGm");
    assert_true(shows(&b.ui.canvas, "nothing was found in this run"));
    close_bench(&b);
}

/* -------- bookmarks -------- */

static void bookmarks_are_listed_noted_and_removed(void **state)
{
    (void)state;
    struct bench b;
    open_toy(&b, TOY_COUNTER, 80, 24);
    go(&b, "B");
    assert_true(shows(&b.ui.canvas, "no bookmarks yet"));
    go(&b, "00112b");
    go(&b, "hhbB");
    assert_int_equal(b.s->mode, MODE_BOOKMARKS);
    assert_true(shows(&b.ui.canvas, "step 3, T1 read counter"));
    assert_true(shows(&b.ui.canvas, "step 5, T2 read counter"));
    go(&b, "jnhere it is<Enter>");
    assert_true(shows(&b.ui.canvas, "step 5, T2 read counter = 1: here it is"));
    golden_check("bookmarks-80x24", &b.ui.canvas);
    go(&b, "<Enter>");
    assert_int_equal(b.s->cursor, 5);
    assert_int_equal(b.s->mode, MODE_NORMAL);
    go(&b, "Bd");
    assert_int_equal(b.s->nbookmarks, 1);
    go(&b, "d");
    assert_int_equal(b.s->mode, MODE_NORMAL); /* none is left */
    assert_int_equal(b.s->nbookmarks, 0);
    close_bench(&b);
}

/* Kept in the store: with its note, and for another run of the program, which it brings back. */
static void a_bookmark_of_another_run_brings_it_back(void **state)
{
    (void)state;
    struct bench b;
    struct store *store;
    struct err e = {0};
    struct store_options o = {.login = "anna"};
    assert_true(store_open_memory(&store, &o, &e) >= 0);
    open_toy(&b, TOY_COUNTER, 80, 24);
    b.ui.store = store;
    go(&b, "001122GGGG"); /* T1, then T2 */
    go(&b, ":4<Enter>bBnthe write<Enter><Esc>");
    go(&b, ":3<Enter>2GGGG"); /* another run */
    go(&b, "B");
    assert_true(shows(&b.ui.canvas, "step 4 of another run: the write"));
    go(&b, "<Enter>");
    assert_int_equal(b.s->cursor, 4);
    assert_int_equal(trace_step(b.s->trace, 4)->task, 1);
    assert_int_equal(b.s->nbookmarks, 1);
    go(&b, "u");
    assert_int_equal(trace_step(b.s->trace, 4)->task, 2);
    close_bench(&b);
    store_close(store);
}

/* -------- what goes wrong -------- */

/* The row of the list that holds a text; -1 none. */
static int row_with(const struct step *s, const char *text)
{
    for (int i = 0; s->mode == MODE_ADVERSE && i < s->list.n; i++)
        if (strstr(s->list.rows[i].text, text))
            return i;
    return -1;
}

/* Step by step, until the list of what can go wrong has that row. */
static void until_offered(struct bench *b, const char *text)
{
    for (int i = 0; i < 60; i++) {
        uint32_t n = b->s->trace->nsteps, cursor = b->s->cursor;
        go(b, "x");
        if (row_with(b->s, text) >= 0)
            return;
        if (b->s->mode == MODE_ADVERSE)
            go(b, "<Esc>");
        assert_int_equal(b->s->mode, MODE_NORMAL);
        assert_int_equal(b->s->trace->nsteps, n); /* looking changed nothing */
        assert_int_equal(b->s->cursor, cursor);
        go(b, "l");
    }
    fail_msg("\"%s\" is never offered", text);
}

static void every_thing_that_can_go_wrong_is_offered_and_taken_and_undone(void **state)
{
    static const struct {
        const char *program, *keys, *row;
        unsigned kind; /* of the step it becomes */
        int adverse;
    } wrong[] = {
        {"adverse_spurious_if", "l1111", "wakes up without a signal", EV_COND_SPURIOUS, 1},
        {"adverse_malloc_unchecked", "", "it fails (ENOMEM)", EV_CALL, 1},
        {"adverse_eintr_read_unchecked", "", "read is interrupted", EV_FD_READ, 1},
        {"adverse_eintr_sem_unchecked", "ll1", "EINTR", EV_SEM_WAIT, 1},
        {"adverse_kill_status", "", "is killed", EV_KILL, 1},
        {"adverse_spurious_timed", "l1", "times out now", EV_COND_TIMEOUT, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct bench b;
        open_program(&b, wrong[i].program, 80, 24);
        go(&b, wrong[i].keys);
        until_offered(&b, wrong[i].row);
        uint32_t before = b.s->trace->nsteps;
        int row = row_with(b.s, wrong[i].row);
        for (int k = 0; k < row; k++)
            go(&b, "j");
        go(&b, "<Enter>");
        assert_int_equal(b.s->mode, MODE_NORMAL);
        assert_int_equal(b.s->trace->nsteps, before + 1);
        const struct event *e = trace_step(b.s->trace, before + 1);
        if (e->kind != wrong[i].kind)
            fail_msg("%s: it became %s", wrong[i].row, event_word(e->kind));
        if (wrong[i].adverse) {
            assert_true(shows(&b.ui.canvas, "u brings the run before back"));
            go(&b, "u");
            assert_int_equal(b.s->nundo, 0);
        }
        close_bench(&b);
    }
}

static void another_waiter_is_woken_from_the_list(void **state)
{
    (void)state;
    struct bench b;
    open_toy(&b, TOY_COND, 80, 24);
    for (int i = 0; i < 40 && b.s->mode != MODE_CHOOSE; i++) {
        go(&b, "x");
        if (row_with(b.s, "wakes another waiter") >= 0)
            go(&b, "<Enter>");
        else
            go(&b, "l");
    }
    assert_int_equal(b.s->mode, MODE_CHOOSE);
    assert_true(shows(&b.ui.canvas, "Whom does it wake?"));
    close_bench(&b);
}

/* -------- forward and back -------- */

static uint64_t hash_of(const struct canvas *c)
{
    uint64_t h = 1469598103934665603u;
    for (int y = 0; y < c->rows; y++)
        for (int x = 0; x < c->cols; x++) {
            const struct cell *cell = canvas_at(c, x, y);
            h = (h ^ (uint64_t)cell->ch ^ (uint64_t)cell->style << 32) * 1099511628211u;
        }
    return h;
}

static unsigned draw_number(unsigned *seed, unsigned below)
{
    *seed = *seed * 1103515245u + 12345u;
    return (*seed >> 16) % below;
}

/* A walk about the run: whatever way a step is come to, its screen is the same. */
static void walk(struct bench *b, unsigned seed, int moves)
{
    uint32_t n = b->s->trace->nsteps + 1, at;
    uint64_t *seen = xcalloc(n, sizeof *seen);
    struct buf *texts = xcalloc(n, sizeof *texts);
    for (int i = 0; i < moves; i++) {
        b->s->message[0] = 0;
        b->s->look_due = 1; /* what is looked at later on a slow machine */
        ui_draw(&b->ui);
        uint64_t h = hash_of(&b->ui.canvas);
        at = b->s->cursor;
        if (seen[at] && seen[at] != h) {
            struct buf now = {0};
            show_text(&b->ui.canvas, &now);
            fprintf(stderr, "%s\n%s\n", texts[at].data, now.data);
        }
        if (!seen[at])
            show_text(&b->ui.canvas, &texts[at]);
        if (seen[at] && seen[at] != h)
            fail_msg("step %u looks otherwise, view %d, seed %u", at, (int)b->s->main_view, seed);
        seen[at] = h;
        unsigned far = draw_number(&seed, 12), back = draw_number(&seed, 2);
        for (unsigned k = 0; k <= far; k++)
            if (back ? b->s->cursor > 0 : b->s->cursor + 1 < n)
                press(&b->ui, back ? "h" : "l");
    }
    free(seen);
    for (uint32_t i = 0; i < n; i++)
        buf_fini(&texts[i]);
    free(texts);
}

static void walk_all_views(struct bench *b)
{
    go(b, "GGGGGGGGG");
    go(b, "g");
    for (int p = 0; p <= PANEL_COUNT; p++) {
        if (p < PANEL_COUNT && !panel_is_view((enum panel)p))
            continue;
        step_show_view(b->s, (enum panel)p);
        for (unsigned seed = 1; seed <= 3; seed++)
            walk(b, seed, 60);
    }
}

static void forward_and_back_shows_the_same(void **state)
{
    static const enum toy_program toys[] = {TOY_COUNTER, TOY_LOCKS, TOY_COND};
    static const char *const real[] = {"counter_2", "ab_ba", "philosophers"};
    static const int sizes[][2] = {{80, 24}, {120, 40}, {200, 60}};
    (void)state;
    struct bench b;
    for (size_t i = 0; i < sizeof toys / sizeof *toys; i++)
        for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
            open_toy(&b, toys[i], sizes[k][0], sizes[k][1]);
            walk_all_views(&b);
            close_bench(&b);
        }
    for (size_t i = 0; i < sizeof real / sizeof *real; i++) {
        open_program(&b, real[i], sizes[i][0], sizes[i][1]);
        walk_all_views(&b);
        close_bench(&b);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_turns_are_undone_and_done_again),
        cmocka_unit_test(undoing_has_a_bound),
        cmocka_unit_test(two_runs_stand_side_by_side),
        cmocka_unit_test(sizes_of_comparing),
        cmocka_unit_test(the_other_end_is_what_a_replay_gives),
        cmocka_unit_test(run_until_along_the_run_and_beyond),
        cmocka_unit_test(the_same_object_and_switches_are_gone_to),
        cmocka_unit_test(the_necessary_ones_are_marked_and_told),
        cmocka_unit_test(a_run_that_shows_nothing_has_none),
        cmocka_unit_test(bookmarks_are_listed_noted_and_removed),
        cmocka_unit_test(a_bookmark_of_another_run_brings_it_back),
        cmocka_unit_test(every_thing_that_can_go_wrong_is_offered_and_taken_and_undone),
        cmocka_unit_test(another_waiter_is_woken_from_the_list),
        cmocka_unit_test(forward_and_back_shows_the_same),
    };
    setlocale(LC_ALL, "C.UTF-8");
    golden_options(argc, argv);
    tui_options_init(&options);
    options.theme = TUI_DARK;
    options.ascii = 0;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
