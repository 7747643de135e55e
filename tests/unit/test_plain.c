/* Plain mode: the table of commands, finding a command by what was typed, breaking lines. */
#include "plain_command.h"
#include "plain_lesson.h"

#include <ctype.h>
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include <cmocka.h>

enum { WIDTH = 80 }; /* no terminal here */

/* -------- the table -------- */

static void check_name(const char *name)
{
    for (const char *s = name; *s; s++)
        assert_true((*s > ' ' && *s < 127) && !isupper((unsigned char)*s));
}

static void check_command(enum talk_prompt prompt, const struct talk_command *c)
{
    assert_non_null(c->run);
    assert_true(*c->letter || *c->word);
    assert_true(strlen(c->letter) <= 1);
    check_name(c->letter);
    check_name(c->word);
    assert_true(strlen(c->help) > 10);
    assert_int_not_equal(c->help[strlen(c->help) - 1], '.'); /* the help adds it */
    /* what is typed leads here and nowhere else: no name stands twice */
    if (*c->word)
        assert_ptr_equal(talk_find(prompt, c->word, strlen(c->word)), c);
    if (*c->letter)
        assert_ptr_equal(talk_find(prompt, c->letter, 1), c);
}

static void test_table(void **state)
{
    (void)state;
    for (int prompt = 0; prompt < TALK_PROMPTS; prompt++) {
        size_t n = 0;
        for (const struct talk_command *c; (c = talk_command_at((enum talk_prompt)prompt, n)); n++)
            check_command((enum talk_prompt)prompt, c);
        assert_true(n > 0);
    }
}

/* What every prompt knows is hidden by none of them. */
static void test_common(void **state)
{
    (void)state;
    static const char *const names[] = {"?", "help", "q", "quit", "exit"};
    for (int prompt = 0; prompt < TALK_PROMPTS; prompt++)
        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
            size_t n = strlen(names[i]);
            const struct talk_command *c = talk_find((enum talk_prompt)prompt, names[i], n);
            assert_ptr_equal(c, talk_find(TALK_COMMON, names[i], n));
        }
}

/* -------- finding -------- */

static const char *near(const char *word)
{
    const char *name = talk_nearest(TALK_STEP, word, strlen(word));
    return name ? name : "";
}

static void test_find(void **state)
{
    (void)state;
    assert_string_equal(talk_find(TALK_STEP, "NEXT", 4)->word, "next");
    assert_string_equal(talk_find(TALK_STEP, "B", 1)->word, "back");
    assert_null(talk_find(TALK_STEP, "nex", 3));
    assert_null(talk_find(TALK_STEP, "", 0));
    assert_null(talk_find(TALK_HOME, "until", 5)); /* of another prompt */
}

static void test_nearest(void **state)
{
    (void)state;
    assert_string_equal(near("varables"), "variables"); /* a letter is missing */
    assert_string_equal(near("nxet"), "next");          /* two are swapped */
    assert_string_equal(near("Tokan"), "token");        /* one is another */
    assert_string_equal(near("adv"), "adversity");      /* only the beginning */
    assert_string_equal(near("hepl"), "help");          /* known at every prompt */
    assert_string_equal(near("zzzzzz"), "");
    assert_string_equal(near("x"), "");
    assert_string_equal(near("averyveryveryverylongwordofnothing"), "");
}

/* Bytes of any kind: nothing is read beyond their end, nothing is written. */
static void test_garbage(void **state)
{
    (void)state;
    unsigned seed = 1;
    for (int round = 0; round < 20000; round++) {
        size_t n = (seed = seed * 1103515245u + 12345u) >> 16 & 31;
        char *word = xcalloc(n ? n : 1, 1); /* exactly so long: the sanitizer watches */
        for (size_t i = 0; i < n; i++)
            word[i] = (char)((seed = seed * 1103515245u + 12345u) >> 16);
        for (int prompt = 0; prompt < TALK_PROMPTS; prompt++) {
            talk_find((enum talk_prompt)prompt, word, n);
            talk_nearest((enum talk_prompt)prompt, word, n);
        }
        free(word);
    }
}

/* -------- help -------- */

static void test_help(void **state)
{
    (void)state;
    struct buf all = {0}, some = {0}, none = {0};
    talk_help(TALK_STEP, "", &all);
    for (size_t i = 0; talk_command_at(TALK_STEP, i); i++)
        assert_non_null(strstr(all.data, talk_command_at(TALK_STEP, i)->word));
    talk_help(TALK_STEP, "bookmark", &some);
    assert_non_null(strstr(some.data, "bookmarks"));
    assert_null(strstr(some.data, "until"));
    talk_help(TALK_STEP, "no such thing", &none);
    assert_non_null(strstr(none.data, "no such thing"));
    buf_fini(&all);
    buf_fini(&some);
    buf_fini(&none);
}

/* -------- lines -------- */

/* No line is wider than the terminal, and joined again it is the text. */
static void check_lines(const char *text, const char *lead, int indent, const char *joint)
{
    struct buf out = {0}, again = {0};
    plain_wrap(&out, text, lead, indent);
    assert_int_equal(out.data[out.len - 1], '\n');
    for (const char *s = out.data; *s;) {
        size_t n = strcspn(s, "\n");
        wchar_t wide[512];
        char line[1024];
        snprintf(line, sizeof line, "%.*s", (int)n, s);
        size_t chars = mbstowcs(wide, line, 512);
        assert_true(chars != (size_t)-1);
        assert_true(wcswidth(wide, chars) <= WIDTH);
        size_t skip = again.len ? (size_t)indent : lead ? strlen(lead) : (size_t)indent;
        if (again.len)
            buf_puts(&again, joint);
        buf_puts(&again, line + skip);
        s += n + 1;
    }
    assert_string_equal(again.data, text);
    buf_fini(&out);
    buf_fini(&again);
}

static void test_wrap(void **state)
{
    (void)state;
    char text[900] = "";
    for (int i = 0; i < 60; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%sword%d", i ? " " : "",
                 i * i * i);
    check_lines(text, NULL, 0, " ");
    check_lines(text, "- ", 2, " ");
    check_lines(text, NULL, 7, " ");
    check_lines("short", "10. ", 4, " ");
}

static void test_wrap_wide(void **state)
{
    (void)state;
    if (!setlocale(LC_ALL, "C.UTF-8"))
        skip();
    char text[1000] = "";
    for (int i = 0; i < 30; i++)
        strcat(text, "两个线程写一个变量，");
    check_lines(text, NULL, 0, "");
    /* a mark does not begin a line */
    struct buf out = {0};
    plain_wrap(&out, text, NULL, 0);
    assert_null(strstr(out.data, "\n，"));
    buf_fini(&out);
    setlocale(LC_ALL, "C");
}

static void test_words(void **state)
{
    (void)state;
    assert_true(plain_has_words("The Lost update", "update lost"));
    assert_true(plain_has_words("anything", ""));
    assert_false(plain_has_words("The lost update", "update found"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),   cmocka_unit_test(test_common),
        cmocka_unit_test(test_find),    cmocka_unit_test(test_nearest),
        cmocka_unit_test(test_garbage), cmocka_unit_test(test_help),
        cmocka_unit_test(test_wrap),    cmocka_unit_test(test_wrap_wide),
        cmocka_unit_test(test_words)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
