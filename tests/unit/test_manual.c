/* The keys and the settings in the manual page are those of the tables. With LOCKSTEP_GOLDEN set,
 * the sections are written anew instead. */
#include "base.h"
#include "config.h"
#include "plain_command.h"
#include "tui.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char page[] = "docs/lockstep.1";
static const char end[] = ".Ed\n";

/* One line of text as roff: a backslash is \e, a leading dot or quote is protected. */
static void add_roff_line(struct buf *out, const char *line, size_t n)
{
    if (n && (line[0] == '.' || line[0] == '\''))
        buf_puts(out, "\\&");
    for (size_t i = 0; i < n; i++) {
        if (line[i] == '\\')
            buf_puts(out, "\\e");
        else if (line[i] == '-')
            buf_puts(out, "\\-");
        else
            buf_add(out, &line[i], 1);
    }
    buf_puts(out, "\n");
}

static void wanted_section(struct buf *out, const char *begin, void (*print)(FILE *))
{
    char *text = NULL;
    size_t n = 0;
    FILE *f = open_memstream(&text, &n);
    assert_non_null(f);
    print(f);
    fclose(f);
    buf_puts(out, begin);
    for (const char *s = text; *s;) {
        size_t len = strcspn(s, "\n");
        add_roff_line(out, s, len);
        s += len + (s[len] == '\n');
    }
    buf_puts(out, end);
    free(text);
}

static void read_page(struct buf *out)
{
    FILE *f = fopen(page, "re");
    char block[4096];
    if (!f) {
        fail_msg("%s cannot be opened: run the tests from the top folder", page);
        return;
    }
    for (size_t n; (n = fread(block, 1, sizeof block, f)) > 0;)
        buf_add(out, block, n);
    fclose(f);
}

static void write_page(const char *head, size_t nhead, const char *section, const char *tail)
{
    FILE *f = fopen(page, "we");
    assert_non_null(f);
    fwrite(head, 1, nhead, f);
    fputs(section, f);
    fputs(tail, f);
    assert_int_equal(fclose(f), 0);
}

static void section(const char *begin, void (*print)(FILE *))
{
    struct buf manual = {0}, wanted = {0};
    read_page(&manual);
    wanted_section(&wanted, begin, print);
    if (!manual.data || !wanted.data) {
        fail_msg("the manual page or the table of keys is empty");
        return;
    }
    const char *from = strstr(manual.data, begin);
    assert_non_null(from);
    const char *to = strstr(from, end);
    assert_non_null(to);
    to += strlen(end);
    int same = (size_t)(to - from) == wanted.len && memcmp(from, wanted.data, wanted.len) == 0;
    if (!same && getenv("LOCKSTEP_GOLDEN"))
        write_page(manual.data, (size_t)(from - manual.data), wanted.data, to);
    else if (!same)
        fail_msg(
            "%s: this is not what the tables say: %s; run this test with LOCKSTEP_GOLDEN=1 and "
            "read the difference",
            page, begin);
    buf_fini(&manual);
    buf_fini(&wanted);
}

static void test_keys(void **state)
{
    (void)state;
    section(".Sh KEYS\n.Bd -literal\n", keys_print_text);
}

static void test_settings(void **state)
{
    (void)state;
    section(".Ss Settings\n.Bd -literal\n", config_print_text);
}

static void test_plain_commands(void **state)
{
    (void)state;
    section(".Ss Commands of plain mode\n.Bd -literal\n", talk_print_text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_keys), cmocka_unit_test(test_settings),
                                       cmocka_unit_test(test_plain_commands)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
