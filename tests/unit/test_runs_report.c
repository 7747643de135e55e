/* The report of many free runs: what it says, and that it fits into 80 columns. */
#include "cmd_runs_report.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include <cmocka.h>

static void add(struct runs *r, const char *out, int status, int times)
{
    struct free_result f = {.end = FREE_ENDED, .status = status, .out = out, .nout = strlen(out)};
    f.out_total = f.nout;
    for (size_t i = 0; i < f.nout; i++)
        f.out_hash = f.out_hash * 31 + (unsigned char)out[i];
    for (int i = 0; i < times; i++)
        runs_add(r, &f);
}

static char *report(const struct runs *r, int ascii)
{
    struct given g = {0};
    struct program p = {.name = (char *)(uintptr_t) "x.c"};
    struct runs_report how = {
        .given = &g, .program = &p, .why = "nobody asked", .processors = 2, .ascii = ascii};
    struct buf out = {0};
    report_runs(&out, &how, r);
    return out.data;
}

/* No line but one to be pasted is wider than a terminal. */
static void fits(const char *text)
{
    for (const char *s = text; *s;) {
        wchar_t line[4096];
        char bytes[4096];
        size_t n = strcspn(s, "\n");
        assert_true(n < sizeof bytes);
        memcpy(bytes, s, n);
        bytes[n] = '\0';
        size_t chars = mbstowcs(line, bytes, 4096);
        assert_true(chars != (size_t)-1);
        if (strncmp(bytes, "  lockstep ", 11) != 0 && wcswidth(line, chars) > 80)
            fail_msg("too wide: %s", bytes);
        s += n + (s[n] == '\n');
    }
}

static void has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("'%s' is not in:\n%s", part, text);
}

static void numbers(void **state)
{
    const struct {
        uint64_t n;
        const char *text;
    } cases[] = {{0, "0"}, {999, "999"}, {1000, "1,000"}, {1002003, "1,002,003"}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf b = {0};
        report_count(&b, cases[i].n);
        assert_string_equal(b.data, cases[i].text);
        buf_fini(&b);
    }
}

static void seen_and_possible(void **state)
{
    char texts[3][4] = {"1\n", "2\n", "0\n"};
    struct explore_outcome o[] = {{.out = texts[0], .nout = 2, .executions = 18, .switches = 1},
                                  {.out = texts[1], .nout = 2, .executions = 2},
                                  {.out = texts[2], .nout = 2, .executions = 5, .switches = 3}};
    struct explore_result x = {
        .complete = 1, .why_not = "", .outcomes = o, .noutcomes = 3, .executions = 25};
    struct runs r = {.wanted = 10000};
    (void)state;
    add(&r, "2\n", 0, 9996);
    add(&r, "1\n", 0, 3);
    add(&r, "strange", 0, 1);
    runs_match(&r, &x, NULL);
    char *text = report(&r, 0);
    fits(text);
    has(text, "x.c: 10,000 free runs in ");
    has(text, "prints \"1\\n\", status 0\n  seen      ░                      0.03 %  3 times in "
              "10,000\n  possible  ██████████████        72.00 %  in 18 of 25 executions\n"
              "  one switch is enough:\n");
    has(text, "no switch is needed:");
    has(text,
        "prints \"0\\n\", status 0\n  seen                             0.00 %  never in 10,000");
    has(text, "less than once in 3,333 runs");
    has(text, "3 switches are enough:");
    has(text, "prints \"strange\", status 0\n  seen      ░                      0.01 %  1 time in "
              "10,000\n  NOT POSSIBLE");
    has(text, "1 outcome was seen that no schedule explains.");
    has(text, "1 outcome is possible and was never seen.");
    assert_null(strstr(text, "Every outcome"));
    free(text);
    runs_fini(&r);
}

static void whatever_it_prints(void **state)
{
    char wide[1000] = "", same[1000] = "", other[1000] = "";
    struct runs r = {.wanted = 4};
    (void)state;
    for (int i = 0; i < 100; i++) {
        strcat(wide, "日\x1b");
        strcat(same, "the same ");
    }
    strcpy(other, same);
    strcat(same, "1");
    strcat(other, "2");
    add(&r, wide, 0, 1);
    add(&r, "\xff\xfe\n\t", 6, 1);
    add(&r, "", 3 << 8, 1);
    for (int ascii = 0; ascii < 2; ascii++) {
        char *text = report(&r, ascii);
        fits(text);
        has(text, "prints \"\\xff\\xfe\\n\\t\", signal 6");
        has(text, "prints nothing, status 3");
        has(text, ascii ? "prints \"\\xe6\\x97\\xa5\\x1b" : "prints \"日\\x1b日");
        has(text, "Not searched: nobody asked");
        for (const char *s = text; ascii && *s; s++)
            assert_true((unsigned char)*s < 0x80);
        assert_null(strchr(text, '\x1b'));
        free(text);
    }
    runs_fini(&r);
    /* long ones are told apart */
    r = (struct runs){.wanted = 2};
    add(&r, same, 0, 1);
    add(&r, other, 0, 1);
    char *text = report(&r, 0);
    fits(text);
    has(text, "same 1\", status 0");
    has(text, "same 2\", status 0");
    free(text);
    runs_fini(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers),
        cmocka_unit_test(seen_and_possible),
        cmocka_unit_test(whatever_it_prints),
    };
    setlocale(LC_CTYPE, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
