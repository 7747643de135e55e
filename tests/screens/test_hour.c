/* A teacher's hour with the real program on two terminals: the presentation of three lessons, and
 * the notes that follow it. And what may go wrong before a class. */
#include "real.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define ON "\033[6~" /* as clickers send it */

static void open_hour(struct tty *t, const char *plan, int cols, int rows)
{
    open_real(t, "present", plan, cols, rows);
}

static void open_notes(struct tty *t)
{
    open_real(t, "present", "--notes", 80, 24);
}

static void send(struct tty *t, const char *bytes)
{
    assert_int_equal(write(t->master, bytes, strlen(bytes)), (ssize_t)strlen(bytes));
}

/* A key, then until the text stands there. */
static void go(struct tty *t, const char *key, const char *text)
{
    send(t, key);
    until_has(t, text);
}

static void leave_at_once(struct tty *t)
{
    send(t, "q");
    assert_int_equal(tty_wait_end(t), 0);
    tty_assert_restored(t);
    tty_close(t);
}

static void an_hour_of_three_lessons(void **state)
{
    (void)state;
    struct tty talk, notes;
    open_notes(&notes); /* before there is anything to follow */
    until_has(&notes, "No presentation runs yet");
    open_hour(&talk, "three-lessons", 80, 24);
    assert_true(tty_has(&talk, "60 minutes"));
    assert_false(tty_has(&talk, "second terminal")); /* a note is not for the class */
    until_has(&notes, "Open the notes in a second terminal");

    /* the first lesson: a text, then a question; hands are counted */
    go(&talk, ON, "Three threads each print a letter");
    until_has(&notes, "Who has used threads in Python?");
    go(&talk, ON, "Which of these can the program print?");
    until_has(&notes, "All six orders"); /* the speaker knows the answer */
    assert_false(tty_has(&talk, "All six orders"));
    go(&talk, "1", "Enter next choice");
    go(&talk, "1", "1_");
    go(&talk, "2", "12_");
    send(&talk, "\r");
    until_has(&notes, "Counting hands for choice 2");
    go(&notes, "5", "12 5"); /* counted on at the speaker's desk */
    until_has(&talk, "5_");
    go(&notes, " ", "Hands, by choice");
    go(&notes, "a", "The answer, shown");
    until_has(&talk, "All six orders");

    /* the second lesson, gone to from the notes: a race, step by step */
    go(&notes, "]", "Create");
    go(&notes, "]", "Let them vote");
    go(&notes, "]", "Two steps, not one");
    go(&notes, "]", "what will T1 write");
    until_has(&talk, "step 3");
    until_has(&notes, "step 3");
    for (int step = 4; step <= 9; step++) {
        char text[32];
        snprintf(text, sizeof text, "step %d", step);
        go(&talk, ON, text);
    }
    assert_true(tty_has(&talk, "increment is lost"));
    until_has(&notes, "increment is lost");

    /* the projector is another one */
    struct winsize size = {.ws_col = 120, .ws_row = 40};
    vterm_set_size(talk.vt, 40, 120);
    assert_int_equal(ioctl(talk.master, TIOCSWINSZ, &size), 0);
    until_has(&talk, "counter++");
    assert_true(tty_has(&talk, "zombie")); /* source above threads */

    /* the very same run in the step screen, and back */
    go(&talk, "p", "step 9/9");
    until_has(&notes, "Another screen is on top");
    go(&talk, "h", "step 8/9");
    go(&talk, "p", "who next");
    until_has(&notes, "step 8");
    go(&talk, ON, "step 9");

    /* it runs free, and the plan goes on */
    go(&talk, ON, "live run of counter.c");
    go(&talk, ON, "ENDED");
    until_has(&notes, "PgDn goes on with the plan");
    go(&talk, "\033", "It has run; on with the plan");
    go(&talk, "\033[5~", "step 9"); /* once more: one key leads through it */
    go(&talk, ON, "The next click lets it run");
    go(&notes, ON, "It runs on the class's screen");
    until_has(&talk, "ENDED");

    /* the third lesson; then everything fails at once, and goes on where it was */
    go(&notes, ON, "draw them on the board");
    until_has(&talk, "A mutex is either");
    until_has(&notes, "draw them on the board");
    kill(talk.child, SIGKILL);
    tty_wait_end(&talk);
    until_has(&notes, "has ended");
    tty_close(&talk);
    struct command again = {.argv = {"lockstep", "present", "--from", "8", "three-lessons", NULL}};
    open_command(&talk, &again, "xterm-256color", 80, 24);
    assert_true(tty_has(&talk, "A mutex is either"));
    until_has(&notes, "34 of 60 min, in time"); /* 34 minutes were planned until here */
    go(&notes, ON, "T2 is blocked until T1 unlocks");
    until_has(&talk, "Both sides");
    send(&talk, "\033");
    until_has(&talk, "Esc once more");
    send(&talk, "\033");
    assert_int_equal(tty_wait_end(&talk), 0);
    tty_assert_restored(&talk);
    assert_non_null(strstr(talk.raw.data, "lockstep present --from 9 three-lessons"));
    tty_close(&talk);
    until_has(&notes, "has ended");
    leave_at_once(&notes);
}

/* What `lockstep present` with these arguments prints. */
static char *printed(const char *arguments)
{
    struct buf out = {0};
    char block[4096];
    char *command = xasprintf("HOME='%s' LOCKSTEP_LESSONS='%s' LC_ALL=C.UTF-8 '%s' present %s 2>&1",
                              home, lessons, program, arguments);
    FILE *f = popen(command, "r");
    assert_non_null(f);
    for (size_t n; (n = fread(block, 1, sizeof block, f)) > 0;)
        buf_add(&out, block, n);
    pclose(f);
    free(command);
    return out.data ? out.data : xstrdup("");
}

static void the_hands_are_there_a_week_later(void **state)
{
    (void)state;
    char *all = printed("--hands");
    assert_non_null(strstr(all, "thread/create-and-join q1 20"));
    assert_non_null(strstr(all, ": 12 5 0 0"));
    free(all);
}

static char *write_file(const char *name, const char *text)
{
    char *path = xasprintf("%s/%s", home, name);
    FILE *f = fopen(path, "we");
    assert_non_null(f);
    fputs(text, f);
    assert_int_equal(fclose(f), 0);
    return path;
}

static void whatever_fails_the_plan_goes_on(void **state)
{
    (void)state;
    struct tty t;
    free(write_file("crash.c", "#include <stdio.h>\nint main(void)\n{\n    int *p = 0;\n"
                               "    puts(\"before\");\n    *p = 1;\n    return 0;\n}\n"));
    free(write_file("bad.c", "int main(void) { retrun 0; }\n"));
    free(write_file("spin.c", "#include <stdio.h>\nint main(void)\n{\n    volatile int i = 0;\n"
                              "    puts(\"before\");\n    for (;;)\n        i = 0;\n}\n"));
    char *plan = write_file("bad.plan", "title: What may go wrong\nlesson: race/none\n"
                                        "step: bad.c\nstep: crash.c\nstep: spin.c\n"
                                        "step: none.c\nlive: bad.c\n"
                                        "text: Still here\n  say: on with the plan\n");
    open_hour(&t, plan, 80, 24);
    assert_true(tty_has(&t, "line 2: there is no lesson \"race/none\""));
    assert_true(tty_has(&t, "line 6: the file"));
    go(&t, ON, "bad.c does not compile");
    assert_true(tty_has(&t, "the plan goes on without it"));
    go(&t, ON, "crash.c");
    until_has(&t, "step 0");
    go(&t, ON, "T0 prints");
    go(&t, ON, "SIGSEGV");
    go(&t, ON, "3/5");
    until_has(&t, "step 0");
    go(&t, ON, "runs on and on"); /* and is stopped, while the screen lives */
    go(&t, ON, "4/5");
    go(&t, ON, "does not compile"); /* free runs are built, too */
    go(&t, ON, "on with the plan");
    leave_at_once(&t);
    char *said = xasprintf("--check '%s'", plan), *all = printed(said);
    assert_non_null(strstr(all, "4 things are wrong"));
    free(said);
    free(all);
    free(plan);
}

/* A bright room, a dark terminal. */
static void light_is_light_on_a_dark_terminal(void **state)
{
    (void)state;
    struct tty t;
    open_hour(&t, "three-lessons", 80, 24);
    assert_null(strstr(t.raw.data, "48;5;231"));
    go(&t, "c", "light, for a bright room");
    assert_non_null(strstr(t.raw.data, "48;5;231"));
    VTermScreenCell cell = tty_cell(&t, 40, 12);
    vterm_screen_convert_color_to_rgb(t.screen, &cell.bg);
    assert_int_equal(cell.bg.rgb.red, 255);
    go(&t, "c", "dark");
    cell = tty_cell(&t, 40, 12);
    vterm_screen_convert_color_to_rgb(t.screen, &cell.bg);
    assert_int_equal(cell.bg.rgb.red, 0);
    go(&t, "c", "no colours");
    size_t from = t.raw.len;
    go(&t, ON, "Three threads each print");
    assert_null(strstr(t.raw.data + from, "\033[38;"));
    go(&t, "c", "as the terminal has them");
    from = t.raw.len;
    go(&t, ON, "Which of these can");
    assert_non_null(strstr(t.raw.data + from, "38;5;"));
    assert_null(strstr(t.raw.data + from, "48;5;231"));
    leave_at_once(&t);
}

static void lessons_are_presented_from_where_they_are_read(void **state)
{
    (void)state;
    struct tty t;
    open_real(&t, "learn", "lock/mutex", 80, 24);
    until_has(&t, "part 1/");
    go(&t, "l", "part 2/");
    go(&t, "p", "A mutex is either");
    send(&t, "\033");
    until_has(&t, "Esc once more");
    go(&t, "\033", "part 2/");
    go(&t, "\033", "Lessons");
    go(&t, "p", "Present which plan?");
    go(&t, "\r", "Threads, races and locks");
    leave_at_once(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_hour_of_three_lessons),
        cmocka_unit_test(the_hands_are_there_a_week_later),
        cmocka_unit_test(whatever_fails_the_plan_goes_on),
        cmocka_unit_test(light_is_light_on_a_dark_terminal),
        cmocka_unit_test(lessons_are_presented_from_where_they_are_read),
    };
    return cmocka_run_group_tests(tests, make_home, drop_home);
}
