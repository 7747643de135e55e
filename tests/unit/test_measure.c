/* Measuring: the statistics against values worked out by hand, lists of threads, what is said and
 * what is not, and single runs of real programs. */
#include "canvas.h"
#include "timing.h"

#include <dirent.h>
#include <jansson.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void assert_near(double got, double wanted)
{
    if (!(fabs(got - wanted) <= 1e-9 * (fabs(wanted) > 1 ? fabs(wanted) : 1)))
        fail_msg("%.12g is not %.12g", got, wanted);
}

/* ---- statistics ---- */
/* At most 2.5 % of the binomial's weight may lie below the rank: 1/32 and 1/64 for all of 5 and 6
 * samples on one side; 10/512 for at most one of 9; the tables have 6 for 20 and 40 for 100. */
static void test_ranks(void **state)
{
    (void)state;
    static const struct {
        size_t n, rank;
    } rows[] = {{0, 0}, {1, 0}, {5, 0}, {6, 1}, {8, 1}, {9, 2}, {20, 6}, {100, 40}, {2000, 956}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(summary_rank(rows[i].n), rows[i].rank);
}

static void test_summary(void **state)
{
    (void)state;
    struct summary s;
    summary_of(&s, (double[]){4, NAN, 1, 3, 2}, 5);
    assert_int_equal(s.n, 4);
    assert_near(s.least, 1);
    assert_near(s.quarter, 1.75);
    assert_near(s.median, 2.5);
    assert_near(s.three_quarters, 3.25);
    assert_near(s.most, 4);
    assert_int_equal(s.sure, 0);
    assert_near(s.low, 1);
    assert_near(s.high, 4);
    assert_near(summary_spread(&s), 0.6);
    assert_int_equal(summary_against(&s, 0.5), 0); /* too few to say anything */
    summary_of(&s, (double[]){9, 8, 7, 6, 5, 4, 3, 2, 1}, 9);
    assert_int_equal(s.sure, 1);
    assert_near(s.low, 2);
    assert_near(s.high, 8);
    assert_int_equal(summary_against(&s, 1.9), 1);
    assert_int_equal(summary_against(&s, 2), 0);
    assert_int_equal(summary_against(&s, 8.1), -1);
    summary_of(&s, (double[]){NAN}, 1);
    assert_int_equal(s.n, 0);
    assert_true(isnan(s.median) && isnan(s.low));
    summary_of_ratios(&s, (double[]){6, NAN, 8, 1}, (double[]){2, 1, 4, 0}, 4);
    assert_int_equal(s.n, 2);
    assert_near(s.median, 2.5);
}

/* An interval said to be 95 % sure holds the true median in at least so many cases: here of samples
 * from a lopsided distribution, whose median is 0.25. For 20 samples it is 95.9 %. */
static void test_intervals_hold_what_they_say(void **state)
{
    (void)state;
    enum { CASES = 4000, N = 20 };
    uint64_t x = 88172645463325252ull;
    int held = 0;
    for (int i = 0; i < CASES; i++) {
        double samples[N];
        struct summary s;
        for (int k = 0; k < N; k++) {
            x ^= x << 13;
            x ^= x >> 7;
            x ^= x << 17;
            double u = (double)(x >> 11) / 9007199254740992.0;
            samples[k] = u * u;
        }
        summary_of(&s, samples, N);
        held += s.low <= 0.25 && 0.25 <= s.high;
    }
    assert_in_range(held, CASES * 95 / 100, CASES * 97 / 100);
}

enum { ROUNDS = 9 };
static void fill(double *x, double value)
{
    for (int i = 0; i < ROUNDS; i++)
        x[i] = value;
}

static void test_serial_share(void **state)
{
    (void)state;
    double one[ROUNDS], two[ROUNDS], four[ROUNDS];
    const double *times[] = {one, two, four};
    static const int threads[] = {1, 2, 4};
    struct summary s;
    fill(one, 10); /* 10 (0.2 + 0.8 / n) */
    fill(two, 6);
    fill(four, 4);
    assert_int_equal(amdahl_fit(&s, threads, times, 3, ROUNDS, 4), AMDAHL_GIVEN);
    assert_near(s.median, 0.2);
    fill(four, 9); /* on 2 processors the 4 threads do not count */
    assert_int_equal(amdahl_fit(&s, threads, times, 3, ROUNDS, 2), AMDAHL_GIVEN);
    assert_near(s.median, 0.2);
    assert_int_equal(amdahl_fit(&s, threads, times, 3, ROUNDS, 1), AMDAHL_FEW);
    assert_int_equal(amdahl_fit(&s, threads + 1, times + 1, 2, ROUNDS, 4), AMDAHL_FEW);
    fill(two, 5.5); /* 0.1 */
    fill(four, 7);  /* 0.6 */
    assert_int_equal(amdahl_fit(&s, threads, times, 3, ROUNDS, 4), AMDAHL_GROWS);
    fill(two, 4); /* less than half */
    assert_int_equal(amdahl_fit(&s, threads, times, 2, ROUNDS, 2), AMDAHL_OUTSIDE);
    for (int i = 0; i < ROUNDS; i++)
        two[i] = i % 2 ? 5 : 10;
    assert_int_equal(amdahl_fit(&s, threads, times, 2, ROUNDS, 2), AMDAHL_WIDE);
    fill(two, 6);
    assert_int_equal(amdahl_fit(&s, threads, times, 2, 5, 2), AMDAHL_WIDE); /* too few rounds */
}

/* ---- the command line ---- */
static void test_threads(void **state)
{
    (void)state;
    struct timing_threads t;
    struct err e = {0};
    static const int wanted[] = {1, 2, 4, 5, 6, 7, 8};
    assert_int_equal(timing_threads(&t, "2,4-8,1,5", &e), 0);
    assert_int_equal(t.n, 7);
    assert_memory_equal(t.list, wanted, sizeof wanted);
    assert_int_equal(timing_threads(&t, NULL, &e), 0);
    assert_int_equal(t.n, 0);
    assert_int_equal(timing_threads(&t, "4096", &e), 0);
    static const char *const bad[] = {
        "",   "0",    "a",     "1,,2", "1,",  "-1",   "1-",  "5-3",
        " 1", "4097", "1-100", "1 2",  "2-0", "1--3", "0x4", "99999999999999999999"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        e = (struct err){0};
        if (timing_threads(&t, bad[i], &e) != -ERR_USAGE || !strstr(e.message, "--threads"))
            fail_msg("'%s' is a list", bad[i]);
    }
}

static void test_arguments(void **state)
{
    (void)state;
    char a[] = "-t{}", b[] = "{", c[] = "{}/{}", d[] = "";
    int places;
    char **argv = timing_argv("prog", (char *[]){a, b, c, d}, 4, 12, &places);
    assert_int_equal(places, 3);
    assert_string_equal(argv[0], "prog");
    assert_string_equal(argv[1], "-t12");
    assert_string_equal(argv[2], "{");
    assert_string_equal(argv[3], "12/12");
    assert_string_equal(argv[4], "");
    assert_null(argv[5]);
    timing_argv_free(argv);
}

/* ---- what is said ---- */
/* Two programs by two numbers of threads; each time is base[i] +- 1 %, B's below where A's
 * are above: so ratios within a program are exact, those between them spread by 2 %. */
struct made {
    struct timing t;
    struct timing_threads threads;
    struct timing_series series[4];
    double wall[4][ROUNDS];
    struct measure runs[4][ROUNDS];
};

static void make(struct made *m, const double base[4])
{
    *m = (struct made){.threads = {2, {1, 4}}};
    m->t = (struct timing){.programs = {"a.c", "b\"\n.c"},
                           .nprograms = 2,
                           .optimise = 2,
                           .processors = 4,
                           .rounds = ROUNDS,
                           .threads = &m->threads,
                           .series = m->series,
                           .nseries = 4,
                           .others = NAN,
                           .stolen = NAN};
    for (int i = 0; i < 4; i++) {
        m->series[i] = (struct timing_series){.program = i % 2,
                                              .threads = m->threads.list[i / 2],
                                              .n = ROUNDS,
                                              .wall = m->wall[i],
                                              .runs = m->runs[i]};
        for (int k = 0; k < ROUNDS; k++) {
            m->wall[i][k] = base[i] * (1 + (i % 2 ? -0.01 : 0.01) * (k - 4) / 4.0);
            m->runs[i][k] = (struct measure){.wall = m->wall[i][k], .user = 1};
        }
    }
}

static char *text_of(const struct made *m, int width, int ascii)
{
    struct buf out = {0};
    timing_text(&m->t, width, ascii, &out);
    return out.data;
}

static void expect(const char *text, const char *part, int there)
{
    struct buf flat = {0}; /* lines may be broken anywhere */
    buf_puts(&flat, "");
    for (const char *s = text; *s; s++)
        buf_add(&flat, *s == '\n' ? " " : s, 1);
    if (!flat.data || (strstr(flat.data, part) != NULL) != there)
        fail_msg("'%s' is %sthere: %s", part, there ? "not " : "", text);
    buf_fini(&flat);
}

static void test_no_conclusion_within_the_noise(void **state)
{
    (void)state;
    struct made m;
    make(&m, (double[]){1, 1, 0.25, 0.5});
    char *text = text_of(&m, 80, 0);
    expect(text, "1 thread: B takes 1.00 times as long as A (95 %: 0.99 .. 1.02): no difference",
           1);
    expect(text, "4 threads: B takes 2.00 times as long as A (95 %: 1.97 .. 2.03): A is faster.",
           1);
    expect(text, "A, 4 threads: 4.00 times as fast as 1 (95 %: 4.00 .. 4.00).", 1);
    expect(text, "B, serial share by Amdahl's law: 33.3 %", 1); /* 0.5 = s + (1 - s) / 4 */
    expect(text, "noisy", 0);
    free(text);
}

static void test_nothing_is_sure_of_few(void **state)
{
    (void)state;
    struct made m;
    make(&m, (double[]){1, 2, 1, 2});
    for (int i = 0; i < 4; i++)
        m.series[i].n = 5;
    m.t.rounds = 5;
    char *text = text_of(&m, 80, 0);
    expect(text, "Fewer than 6 runs", 1);
    expect(text, "is faster", 0);
    expect(text, "95 % interval", 0);
    free(text);
}

static void test_failed_and_noisy(void **state)
{
    (void)state;
    struct made m;
    make(&m, (double[]){1, 1, 1, 1});
    for (int k = 0; k < ROUNDS; k++) {
        m.wall[0][k] = 1 + k / 10.0;
        m.wall[3][k] = NAN;
    }
    m.series[3].nfailed = m.series[3].ntried = 3;
    m.series[3].failures[0].why = (char[]){"ended with status 7"};
    m.series[3].failures[0].n = 3;
    char *text = text_of(&m, 80, 0);
    expect(text, "The times are noisy", 1);
    expect(text, "B 4 threads: 3 of 3 runs failed and do not count.   3 x ended with status 7", 1);
    expect(text, "nan", 0);
    free(text);
}

/* ASCII is the same picture, character by character, and no line is too wide. */
static void test_widths_and_twins(void **state)
{
    (void)state;
    struct made m;
    make(&m, (double[]){1, 2, 0.25, 1});
    static const int widths[] = {80, 100, 200};
    for (int i = 0; i < 3; i++) {
        char *a = text_of(&m, widths[i], 1), *u = text_of(&m, widths[i], 0);
        const char *p = a, *q = u;
        for (; *p && *q; p += strcspn(p, "\n") + 1, q += strcspn(q, "\n") + 1) {
            size_t np = strcspn(p, "\n"), nq = strcspn(q, "\n");
            assert_int_equal(utf8_cols(p, np), utf8_cols(q, nq));
            assert_in_range(np, 0, (size_t)widths[i]);
            for (size_t k = 0; k < np; k++)
                assert_true(p[k] >= ' ' && p[k] <= '~');
        }
        assert_int_equal(*p, *q);
        free(a);
        free(u);
    }
}

/* The columns of line n of a picture. */
static const char *line_of(const char *text, int n)
{
    while (n-- > 0)
        text += strcspn(text, "\n") + 1;
    return text;
}

static void test_curve(void **state)
{
    (void)state;
    struct made m;
    make(&m, (double[]){1, 1, 0.25, 1});
    m.t.nprograms = 1;
    struct buf out = {0};
    timing_curve(&m.t, 60, 1, &out);
    /* four times as fast on four processors: the last point stands on the line at 4, the first on
     * that at 1 */
    int found = 0;
    for (int i = 0; *line_of(out.data, i); i++) {
        const char *line = line_of(out.data, i);
        size_t n = strcspn(line, "\n");
        if (n > 6 && memcmp(line, "   4 +", 6) == 0)
            found += line[n - 1] == 'o';
        if (n > 6 && memcmp(line, "   1 +", 6) == 0)
            found += line[6] == 'o';
    }
    assert_int_equal(found, 2);
    assert_non_null(strstr(out.data, "4 processors here"));
    buf_fini(&out);
    m.threads.n = 1;
    timing_curve(&m.t, 60, 1, &out);
    assert_int_equal(out.len, 0);
}

static void test_json(void **state)
{
    (void)state;
    struct made m;
    make(&m, (double[]){1, 1, 0.25, 1});
    m.wall[1][0] = NAN;
    struct buf out = {0};
    timing_json(&m.t, &out);
    json_error_t e;
    json_t *j = json_loads(out.data, 0, &e), *runs;
    if (!j)
        fail_msg("%s at %d: %s", e.text, e.position, out.data);
    assert_string_equal(json_string_value(json_object_get(j, "schema")), "lockstep.live.time/1");
    assert_string_equal(json_string_value(json_object_get(j, "against")), "b\"\n.c");
    runs = json_object_get(j, "runs");
    assert_int_equal(json_array_size(runs), 4);
    json_t *samples = json_object_get(json_array_get(runs, 1), "samples");
    assert_int_equal(json_array_size(samples), ROUNDS);
    assert_true(json_is_null(json_array_get(samples, 0)));
    assert_int_equal(json_integer_value(json_object_get(json_array_get(runs, 1), "counted")),
                     ROUNDS - 1);
    assert_true(json_is_null(json_object_get(j, "others")));
    json_t *ratio = json_array_get(json_object_get(j, "speedup"), 2);
    assert_near(json_number_value(json_object_get(ratio, "threads")), 4);
    assert_string_equal(json_string_value(json_object_get(ratio, "difference")), "faster");
    json_decref(j);
    buf_fini(&out);
}

/* ---- runs ---- */
static struct measure run_shell(const char *script, double seconds)
{
    struct measure m;
    struct err e = {0};
    char shell[] = "/bin/sh", c[] = "-c";
    char *argv[] = {shell, c, (char *)(uintptr_t)script, NULL};
    struct program p = {.binary = shell, .argv = argv, .argc = 3};
    struct measure_options o = {.seconds = seconds};
    if (measure_run(&p, argv, &o, &m, &e) < 0)
        fail_msg("%s", e.message);
    return m;
}

static void test_runs(void **state)
{
    (void)state;
    struct measure m = run_shell("sleep 0.05", 60);
    assert_int_equal(m.failed, 0);
    assert_true(m.wall >= 0.05 && m.wall < 60);
    assert_true(m.memory > 0 && m.minor_faults > 0);
    /* a loop of the shell takes time of a processor; that of a child counts, too */
    m = run_shell("sh -c 'i=0; while [ $i -lt 100000 ]; do i=$((i + 1)); done'", 60);
    assert_true(m.user + m.system > 0.005 && m.user + m.system <= 2 * m.wall + 0.01);
    m = run_shell("printf 12345; printf 678 >&2", 60);
    assert_int_equal(m.output, 8);
    m = run_shell("read x; test -z \"$x\"", 60);
    assert_int_equal(m.failed, 0);
}

static void test_failing_runs(void **state)
{
    (void)state;
    struct measure m = run_shell("printf 'one\\nno \\033 way\\n'; exit 7", 60);
    assert_int_equal(m.failed, 1);
    assert_string_equal(m.why, "ended with status 7; its last words: no \\x1b way");
    m = run_shell("kill -SEGV $$", 60);
    assert_non_null(strstr(m.why, "ended by SIGSEGV"));
    m = run_shell("while :; do :; done", 0.1);
    assert_int_equal(m.failed, 1);
    assert_non_null(strstr(m.why, "not done after 0.1 s"));
    m = run_shell("cat /dev/zero", 60);
    assert_non_null(strstr(m.why, "printed more than 1 GiB"));
}

/* Is there a process with this argument? */
static int is_there(const char *argument)
{
    DIR *d = opendir("/proc");
    struct dirent *entry;
    int found = 0;
    while (d && (entry = readdir(d))) {
        char path[300], text[256] = "";
        snprintf(path, sizeof path, "/proc/%s/cmdline", entry->d_name);
        FILE *f = fopen(path, "re");
        size_t n = f ? fread(text, 1, sizeof text - 1, f) : 0;
        if (f)
            fclose(f);
        for (size_t i = 0; i < n; i += strlen(text + i) + 1)
            found |= strcmp(text + i, argument) == 0;
    }
    if (d)
        closedir(d);
    return found;
}

static void test_nothing_is_left(void **state)
{
    (void)state;
    char number[32], script[96];
    snprintf(number, sizeof number, "4711%d", (int)getpid());
    snprintf(script, sizeof script, "setsid sleep %s & sleep 0.02; exit 0", number);
    struct measure m = run_shell(script, 60);
    assert_int_equal(m.failed, 0);
    assert_int_equal(is_there(number), 0);
    /* It can signal nobody but its own; asked with signal 0, which harms nobody where that fails.
     */
    m = run_shell("kill -0 -1 && exit 4; kill -0 $PPID && exit 5; kill -0 $$ && exit 3", 60);
    assert_non_null(strstr(m.why, "ended with status 3"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ranks),
        cmocka_unit_test(test_summary),
        cmocka_unit_test(test_intervals_hold_what_they_say),
        cmocka_unit_test(test_serial_share),
        cmocka_unit_test(test_threads),
        cmocka_unit_test(test_arguments),
        cmocka_unit_test(test_no_conclusion_within_the_noise),
        cmocka_unit_test(test_nothing_is_sure_of_few),
        cmocka_unit_test(test_failed_and_noisy),
        cmocka_unit_test(test_widths_and_twins),
        cmocka_unit_test(test_curve),
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_runs),
        cmocka_unit_test(test_failing_runs),
        cmocka_unit_test(test_nothing_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
