/* The command line: parsing, help, and the manual page against the tables. */
#include "options.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MAX_ARGS 16

/* Parse words; returns the result, *o needs options_fini. The words must outlive *o. */
static int parse(struct options *o, struct err *e, char *const *words)
{
    static char *argv[MAX_ARGS + 1];
    int argc = 0;
    argv[argc++] = (char[]){"lockstep"};
    while (words[argc - 1] && argc < MAX_ARGS) {
        argv[argc] = words[argc - 1];
        argc++;
    }
    argv[argc] = NULL;
    *e = (struct err){0};
    return options_parse(o, argc, argv, e);
}
#define WORDS(...)                                                                                 \
    (char *[])                                                                                     \
    {                                                                                              \
        __VA_ARGS__, NULL                                                                          \
    }
#define W(s) ((char[]){s})

static void expect_error(char *const *words, const char *part)
{
    struct options o;
    struct err e;
    assert_int_equal(parse(&o, &e, words), -ERR_USAGE);
    assert_int_equal(e.code, ERR_USAGE);
    if (!strstr(e.message, part))
        fail_msg("'%s' is not in '%s'", part, e.message);
    options_fini(&o);
}

static void test_nothing_is_home(void **state)
{
    (void)state;
    struct options o;
    struct err e;
    assert_int_equal(parse(&o, &e, WORDS(NULL)), 0);
    assert_int_equal(o.command, COMMAND_HOME);
    assert_int_equal(o.plain, 0);
    options_fini(&o);
    assert_int_equal(parse(&o, &e, WORDS(W("--plain"))), 0);
    assert_int_equal(o.command, COMMAND_HOME);
    assert_int_equal(o.plain, 1);
    options_fini(&o);
}

static void test_options_of_explore(void **state)
{
    (void)state;
    struct options o;
    struct err e;
    int r = parse(&o, &e,
                  WORDS(W("explore"), W("a.c"), W("--strategy=random"), W("--seed"), W("7"),
                        W("--exec=12"), W("--seconds"), W("0.5"), W("-oout.rec"), W("b.c"),
                        W("--main-exit=wait"), W("--"), W("--first"), W("x")));
    assert_int_equal(r, 0);
    assert_int_equal(o.command, COMMAND_EXPLORE);
    assert_int_equal(o.strategy, 2);
    assert_int_equal(o.seed, 7);
    assert_int_equal(o.executions, 12);
    assert_true(o.seconds > 0.49 && o.seconds < 0.51);
    assert_string_equal(o.output, "out.rec");
    assert_int_equal(o.main_exit, 1);
    assert_int_equal(o.first, 0);
    assert_int_equal(o.noperands, 2);
    assert_string_equal(o.operands[0], "a.c");
    assert_string_equal(o.operands[1], "b.c");
    assert_null(o.operands[2]);
    assert_int_equal(o.nargs, 2);
    assert_string_equal(o.args[0], "--first");
    assert_string_equal(o.args[1], "x");
    options_fini(&o);
}

static void test_double_dash(void **state)
{
    (void)state;
    struct options o;
    struct err e;
    /* the value of an option may be "--" */
    assert_int_equal(parse(&o, &e, WORDS(W("run"), W("--choose"), W("--"), W("a.c"))), 0);
    assert_string_equal(o.choose, "--");
    assert_int_equal(o.noperands, 1);
    assert_int_equal(o.nargs, 0);
    options_fini(&o);
    /* only the first "--" is ours */
    assert_int_equal(parse(&o, &e, WORDS(W("run"), W("a.c"), W("--"), W("--"))), 0);
    assert_int_equal(o.nargs, 1);
    assert_string_equal(o.args[0], "--");
    options_fini(&o);
    /* where no program is run, what follows are operands */
    assert_int_equal(parse(&o, &e, WORDS(W("learn"), W("--"), W("--odd"))), 0);
    assert_int_equal(o.noperands, 1);
    assert_string_equal(o.operands[0], "--odd");
    options_fini(&o);
}

static void test_cc_passes_all_on(void **state)
{
    (void)state;
    struct options o;
    struct err e;
    assert_int_equal(parse(&o, &e, WORDS(W("cc"), W("-o"), W("x"), W("--version"), W("--"))), 0);
    assert_int_equal(o.command, COMMAND_CC);
    assert_int_equal(o.nargs, 4);
    assert_string_equal(o.args[0], "-o");
    assert_string_equal(o.args[3], "--");
    assert_int_equal(o.help, 0);
    options_fini(&o);
    assert_int_equal(parse(&o, &e, WORDS(W("cc"), W("--help"))), 0);
    assert_int_equal(o.help, 1);
    options_fini(&o);
}

static void test_help_and_version_need_nothing_else(void **state)
{
    (void)state;
    struct options o;
    struct err e;
    assert_int_equal(parse(&o, &e, WORDS(W("run"), W("--help"))), 0);
    assert_int_equal(o.help, 1);
    assert_int_equal(o.command, COMMAND_RUN);
    options_fini(&o);
    assert_int_equal(parse(&o, &e, WORDS(W("-V"))), 0);
    assert_int_equal(o.version, 1);
    options_fini(&o);
    assert_int_equal(parse(&o, &e, WORDS(W("--vers"))), 0);
    assert_int_equal(o.version, 1);
    options_fini(&o);
}

static void test_dash_is_an_operand(void **state)
{
    (void)state;
    struct options o;
    struct err e;
    assert_int_equal(parse(&o, &e, WORDS(W("explore"), W("-"), W("--first"))), 0);
    assert_int_equal(o.noperands, 1);
    assert_string_equal(o.operands[0], "-");
    assert_int_equal(o.first, 1);
    options_fini(&o);
}

static void test_wrong_usage(void **state)
{
    (void)state;
    expect_error(WORDS(W("exlpore"), W("a.c")), "did you mean 'explore'");
    expect_error(WORDS(W("les")), "did you mean 'lessons'");
    expect_error(WORDS(W("zzzzzz")), "'zzzzzz' is no command");
    expect_error(WORDS(W("watch"), W("a.c")), "'watch' is no command");
    expect_error(WORDS(W("")), "'' is no command");
    expect_error(WORDS(W("counter.c")), "lockstep run counter.c");
    expect_error(WORDS(W("run")), "FILE.c... [-- ARGS] is missing");
    expect_error(WORDS(W("run"), W("--"), W("a.c")), "is missing");
    expect_error(WORDS(W("run"), W("--plian"), W("a.c")), "did you mean '--plain'");
    expect_error(WORDS(W("run"), W("--plain=yes"), W("a.c")), "'--plain' takes no value");
    expect_error(WORDS(W("run"), W("--executions=3"), W("a.c")), "unknown option '--executions'");
    expect_error(WORDS(W("run"), W("-x"), W("a.c")), "unknown option '-x'");
    expect_error(WORDS(W("explore"), W("a.c"), W("-o")), "option '-o' needs a value");
    expect_error(WORDS(W("explore"), W("a.c"), W("--seed")), "option '--seed' needs a value");
    expect_error(WORDS(W("explore"), W("a.c"), W("--se=1")), "could mean several");
    expect_error(WORDS(W("explore"), W("a.c"), W("--strategy=bfs")), "dpor|dfs|random");
    expect_error(WORDS(W("explore"), W("a.c"), W("--strategy=")), "is none of");
    expect_error(WORDS(W("explore"), W("a.c"), W("--executions=0")), "1 or more");
    expect_error(WORDS(W("explore"), W("a.c"), W("--executions=-3")), "1 or more");
    expect_error(WORDS(W("explore"), W("a.c"), W("--executions=3x")), "1 or more");
    expect_error(WORDS(W("explore"), W("a.c"), W("--seed=99999999999999999999")), "0 or more");
    expect_error(WORDS(W("explore"), W("a.c"), W("--seconds=0")), "positive number");
    expect_error(WORDS(W("explore"), W("a.c"), W("--seconds=nan")), "positive number");
    expect_error(WORDS(W("explore"), W("a.c"), W("--seconds=inf")), "positive number");
    expect_error(WORDS(W("lessons"), W("x")), "'x' is one argument too many");
    expect_error(WORDS(W("--plain"), W("learn")), "'lockstep learn --plain'");
}

/* Errors name the option also when its value came before other words. */
static void test_error_names_the_right_option(void **state)
{
    (void)state;
    expect_error(WORDS(W("run"), W("a.c"), W("--bogus"), W("b.c"), W("c.c")), "'--bogus'");
    expect_error(WORDS(W("run"), W("a.c"), W("-qp"), W("b.c")), "'-q'");
    expect_error(WORDS(W("run"), W("--plain"), W("-qp"), W("b.c")), "'-q'");
    expect_error(WORDS(W("run"), W("--help=1"), W("b.c")), "'--help' takes no value");
}

static void test_tables_have_no_duplicates(void **state)
{
    (void)state;
    size_t n;
    const struct option_row *rows = option_rows(&n);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++) {
            if (rows[i].command != rows[j].command)
                continue;
            assert_string_not_equal(rows[i].name, rows[j].name);
            assert_false(rows[i].letter && rows[i].letter == rows[j].letter);
        }
    for (int i = 0; i < COMMAND_COUNT; i++)
        for (int j = 0; j < i; j++)
            assert_string_not_equal(commands[i].name, commands[j].name);
}

/* Every option is reachable: given alone it changes its field. */
static void test_every_option_parses(void **state)
{
    (void)state;
    size_t n;
    const struct option_row *rows = option_rows(&n);
    for (size_t i = 0; i < n; i++) {
        struct options o;
        struct err e;
        char option[64], command[32], file[] = "a.c";
        static const char *const values[] = {[OPTION_TEXT] = "t",
                                             [OPTION_NUMBER] = "5",
                                             [OPTION_COUNT] = "5",
                                             [OPTION_SECONDS] = "5"};
        const char *value = rows[i].type == OPTION_WORD   ? strrchr(rows[i].meta, '|') + 1
                            : rows[i].type == OPTION_FLAG ? ""
                                                          : values[rows[i].type];
        snprintf(option, sizeof option, "--%s%s%s", rows[i].name, *value ? "=" : "", value);
        snprintf(command, sizeof command, "%s", commands[rows[i].command].name);
        int operands = commands[rows[i].command].min;
        assert_int_equal(
            parse(&o, &e,
                  command[0] ? WORDS(command, option, operands ? file : NULL) : WORDS(option)),
            0);
        size_t size = rows[i].type == OPTION_FLAG || rows[i].type == OPTION_WORD ? sizeof(int) : 8;
        static const char zero[8] = {0};
        assert_memory_not_equal((char *)&o + rows[i].field, zero, size);
        options_fini(&o);
    }
}

static void test_help_tells_all_and_fits(void **state)
{
    (void)state;
    size_t n;
    const struct option_row *rows = option_rows(&n);
    for (int c = 0; c < COMMAND_COUNT; c++) {
        struct buf help = {0};
        options_help((enum command_id)c, &help);
        for (size_t i = 0; i < n; i++) {
            char option[64];
            snprintf(option, sizeof option, "--%s", rows[i].name);
            if (rows[i].command == (enum command_id)c && !strstr(help.data, option))
                fail_msg("help of '%s' lacks %s", commands[c].name, option);
        }
        for (const char *s = help.data; *s;) {
            size_t len = strcspn(s, "\n");
            if (len > 80)
                fail_msg("help of '%s' is wider than 80: %.*s", commands[c].name, (int)len, s);
            s += len + (s[len] == '\n');
        }
        buf_fini(&help);
    }
    struct buf help = {0};
    options_help(COMMAND_HOME, &help);
    for (int c = 0; c < COMMAND_COUNT; c++)
        assert_non_null(strstr(help.data, commands[c].name));
    assert_null(strstr(help.data, "export REC"));
    buf_fini(&help);
}

/* -------- the manual page -------- */

static const char *read_manual(void)
{
    static char text[200000];
    FILE *f = fopen("docs/lockstep.1", "re");
    if (!f) {
        fail_msg("docs/lockstep.1 cannot be opened: run the tests from the top folder");
        return "";
    }
    text[fread(text, 1, sizeof text - 1, f)] = '\0';
    fclose(f);
    return text;
}

/* The part of the page about a command: from its .Ss to the next .Ss or .Sh; "" if it has none.
 * Valid until the next call. */
static const char *manual_section(const char *manual, const char *name)
{
    static char section[20000];
    char head[64];
    snprintf(head, sizeof head, "\n.Ss lockstep%s%s", *name ? " " : "", name);
    for (const char *s = strstr(manual, head); s; s = strstr(s + 1, head)) {
        char after = s[strlen(head)];
        if (after != '\n' && (after != ' ' || !*name))
            continue;
        s += 1;
        const char *ss = strstr(s, "\n.Ss "), *sh = strstr(s, "\n.Sh ");
        const char *end = ss && (!sh || ss < sh) ? ss : sh;
        snprintf(section, sizeof section, "%.*s", end ? (int)(end - s) : INT_MAX, s);
        return section;
    }
    return "";
}

static void expected_item(const struct option_row *row, char *out, size_t n)
{
    char letter[16] = "";
    if (row->letter)
        snprintf(letter, sizeof letter, "%c , Fl ", row->letter);
    snprintf(out, n, "\n.It Fl %s-%s%s%s\n", letter, row->name, row->meta[0] ? " Ns = Ns Ar " : "",
             row->meta);
}

static void test_manual_has_every_option(void **state)
{
    (void)state;
    size_t n, in_table = 0, in_manual = 0;
    const struct option_row *rows = option_rows(&n);
    const char *manual = read_manual();
    for (int c = 0; c < COMMAND_COUNT; c++) {
        const char *section = manual_section(manual, commands[c].name);
        if (!*section)
            fail_msg("the manual has no section on '%s'", commands[c].name);
        for (size_t i = 0; i < n; i++) {
            if (rows[i].command != (enum command_id)c)
                continue;
            char item[160];
            expected_item(&rows[i], item, sizeof item);
            in_table++;
            if (!strstr(section, item))
                fail_msg("the manual's section on '%s' lacks: %s", commands[c].name, item);
        }
    }
    for (const char *s = manual; (s = strstr(s, "\n.It Fl ")); s++)
        in_manual++;
    assert_int_equal(in_manual, in_table); /* and nothing that does not exist */
}

static void test_manual_has_no_other_command(void **state)
{
    (void)state;
    const char *manual = read_manual();
    for (const char *s = manual; (s = strstr(s, "\n.Ss lockstep ")); s++) {
        char name[32];
        assert_int_equal(sscanf(s, "\n.Ss lockstep %31s", name), 1);
        assert_true(command_find(name) >= 0);
    }
}

static void test_nearest_word(void **state)
{
    (void)state;
    static const char *const names[] = {"run", "replay", "explore", "lessons"};
    assert_string_equal(nearest_word("rnu", names, 4), "run");
    assert_string_equal(nearest_word("relpay", names, 4), "replay");
    assert_string_equal(nearest_word("expl", names, 4), "explore");
    assert_string_equal(nearest_word("lesons", names, 4), "lessons");
    assert_null(nearest_word("x", names, 4));
    assert_null(nearest_word("", names, 4));
    assert_null(nearest_word("completely-different-and-very-long-word", names, 4));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_is_home),
        cmocka_unit_test(test_options_of_explore),
        cmocka_unit_test(test_double_dash),
        cmocka_unit_test(test_cc_passes_all_on),
        cmocka_unit_test(test_help_and_version_need_nothing_else),
        cmocka_unit_test(test_dash_is_an_operand),
        cmocka_unit_test(test_wrong_usage),
        cmocka_unit_test(test_error_names_the_right_option),
        cmocka_unit_test(test_tables_have_no_duplicates),
        cmocka_unit_test(test_every_option_parses),
        cmocka_unit_test(test_help_tells_all_and_fits),
        cmocka_unit_test(test_manual_has_every_option),
        cmocka_unit_test(test_manual_has_no_other_command),
        cmocka_unit_test(test_nearest_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
