/* What /proc says, as its manual describes it (proc(5)): names may hold anything, files end early.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "proc.h"

/* The fields of stat from the third on, by their numbers in proc(5): 4 ppid, 5 pgrp, 6 session, 20
 * threads, 22 start, 39 processor, 52 exit code; all others are ten times their number. */
static void make_stat(char *out, size_t n, const char *name, char state)
{
    int at = snprintf(out, n, "4711 (%s) %c", name, state);
    for (int field = 4; field <= 52; field++) {
        int value = field == 4    ? 17
                    : field == 5  ? 18
                    : field == 6  ? 19
                    : field == 8  ? -1
                    : field == 20 ? 5
                    : field == 22 ? 123456
                    : field == 39 ? 3
                    : field == 52 ? 768
                                  : field * 10;
        at += snprintf(out + at, n - (size_t)at, " %d", value);
    }
    snprintf(out + at, n - (size_t)at, "\n");
}

static void check_stat(const char *name, const char *shown)
{
    char text[1024];
    struct proc_stat s;
    make_stat(text, sizeof text, name, 'Z');
    assert_int_equal(proc_parse_stat(text, &s), 0);
    assert_int_equal(s.pid, 4711);
    assert_string_equal(s.comm, shown);
    assert_int_equal(s.state, 'Z');
    assert_int_equal(s.ppid, 17);
    assert_int_equal(s.pgrp, 18);
    assert_int_equal(s.session, 19);
    assert_int_equal(s.threads, 5);
    assert_int_equal(s.start, 123456);
    assert_int_equal(s.processor, 3);
    assert_int_equal(s.exit_code, 3 << 8);
}

static void names_hold_anything(void **state)
{
    (void)state;
    check_stat("cat", "cat");
    check_stat("a b) R 1 (c", "a b) R 1 (c");
    check_stat("))))", "))))");
    check_stat("", "");
    check_stat("line\nend\033[31m", "line?end?[31m");
    check_stat("fifteen letters", "fifteen letters");
    check_stat("more than fifteen letters", "more than fifte");
}

static void what_is_no_stat_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",           "4711",     "4711 (cat", "4711 cat) R 1",
                                        "(cat) R",    "4711 (c)", "4711 (c) ", "4711 (c) R",
                                        "x (c) R 1 2"};
    struct proc_stat s;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(proc_parse_stat(wrong[i], &s), -1);
}

static void every_shorter_stat_is_survived(void **state)
{
    (void)state;
    char text[1024];
    struct proc_stat s;
    make_stat(text, sizeof text, "a) b", 'S');
    for (size_t n = strlen(text); n > 0; n--) {
        text[n - 1] = '\0';
        if (proc_parse_stat(text, &s) == 0)
            assert_int_equal(s.pid, 4711);
    }
}

static void times_switches_and_groups(void **state)
{
    (void)state;
    uint64_t a = 1, b = 2;
    assert_int_equal(proc_parse_schedstat("123456789012 34 5\n", &a, &b), 0);
    assert_int_equal(a, 123456789012ull);
    assert_int_equal(b, 34);
    assert_int_equal(proc_parse_schedstat("12\n", &a, &b), -1);
    assert_int_equal(proc_parse_schedstat("", &a, &b), -1);
    static const char status[] =
        "Name:\tnonvoluntary_ctxt_switches:\t9\nTgid:\t77\nPid:\t78\n"
        "voluntary_ctxt_switches:\t150\nnonvoluntary_ctxt_switches:\t545\n";
    assert_int_equal(proc_parse_switches(status, &a, &b), 0);
    assert_int_equal(a, 150);
    assert_int_equal(b, 545);
    assert_int_equal(proc_parse_group(status), 77);
    assert_int_equal(proc_parse_group("Name:\tx\n"), -1);
    assert_int_equal(proc_parse_switches("voluntary_ctxt_switches:\n", &a, &b), -1);
    assert_int_equal(proc_parse_private_pages("1000 70 30 1 0 20 0\n"), 40);
    assert_int_equal(proc_parse_private_pages("1000 30 70 1 0 20 0\n"), 0);
    assert_int_equal(proc_parse_youngest("0.20 0.18 0.12 1/80 11206\n"), 11206);
    assert_int_equal(proc_parse_youngest(""), -1);
    assert_int_equal(proc_parse_youngest("0.20 x"), -1);
}

/* A child that is a zombie: state, parent and status, as the kernel has them. */
static void a_real_zombie(void **state)
{
    (void)state;
    char path[64], text[1024];
    struct proc_stat s;
    struct proc_file f = PROC_CLOSED;
    siginfo_t info;
    pid_t pid = fork();
    if (pid == 0)
        _exit(3);
    assert_int_equal(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    assert_true(proc_read(&f, path, text, sizeof text) > 0);
    assert_int_equal(proc_parse_stat(text, &s), 0);
    assert_int_equal(s.pid, pid);
    assert_int_equal(s.ppid, getpid());
    assert_int_equal(s.state, 'Z');
    assert_true(s.threads <= 1);
    assert_true(WIFEXITED(s.exit_code));
    assert_int_equal(WEXITSTATUS(s.exit_code), 3);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    assert_true(proc_read(&f, path, text, sizeof text) <= 0); /* gone, though it was open */
    assert_int_equal(f.fd, -1);
}

static void ranges_of_ourselves(void **state)
{
    (void)state;
    static struct proc_range r[4096];
    int n = proc_ranges((int32_t)getpid(), r, 4096), found = 0, stack = 0;
    uint64_t local = (uint64_t)(uintptr_t)&local;
    assert_true(n > 0);
    for (int i = 0; i < n; i++) {
        assert_true(r[i].low < r[i].high);
        found += local >= r[i].low && local < r[i].high;
        stack += r[i].stack && local >= r[i].low && local < r[i].high;
    }
    assert_int_equal(found, 1);
    assert_int_equal(stack, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_hold_anything),
        cmocka_unit_test(what_is_no_stat_is_refused),
        cmocka_unit_test(every_shorter_stat_is_survived),
        cmocka_unit_test(times_switches_and_groups),
        cmocka_unit_test(a_real_zombie),
        cmocka_unit_test(ranges_of_ourselves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
