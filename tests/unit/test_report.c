/* The report of a search, and lines that are pasted into a shell. */
#include "cmd_report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define W(s) ((char[]){s})

static void expect_quoted(const char *word, const char *wanted)
{
    struct buf b = {0};
    shell_quote(&b, word);
    assert_string_equal(b.data, wanted);
    buf_fini(&b);
}

static void test_quotes(void **state)
{
    (void)state;
    expect_quoted("counter.c", "counter.c");
    expect_quoted("/a/b-c_d.c", "/a/b-c_d.c");
    expect_quoted("", "''");
    expect_quoted("a b", "'a b'");
    expect_quoted("it's", "'it'\\''s'");
    expect_quoted("$HOME", "'$HOME'");
    expect_quoted("~", "'~'");
    expect_quoted("a!w", "'a!w'");
    expect_quoted("*", "'*'");
    expect_quoted("a\nb", "'a\nb'");
    expect_quoted("#", "'#'");
    expect_quoted("=1", "'=1'");
}

/* The shell reads a quoted word back as it was. */
static void test_shell_reads_back(void **state)
{
    (void)state;
    for (int c = 1; c < 256; c++) {
        char word[] = {'x', (char)c, '\'', (char)c, '\0'};
        struct buf command = {0}, back = {0};
        if (c ==
            '\n') /* a newline at the end of output is cut by nobody here, but keep it inside */
            word[3] = 'y';
        buf_puts(&command, "printf %s ");
        shell_quote(&command, word);
        FILE *p = popen(command.data, "re");
        assert_non_null(p);
        char block[64];
        size_t n = fread(block, 1, sizeof block, p);
        buf_add(&back, block, n);
        assert_int_equal(pclose(p), 0);
        assert_string_equal(back.data, word);
        buf_fini(&command);
        buf_fini(&back);
    }
}

static struct given given_of(char **names, int n, char **args, int nargs)
{
    return (struct given){
        .files = names, .names = names, .nfiles = n, .args = args, .nargs = nargs};
}

static void test_replay_line(void **state)
{
    (void)state;
    char *names[] = {W("a b.c"), W("-odd.c")}, *args[] = {W("x"), W("$y")};
    struct given g = given_of(names, 2, args, 2);
    struct schedule s;
    schedule_init(&s);
    memcpy(s.hash, "0123abcd", 9);
    schedule_add(&s, 0, 3);
    s.main_exit_wait = 1;
    struct buf b = {0}, token = {0};
    given_replay_line(&b, &g, &s);
    schedule_format(&s, &token);
    assert_non_null(strchr(token.data, '!'));
    char wanted[200];
    snprintf(wanted, sizeof wanted, "lockstep replay '%s' 'a b.c' ./-odd.c -- x '$y'", token.data);
    assert_string_equal(b.data, wanted);
    buf_fini(&b);
    buf_fini(&token);
    schedule_fini(&s);
}

static char *verdict(struct explore_result r)
{
    struct buf b = {0};
    report_verdict(&b, &r);
    return b.data;
}

static void expect_verdict(struct explore_result r, const char *wanted)
{
    char *got = verdict(r);
    assert_string_equal(got, wanted);
    free(got);
}

static void test_verdicts_never_claim_too_much(void **state)
{
    (void)state;
    expect_verdict((struct explore_result){.complete = 1, .why_not = ""},
                   "Nothing found. Complete: every schedule was covered.\n");
    expect_verdict((struct explore_result){.complete = 1, .nfindings = 1, .why_not = ""},
                   "Complete: every schedule was covered.\n");
    expect_verdict((struct explore_result){.why_not = "60 s passed", .executions = 7},
                   "Nothing found. Not complete: 60 s passed, after 7 executions. Schedules that "
                   "were not tried may still fail.\n");
    expect_verdict((struct explore_result){.why_not = "", .executions = 1, .nfindings = 2},
                   "Not complete: the search was stopped, after 1 execution. There may be more to "
                   "find.\n");
}

static void test_report(void **state)
{
    (void)state;
    char *names[] = {W("c.c")};
    struct given g = given_of(names, 1, NULL, 0);
    struct program p = {.name = W("c.c")};
    static char text[] = "a\x1b[2J\n";
    struct explore_outcome *o = xcalloc(30, sizeof *o);
    for (int i = 0; i < 30; i++)
        o[i] = (struct explore_outcome){.out = text, .nout = 6, .executions = 3};
    o[0].deadlock = 1;
    o[1].signal = 11;
    o[1].exit_status = -1;
    o[2].nout_total = 1000;
    struct explore_finding f = {.kind = FIND_DEADLOCK,
                                .message = W("they wait"),
                                .file = W("c.c"),
                                .line = 8,
                                .tasks = {1, 2},
                                .ntasks = 2,
                                .switches = 1,
                                .steps = 11};
    struct explore_result r = {.outcomes = o,
                               .noutcomes = 30,
                               .findings = &f,
                               .nfindings = 1,
                               .complete = 1,
                               .why_not = "",
                               .executions = 90,
                               .blocked = 4};
    struct buf b = {0};
    report_search(&b, &g, &p, &r);
    static const char *const parts[] = {"c.c: 90 executions, 4 more abandoned as redundant",
                                        "strategy dpor",
                                        "Outcomes: 30",
                                        "prints \"a\\x1b[2J\\n\", deadlock",
                                        "signal 11",
                                        "and 994 bytes more",
                                        "and 10 more; --json lists all",
                                        "deadlock at c.c:8 between T1 and T2 (1 switch, 11 steps)",
                                        "\n  they wait\n  lockstep replay "};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (!strstr(b.data, parts[i]))
            fail_msg("'%s' is not in:\n%s", parts[i], b.data);
    assert_null(strchr(b.data, '\x1b'));
    buf_fini(&b);
    free(o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_quotes),      cmocka_unit_test(test_shell_reads_back),
        cmocka_unit_test(test_replay_line), cmocka_unit_test(test_verdicts_never_claim_too_much),
        cmocka_unit_test(test_report),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
