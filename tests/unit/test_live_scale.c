/* The axis of real time of the live screen: scales, spelling, reading times. */
#include "live_scale.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define MS UINT64_C(1000000)
#define S  UINT64_C(1000000000)

/* 1, 2, 5, 10, 20, 50 ... of microseconds, milliseconds, seconds, then minutes. */
static void scales_rise_in_steps_of_1_2_5(void **state)
{
    (void)state;
    assert_true(live_scale_tick(0) == 1000);
    assert_true(live_scale_tick(LIVE_SCALES - 1) == 600 * S);
    for (int i = 1; i < LIVE_SCALES; i++) {
        uint64_t before = live_scale_tick(i - 1), now = live_scale_tick(i);
        assert_true(now > before && now <= 3 * before);
        assert_true(now % 60 == 0 || now < 60 * S);
        while (now % 10 == 0 && now < 60 * S)
            now /= 10;
        assert_true(now >= 60 * S || now == 1 || now == 2 || now == 5);
    }
    for (int i = 0; i < LIVE_SCALES; i++)
        assert_true(live_scale_column(i) * 10 == live_scale_tick(i));
}

static void what_fits_fits_and_no_closer_one_does(void **state)
{
    (void)state;
    for (uint64_t ns = 1; ns < 1000 * S; ns = ns * 7 / 3 + 1)
        for (int cols = 1; cols < 300; cols += 37) {
            int scale = live_scale_fitting(ns, cols);
            uint64_t room = live_scale_column(scale) * (uint64_t)cols;
            assert_true(room >= ns || scale == LIVE_SCALES - 1);
            if (scale > 0)
                assert_true(live_scale_column(scale - 1) * (uint64_t)cols < ns);
        }
    assert_int_equal(live_scale_fitting(UINT64_MAX, 1), LIVE_SCALES - 1);
    assert_int_equal(live_scale_fitting(0, 0), 0);
}

static void spelled(void (*fn)(uint64_t, char *, size_t), uint64_t ns, const char *expected)
{
    char text[40];
    fn(ns, text, sizeof text);
    assert_string_equal(text, expected);
}

static void durations_are_spelled(void **state)
{
    (void)state;
    spelled(live_spell_ns, 0, "0 s");
    spelled(live_spell_ns, 1, "1 ns");
    spelled(live_spell_ns, 1000, "1 us");
    spelled(live_spell_ns, 200 * MS, "200 ms");
    spelled(live_spell_ns, 1234567, "1.23 ms");
    spelled(live_spell_ns, 12345678, "12.3 ms");
    spelled(live_spell_ns, 999999999, "1 s");
    spelled(live_spell_ns, 1500 * MS, "1.5 s");
    spelled(live_spell_ns, 100 * S / 10, "10 s");
    spelled(live_spell_ns, 59999999999, "60 s");
    spelled(live_spell_ns, 120 * S, "2 min");
    spelled(live_spell_ns, 90 * S, "1:30 min");
}

static void counts_are_spelled(void **state)
{
    (void)state;
    static const struct {
        double count;
        const char *text;
    } table[] = {{0, "0"},          {999, "999"},     {1000, "1 k"},
                 {12345, "12.3 k"}, {999999, "1 M"},  {1234567, "1.23 M"},
                 {100, "100"},      {2.5e9, "2.5 G"}, {1e15, "1000 T"}};
    char text[40];
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        live_spell_count(table[i].count, text, sizeof text);
        assert_string_equal(text, table[i].text);
    }
}

static void moments_are_spelled_as_finely_as_they_are_told_apart(void **state)
{
    (void)state;
    static const struct {
        uint64_t ns, resolution;
        const char *text;
    } table[] = {{1234 * MS, 10 * MS, "1.23 s"}, {1234 * MS, S, "1 s"}, {125 * S, S, "2:05"},
                 {125 * S, 100 * MS, "125.0 s"}, {0, MS, "0.000 s"},    {1500, 1000, "0.000002 s"}};
    char text[40];
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        live_spell_time(table[i].ns, table[i].resolution, text, sizeof text);
        assert_string_equal(text, table[i].text);
    }
}

static void times_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t here, ns;
    } good[] = {{"1.5", 0, 1500 * MS},   {"200 ms", 0, 200 * MS}, {"30us", 0, 30000},
                {"2 min", 0, 120 * S},   {"1:30", 0, 90 * S},     {"+10ms", S, S + 10 * MS},
                {"-1s", 5 * S, 4 * S},   {"-10", 5 * S, 0},       {" 0", S, 0},
                {"+0.25", S, 1250 * MS}, {"7 ns", 0, 7}};
    static const char *const bad[] = {"",     "soon", "1 h", "1:99", "1:", "--1",
                                      "1e30", "nan",  "1 2", "+",    "ms", "inf"};
    uint64_t ns = 1;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_int_equal(live_parse_time(good[i].text, good[i].here, &ns), 0);
        assert_true(ns == good[i].ns);
    }
    ns = 77;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (live_parse_time(bad[i], 0, &ns) != -1)
            fail_msg("\"%s\" is no time", bad[i]);
    assert_true(ns == 77);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scales_rise_in_steps_of_1_2_5),
        cmocka_unit_test(what_fits_fits_and_no_closer_one_does),
        cmocka_unit_test(durations_are_spelled),
        cmocka_unit_test(counts_are_spelled),
        cmocka_unit_test(moments_are_spelled_as_finely_as_they_are_told_apart),
        cmocka_unit_test(times_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
