/* The real program on a terminal: a first start; settings that are kept; a key that is bound and
 * used; a program of one's own; a configuration and a store that are broken. The runner sets
 * LOCKSTEP (the program) and LOCKSTEP_LESSONS. */
#include "real.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static void leave(struct tty *t)
{
    assert_int_equal(write(t->master, "q", 1), 1);
    assert_int_equal(tty_wait_end(t), 0);
    tty_assert_restored(t);
    tty_close(t);
}

static const char *in_home(const char *name)
{
    static char path[600];
    snprintf(path, sizeof path, "%s/%s", home, name);
    return path;
}

static void write_file(const char *name, const char *text, size_t n)
{
    FILE *f = fopen(in_home(name), "we");
    assert_non_null(f);
    assert_int_equal(fwrite(text, 1, n, f), n);
    assert_int_equal(fclose(f), 0);
}

static const char *read_file(const char *name)
{
    static char text[4096];
    FILE *f = fopen(in_home(name), "re");
    size_t n = f ? fread(text, 1, sizeof text - 1, f) : 0;
    text[n] = 0;
    if (f)
        fclose(f);
    return text;
}

static void forget_config(void)
{
    unlink(in_home(".config/lockstep/config"));
    rmdir(in_home(".config/lockstep/config"));
}

static void a_first_start(void **state)
{
    (void)state;
    struct tty t;
    open_real(&t, NULL, NULL, 80, 24);
    until_has(&t, "Welcome. Enter opens the marked lesson");
    until_has(&t, "next");
    until_has(&t, "0 of ");
    until_has(&t, "? help");
    keys(&t, "\r");
    until_has(&t, "A tour");
    keys(&t, "\033");
    until_has(&t, "begun");
    until_has(&t, "Continue: ");
    keys(&t, "x"); /* that was a mistake */
    until_has(&t, "is new again");
    keys(&t, "k");
    until_has(&t, "Welcome.");
    keys(&t, "u");
    until_has(&t, "It is as it was before.");
    keys(&t, "k");
    until_has(&t, "Continue: ");
    leave(&t);
    open_real(&t, NULL, NULL, 80, 24);
    until_has(&t, "Continue: A tour");
    keys(&t, "R\r");
    until_has(&t, "1 lesson is new again");
    leave(&t);
}

static void settings_are_kept(void **state)
{
    (void)state;
    struct tty t;
    open_real(&t, NULL, NULL, 80, 24);
    keys(&t, "S");
    until_has(&t, "[auto] dark  light");
    keys(&t, "ll");
    until_has(&t, "dark [light]");
    keys(&t, "jjl"); /* only ASCII, at once */
    until_has(&t, "+>Settings");
    assert_string_equal(read_file(".config/lockstep/config"), "theme = light\nascii = yes\n");
    keys(&t, "q");
    leave(&t);
    open_real(&t, NULL, NULL, 80, 24);
    until_has(&t, "+>Lessons");
    keys(&t, "SR1");
    until_has(&t, "All settings are as by default.");
    keys(&t, "q");
    leave(&t);
    assert_string_equal(read_file(".config/lockstep/config"), "");
}

static void a_key_is_bound_and_used(void **state)
{
    (void)state;
    struct tty t;
    forget_config();
    open_real(&t, NULL, NULL, 120, 30);
    keys(&t, "Sb/open this lesson\r");
    until_has(&t, "Enter");
    keys(&t, "\rv");
    until_has(&t, "* v");
    keys(&t, "\033\033\033");
    until_has(&t, "v open");
    leave(&t);
    assert_string_equal(read_file(".config/lockstep/config"), "bind home_open = v\n");
    open_real(&t, NULL, NULL, 120, 30);
    until_has(&t, "v open");
    keys(&t, "?");
    until_has(&t, " v  ");
    keys(&t, "?\r"); /* its old key does nothing */
    until_has(&t, "Lessons");
    keys(&t, "v");
    until_has(&t, "part 1");
    leave(&t);
    forget_config();
}

static void a_program_of_ones_own(void **state)
{
    (void)state;
    static const char source[] = "#include <stdio.h>\nint main(void)\n{\n    puts(\"mine\");\n"
                                 "    return 0;\n}\n";
    static const char broken[] = "int main(void)\n{\n    return zero;\n}\n";
    struct tty t;
    write_file("mine.c", broken, sizeof broken - 1);
    open_real(&t, NULL, NULL, 80, 24);
    keys(&t, "oo~/mi\t");
    until_has(&t, "~/mine.c");
    keys(&t, "\r");
    until_has(&t, "does not compile");
    until_has(&t, "zero");
    write_file("mine.c", source, sizeof source - 1);
    keys(&t, "k"); /* the message goes; it is in the list already */
    keys(&t, "\r");
    until_has(&t, "step 0/0");
    keys(&t, "\033");
    until_has(&t, "Programs opened here");
    keys(&t, "L");
    until_has(&t, "ENDED");
    leave(&t);
    open_real(&t, NULL, NULL, 80, 24);
    keys(&t, "o");
    until_has(&t, "mine.c");
    keys(&t, "xq");
    leave(&t);
}

static void a_configuration_that_is_none_does_no_harm(void **state)
{
    (void)state;
    struct tty t;
    size_t n = 10 * 1000 * 1000;
    char *bytes = malloc(n);
    assert_non_null(bytes);
    for (size_t i = 0; i < n; i++)
        bytes[i] = (char)(i * 2654435761u >> 13);
    mkdir(in_home(".config"), 0700);
    mkdir(in_home(".config/lockstep"), 0700);
    write_file(".config/lockstep/config", bytes, n);
    open_real(&t, NULL, NULL, 80, 24);
    until_has(&t, "larger than 256 KiB");
    keys(&t, "jS");
    until_has(&t, "Settings");
    keys(&t, "l");
    until_has(&t, "Not kept in the file");
    keys(&t, "jq");
    leave(&t);
    struct stat st;
    assert_int_equal(stat(in_home(".config/lockstep/config"), &st), 0);
    assert_int_equal(st.st_size, n);
    free(bytes);
    forget_config();
    assert_int_equal(mkdir(in_home(".config/lockstep/config"), 0700), 0);
    open_real(&t, NULL, NULL, 80, 24);
    until_has(&t, "it is no file");
    leave(&t);
    forget_config();
    static const char wrong[] = "thme = dark\nmouse = no\nbind home_qiut = x\n";
    write_file(".config/lockstep/config", wrong, sizeof wrong - 1);
    open_real(&t, NULL, NULL, 80, 24);
    until_has(&t, "config:1: there is no setting");
    until_has(&t, "config:3: there is no action");
    leave(&t);
    forget_config();
}

static void a_store_that_is_broken_is_told(void **state)
{
    (void)state;
    struct command c = {{"lockstep", NULL}, {"LOCKSTEP_DATA", in_home("data")}};
    char data[600];
    struct tty t;
    snprintf(data, sizeof data, "%s", in_home("data"));
    c.set[1] = data;
    mkdir(data, 0700);
    write_file("data/lockstep.db", "this is no database, but long enough to be looked at as one",
               59);
    open_command(&t, &c, "xterm-256color", 80, 24);
    until_has(&t, "damaged");
    keys(&t, "j");
    until_has(&t, "Welcome");
    keys(&t, "s");
    until_has(&t, "skipped");
    leave(&t);
    c.set[1] = "/dev/null/nowhere"; /* no place for one: all works, nothing is kept */
    open_command(&t, &c, "xterm-256color", 80, 24);
    until_has(&t, "Welcome");
    keys(&t, "s");
    until_has(&t, "skipped");
    keys(&t, "u");
    until_has(&t, "It is as it was before.");
    keys(&t, "Pe1");
    until_has(&t, "write into the file");
    keys(&t, "\033q");
    leave(&t);
}

static void a_locked_lesson_says_why(void **state)
{
    (void)state;
    static const char locks[] = "lock start until 2999-01-01 because not before Monday\n";
    struct tty t;
    mkdir(in_home(".config"), 0700);
    mkdir(in_home(".config/lockstep"), 0700);
    write_file(".config/lockstep/locks", locks, sizeof locks - 1);
    open_real(&t, NULL, NULL, 80, 24);
    until_has(&t, "locked");
    keys(&t, "g");
    until_has(&t, "not before Monday"); /* beside the list */
    keys(&t, "\r");
    until_has(&t, "any key closes it");
    keys(&t, "j");
    leave(&t);
    unlink(in_home(".config/lockstep/locks"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_first_start),
        cmocka_unit_test(settings_are_kept),
        cmocka_unit_test(a_key_is_bound_and_used),
        cmocka_unit_test(a_program_of_ones_own),
        cmocka_unit_test(a_configuration_that_is_none_does_no_harm),
        cmocka_unit_test(a_store_that_is_broken_is_told),
        cmocka_unit_test(a_locked_lesson_says_why),
    };
    return cmocka_run_group_tests_name("home journey", tests, make_home, drop_home);
}
