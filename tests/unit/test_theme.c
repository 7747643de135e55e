/* Themes, the ASCII twins, and drawing of text that is not ASCII. */
#include "canvas.h"
#include "source.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void states_have_the_colours_that_were_checked(void **state)
{
    (void)state;
    static const struct {
        unsigned role;
        int dark, light;
    } rows[] = {
        {ROLE_NEW, -1, -1},       {ROLE_READY, 229, 136},  {ROLE_RUNNING, 43, 30},
        {ROLE_BLOCKED, 202, 124}, {ROLE_SLEEPING, 75, 20}, {ROLE_STOPPED, 182, 133},
        {ROLE_ZOMBIE, 244, 240},  {ROLE_DONE, 244, 240},   {ROLE_DEADLOCKED, 202, 124},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(theme_look(TUI_DARK, 256, rows[i].role).fg, rows[i].dark);
        assert_int_equal(theme_look(TUI_LIGHT, 256, rows[i].role).fg, rows[i].light);
    }
    assert_true(theme_look(TUI_DARK, 256, ROLE_DEADLOCKED).attrs & ATTR_REVERSE);
}

static void without_colours_there_are_none(void **state)
{
    (void)state;
    for (unsigned role = 0; role < ROLE_COUNT; role++) {
        assert_int_equal(theme_look(TUI_MONO, 256, role).fg, -1);
        assert_int_equal(theme_look(TUI_DARK, 0, role).fg, -1);
        assert_int_equal(theme_look(TUI_DARK, 2, role).fg, -1);
        assert_true(theme_look(TUI_DARK, 16, role).fg < 16);
        assert_true(theme_look(TUI_LIGHT, 8, role).fg < 8);
    }
    assert_true(theme_look(TUI_MONO, 0, ROLE_DEADLOCKED).attrs & ATTR_REVERSE);
}

static void attributes_are_added_to_a_role(void **state)
{
    (void)state;
    struct look look = theme_look(TUI_DARK, 256, ROLE_READY | ATTR_REVERSE);
    assert_int_equal(look.fg, 229);
    assert_true(look.attrs & ATTR_REVERSE);
    assert_int_equal(theme_look(TUI_DARK, 256, 255).fg, -1);
}

static void options_come_from_the_environment(void **state)
{
    (void)state;
    struct tui_options o;
    unsetenv("LOCKSTEP_THEME");
    unsetenv("LOCKSTEP_ASCII");
    unsetenv("NO_COLOR");
    setenv("COLORFGBG", "0;15", 1);
    tui_options_init(&o);
    assert_int_equal(o.theme, TUI_LIGHT);
    setenv("NO_COLOR", "1", 1);
    tui_options_init(&o);
    assert_int_equal(o.theme, TUI_MONO);
    setenv("LOCKSTEP_THEME", "dark", 1);
    setenv("LOCKSTEP_ASCII", "1", 1);
    tui_options_init(&o);
    assert_int_equal(o.theme, TUI_DARK);
    assert_int_equal(o.ascii, 1);
    assert_int_equal(tui_theme_parse("bright"), -1);
    setlocale(LC_CTYPE, "C.UTF-8");
}

static struct canvas canvas_of(int cols, int rows, int ascii)
{
    struct canvas c;
    canvas_init(&c);
    c.ascii = ascii;
    canvas_resize(&c, cols, rows);
    return c;
}

static void ascii_is_a_substitution(void **state)
{
    (void)state;
    static const wchar_t glyphs[] = L"─│┌┐└┘├┤┬┴┼░▒█■●•·×←↑→↓▲▼▶◀…";
    struct canvas c = canvas_of(4, 1, 1);
    for (size_t i = 0; glyphs[i]; i++) {
        assert_int_equal(canvas_put(&c, 0, 0, ROLE_TEXT, glyphs[i]), 1);
        assert_true(canvas_at(&c, 0, 0)->ch < 0x80);
        assert_int_not_equal(canvas_at(&c, 0, 0)->ch, L'?');
    }
    assert_int_equal(glyph_twin(L'█'), '#');
    assert_int_equal(glyph_twin(L'░'), ':');
    assert_int_equal(glyph_twin(L'▒'), 'z');
    assert_int_equal(glyph_twin(L'■'), '!');
    assert_int_equal(glyph_twin(L'×'), 'x');
    assert_int_equal(glyph_twin(L'•'), '+');
    assert_int_equal(glyph_twin(L'·'), '.');
    assert_int_equal(glyph_twin(0x4e2d), '?');
    canvas_fini(&c);
}

static void wide_and_combining_characters_keep_their_columns(void **state)
{
    (void)state;
    struct canvas c = canvas_of(6, 1, 0);
    assert_int_equal(canvas_text(&c, 0, 0, ROLE_TEXT, "a中e\xcc\x81"), 4);
    assert_int_equal(canvas_at(&c, 1, 0)->ch, 0x4e2d);
    assert_int_equal(canvas_at(&c, 2, 0)->ch, 0);
    assert_int_equal(canvas_at(&c, 3, 0)->ch, L'e');
    assert_int_equal(canvas_at(&c, 3, 0)->mark, 0x301);
    canvas_put(&c, 2, 0, ROLE_TEXT, L'x'); /* over its right half: the left one goes too */
    assert_int_equal(canvas_at(&c, 1, 0)->ch, L' ');
    canvas_put(&c, 4, 0, ROLE_TEXT, 0x4e2d);
    canvas_put(&c, 4, 0, ROLE_TEXT, L'y');
    assert_int_equal(canvas_at(&c, 5, 0)->ch, L' ');
    canvas_put(&c, 5, 0, ROLE_TEXT, 0x4e2d); /* half of it would stick out */
    assert_int_equal(canvas_at(&c, 5, 0)->ch, L' ');
    canvas_fini(&c);
}

static void broken_bytes_and_controls_do_no_harm(void **state)
{
    (void)state;
    struct canvas c = canvas_of(12, 1, 0);
    canvas_text(&c, 0, 0, ROLE_TEXT, "\xff\xc3(\x1b[0m\x7f\xed\xa0\x80");
    for (int x = 0; x < 12; x++)
        assert_true(canvas_at(&c, x, 0)->ch >= L' ' && canvas_at(&c, x, 0)->ch != 0x7f);
    wchar_t ch;
    assert_int_equal(utf8_next("\xc0\x80", 2, &ch), 1);
    assert_int_equal(ch, 0xfffd);
    assert_int_equal(utf8_next("\xf0\x9f", 2, &ch), 1);
    canvas_fini(&c);
}

static void text_that_is_too_long_says_so(void **state)
{
    (void)state;
    struct canvas c = canvas_of(10, 1, 0);
    assert_int_equal(canvas_fit(&c, 0, 0, 5, ROLE_TEXT, "abcdefgh"), 5);
    assert_int_equal(canvas_at(&c, 4, 0)->ch, L'…');
    assert_int_equal(canvas_at(&c, 5, 0)->ch, L' ');
    assert_int_equal(canvas_fit(&c, 0, 0, 5, ROLE_TEXT, "abcde"), 5);
    assert_int_equal(canvas_at(&c, 4, 0)->ch, L'e');
    canvas_fini(&c);
}

static void boxes_that_meet_join(void **state)
{
    (void)state;
    struct canvas c = canvas_of(9, 5, 0);
    canvas_box(&c, (struct rect){0, 0, 5, 5}, ROLE_BORDER);
    canvas_box(&c, (struct rect){4, 0, 5, 3}, ROLE_BORDER);
    assert_int_equal(canvas_at(&c, 4, 0)->ch, L'┬');
    assert_int_equal(canvas_at(&c, 4, 2)->ch, L'├');
    assert_int_equal(canvas_at(&c, 4, 4)->ch, L'┘');
    canvas_fini(&c);
}

static void source_is_told_apart(void **state)
{
    (void)state;
    static const char text[] = "int x; /* a\n b */ return \"if\"; // if\n";
    struct source s;
    struct canvas c = canvas_of(40, 2, 0);
    source_set(&s, "x.c", text, sizeof text - 1);
    assert_int_equal(s.nlines, 2);
    source_draw(&s, 1, &c, 0, 0, 0, 40);
    source_draw(&s, 2, &c, 0, 1, 0, 40);
    assert_int_equal(canvas_at(&c, 0, 0)->style, ROLE_CODE_TYPE);
    assert_int_equal(canvas_at(&c, 10, 0)->style, ROLE_CODE_COMMENT);
    assert_int_equal(canvas_at(&c, 1, 1)->style, ROLE_CODE_COMMENT);
    assert_int_equal(canvas_at(&c, 6, 1)->style, ROLE_CODE_WORD);
    assert_int_equal(canvas_at(&c, 14, 1)->style, ROLE_CODE_STRING);
    assert_int_equal(canvas_at(&c, 22, 1)->style, ROLE_CODE_COMMENT);
    source_draw(&s, 1, &c, 0, 0, 0, 6);
    assert_int_equal(canvas_at(&c, 5, 0)->ch, L'…');
    source_fini(&s);
    canvas_fini(&c);
}

int main(void)
{
    setlocale(LC_CTYPE, "C.UTF-8");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(states_have_the_colours_that_were_checked),
        cmocka_unit_test(without_colours_there_are_none),
        cmocka_unit_test(attributes_are_added_to_a_role),
        cmocka_unit_test(options_come_from_the_environment),
        cmocka_unit_test(ascii_is_a_substitution),
        cmocka_unit_test(wide_and_combining_characters_keep_their_columns),
        cmocka_unit_test(broken_bytes_and_controls_do_no_harm),
        cmocka_unit_test(text_that_is_too_long_says_so),
        cmocka_unit_test(boxes_that_meet_join),
        cmocka_unit_test(source_is_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
