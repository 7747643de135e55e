/* Wide characters, marks and pictures: columns, line ends, what is typed. */
#include "base.h"
#include "canvas.h"
#include "widgets.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* `text` broken at `width` columns gives the lines of `expected`, joined with '|'. */
static void lines_are(const char *text, int width, const char *expected)
{
    struct buf b = {0};
    size_t n = strlen(text), next;
    for (size_t from = 0; from < n; from += next) {
        size_t end = utf8_line(text + from, n - from, width, &next);
        assert_true(next >= end && next > 0);
        buf_puts(&b, from ? "|" : "");
        buf_add(&b, text + from, end);
    }
    assert_string_equal(buf_text(&b), expected);
    buf_fini(&b);
}

static void lines_end_where_they_may(void **state)
{
    (void)state;
    lines_are("one two three", 7, "one two|three");
    lines_are("one two three", 8, "one two|three");
    lines_are("abcdefgh", 3, "abc|def|gh");
    lines_are("线程等待互斥锁", 6, "线程等|待互斥|锁");
    lines_are("线程等待互斥锁", 7, "线程等|待互斥|锁"); /* half a character does not fit */
    lines_are("等待 mutex 锁", 8, "等待|mutex 锁");
    lines_are("等mutex锁", 5, "等|mutex|锁"); /* a word is not torn */
    lines_are("", 5, "");
}

static void punctuation_does_not_begin_a_line(void **state)
{
    (void)state;
    lines_are("线程等待。锁", 8, "线程等|待。锁");
    lines_are("线程（锁）等", 6, "线程|（锁）|等");
    lines_are("调用“锁”完", 6, "调用|“锁”完"); /* these quotes are one column wide */
    lines_are("好100%", 5, "好|100%");
    lines_are("，，，", 2, "，|，|，"); /* nothing but such: at least one a line */
}

static void padding_is_of_columns(void **state)
{
    (void)state;
    struct buf b = {0};
    utf8_pad(&b, "线程", -6);
    buf_puts(&b, "|");
    utf8_pad(&b, "线程", 6);
    buf_puts(&b, "|");
    utf8_pad(&b, "线程", 3);
    buf_puts(&b, "|");
    utf8_pad(&b, "e\xcc\x81", -3);
    assert_string_equal(buf_text(&b), "线程  |  线程|线程|e\xcc\x81  ");
    buf_fini(&b);
}

/* A family is three persons and two joiners; what a terminal makes of that is its own affair. */
static void pictures_keep_their_columns(void **state)
{
    (void)state;
    struct canvas c;
    canvas_init(&c);
    canvas_resize(&c, 20, 1);
    assert_int_equal(canvas_text(&c, 0, 0, ROLE_TEXT, "👨\u200d👩\u200d👧x"), 7);
    assert_int_equal(canvas_at(&c, 6, 0)->ch, L'x');
    assert_int_equal(canvas_at(&c, 1, 0)->ch, 0);
    assert_int_equal(canvas_at(&c, 0, 0)->mark, 0); /* no joiner */
    canvas_clear(&c);
    assert_int_equal(canvas_text(&c, 0, 0, ROLE_TEXT, "👍🏽x"), 5);
    assert_int_equal(canvas_at(&c, 2, 0)->ch, L' ');
    assert_int_equal(canvas_at(&c, 4, 0)->ch, L'x');
    canvas_clear(&c);
    canvas_text(&c, 0, 0, ROLE_TEXT, "a\u202e");
    assert_int_equal(canvas_at(&c, 0, 0)->mark, 0); /* nothing turns the line round */
    canvas_fini(&c);
}

static void ascii_signs_beside_wide_letters(void **state)
{
    (void)state;
    struct canvas c;
    canvas_init(&c);
    c.ascii = c.wide = 1;
    canvas_resize(&c, 10, 1);
    assert_int_equal(canvas_text(&c, 0, 0, ROLE_TEXT, "│线─"), 4);
    assert_int_equal(canvas_at(&c, 0, 0)->ch, L'|');
    assert_int_equal(canvas_at(&c, 1, 0)->ch, L'线');
    assert_int_equal(canvas_at(&c, 3, 0)->ch, L'-');
    c.wide = 0;
    assert_int_equal(canvas_text(&c, 0, 0, ROLE_TEXT, "线"), 1);
    assert_int_equal(canvas_at(&c, 0, 0)->ch, L'?');
    canvas_fini(&c);
}

static void a_text_is_cut_between_characters(void **state)
{
    (void)state;
    struct canvas c;
    canvas_init(&c);
    canvas_resize(&c, 10, 1);
    assert_int_equal(canvas_fit(&c, 0, 0, 6, ROLE_TEXT, "线程等待"), 5);
    assert_int_equal(canvas_at(&c, 2, 0)->ch, L'程');
    assert_int_equal(canvas_at(&c, 4, 0)->ch, L'…');
    assert_int_equal(canvas_at(&c, 5, 0)->ch, L' ');
    assert_int_equal(canvas_fit(&c, 0, 0, 8, ROLE_TEXT, "线程等待"), 8);
    canvas_fini(&c);
}

static void typing_and_rubbing_out(void **state)
{
    (void)state;
    struct line_edit l;
    struct canvas c;
    canvas_init(&c);
    canvas_resize(&c, 12, 1);
    edit_clear(&l);
    edit_type(&l, L'线');
    edit_type(&l, 'e');
    edit_type(&l, 0x301);
    assert_string_equal(l.text, "线e\xcc\x81");
    edit_draw(&c, 0, "找", &l);
    assert_int_equal(c.cursor_x, 1 + 2 + 1 + 3);
    edit_rub(&l); /* the letter with its accent */
    assert_string_equal(l.text, "线");
    edit_rub(&l);
    assert_int_equal(l.n, 0);
    edit_rub(&l);
    assert_int_equal(l.n, 0);
    for (int i = 0; i < 100; i++)
        edit_type(&l, L'锁');
    edit_draw(&c, 0, "找", &l); /* its end is seen, and the cursor behind it */
    assert_true(c.cursor_x < 12 && c.cursor_x >= 10);
    assert_int_equal(canvas_at(&c, c.cursor_x - 2, 0)->ch, L'锁');
    canvas_fini(&c);
}

int main(void)
{
    setlocale(LC_CTYPE, "C.UTF-8");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_end_where_they_may),
        cmocka_unit_test(punctuation_does_not_begin_a_line),
        cmocka_unit_test(padding_is_of_columns),
        cmocka_unit_test(pictures_keep_their_columns),
        cmocka_unit_test(ascii_signs_beside_wide_letters),
        cmocka_unit_test(a_text_is_cut_between_characters),
        cmocka_unit_test(typing_and_rubbing_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
