/* Every screen and every key of the tables: each screen can be reached, has help, comes back from
 * it as it was, and each key of its table does something in at least one place. */
#include "places.h"
#include "show.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* What is not drawn is tested elsewhere: anew on a terminal; a notebook so
 * full that it scrolls in test_lessons.c. */
static int is_scrolling_the_notebook(const char *id)
{
    return !strcmp(id, "notebook_down") || !strcmp(id, "notebook_up") ||
           !strcmp(id, "notebook_page_down") || !strcmp(id, "notebook_page_up") ||
           !strcmp(id, "notebook_mouse");
}

static int is_tested_elsewhere(enum action a)
{
    switch (a) {
#define SCREEN(id, title)
#define KEY(id, keys, footer, rank, help)                                                          \
    case ACT_##id:                                                                                 \
        return strstr(#id, "_redraw") != NULL || is_scrolling_the_notebook(#id);
#include "keys.def"
#undef KEY
#undef SCREEN
    default:
        return 0;
    }
}

/* All that can be seen of an interface. */
static void look(const struct visit *s, struct buf *out)
{
    out->len = 0;
    buf_printf(out, "%d %d %d\n", s->ui.depth, s->ui.leaving, s->ui.status);
    show_text(&s->ui.canvas, out);
    show_styles(&s->ui.canvas, out);
    if (s->stage && s->stage->log.data)
        buf_puts(out, s->stage->log.data);
    if (s->ui.canvas.cursor_x >= 0)
        buf_printf(out, "cursor %d %d\n", s->ui.canvas.cursor_x, s->ui.canvas.cursor_y);
}

static void give(struct ui *ui, struct input in)
{
    in.now = ui->now + 1;
    ui_input(ui, &in);
    if (ui->depth && !ui->leaving) {
        settle(ui);
        ui_draw(ui);
    }
}

/* Does this input change anything that can be seen? */
static int has_effect(const struct spot *p, struct input in)
{
    struct visit s;
    struct buf before = {0}, after = {0};
    open_place(&s, p);
    look(&s, &before);
    give(&s.ui, in);
    look(&s, &after);
    int changed = strcmp(before.data, after.data) != 0;
    close_place(&s);
    buf_fini(&before);
    buf_fini(&after);
    return changed;
}

static int mouse_has_effect(const struct spot *p)
{
    for (int wheel = -1; wheel <= 1; wheel++)
        for (int y = 2; y < 24; y += 4)
            for (int x = 4; x < 80; x += 24)
                if (has_effect(p, (struct input){
                                      .key = K_MOUSE, .x = x, .y = y, .wheel = wheel, .clicks = 1}))
                    return 1;
    return 0;
}

static int key_has_effect(const struct spot *p, int key)
{
    if (key == K_MOUSE)
        return mouse_has_effect(p);
    if (key != K_DIGIT)
        return has_effect(p, (struct input){.key = key});
    for (int digit = '0'; digit <= '9'; digit++)
        if (has_effect(p, (struct input){.key = digit}))
            return 1;
    return 0;
}

static int works_somewhere(enum screen_id screen, int key)
{
    for (int i = 0; i < (int)nplaces; i++)
        if (places[i].screen == screen && key_has_effect(&places[i], key))
            return 1;
    return 0;
}

static void every_place_is_what_it_says(void **state)
{
    (void)state;
    for (int i = 0; i < (int)nplaces; i++) {
        struct visit s;
        open_place(&s, &places[i]);
        if (screen_now(&s.ui) != places[i].screen)
            fail_msg("place %d: \"%s\" leads to %s, not to %s", i, places[i].keys,
                     keys_title(screen_now(&s.ui)), keys_title(places[i].screen));
        close_place(&s);
    }
}

static void every_screen_is_reached(void **state)
{
    (void)state;
    for (int screen = 0; screen < SCREEN_COUNT; screen++) {
        int found = 0;
        for (int i = 0; i < (int)nplaces; i++)
            found |= (int)places[i].screen == screen;
        if (!found)
            fail_msg("no place of this test is on the screen \"%s\"",
                     keys_title((enum screen_id)screen));
    }
}

static void every_screen_has_help_and_comes_back_from_it(void **state)
{
    (void)state;
    for (int i = 0; i < (int)nplaces; i++) {
        struct visit s;
        struct buf before = {0}, after = {0};
        if (places[i].screen == SCREEN_HELP)
            continue;
        open_place(&s, &places[i]);
        int depth = s.ui.depth;
        give(&s.ui, (struct input){.key = K_F1}); /* a message goes at the next key */
        press(&s.ui, "<Esc>");
        look(&s, &before);
        give(&s.ui, (struct input){.key = K_F1});
        if (s.ui.depth != depth + 1 || screen_now(&s.ui) != SCREEN_HELP)
            fail_msg("place %d, %s: no help", i, keys_title(places[i].screen));
        press(&s.ui, "<Esc>");
        look(&s, &after);
        assert_string_equal(before.data, after.data);
        close_place(&s);
        buf_fini(&before);
        buf_fini(&after);
    }
}

static void every_key_does_something(void **state)
{
    (void)state;
    int idle = 0;
    for (int screen = 0; screen < SCREEN_COUNT; screen++) {
        size_t n;
        const struct key_row *rows = keys_of((enum screen_id)screen, &n);
        for (size_t i = 0; i < n; i++)
            for (int k = 0; k < KEYS_PER_ACTION && rows[i].keys[k]; k++) {
                char name[32];
                if (is_tested_elsewhere(rows[i].action) ||
                    works_somewhere((enum screen_id)screen, rows[i].keys[k]))
                    continue;
                keys_spell(rows[i].keys[k], name, sizeof name);
                fprintf(stderr, "%s: %s does nothing (%s)\n", keys_title((enum screen_id)screen),
                        name, rows[i].help);
                idle++;
            }
    }
    assert_int_equal(idle, 0);
}

/* A storm of sizes on each of them: nothing breaks, and the picture of 80x24 comes back. */
static void every_screen_stands_a_storm_of_sizes(void **state)
{
    (void)state;
    for (int i = 0; i < (int)nplaces; i++) {
        struct visit s;
        unsigned random = 12345 + (unsigned)i;
        open_place(&s, &places[i]);
        for (int n = 0; n < 120; n++) {
            random = random * 1103515245 + 12345;
            ui_resize(&s.ui, 1 + (int)(random >> 16) % 210, 1 + (int)(random >> 8) % 64);
            ui_draw(&s.ui);
        }
        ui_resize(&s.ui, 80, 24);
        ui_draw(&s.ui);
        assert_true(screen_now(&s.ui) == places[i].screen);
        assert_true(shows(&s.ui.canvas, "lockstep") || shows(&s.ui.canvas, "Help") ||
                    shows(&s.ui.canvas, "Keys"));
        close_place(&s);
    }
}

/* In ASCII the same picture is drawn, cell by cell, with the twin of each glyph. */
static void ascii_is_the_same_picture_in_other_signs(void **state)
{
    (void)state;
    static const int sizes[][2] = {{80, 24}, {120, 40}, {200, 60}, {40, 10}};
    for (int i = 0; i < (int)nplaces; i++)
        for (size_t k = 0; k < 4; k++) {
            struct visit s;
            struct cell *utf8;
            open_place(&s, &places[i]);
            ui_resize(&s.ui, sizes[k][0], sizes[k][1]);
            ui_draw(&s.ui);
            ui_draw(&s.ui); /* what depends on the frame before is settled now */
            size_t n = (size_t)sizes[k][0] * (size_t)sizes[k][1];
            utf8 = xcalloc(n, sizeof *utf8);
            memcpy(utf8, s.ui.canvas.cells, n * sizeof *utf8);
            s.ui.canvas.ascii = 1;
            ui_draw(&s.ui);
            for (size_t c = 0; c < n; c++) {
                const struct cell *a = &s.ui.canvas.cells[c];
                if (a->ch != (wchar_t)glyph_twin(utf8[c].ch) || a->style != utf8[c].style)
                    fail_msg("place %d (%s), %dx%d: row %zu, column %zu", i,
                             keys_title(places[i].screen), sizes[k][0], sizes[k][1],
                             c / (size_t)sizes[k][0], c % (size_t)sizes[k][0]);
            }
            free(utf8);
            close_place(&s);
        }
}

/* How many lines are cut short by popups when the place is drawn in English. */
static int lines_cut_in_english(const struct spot *p, int cols, int rows)
{
    struct visit s;
    open_place(&s, p);
    ui_resize(&s.ui, cols, rows);
    ui_draw(&s.ui);
    int n = lines_cut(&s.ui.canvas);
    close_place(&s);
    return n;
}

/* Wide characters have both halves, none is torn, and borders stand below each other as in English.
 * What is compiled and searched beside the screen may be further in one than in the other, and a
 * popup covers more or less; a tree has lines of its own, as many as there is room for. */
static void chinese_breaks_no_column(void **state)
{
    (void)state;
    static const int sizes[][2] = {{80, 24}, {120, 40}, {200, 60}, {40, 10}, {27, 7}};
    if (!speak("zh_CN"))
        skip(); /* built without catalogues */
    for (int i = 0; i < (int)nplaces; i++)
        for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
            int cols = sizes[k][0], rows = sizes[k][1], cut, allowed;
            int course = places[i].begin == AT_HOME && places[i].which == COURSE;
            int other = places[i].screen == SCREEN_LIST || places[i].screen == SCREEN_PRESS ||
                        places[i].screen == SCREEN_EXPLORE || places[i].screen == SCREEN_SEARCH;
            struct visit s;
            if (course && k > 0 && *places[i].keys)
                continue;
            speak("zh_CN");
            open_place(&s, &places[i]);
            ui_resize(&s.ui, cols, rows);
            ui_draw(&s.ui);
            const char *broken = columns_broken(&s.ui.canvas);
            cut = lines_cut(&s.ui.canvas);
            struct buf text = {0};
            show_text(&s.ui.canvas, &text);
            close_place(&s);
            speak("");
            allowed = course || other ? cut : lines_cut_in_english(&places[i], cols, rows);
            if (broken || cut > allowed) {
                fputs(buf_text(&text), stderr);
                fail_msg("place %d (%s \"%s\"), %dx%d: %s, %d lines cut, %d in English", i,
                         keys_title(places[i].screen), places[i].keys, cols, rows,
                         broken ? broken : "", cut, allowed);
            }
            buf_fini(&text);
        }
}

int main(void)
{
    struct err e = {0};
    setlocale(LC_CTYPE, "C.UTF-8");
    if (catalogue_read(&catalogues[SMALL], "tests/screens/data/lessons", NULL, &e) < 0 ||
        catalogue_read(&catalogues[COURSE], "lessons", NULL, &e) < 0)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_place_is_what_it_says),
        cmocka_unit_test(every_screen_is_reached),
        cmocka_unit_test(every_screen_has_help_and_comes_back_from_it),
        cmocka_unit_test(every_key_does_something),
        cmocka_unit_test(ascii_is_the_same_picture_in_other_signs),
        cmocka_unit_test(every_screen_stands_a_storm_of_sizes),
        cmocka_unit_test(chinese_breaks_no_column),
    };
    int rc = cmocka_run_group_tests(tests, NULL, NULL);
    catalogue_fini(&catalogues[SMALL]);
    catalogue_fini(&catalogues[COURSE]);
    return rc;
}
