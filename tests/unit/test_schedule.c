/* Schedule tokens: the exact text, round trips of random schedules, and errors with columns. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "schedule.h"

static void assert_format(const struct schedule *s, const char *expected)
{
    struct buf b = {0};
    schedule_format(s, &b);
    assert_string_equal(b.data, expected);
    buf_fini(&b);
}

static void the_text_is_as_documented(void **state)
{
    (void)state;
    struct schedule s;
    schedule_init(&s);
    assert_format(&s, "ls1::");
    strcpy(s.hash, "7f3a9100");
    assert_format(&s, "ls1:7f3a9100:");
    schedule_add(&s, 0, 3);
    schedule_add(&s, 0, 10);
    schedule_add(&s, 1, 5);
    schedule_add(&s, 1, 5);
    schedule_add(&s, 1, 31); /* 31 mod 26 = 5: F */
    assert_format(&s, "ls1:7f3a9100:a2Kb3F");
    schedule_add(&s, CHOICE_ALT | 1, CHECK_UNKNOWN);
    schedule_add(&s, 25, CHECK_UNKNOWN);
    schedule_add(&s, 26, 0);
    schedule_add(&s, CHOICE_ALT | 12, 25);
    schedule_add(&s, 255, 1);
    assert_format(&s, "ls1:7f3a9100:a2Kb3F=1z1{26}1A=12Z{255}1B");
    s.shared = xcalloc(2, sizeof *s.shared);
    s.nshared = 2;
    s.shared[0] = (struct shared_range){0, 0x1f8, 8};
    s.shared[1] = (struct shared_range){31, 0, 0x10};
    s.main_exit_wait = 1;
    assert_format(&s, "ls1:7f3a9100:a2Kb3F=1z1{26}1A=12Z{255}1B+0.1f8.8+1f.0.10!w");
    schedule_fini(&s);
}

static uint64_t seed = 88172645463325252u;
static unsigned chance(unsigned n)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (unsigned)((seed >> 33) % n);
}

static void random_schedule(struct schedule *s)
{
    schedule_init(s);
    if (chance(4))
        snprintf(s->hash, sizeof s->hash, "%08x", chance(0x7fffffff));
    for (unsigned runs = chance(40); runs-- > 0;) {
        uint16_t task = (uint16_t)(chance(10) ? chance(4) : chance(MAX_TASKS));
        for (unsigned k = 1 + (chance(9) ? chance(3) : chance(3000)); k-- > 0;)
            schedule_add(s, task, (uint8_t)(chance(5) ? chance(32) : CHECK_UNKNOWN));
        while (chance(6) == 0)
            schedule_add(s, (uint16_t)(CHOICE_ALT | chance(chance(9) ? 4 : CHOICE_ALT)),
                         (uint8_t)chance(32));
    }
    s->nshared = chance(3) ? 0 : chance(6);
    s->shared = xcalloc(s->nshared, sizeof *s->shared);
    for (size_t i = 0; i < s->nshared; i++)
        s->shared[i] = (struct shared_range){(uint16_t)chance(MAX_TASKS), 8 * chance(1u << 28),
                                             8 + 8 * chance(1u << 20)};
    s->main_exit_wait = chance(3) == 0;
}

/* The last choice of a run, and every alternative, keep their check modulo 26. */
static int check_is_kept(const struct schedule *s, size_t i)
{
    return (s->choices[i] & CHOICE_ALT) || i + 1 == s->n || s->choices[i + 1] != s->choices[i];
}

static void assert_same(const struct schedule *a, const struct schedule *b)
{
    assert_string_equal(a->hash, b->hash);
    assert_int_equal(a->n, b->n);
    for (size_t i = 0; i < a->n; i++) {
        assert_int_equal(a->choices[i], b->choices[i]);
        uint8_t kept = a->checks[i];
        if (kept != CHECK_UNKNOWN)
            kept = check_is_kept(a, i) ? kept % 26 : CHECK_UNKNOWN;
        assert_int_equal(kept, b->checks[i]);
        assert_true(schedule_check_agrees(b->checks[i], a->checks[i]));
    }
    assert_int_equal(a->nshared, b->nshared);
    for (size_t i = 0; i < a->nshared; i++) {
        assert_int_equal(a->shared[i].task, b->shared[i].task);
        assert_int_equal(a->shared[i].offset, b->shared[i].offset);
        assert_int_equal(a->shared[i].size, b->shared[i].size);
    }
    assert_int_equal(a->main_exit_wait, b->main_exit_wait);
}

static void random_schedules_round_trip(void **state)
{
    (void)state;
    for (int i = 0; i < 3000; i++) {
        struct schedule s, back;
        random_schedule(&s);
        struct buf b = {0}, again = {0};
        schedule_format(&s, &b);
        schedule_init(&back);
        struct err e;
        assert_int_equal(schedule_parse(&back, b.data, &e), 0);
        assert_same(&s, &back);
        schedule_format(&back, &again);
        assert_string_equal(b.data, again.data);
        buf_fini(&b);
        buf_fini(&again);
        schedule_fini(&s);
        schedule_fini(&back);
    }
}

static void white_space_is_skipped(void **state)
{
    (void)state;
    struct schedule s;
    schedule_init(&s);
    assert_int_equal(schedule_parse(&s, " ls1:7f3a\n9100:a1\r\n2K b\t3 F=1 +0.1f8\n.8 !w \n", NULL),
                     0);
    assert_format(&s, "ls1:7f3a9100:a12Kb3F=1+0.1f8.8!w");
    schedule_fini(&s);
}

static const struct {
    const char *token;
    int code;
    const char *says;
} wrong[] = {
    {"", ERR_DATA, "column 1:"},
    {"hello", ERR_DATA, "column 1: a token begins with \"ls1:\""},
    {"ls", ERR_DATA, "column 1:"},
    {"lsx:", ERR_DATA, "column 1:"},
    {"ls0::", ERR_DATA, "column 1:"},
    {"ls1", ERR_DATA, "column 4: the token ends where ':'"},
    {"ls2::a1", ERR_NEWER, "version 2 is newer"},
    {"ls99999999999999999999:", ERR_DATA, "column 3: a version number is more than"},
    {"ls1:7f3a91:a1", ERR_DATA, "column 11: ':' stands where a program's hash"},
    {"ls1:7f3a91zz:a1", ERR_DATA, "column 11: 'z'"},
    {"ls1:7f3a91001:a1", ERR_DATA, "column 13: '1' stands where ':'"},
    {"ls1:7F3A9100:a1", ERR_DATA, "column 6: 'F'"},
    {"ls1::a", ERR_DATA, "column 7: the token ends where the number of steps"},
    {"ls1::a0", ERR_DATA, "column 7: a run of 0 steps"},
    {"ls1::aa", ERR_DATA, "column 7: 'a'"},
    {"ls1::a2KK", ERR_DATA, "column 9: 'K' stands where a task letter"},
    {"ls1::2", ERR_DATA, "column 6: '2' stands where a task letter"},
    {"ls1::a99999999999999999999999", ERR_DATA, "column 7: the number of steps is more than"},
    {"ls1::a9999999b9999999", ERR_DATA, "column 14: more than 10000000 steps"},
    {"ls1::{256}1", ERR_DATA, "column 7: a task number is more than 255"},
    {"ls1::{26", ERR_DATA, "column 9: the token ends where '}'"},
    {"ls1::{}1", ERR_DATA, "column 7: '}'"},
    {"ls1::=1", ERR_DATA, "column 6: an alternative"},
    {"ls1::a1=", ERR_DATA, "column 9: the token ends where the number of an alternative"},
    {"ls1::a1=32768", ERR_DATA, "column 9: the number of an alternative is more than 32767"},
    {"ls1::a1+0.4.8", ERR_DATA, "column 8: offset and size"},
    {"ls1::a1+0.8.0", ERR_DATA, "column 8: offset and size"},
    {"ls1::a1+0.8", ERR_DATA, "column 12: the token ends where '.'"},
    {"ls1::a1+100.8.8", ERR_DATA, "column 9: a task number (hexadecimal) is more than"},
    {"ls1::a1+0.fffffffffffff.8", ERR_DATA, "column 11: an offset"},
    {"ls1::a1!", ERR_DATA, "column 9: the token ends where 'w'"},
    {"ls1::a1!x", ERR_DATA, "column 9: 'x'"},
    {"ls1::a1!wb1", ERR_DATA, "column 10: 'b' stands where the end"},
    {"ls1::a1+0.8.8k1", ERR_DATA, "column 14: 'k' stands where the end"},
    {"ls1::a1\x01", ERR_DATA, "column 8: byte 0x01"},
    {"ls1::a1\xc3\xa9", ERR_DATA, "column 8: byte 0xc3"},
};

static void errors_name_the_column(void **state)
{
    (void)state;
    struct schedule s;
    schedule_init(&s);
    schedule_add(&s, 7, 7);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct err e = {0};
        assert_int_equal(schedule_parse(&s, wrong[i].token, &e), -wrong[i].code);
        assert_int_equal(e.code, wrong[i].code);
        if (!strstr(e.message, wrong[i].says))
            fail_msg("%s: \"%s\" does not say \"%s\"", wrong[i].token, e.message, wrong[i].says);
        assert_int_equal(schedule_parse(&s, wrong[i].token, NULL), -wrong[i].code);
        assert_int_equal(s.n, 1); /* unchanged on error */
    }
    schedule_fini(&s);
}

static void copies_are_independent(void **state)
{
    (void)state;
    struct schedule s, copy;
    schedule_init(&copy);
    for (int i = 0; i < 100; i++) {
        random_schedule(&s);
        schedule_copy(&copy, &s);
        struct buf a = {0}, b = {0};
        schedule_format(&s, &a);
        schedule_add(&s, 3, 3);
        schedule_fini(&s);
        schedule_format(&copy, &b);
        assert_string_equal(a.data, b.data);
        schedule_add(&copy, 1, 2);
        buf_fini(&a);
        buf_fini(&b);
    }
    schedule_fini(&copy);
}

static void checks_agree_modulo_26(void **state)
{
    (void)state;
    assert_true(schedule_check_agrees(5, 31));
    assert_false(schedule_check_agrees(5, 30));
    assert_true(schedule_check_agrees(CHECK_UNKNOWN, 30));
    assert_true(schedule_check_agrees(0, CHECK_UNKNOWN));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_text_is_as_documented), cmocka_unit_test(random_schedules_round_trip),
        cmocka_unit_test(white_space_is_skipped),    cmocka_unit_test(errors_name_the_column),
        cmocka_unit_test(copies_are_independent),    cmocka_unit_test(checks_agree_modulo_26),
    };
    return cmocka_run_group_tests_name("schedule", tests, NULL, NULL);
}
