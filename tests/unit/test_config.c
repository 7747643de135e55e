/* The configuration: what is read of a file, what is said of the rest, what of it is changed; and
 * which comes first. */
#include "config.h"
#include "language.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static struct config parsed(const char *text)
{
    struct config c;
    config_parse(&c, text, strlen(text));
    return c;
}

static void lines_set_values(void **state)
{
    (void)state;
    struct config c = parsed("# mine\n\n theme=light \n\tcolours =  16\r\neditor = vim -u NONE\n"
                             "theme = mono");
    assert_int_equal(c.nproblems, 0);
    assert_string_equal(c.values[CONFIG_THEME], "mono"); /* the last one */
    assert_string_equal(c.values[CONFIG_COLOURS], "16");
    assert_string_equal(c.values[CONFIG_EDITOR], "vim -u NONE");
    assert_null(c.values[CONFIG_MOUSE]);
    config_fini(&c);
}

static void bad_lines_are_named_and_the_others_hold(void **state)
{
    (void)state;
    struct config c = parsed("theme = bright\nthme = dark\nmouse = no\nnothing\n= x\n"
                             "bind step_nxt = n\nbind step_next = Rigth\nbind step_next =\n");
    static const struct {
        int line;
        const char *says;
    } wanted[] = {{1, "auto|dark|light|mono"}, {2, "\"theme\""}, {4, "key = value"},
                  {5, "key = value"},          {6, "step_next"}, {7, "\"Rigth\" is no key"},
                  {8, "needs a key"}};
    assert_int_equal(c.nproblems, 7);
    for (size_t i = 0; i < 7; i++) {
        assert_int_equal(c.problems[i].line, wanted[i].line);
        assert_non_null(strstr(c.problems[i].message, wanted[i].says));
    }
    assert_string_equal(c.values[CONFIG_MOUSE], "no");
    assert_null(c.values[CONFIG_THEME]);
    config_fini(&c);
}

static void what_is_no_text_is_not_taken(void **state)
{
    (void)state;
    struct config c;
    config_parse(&c, "theme = dark\n\0", 14);
    assert_int_equal(c.unparsable, 1);
    assert_int_equal(c.nproblems, 1);
    assert_null(c.values[CONFIG_THEME]);
    config_fini(&c);
    char *large = xcalloc(CONFIG_BYTES_MAX + 1, 1);
    memset(large, '\n', CONFIG_BYTES_MAX + 1);
    config_parse(&c, large, CONFIG_BYTES_MAX + 1);
    assert_int_equal(c.unparsable, 1);
    config_fini(&c);
    config_parse(&c, large, CONFIG_BYTES_MAX);
    assert_int_equal(c.unparsable, 0);
    config_fini(&c);
    free(large);
}

static void edited(const char *text, const char *key, const char *value, const char *wanted)
{
    struct buf out = {0};
    config_edit(text, strlen(text), key, value, &out);
    assert_string_equal(out.data ? out.data : "", wanted);
    buf_fini(&out);
}

static void an_edit_changes_its_line_alone(void **state)
{
    (void)state;
    edited("", "theme", "dark", "theme = dark\n");
    edited("# a\nmouse=no", "theme", "dark", "# a\nmouse=no\ntheme = dark\n");
    edited("#theme = x\ntheme=a\n?? what\n theme = b\n", "theme", "dark",
           "#theme = x\ntheme=a\n?? what\ntheme = dark\n");
    edited("#theme = x\ntheme=a\n?? what\n theme = b\n", "theme", NULL, "#theme = x\n?? what\n");
    edited("bind  step_next  =  n\nbind step_back = b\n", "bind step_next", "x",
           "bind step_next = x\nbind step_back = b\n");
    edited("mouse = no\n", "theme", NULL, "mouse = no\n");
}

/* -------- on the disk -------- */

static char folder[] = "/tmp/lockstep-config-XXXXXX";

static void write_config(const char *text)
{
    char path[100];
    snprintf(path, sizeof path, "%s/lockstep", folder);
    mkdir(path, 0700);
    unlink(config_path());
    FILE *f = fopen(config_path(), "we");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
    config_start();
}

static char *written(void)
{
    static char text[4096];
    FILE *f = fopen(config_path(), "re");
    size_t n = f ? fread(text, 1, sizeof text - 1, f) : 0;
    text[n] = 0;
    if (f)
        fclose(f);
    return text;
}

static int fresh(void **state)
{
    (void)state;
    for (int i = 0; i < CONFIG_COUNT; i++)
        unsetenv(config_row((enum config_id)i)->variable);
    unsetenv("NO_COLOR");
    setenv("XDG_CONFIG_HOME", folder, 1);
    write_config("");
    return 0;
}

static void the_environment_comes_before_the_file(void **state)
{
    (void)state;
    assert_string_equal(config_value(CONFIG_THEME), "auto");
    assert_int_equal(config_from(CONFIG_THEME), CONFIG_DEFAULT);
    write_config("theme = light\nascii = no\n");
    assert_string_equal(config_value(CONFIG_THEME), "light");
    assert_int_equal(config_from(CONFIG_THEME), CONFIG_FILE);
    setenv("NO_COLOR", "1", 1);
    assert_string_equal(config_value(CONFIG_THEME), "mono");
    setenv("LOCKSTEP_THEME", "dark", 1);
    assert_string_equal(config_value(CONFIG_THEME), "dark");
    assert_int_equal(config_from(CONFIG_THEME), CONFIG_ENVIRONMENT);
    setenv("LOCKSTEP_THEME", "bright", 1); /* none of them: as if it were not set */
    assert_string_equal(config_value(CONFIG_THEME), "mono");
    setenv("LOCKSTEP_ASCII", "1", 1);
    assert_string_equal(config_value(CONFIG_ASCII), "yes");
}

static void what_is_set_holds_and_is_kept(void **state)
{
    (void)state;
    struct err e = {0};
    write_config("# hello\ntheme = light\nfuture = 1\n");
    assert_int_equal(config_set(CONFIG_THEME, "dark", &e), 0);
    assert_string_equal(config_value(CONFIG_THEME), "dark");
    assert_string_equal(written(), "# hello\ntheme = dark\nfuture = 1\n");
    assert_int_equal(config_set(CONFIG_THEME, "pink", &e), -ERR_USAGE);
    assert_int_equal(config_set(CONFIG_THEME, NULL, &e), 0);
    assert_string_equal(config_value(CONFIG_THEME), "auto");
    assert_string_equal(written(), "# hello\nfuture = 1\n");
}

static void a_file_that_is_none_is_left_alone(void **state)
{
    (void)state;
    struct err e = {0};
    FILE *f = fopen(config_path(), "we");
    assert_non_null(f);
    fwrite("\x7f"
           "ELF\0\1",
           1, 6, f);
    fclose(f);
    config_start();
    assert_int_equal(config_set(CONFIG_THEME, "dark", &e), -ERR_DATA);
    assert_string_equal(config_value(CONFIG_THEME), "dark"); /* until the end */
    assert_memory_equal(written(),
                        "\x7f"
                        "ELF\0\1",
                        6);
}

static void a_link_stays_a_link(void **state)
{
    (void)state;
    struct err e = {0};
    struct stat st;
    char path[100];
    snprintf(path, sizeof path, "%s/real", folder);
    FILE *f = fopen(path, "we");
    assert_non_null(f);
    fputs("mouse = no\n", f);
    fclose(f);
    unlink(config_path());
    assert_int_equal(symlink(path, config_path()), 0);
    assert_int_equal(config_set(CONFIG_THEME, "dark", &e), 0);
    assert_int_equal(lstat(config_path(), &st), 0);
    assert_true(S_ISLNK(st.st_mode));
    assert_string_equal(written(), "mouse = no\ntheme = dark\n");
}

static void keys_are_bound_and_kept(void **state)
{
    (void)state;
    struct err e = {0};
    int keys[KEYS_PER_ACTION] = {'!', K_CTRL('N')};
    assert_int_equal(config_bind(ACT_home_down, keys, &e), 0);
    assert_string_equal(written(), "bind home_down = ! Ctrl-N\n");
    assert_int_equal(keys_find(SCREEN_HOME, '!')->action, ACT_home_down);
    assert_null(keys_find(SCREEN_HOME, 'j'));
    config_start();
    assert_int_equal(keys_find(SCREEN_HOME, K_CTRL('N'))->action, ACT_home_down);
    int taken[KEYS_PER_ACTION] = {'!'};
    assert_int_equal(config_bind(ACT_home_up, taken, &e), -ERR_USAGE);
    assert_non_null(strstr(e.message, "home_down"));
    assert_int_equal(config_bind(ACT_home_down, NULL, &e), 0);
    assert_int_equal(keys_find(SCREEN_HOME, 'j')->action, ACT_home_down);
    assert_string_equal(written(), "");
}

static void two_that_want_one_key_are_told(void **state)
{
    (void)state;
    struct buf text = {0};
    write_config("bind home_down = %\nbind home_up = %\nbind home_quit = ?\n");
    assert_int_equal(config_problems(&text, 9), 2);
    assert_non_null(strstr(text.data, "config:2: % is the key of home_down"));
    assert_non_null(strstr(text.data, "config:3: ? is the key of home_help"));
    assert_int_equal(keys_find(SCREEN_HOME, '%')->action, ACT_home_down);
    assert_int_equal(keys_find(SCREEN_HOME, 'k')->action, ACT_home_up);
    buf_fini(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_set_values),
        cmocka_unit_test(bad_lines_are_named_and_the_others_hold),
        cmocka_unit_test(what_is_no_text_is_not_taken),
        cmocka_unit_test(an_edit_changes_its_line_alone),
        cmocka_unit_test_setup(the_environment_comes_before_the_file, fresh),
        cmocka_unit_test_setup(what_is_set_holds_and_is_kept, fresh),
        cmocka_unit_test_setup(a_file_that_is_none_is_left_alone, fresh),
        cmocka_unit_test_setup(a_link_stays_a_link, fresh),
        cmocka_unit_test_setup(keys_are_bound_and_kept, fresh),
        cmocka_unit_test_setup(two_that_want_one_key_are_told, fresh),
    };
    if (!mkdtemp(folder))
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
