/* The table of keys: no key twice on a screen, none that cannot be reached, all of it printable. */
#include "keys.h"
#include "tui.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int overlap(int a, int b)
{
    int digit_a = a >= '0' && a <= '9', digit_b = b >= '0' && b <= '9';
    return a == b || (a == K_DIGIT && digit_b) || (b == K_DIGIT && digit_a);
}

static void no_key_stands_twice_on_a_screen(void **state)
{
    (void)state;
    for (int screen = 0; screen < SCREEN_COUNT; screen++) {
        size_t n;
        const struct key_row *rows = keys_of((enum screen_id)screen, &n);
        assert_true(n > 0);
        for (size_t i = 0; i < n * KEYS_PER_ACTION; i++)
            for (size_t k = 0; k < i; k++) {
                int a = rows[i / KEYS_PER_ACTION].keys[i % KEYS_PER_ACTION];
                int b = rows[k / KEYS_PER_ACTION].keys[k % KEYS_PER_ACTION];
                if (a && b && overlap(a, b))
                    fail_msg("%s: key %#x does two things", keys_title((enum screen_id)screen),
                             (unsigned)a);
            }
    }
}

static void every_action_is_reached_by_its_keys(void **state)
{
    (void)state;
    int seen[ACT_COUNT] = {0};
    for (int screen = 0; screen < SCREEN_COUNT; screen++) {
        size_t n;
        const struct key_row *rows = keys_of((enum screen_id)screen, &n);
        for (size_t i = 0; i < n; i++) {
            assert_int_not_equal(rows[i].keys[0], 0);
            assert_true(*rows[i].help);
            seen[rows[i].action]++;
            for (int k = 0; k < KEYS_PER_ACTION && rows[i].keys[k]; k++) {
                int key = rows[i].keys[k] == K_DIGIT ? '7' : rows[i].keys[k];
                assert_ptr_equal(keys_find((enum screen_id)screen, key), &rows[i]);
            }
        }
    }
    for (int action = ACT_NONE + 1; action < ACT_COUNT; action++) {
        assert_int_equal(seen[action], 1);
        assert_int_equal(keys_row((enum action)action)->action, action);
    }
}

static void a_key_without_an_action_is_none(void **state)
{
    (void)state;
    assert_null(keys_find(SCREEN_STEP, 'Q'));
    assert_null(keys_find(SCREEN_PROMPT, 'a'));
}

static void footer_words_have_ranks_of_their_own(void **state)
{
    (void)state;
    for (int screen = 0; screen < SCREEN_COUNT; screen++) {
        size_t n;
        const struct key_row *rows = keys_of((enum screen_id)screen, &n);
        for (size_t i = 0; i < n; i++) {
            assert_int_equal(rows[i].rank != 0, *rows[i].footer != 0);
            assert_true(rows[i].rank <= (int)n);
            for (size_t k = 0; k < i; k++)
                assert_true(!rows[i].rank || rows[i].rank != rows[k].rank);
        }
    }
}

static void the_help_key_closes_the_help(void **state)
{
    (void)state;
    assert_int_equal(keys_find(SCREEN_STEP, '?')->action, ACT_step_help);
    assert_int_equal(keys_find(SCREEN_HELP, '?')->action, ACT_help_close);
}

static void keys_are_spelled(void **state)
{
    (void)state;
    char text[96];
    keys_spell_row(keys_row(ACT_step_next), text, sizeof text);
    assert_string_equal(text, "→ l .");
    keys_spell_row(keys_row(ACT_step_redraw), text, sizeof text);
    assert_string_equal(text, "Ctrl-L");
    char tiny[4];
    keys_spell_row(keys_row(ACT_step_next), tiny, sizeof tiny);
    assert_true(strlen(tiny) < sizeof tiny);
}

static char *printed(void (*print)(FILE *))
{
    char *text = NULL;
    size_t n = 0;
    FILE *f = open_memstream(&text, &n);
    print(f);
    fclose(f);
    return text;
}

static void manual_and_readme_have_every_action(void **state)
{
    (void)state;
    char *man = printed(keys_print_man), *text = printed(keys_print_text);
    size_t entries = 0;
    for (const char *s = man; (s = strstr(s, ".TP\n")) != NULL; s++)
        entries++;
    assert_int_equal(entries, ACT_COUNT - 1);
    for (int action = ACT_NONE + 1; action < ACT_COUNT; action++)
        assert_non_null(strstr(text, keys_row((enum action)action)->help));
    assert_null(strstr(man, "→"));
    free(man);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_key_stands_twice_on_a_screen),
        cmocka_unit_test(every_action_is_reached_by_its_keys),
        cmocka_unit_test(a_key_without_an_action_is_none),
        cmocka_unit_test(footer_words_have_ranks_of_their_own),
        cmocka_unit_test(the_help_key_closes_the_help),
        cmocka_unit_test(keys_are_spelled),
        cmocka_unit_test(manual_and_readme_have_every_action),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
