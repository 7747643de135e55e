/* A whole lesson with each kind of challenge, on the real program and a terminal: broken by hand,
 * the deciding step found, mended in an editor: five ways that are wrong, each told by name with
 * the schedule that breaks it, and two that are right, one of them saved by another program. The
 * runner sets LOCKSTEP (the program) and LOCKSTEP_LESSONS. */
#include "real.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { ANSWER_MS = 5000 };

static void write_file(const char *name, const char *text, mode_t mode)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", home, name);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
    chmod(path, mode);
}

/* As an editor that writes another file and renames it. */
static void save_elsewhere(const char *text)
{
    char fresh[512], path[512];
    write_file("fresh.c", text, 0644);
    snprintf(fresh, sizeof fresh, "%s/fresh.c", home);
    snprintf(path, sizeof path, "%s/.local/share/lockstep/work/race/lost-update/counter.c", home);
    assert_int_equal(rename(fresh, path), 0);
}

#define PROGRAM(globals, body, main)                                                               \
    "#include <pthread.h>\n#include <stdatomic.h>\n#include <stdio.h>\n#include <unistd.h>\n"      \
    "static int counter; static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;\n" globals          \
    "static void *inc(void *p)\n{\n" body "\n    return p;\n}\n" main
#define MAIN                                                                                       \
    "int main(void) { pthread_t a, b; pthread_create(&a, 0, inc, 0);\n"                            \
    " pthread_create(&b, 0, inc, &a); pthread_join(a, 0); pthread_join(b, 0);\n"                   \
    " printf(\"%d\\n\", counter); return 0; }\n"

static const struct {
    const char *text, *told;
    int has_schedule;
} ways[] = {
    {PROGRAM("", "if (p) usleep(1000); counter++;", MAIN), "Sleeping is no synchronisation", 1},
    {PROGRAM("", "counter = counter + 1;", MAIN), "There is no lock at all", 1},
    {PROGRAM("static pthread_mutex_t n = PTHREAD_MUTEX_INITIALIZER;\n",
             "pthread_mutex_t *l = p ? &m : &n; pthread_mutex_lock(l); counter++;"
             " pthread_mutex_unlock(l);",
             MAIN),
     "These are different locks", 1},
    {PROGRAM("", "counter++;",
             "int main(void) { pthread_t t; for (int i = 0; i < 2; i++) {\n"
             " pthread_create(&t, 0, inc, 0); pthread_join(t, 0); }\n"
             " printf(\"%d\\n\", counter); return 0; }\n"),
     "One runs after the other", 0},
    {PROGRAM("", "",
             "int main(void) { pthread_t a, b; pthread_create(&a, 0, inc, 0);\n"
             " pthread_create(&b, 0, inc, 0); pthread_join(a, 0); pthread_join(b, 0);\n"
             " puts(\"2\"); return 0; }\n"),
     "The work is gone", 0},
    {PROGRAM("", "pthread_mutex_lock(&m); counter++; pthread_mutex_unlock(&m);", MAIN), "Mended",
     0},
};
enum { WAYS = sizeof ways / sizeof *ways };
static const char other_right[] =
    "#include <pthread.h>\n#include <stdatomic.h>\n#include <stdio.h>\n"
    "static atomic_int counter;\nstatic void *inc(void *p) { counter++; return p; }\n" MAIN;

static void open_lesson(struct tty *t, const char *editor, int cols, int rows)
{
    struct command c = {{"lockstep", "learn", "race/lost-update", NULL}, {"VISUAL", editor}};
    open_command(t, &c, "xterm-256color", cols, rows);
    until_has(t, "The lost update");
}

static void break_it(struct tty *t)
{
    until_has(t, "Make it print 1");
    keys(t, "\r");
    until_has(t, "step 0/0");
    keys(t, "0011");
    until_has(t, "Switches: yours 0, fewest 1.");
    keys(t, "22221GGG"); /* G stops at what is found */
    until_has(t, "You did it!");
    assert_true(tty_has(t, "yours 1") && tty_has(t, "fewest 1")); /* wherever the line ends */
    keys(t, "\r");
    until_has(t, "THE END");
    keys(t, "\033");
    until_has(t, "solved");
}

static void find_it(struct tty *t)
{
    until_has(t, "Past saving");
    keys(t, "\r");
    until_has(t, "The run");
    keys(t, "jjjj\rc"); /* not this step */
    until_has(t, "After the step you marked");
    keys(t, "xj\rc");
    until_has(t, "Found");
    keys(t, "\r\033");
    until_has(t, "solved");
}

static void mend_it(struct tty *t)
{
    until_has(t, "No update lost, ever");
    keys(t, "\r");
    until_has(t, "Your counter.c");
    for (int i = 0; i < WAYS; i++) {
        int64_t begin = tty_now_ms();
        write_file("way.c", ways[i].text, 0644);
        keys(t, "e");
        until_has(t, ways[i].told);
        /* on this machine now; the judge's own time is held in tests/unit/test_fixing.c */
        assert_true(tty_now_ms() - begin < 2 * ANSWER_MS);
        if (!ways[i].has_schedule)
            continue;
        keys(t, "\r");
        until_has(t, "data race");
        assert_true(tty_has(t, "YOUR TURN"));
        keys(t, "\033");
        until_has(t, "Your counter.c");
    }
    assert_true(tty_has(t, "you broke the original")); /* its own schedule was replayed, too */
    keys(t, "\r");
    until_has(t, "Right.");
    save_elsewhere(ways[1].text); /* broken again, by another program */
    until_has(t, "There is no lock at all");
    save_elsewhere(other_right);
    until_has(t, "Mended");
    keys(t, "\r\033");
    until_has(t, "solved");
}

static void a_whole_lesson(int cols, int rows)
{
    struct tty t;
    char editor[512];
    write_file("ed", "#!/bin/sh\ncp \"$HOME/way.c\" \"$1\"\n", 0755);
    snprintf(editor, sizeof editor, "%s/ed", home);
    open_lesson(&t, editor, cols, rows);
    keys(&t, "G");
    until_has(&t, "part 11/11");
    keys(&t, "hhh");
    break_it(&t);
    keys(&t, "l");
    find_it(&t);
    keys(&t, "l");
    mend_it(&t);
    keys(&t, "n");
    until_has(&t, "What you did in this lesson");
    assert_true(tty_has(&t, "No update lost, ever"));
    keys(&t, "\033ll");
    until_has(&t, "Lesson done.");
    assert_true(tty_has(&t, "Challenges solved: 3 of 3."));
    keys(&t, "\r");
    pid_t pids[16];
    int n = children(t.child, pids, 16);
    assert_int_equal(write(t.master, "q", 1), 1);
    assert_int_equal(tty_wait_end(&t), 0);
    assert_gone(pids, n);
    tty_assert_restored(&t);
    tty_close(&t);
}

static void a_whole_lesson_at_80x24(void **state)
{
    (void)state;
    a_whole_lesson(80, 24);
}

static void a_whole_lesson_at_200x60(void **state)
{
    (void)state;
    drop_home(state); /* nothing is solved yet */
    make_home(state);
    a_whole_lesson(200, 60);
}

static void an_editor_that_is_missing_or_fails_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *editor, *told;
    } cases[] = {{"/nonexistent/editor --wait", "cannot be run"}, {"false", "ended with an error"}};
    for (size_t i = 0; i < 2; i++) {
        struct tty t;
        open_lesson(&t, cases[i].editor, 80, 24);
        keys(&t, "G");
        until_has(&t, "part 11/11");
        keys(&t, "h\r");
        until_has(&t, "Your counter.c");
        keys(&t, "e");
        until_has(&t, cases[i].told);
        assert_int_equal(write(t.master, "q", 1), 1);
        assert_int_equal(tty_wait_end(&t), 0);
        tty_assert_restored(&t);
        tty_close(&t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_lesson_at_80x24),
        cmocka_unit_test(a_whole_lesson_at_200x60),
        cmocka_unit_test(an_editor_that_is_missing_or_fails_is_told),
    };
    return cmocka_run_group_tests(tests, make_home, drop_home);
}
