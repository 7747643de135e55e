/* The search screen: what is shown before, during and after a search, at all sizes; cancelling,
 * opening what was found, undoing that; what it says when the program cannot be searched. On toys,
 * and on searches made up that go on for as long as the test wants. */
#include "finder_internal.h"
#include "show.h"
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

struct bench {
    struct ui ui;
    struct step *s;
};

static void open_port(struct bench *b, struct port port, int cols, int rows)
{
    struct step_setup setup = {.title = "toy.c", .program = "toy.c", .lesson = ""};
    ui_init(&b->ui, &options, cols, rows);
    b->s = step_push(&b->ui, port, &setup);
    ui_draw(&b->ui);
}

static void open_toy(struct bench *b, enum toy_program program, int cols, int rows)
{
    open_port(b, toy_port(program), cols, rows);
}

static void close_toy(struct bench *b)
{
    ui_fini(&b->ui);
}

static void check_golden(struct bench *b, const char *name)
{
    golden_check(name, &b->ui.canvas);
}

/* -------- searches of toys -------- */

static void before_and_after_a_search(void **state)
{
    (void)state;
    struct bench b;
    open_toy(&b, TOY_LOCKS, 80, 24);
    press(&b.ui, "F");
    check_golden(&b, "finder-begin-80x24");
    press(&b.ui, "f<Quiet>");
    assert_true(shows(&b.ui.canvas, "COMPLETE"));
    assert_true(shows(&b.ui.canvas, "deadlock; "));
    check_golden(&b, "finder-outcomes-80x24");
    press(&b.ui, "<Tab>");
    check_golden(&b, "finder-findings-80x24");
    press(&b.ui, "<Tab>");
    check_golden(&b, "finder-tree-80x24");
    close_toy(&b);
}

static void at_other_sizes(void **state)
{
    (void)state;
    static const struct {
        int cols, rows;
        const char *keys, *name;
    } sizes[] = {{120, 40, "", "finder-120x40"},
                 {200, 60, "z", "finder-200x60"},
                 {40, 10, "", "finder-40x10"},
                 {40, 10, "<Tab><Tab>z", "finder-tree-40x10"}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct bench b;
        open_toy(&b, TOY_LOCKS, sizes[i].cols, sizes[i].rows);
        press(&b.ui, "0011Ff<Quiet>");
        press(&b.ui, sizes[i].keys);
        check_golden(&b, sizes[i].name);
        close_toy(&b);
    }
}

static void in_ascii(void **state)
{
    (void)state;
    struct bench b;
    options.ascii = 1;
    open_toy(&b, TOY_LOCKS, 120, 40);
    options.ascii = 0;
    press(&b.ui, "0011Ff<Quiet>z");
    for (int y = 0; y < 40; y++)
        for (int x = 0; x < 120; x++)
            assert_in_range(canvas_at(&b.ui.canvas, x, y)->ch, ' ', '~');
    check_golden(&b, "finder-ascii-120x40");
    close_toy(&b);
}

/* The first row is the commonest outcome; the other one is opened, and the run before comes back.
 */
static void an_outcome_is_opened_and_undone(void **state)
{
    (void)state;
    struct bench b;
    open_toy(&b, TOY_COUNTER, 80, 24);
    press(&b.ui, "0011");
    assert_int_equal(b.s->trace->nsteps, 4);
    press(&b.ui, "Ff<Quiet>j");
    size_t row = b.s->finder->at[VIEW_OUTCOMES];
    const struct explore_outcome *o = &b.s->finder->r->outcomes[b.s->finder->map.rows[row].outcome];
    char printed[8];
    assert_int_equal(row, 1);
    snprintf(printed, sizeof printed, "%.*s", (int)o->nout, o->out);
    press(&b.ui, "<Enter>");
    assert_int_equal(b.ui.depth, 1);
    struct buf out = {0};
    world_output(b.s->trace, b.s->trace->nsteps, 1, &out);
    assert_string_equal(out.data, printed);
    buf_fini(&out);
    assert_true(shows(&b.ui.canvas, "brings the run before back"));
    press(&b.ui, "u");
    assert_int_equal(b.s->trace->nsteps, 4);
    press(&b.ui, "F"); /* what was found is there still, and so is the place */
    assert_true(shows(&b.ui.canvas, "COMPLETE"));
    assert_int_equal(b.s->finder->at[VIEW_OUTCOMES], 1);
    press(&b.ui, "<Esc>");
    assert_int_equal(b.ui.depth, 1);
    close_toy(&b);
}

static void a_finding_and_a_branch_are_opened(void **state)
{
    (void)state;
    struct bench b;
    open_toy(&b, TOY_LOCKS, 80, 24);
    press(&b.ui, "F<Tab>f<Quiet><Enter>");
    assert_true(shows(&b.ui.canvas, "deadlock: this step decides it"));
    assert_non_null(marks_at(&b.s->marks, b.s->cursor, EV_FINDING));
    press(&b.ui, "F<Tab>jj");
    uint32_t node = b.s->finder->node, step = b.s->finder->tree.nodes[node].step;
    uint16_t choice = schedule_tree_choice(&b.s->finder->tree, b.s->finder->r, node);
    assert_int_not_equal(node, 0);
    press(&b.ui, "<Enter>");
    assert_int_equal(b.s->cursor, step);
    assert_int_equal(trace_step(b.s->trace, step + 1)->task, choice);
    close_toy(&b);
}

/* Only runs made by hand count, not those that were opened. */
static void what_was_reached_by_hand_is_told(void **state)
{
    (void)state;
    struct bench b;
    open_toy(&b, TOY_COUNTER, 80, 24);
    press(&b.ui, "Ff<Quiet>");
    assert_true(shows(&b.ui.canvas, "reached 0 of 2 outcomes"));
    press(&b.ui, "<Enter>");
    press(&b.ui, "F");
    assert_true(shows(&b.ui.canvas, "reached 0 of 2 outcomes"));
    press(&b.ui, "<Esc>r");
    for (int i = 0; i < 30; i++)
        press(&b.ui, "l");
    assert_true(b.s->port.ops->finished(b.s->port.ctx));
    press(&b.ui, "F");
    /* the way of the tree that the run took is found */
    press(&b.ui, "<Tab><Tab>.");
    assert_true(shows(&b.ui.canvas, "your run is here"));
    assert_true(b.s->finder->node > 0);
    close_toy(&b);
}

/* The list of views leads there, too. */
static void the_tree_is_among_the_views(void **state)
{
    (void)state;
    struct bench b;
    open_toy(&b, TOY_COUNTER, 80, 24);
    press(&b.ui, "v");
    assert_true(shows(&b.ui.canvas, "Outcomes: all the ways"));
    b.s->list.at = b.s->list.n - 1;
    press(&b.ui, "<Enter>");
    assert_int_equal(b.ui.depth, 2);
    assert_int_equal(b.s->finder->view, VIEW_TREE);
    press(&b.ui, "z"); /* there is none yet */
    assert_true(shows(&b.ui.canvas, "the tree grows with a search"));
    press(&b.ui, "<Esc>");
    assert_int_equal(b.ui.depth, 1);
    close_toy(&b);
}

static void typed_bounds_are_checked(void **state)
{
    (void)state;
    struct bench b;
    open_toy(&b, TOY_COUNTER, 80, 24);
    press(&b.ui, "Fn50<Enter>");
    assert_int_equal(b.s->finder->executions, 50);
    press(&b.ui, "n1.5<Enter>");
    assert_true(shows(&b.ui.canvas, "\"1.5\" is no number of executions"));
    assert_int_equal(b.s->finder->executions, 50);
    press(&b.ui, "t0<Enter>");
    assert_true(shows(&b.ui.canvas, "is no number of seconds"));
    press(&b.ui, "t2.5<Enter>");
    assert_true(b.s->finder->seconds > 2.4 && b.s->finder->seconds < 2.6);
    press(&b.ui, "tx<Esc>");
    assert_int_equal(b.s->finder->mode, FINDER_NORMAL);
    press(&b.ui, "x1");
    assert_int_equal(b.s->finder->adversity, 1);
    assert_true(shows(&b.ui.canvas, "adversity spurious"));
    close_toy(&b);
}

/* -------- searches that go on until the test says so -------- */

static int fails;
static struct explore_result found; /* what it will have found when it is stopped */

static int slow_search(void *ctx, const struct explore_options *o, const char *adversity,
                       struct explore_result *r, struct err *e)
{
    (void)ctx;
    (void)adversity;
    *r = (struct explore_result){.strategy = o->strategy, .why_not = "it was interrupted"};
    if (fails)
        return err_set(e, ERR_TARGET_GONE, "the toy fell over: it has no wheels");
    struct finder_work *w = o->ctx;
    while (!job_cancelled(w->job))
        usleep(1000);
    *r = found;
    r->why_not = "it was interrupted";
    found = (struct explore_result){.why_not = ""};
    return 0;
}

static struct port_ops slow_ops;

static void open_slow(struct bench *b, int cols, int rows)
{
    struct port p = toy_port(TOY_COUNTER);
    slow_ops = *p.ops;
    slow_ops.search = slow_search;
    p.ops = &slow_ops;
    open_port(b, p, cols, rows);
    press(&b->ui, "Ff");
}

/* n outcomes, the i-th of which i % 7 + 1 executions lead to; some of them deadlocks. */
static struct explore_result outcomes(size_t n)
{
    struct explore_result r = {.why_not = "", .strategy = STRATEGY_DPOR, .kept_every = 1};
    r.outcomes = xcalloc(n, sizeof *r.outcomes);
    r.noutcomes = n;
    for (size_t i = 0; i < n; i++) {
        struct explore_outcome *o = &r.outcomes[i];
        o->out = xasprintf("%zu\n", i);
        o->nout = o->nout_total = strlen(o->out);
        o->executions = i % 7 + 1;
        o->switches = (uint32_t)i % 4;
        o->deadlock = i % 5 == 4;
        schedule_init(&o->schedule);
        schedule_add(&o->schedule, 0, CHECK_UNKNOWN);
        r.executions += o->executions;
    }
    return r;
}

/* The search has found so much. The frame comes before the tick, as when a key is pressed just
 * then: the lists must not be those of before. */
static void put_outcomes(struct bench *b, size_t n)
{
    struct finder_work *w = b->s->finder->work;
    explore_result_fini(&found);
    found = outcomes(n);
    job_lock(b->s->finder->job);
    explore_result_fini(&w->so_far);
    w->so_far = outcomes(n);
    w->look = (struct explore_look){
        .executions = found.executions, .blocked = 12, .seconds = 2, .part = 0.25};
    w->news = 1;
    job_unlock(b->s->finder->job);
    ui_draw(&b->ui);
    assert_int_equal(b->s->finder->map.n, n);
    job_look(b->s->finder->job);
    b->ui.stack[b->ui.depth - 1].ops->tick(b->s->finder, &b->ui);
    ui_draw(&b->ui);
}

static void results_come_in_and_stay_when_it_is_stopped(void **state)
{
    (void)state;
    struct bench b;
    open_slow(&b, 80, 24);
    assert_true(shows(&b.ui.canvas, "SEARCHING"));
    put_outcomes(&b, 9);
    check_golden(&b, "finder-searching-80x24");
    assert_true(shows(&b.ui.canvas, "31 executions of some 120 (estimate)"));
    press(&b.ui, "jj");
    assert_int_equal(b.s->finder->at[VIEW_OUTCOMES], 2);
    press(&b.ui, "s"); /* not now */
    assert_int_equal(b.s->finder->strategy, STRATEGY_DPOR);
    assert_true(shows(&b.ui.canvas, "Esc stops the search first"));
    press(&b.ui, "<Esc>");
    assert_int_equal(b.ui.depth, 2);
    assert_true(shows(&b.ui.canvas, "STOPPING"));
    press(&b.ui, "<Quiet>");
    assert_true(shows(&b.ui.canvas, "STOPPED"));
    assert_true(shows(&b.ui.canvas, "you stopped it"));
    assert_int_equal(b.s->finder->map.n, 9);
    assert_int_equal(b.s->finder->outcome, 2); /* the cursor stays on what it was on */
    press(&b.ui, "<Esc>");
    assert_int_equal(b.ui.depth, 1);
    close_toy(&b);
}

/* What was found until then is found again: for a while there are fewer outcomes than rows. */
static void it_begins_anew_under_the_cursor(void **state)
{
    (void)state;
    struct bench b;
    open_slow(&b, 120, 40);
    put_outcomes(&b, 1000);
    press(&b.ui, "G");
    assert_int_equal(b.s->finder->at[VIEW_OUTCOMES], 999);
    put_outcomes(&b, 2);
    assert_in_range(b.s->finder->at[VIEW_OUTCOMES], 0, 1);
    press(&b.ui, "G");
    assert_int_equal(b.s->finder->at[VIEW_OUTCOMES], 1);
    press(&b.ui, "<Esc><Quiet>");
    close_toy(&b);
}

static void opening_stops_the_search(void **state)
{
    (void)state;
    struct bench b;
    open_slow(&b, 80, 24);
    press(&b.ui, "<Enter>");
    assert_true(shows(&b.ui.canvas, "nothing to open here"));
    put_outcomes(&b, 3);
    press(&b.ui, "j<Enter><Quiet>");
    assert_int_equal(b.ui.depth, 1);
    assert_int_equal(b.s->trace->nsteps, 1); /* the schedule that was made up */
    close_toy(&b);
}

static void leaving_ends_it(void **state)
{
    (void)state;
    struct bench b;
    open_slow(&b, 80, 24);
    press(&b.ui, "q");
    assert_true(b.ui.leaving);
    close_toy(&b); /* waits for the thread: a leak or a hang would be seen */
}

static void why_it_cannot_be_searched_is_told(void **state)
{
    (void)state;
    struct bench b;
    fails = 1;
    open_slow(&b, 80, 24);
    press(&b.ui, "<Quiet>");
    fails = 0;
    assert_true(shows(&b.ui.canvas, "CANNOT SEARCH"));
    assert_true(shows(&b.ui.canvas, "the toy fell over: it has no wheels"));
    check_golden(&b, "finder-failed-80x24");
    press(&b.ui, "<Esc>l"); /* and life goes on */
    assert_int_equal(b.s->trace->nsteps, 1);
    close_toy(&b);
}

/* A hundred thousand outcomes: every key is answered with a frame; generous, as the machine may be
 * busy, but one that walks all of them twenty times would not do. */
static void a_hundred_thousand_outcomes(void **state)
{
    (void)state;
    struct bench b;
    open_slow(&b, 200, 60);
    put_outcomes(&b, 100000);
    assert_true(shows(&b.ui.canvas, "100000"));
    int64_t begin = term_now_ms();
    press(&b.ui, "G");
    assert_int_equal(b.s->finder->at[VIEW_OUTCOMES], 99999);
    assert_true(shows(&b.ui.canvas, "prints \"99998\""));
    for (int i = 0; i < 50; i++)
        press(&b.ui, "<PgUp><PgDn>kj");
    press(&b.ui, "g");
    assert_true(term_now_ms() - begin < 202 * 50);
    press(&b.ui, "<Esc><Quiet>");
    assert_int_equal(b.s->finder->map.rows[0].executions, 7);
    press(&b.ui, "GgG");
    close_toy(&b);
}

static void f_searches_beside_the_loop_too(void **state)
{
    (void)state;
    struct bench b;
    struct port p = toy_port(TOY_COUNTER);
    slow_ops = *p.ops;
    slow_ops.search = slow_search;
    p.ops = &slow_ops;
    open_port(&b, p, 80, 24);
    press(&b.ui, "f");
    assert_int_equal(b.s->mode, MODE_EXPLORING);
    assert_true(shows(&b.ui.canvas, "Searching for a schedule that fails"));
    press(&b.ui, "lx"); /* nothing else is done meanwhile */
    assert_int_equal(b.s->trace->nsteps, 0);
    press(&b.ui, "<Esc><Quiet>");
    assert_int_equal(b.s->mode, MODE_NORMAL);
    assert_true(shows(&b.ui.canvas, "you stopped it"));
    press(&b.ui, "l");
    assert_int_equal(b.s->trace->nsteps, 1);
    close_toy(&b);
}

/* A long run is searched for a word in slices; Esc stops that, too. */
static void words_of_a_long_run_are_searched_in_slices(void **state)
{
    (void)state;
    struct bench b;
    struct port p = toy_port(TOY_CROWD);
    toy_fill(&p, 100000);
    open_port(&b, p, 80, 24);
    press(&b.ui, "g/nowhere<Enter>");
    assert_int_equal(b.s->mode, MODE_EXPLORING);
    assert_true(shows(&b.ui.canvas, "Searching the steps"));
    press(&b.ui, "<Esc>");
    assert_int_equal(b.s->mode, MODE_NORMAL);
    assert_true(shows(&b.ui.canvas, "the search was stopped"));
    press(&b.ui, "n<Quiet>");
    assert_true(shows(&b.ui.canvas, "no step of this run has \"nowhere\""));
    close_toy(&b);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(before_and_after_a_search),
        cmocka_unit_test(at_other_sizes),
        cmocka_unit_test(in_ascii),
        cmocka_unit_test(an_outcome_is_opened_and_undone),
        cmocka_unit_test(a_finding_and_a_branch_are_opened),
        cmocka_unit_test(what_was_reached_by_hand_is_told),
        cmocka_unit_test(the_tree_is_among_the_views),
        cmocka_unit_test(typed_bounds_are_checked),
        cmocka_unit_test(results_come_in_and_stay_when_it_is_stopped),
        cmocka_unit_test(it_begins_anew_under_the_cursor),
        cmocka_unit_test(opening_stops_the_search),
        cmocka_unit_test(leaving_ends_it),
        cmocka_unit_test(why_it_cannot_be_searched_is_told),
        cmocka_unit_test(a_hundred_thousand_outcomes),
        cmocka_unit_test(f_searches_beside_the_loop_too),
        cmocka_unit_test(words_of_a_long_run_are_searched_in_slices),
    };
    setlocale(LC_ALL, "C.UTF-8");
    golden_options(argc, argv);
    return cmocka_run_group_tests_name("the search screen", tests, NULL, NULL);
}
