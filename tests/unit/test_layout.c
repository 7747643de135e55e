/* Where the panels stand, at every size from 1x1 to 220x70. */
#include "layout.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct layout_want usual = {.view = PANEL_COUNT, .focus = PANEL_TIMELINE, .lanes = 6};

static int inside(const struct rect *r, int cols, int rows)
{
    return r->x >= 0 && r->y >= 1 && r->x + r->w <= cols && r->y + r->h <= rows - 1;
}

/* Neighbours share border lines; the insides never meet. */
static int insides_meet(const struct rect *a, const struct rect *b)
{
    return a->x + 1 < b->x + b->w - 1 && b->x + 1 < a->x + a->w - 1 && a->y + 1 < b->y + b->h - 1 &&
           b->y + 1 < a->y + a->h - 1;
}

static void check(int cols, int rows, const struct layout_want *want)
{
    struct layout l;
    layout_step(&l, cols, rows, want);
    int shown = 0;
    for (int p = 0; p < PANEL_COUNT; p++) {
        if (!l.at[p].w)
            continue;
        shown++;
        if (rows >= 4 && cols >= 3 && !inside(&l.at[p], cols, rows))
            fail_msg("%dx%d: %s sticks out", cols, rows, panel_title((enum panel)p));
        if (!l.single && (l.at[p].w < 12 || l.at[p].h < 3))
            fail_msg("%dx%d: %s is too small", cols, rows, panel_title((enum panel)p));
        for (int q = 0; q < p; q++)
            if (l.at[q].w && insides_meet(&l.at[p], &l.at[q]))
                fail_msg("%dx%d: %s covers %s", cols, rows, panel_title((enum panel)p),
                         panel_title((enum panel)q));
    }
    assert_true(shown > 0);
}

static void panels_fit_at_every_size(void **state)
{
    (void)state;
    for (int cols = 1; cols <= 220; cols++)
        for (int rows = 1; rows <= 70; rows++)
            for (int kind = 0; kind < 8; kind++) {
                struct layout_want want = usual;
                want.goal = kind & 1;
                want.view = kind >> 1 & 1 ? PANEL_STEPS : PANEL_COUNT;
                want.lanes = kind & 4 ? 70 : 4;
                want.focus = kind >> 1 & 1 ? PANEL_STEPS : PANEL_TIMELINE;
                check(cols, rows, &want);
            }
}

static void small_screens_show_one_panel(void **state)
{
    (void)state;
    struct layout l;
    layout_step(&l, 79, 24, &usual);
    assert_true(l.single);
    assert_int_equal(l.at[PANEL_TIMELINE].w, 79);
    assert_int_equal(l.at[PANEL_SOURCE].w, 0);
    layout_step(&l, 40, 10, &usual);
    assert_int_equal(l.at[PANEL_TIMELINE].h, 8);
    assert_int_equal(l.status_y, -1);
}

static void the_usual_screen_shows_five(void **state)
{
    (void)state;
    struct layout l;
    layout_step(&l, 80, 24, &usual);
    static const enum panel five[] = {PANEL_THREADS, PANEL_SOURCE, PANEL_TIMELINE, PANEL_WHY,
                                      PANEL_OUTPUT};
    assert_false(l.single);
    for (int i = 0; i < 5; i++)
        assert_true(l.at[five[i]].w > 0);
    assert_int_equal(l.at[PANEL_OBJECTS].w, 0);
    assert_int_equal(l.at[PANEL_OUTPUT].y + l.at[PANEL_OUTPUT].h, l.status_y);
}

static void larger_screens_show_more(void **state)
{
    (void)state;
    struct layout l;
    layout_step(&l, 120, 40, &usual);
    assert_true(l.at[PANEL_VARIABLES].w > 0);
    assert_true(l.at[PANEL_OBJECTS].w > 0);
    struct layout_want goal = usual;
    goal.goal = 1;
    layout_step(&l, 200, 60, &goal);
    assert_true(l.at[PANEL_GOAL].w > 0);
    assert_true(l.at[PANEL_OBJECTS].w > 0);
}

static void tab_goes_round_through_all_that_can_be_shown(void **state)
{
    (void)state;
    static const int sizes[][2] = {{40, 10}, {80, 24}, {120, 40}, {200, 60}};
    for (size_t i = 0; i < 4; i++) {
        int seen[PANEL_COUNT] = {0}, n = 0;
        struct layout l;
        enum panel p = PANEL_TIMELINE;
        do {
            assert_false(seen[p]);
            seen[p] = 1;
            n++;
            assert_int_equal(layout_next(sizes[i][0], sizes[i][1], &usual,
                                         layout_next(sizes[i][0], sizes[i][1], &usual, p, 1), -1),
                             p);
            p = layout_next(sizes[i][0], sizes[i][1], &usual, p, 1);
        } while (p != PANEL_TIMELINE);
        layout_step(&l, sizes[i][0], sizes[i][1], &usual);
        for (int q = 0; q < PANEL_COUNT; q++)
            if (l.at[q].w)
                assert_true(seen[q]);
        assert_true(n >= 5);
    }
}

static void a_click_finds_its_panel(void **state)
{
    (void)state;
    struct layout l;
    layout_step(&l, 80, 24, &usual);
    const struct rect *r = &l.at[PANEL_SOURCE];
    assert_int_equal(layout_hit(&l, r->x + 5, r->y + 2), PANEL_SOURCE);
    assert_int_equal(layout_hit(&l, 3, 0), -1);
    assert_int_equal(layout_hit(&l, 3, 23), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(panels_fit_at_every_size),
        cmocka_unit_test(small_screens_show_one_panel),
        cmocka_unit_test(the_usual_screen_shows_five),
        cmocka_unit_test(larger_screens_show_more),
        cmocka_unit_test(tab_goes_round_through_all_that_can_be_shown),
        cmocka_unit_test(a_click_finds_its_panel),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
