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

/* -------- binding -------- */

static void every_key_that_is_written_is_read(void **state)
{
    (void)state;
    for (int key = 1; key < K_LAST; key++) {
        char name[32];
        if (key == 0x7f || (key >= 0x80 && key < 0xa0) || (key >= 0xd800 && key < 0xe000) ||
            key == 0xfffd || (key >= 0x2190 && key <= 0x2193) ||
            (key > 0x3000 && key < K_FIRST && key % 97))
            continue;
        int n = keys_write(key, name, sizeof name);
        int back = keys_read(name, (size_t)n);
        if (back != key && key != K_CTRL('M'))
            fail_msg("key %#x is written %s, that is read as %#x", (unsigned)key, name,
                     (unsigned)back);
    }
    assert_int_equal(keys_read("ctrl-n", 6), K_CTRL('N'));
    assert_int_equal(keys_read("→", 3), K_RIGHT);
    assert_int_equal(keys_read("", 0), 0);
    assert_int_equal(keys_read("ab", 2), 0);
    assert_int_equal(keys_read("\xff", 1), 0);
}

static void every_action_can_have_other_keys_or_says_why_not(void **state)
{
    (void)state;
    for (int action = ACT_NONE + 1; action < ACT_COUNT; action++) {
        struct key_bind bind = {.action = (enum action)action, .keys = {K_CTRL('X')}};
        enum screen_id screen = keys_screen(bind.action);
        assert_int_equal(keys_action(keys_name(bind.action)), action);
        if (keys_bind(&bind, 1)) {
            int fixed = keys_standard(bind.action)->keys[0];
            assert_true(*bind.why.message);
            assert_true(fixed == K_DIGIT || fixed == K_MOUSE ||
                        keys_standard(bind.action)->keys[1] == K_DIGIT);
            continue;
        }
        assert_int_equal(keys_find(screen, K_CTRL('X'))->action, action);
        for (int k = 0; k < KEYS_PER_ACTION && keys_standard(bind.action)->keys[k]; k++) {
            int key = keys_standard(bind.action)->keys[k];
            const struct key_row *row = keys_find(screen, key);
            if (key == K_ESC) /* it always leads back */
                assert_int_equal(row->action, action);
            else
                assert_null(row);
        }
    }
    keys_bind(NULL, 0);
    every_action_is_reached_by_its_keys(state);
}

static void some_keys_cannot_be_bound(void **state)
{
    (void)state;
    static const struct {
        enum action action;
        int key;
    } rows[] = {{ACT_home_down, K_ESC},       {ACT_home_down, K_CTRL('S')}, {ACT_prompt_clear, 'x'},
                {ACT_home_down, K_CTRL('Z')}, {ACT_home_down, 0},           {ACT_home_mouse, 'x'},
                {ACT_home_down, K_DIGIT},     {ACT_step_digit, 'x'}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct key_bind bind = {.action = rows[i].action, .keys = {rows[i].key}};
        assert_int_equal(keys_bind(&bind, 1), 1);
        assert_true(*bind.why.message);
    }
    keys_bind(NULL, 0);
}

static void two_can_change_places(void **state)
{
    (void)state;
    struct key_bind binds[] = {{.action = ACT_home_down, .keys = {'k'}},
                               {.action = ACT_home_up, .keys = {'j'}}};
    assert_int_equal(keys_bind(binds, 2), 0);
    assert_int_equal(keys_find(SCREEN_HOME, 'k')->action, ACT_home_down);
    assert_int_equal(keys_find(SCREEN_HOME, 'j')->action, ACT_home_up);
    assert_int_equal(keys_bind(binds, 1), 1); /* alone it would take a key of the other */
    assert_int_equal(keys_find(SCREEN_HOME, 'k')->action, ACT_home_up);
    keys_bind(NULL, 0);
}

static void a_refused_one_leaves_the_one_before(void **state)
{
    (void)state;
    struct key_bind binds[] = {{.action = ACT_home_down, .keys = {K_CTRL('X')}},
                               {.action = ACT_home_down, .keys = {'q'}}};
    assert_int_equal(keys_bind(binds, 2), 1);
    assert_int_equal(binds[1].refused, 1);
    assert_int_equal(keys_find(SCREEN_HOME, K_CTRL('X'))->action, ACT_home_down);
    assert_int_equal(keys_find(SCREEN_HOME, 'q')->action, ACT_home_quit);
    keys_bind(NULL, 0);
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
        cmocka_unit_test(every_key_that_is_written_is_read),
        cmocka_unit_test(every_action_can_have_other_keys_or_says_why_not),
        cmocka_unit_test(some_keys_cannot_be_bound),
        cmocka_unit_test(two_can_change_places),
        cmocka_unit_test(a_refused_one_leaves_the_one_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
