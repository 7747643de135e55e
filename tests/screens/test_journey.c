/* A learner's way with the real program on a terminal of 80x24: open the lost update, lose one by
 * choosing threads, go back ten steps, take the other turn, find the failing schedule with one key,
 * leave by kill -9, come back to the same place. And what a program of one's own may do to the
 * interface. The runner sets LOCKSTEP (the program) and LOCKSTEP_LESSONS. */
#include "real.h"
#include "store.h"

#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* The first cell of the Output panel. */
static char printed(struct tty *t)
{
    int x, y;
    assert_true(tty_find(t, " Output ", &x, &y));
    return (char)tty_cell(t, 2, y + 1).chars[0];
}

/* Until the store holds this step as the place in the lesson. */
static void until_saved(const char *lesson, const char *step)
{
    char path[512];
    int64_t deadline = tty_now_ms() + TTY_DEADLINE_MS;
    snprintf(path, sizeof path, "%s/.local/share/lockstep/lockstep.db", home);
    for (int saved = 0; !saved;) {
        struct store_options o = {.path = path};
        struct store *store;
        struct store_lesson *row = NULL;
        struct err e = {0};
        if (tty_now_ms() > deadline)
            fail_msg("the place%s is not saved", step);
        if (store_open(&store, &o, &e) < 0)
            fail_msg("%s", e.message);
        saved = store_place_get(store, lesson, &row, &e) > 0 && strstr(row->position, step);
        free(row);
        store_close(store);
        if (!saved)
            poll(NULL, 0, 20000 / 1000);
    }
}

static void an_update_is_lost_and_saved_and_the_place_survives_kill_9(void **state)
{
    (void)state;
    struct tty t;
    pid_t pids[16];
    open_real(&t, NULL, NULL, 80, 24);
    assert_true(tty_has(&t, "0 of "));
    keys(&t, "/lost\r\r"); /* the search finds the lesson, Enter opens it */
    until_has(&t, "The lost update");
    until_has(&t, "part 1/");
    keys(&t, "s");
    until_has(&t, "step 0/0");
    keys(&t, "0011222");
    until_has(&t, "step 7/7");
    keys(&t, "2"); /* T2 is at its end, T1 still holds what it read */
    keys(&t, "1");
    assert_true(tty_has(&t, "step 9/9"));
    assert_true(tty_has(&t, "T2's increment is lost"));
    for (int i = 0; i < 9 && !tty_has(&t, "THE END"); i++)
        tty_type(&t, "\033[C");
    assert_true(tty_has(&t, "THE END"));
    assert_int_equal(printed(&t), '1');

    for (int i = 0; i < 10; i++)
        tty_type(&t, "\033[D");
    assert_true(tty_has(&t, "step 5/15"));
    keys(&t, "11");
    assert_true(tty_has(&t, "step 7/7"));
    for (int i = 0; i < 16 && !tty_has(&t, "THE END"); i++)
        tty_type(&t, "\033[C");
    assert_true(tty_has(&t, "THE END"));
    assert_int_equal(printed(&t), '2');

    keys(&t, "f");
    until_has(&t, "found: a data race; prints 1, not 2");
    assert_true(tty_has(&t, "increment is lost"));
    until_saved("race/lost-update", " c9 ");

    int n = children(t.child, pids, 16);
    assert_true(n > 0); /* the program under study */
    kill(t.child, SIGKILL);
    tty_wait_end(&t);
    assert_gone(pids, n);
    tty_close(&t);

    open_real(&t, NULL, NULL, 80, 24);
    assert_true(tty_has(&t, "Continue: The lost update"));
    keys(&t, "c");
    until_has(&t, "step 9/15");
    assert_true(tty_has(&t, "increment is lost"));
    assert_int_equal(write(t.master, "q", 1), 1);
    assert_int_equal(tty_wait_end(&t), 0);
    tty_assert_restored(&t);
    tty_close(&t);
}

/* -------- programs of one's own -------- */

static const char waits[] = "#include <pthread.h>\n"
                            "static int go;\n"
                            "static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;\n"
                            "static pthread_cond_t c = PTHREAD_COND_INITIALIZER;\n"
                            "static void *w(void *x)\n{\n"
                            "    pthread_mutex_lock(&m);\n"
                            "    while (!go)\n"
                            "        pthread_cond_wait(&c, &m);\n"
                            "    go--;\n"
                            "    pthread_mutex_unlock(&m);\n    return x;\n}\n"
                            "int main(void)\n{\n    pthread_t a, b;\n"
                            "    pthread_create(&a, 0, w, 0);\n"
                            "    pthread_create(&b, 0, w, 0);\n"
                            "    pthread_mutex_lock(&m);\n    go = 1;\n"
                            "    pthread_cond_signal(&c);\n"
                            "    pthread_mutex_unlock(&m);\n    return 0;\n}\n";

static void whom_a_signal_wakes_is_chosen(void **state)
{
    (void)state;
    struct tty t;
    open_real(&t, "run", write_program("waits.c", waits), 80, 24);
    keys(&t, "0011112222"); /* create, create; each: start, lock, read, wait */
    keys(&t, "000");        /* lock, write, signal */
    assert_true(tty_has(&t, "Whom does it wake?"));
    keys(&t, "2");
    assert_true(tty_has(&t, "signals c and wakes T2"));
    keys(&t, "h"); /* before the signal, and on to it: the same */
    keys(&t, "l");
    assert_true(tty_has(&t, "signals c and wakes T2"));
    keys(&t, "w"); /* or the other one after all */
    assert_true(tty_has(&t, "Whom does it wake?"));
    keys(&t, "1");
    until_has(&t, "signals c and wakes T1");
    assert_int_equal(write(t.master, "q", 1), 1);
    assert_int_equal(tty_wait_end(&t), 0);
    tty_close(&t);
}

static void a_loop_without_a_step_is_busy_and_then_a_finding(void **state)
{
    (void)state;
    struct tty t;
    open_real(&t, "run", write_program("busy.c", "int main(void)\n{\n    for (;;)\n        ;\n}\n"),
              80, 24);
    if (!tty_has(&t, "THE END"))
        keys(&t, "G");
    until_has(&t, "THE END");
    assert_true(tty_has(&t, "livelock") || tty_has(&t, "Livelock"));
    assert_int_equal(write(t.master, "q", 1), 1);
    assert_int_equal(tty_wait_end(&t), 0);
    tty_close(&t);
}

static void a_crash_and_control_characters_stay_in_their_panels(void **state)
{
    (void)state;
    struct tty t;
    open_real(&t, "run",
              write_program("wild.c", "#include <stdio.h>\nstatic int *p;\nint main(void)\n{\n"
                                      "    printf(\"\\033[2J\\033]0;x\\007ok\\n\");\n"
                                      "    *p = 1;\n    return 0;\n}\n"),
              80, 24);
    keys(&t, "G");
    until_has(&t, "THE END");
    assert_true(tty_has(&t, "\\x1b[2J\\x1b]0;x\\x07ok"));
    assert_true(tty_has(&t, "Crash in T0 at wild.c:6"));
    assert_int_equal(write(t.master, "q", 1), 1);
    assert_int_equal(tty_wait_end(&t), 0);
    tty_assert_restored(&t);
    tty_close(&t);
}

static void ten_megabytes_and_a_crowd(void **state)
{
    (void)state;
    struct tty t;
    open_real(&t, "run",
              write_program("much.c",
                            "#include <pthread.h>\n#include <stdio.h>\n#include <string.h>\n"
                            "static void *w(void *x)\n{\n    return x;\n}\n"
                            "int main(void)\n{\n    static char b[50001];\n    pthread_t t[24];\n"
                            "    memset(b, 'x', 50000);\n"
                            "    for (int i = 0; i < 24; i++)\n"
                            "        pthread_create(&t[i], 0, w, 0);\n"
                            "    for (int i = 0; i < 24; i++)\n"
                            "        pthread_join(t[i], 0);\n"
                            "    for (int i = 0; i < 200; i++)\n        puts(b);\n"
                            "    puts(\"LAST\");\n    return 0;\n}\n"),
              80, 24);
    keys(&t, "G");
    until_has(&t, "THE END");
    assert_true(tty_has(&t, "10000205 bytes"));
    assert_true(tty_has(&t, "LAST"));
    assert_true(tty_has(&t, "of 25"));
    assert_int_equal(write(t.master, "q", 1), 1);
    assert_int_equal(tty_wait_end(&t), 0);
    tty_close(&t);
}

/* What a part of a lesson asks for can be read while it is done, at 80x24 too. */
static void the_task_is_read_beside_the_program(void **state)
{
    (void)state;
    struct tty t;
    size_t before = strlen(home); /* a learner who is new here */
    snprintf(home + before, sizeof home - before, "/new");
    assert_int_equal(mkdir(home, 0700), 0);
    open_real(&t, "learn", "race/lost-update", 80, 24);
    home[before] = 0;
    for (int i = 0; i < 9 && !tty_has(&t, "Watch it happen"); i++)
        tty_type(&t, "\033[C");
    keys(&t, "\r");
    until_has(&t, "YOUR TURN");
    assert_true(tty_has(&t, "Your task: T1 has read 0"));
    keys(&t, "i");
    assert_true(tty_has(&t, "go back ten"));
    assert_true(tty_has(&t, "Threads"));
    keys(&t, "i");
    assert_true(tty_has(&t, "Source counter.c"));
    assert_int_equal(write(t.master, "q", 1), 1);
    assert_int_equal(tty_wait_end(&t), 0);
    tty_close(&t);
}

static void run_shell(const char *command)
{
    pid_t child = fork();
    int status = -1;
    if (child == 0) {
        execl("/bin/sh", "sh", "-c", command, (char *)NULL);
        _exit(127);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

/* What the compiler says is read in the interface, all lines of it. */
static void a_program_that_does_not_compile_is_explained(void **state)
{
    (void)state;
    char command[2048], whole[sizeof lessons];
    struct tty t;
    snprintf(command, sizeof command,
             "cp -r '%s' '%s/lessons' && echo 'int broken(void) { return nothing; }' "
             ">>'%s/lessons/race/lost-update/counter.c'",
             lessons, home, home);
    run_shell(command);
    memcpy(whole, lessons, sizeof whole);
    snprintf(lessons, sizeof lessons, "%s/lessons", home);
    open_real(&t, "learn", "race/lost-update", 80, 24);
    keys(&t, "s");
    until_has(&t, "counter.c does not compile");
    assert_true(tty_has(&t, "int broken(void) { return nothing; }"));
    tty_type(&t, "\033[B"); /* any key closes it */
    assert_false(tty_has(&t, "does not compile"));
    assert_int_equal(write(t.master, "q", 1), 1);
    assert_int_equal(tty_wait_end(&t), 0);
    tty_close(&t);
    memcpy(lessons, whole, sizeof whole);
}

/* -------- every end -------- */

static void nobody_is_left_behind_whatever_ends_it(void **state)
{
    (void)state;
    const char *path = write_program("waits.c", waits);
    static const int ends[] = {0, SIGINT, SIGTERM, SIGHUP, SIGKILL};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        struct tty t;
        pid_t pids[16];
        open_real(&t, "run", path, 80, 24);
        keys(&t, "00");
        int n = children(t.child, pids, 16);
        assert_true(n > 0);
        if (ends[i] == SIGINT)
            assert_int_equal(write(t.master, "\003", 1), 1);
        else if (ends[i])
            kill(t.child, ends[i]);
        else
            assert_int_equal(write(t.master, "q", 1), 1);
        tty_wait_end(&t);
        assert_gone(pids, n);
        if (ends[i] != SIGKILL)
            tty_assert_restored(&t);
        tty_close(&t);
    }
}

static void any_size_and_no_colour(void **state)
{
    (void)state;
    static const int sizes[][2] = {{40, 10}, {120, 40}, {200, 60}, {1, 1}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct command c = {{"lockstep", "run", write_program("waits.c", waits), NULL},
                            {"NO_COLOR", "1"}};
        struct tty t;
        open_command(&t, &c, "xterm-256color", sizes[i][0], sizes[i][1]);
        keys(&t, "00");
        for (int k = 0; k < sizes[i][0] * sizes[i][1]; k++) {
            VTermScreenCell cell = tty_cell(&t, k % sizes[i][0], k / sizes[i][0]);
            assert_true(VTERM_COLOR_IS_DEFAULT_FG(&cell.fg) && VTERM_COLOR_IS_DEFAULT_BG(&cell.bg));
        }
        assert_true(sizes[i][0] < 40 || tty_has(&t, "step 2/2"));
        assert_int_equal(write(t.master, "q", 1), 1);
        assert_int_equal(tty_wait_end(&t), 0);
        tty_close(&t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_update_is_lost_and_saved_and_the_place_survives_kill_9),
        cmocka_unit_test(the_task_is_read_beside_the_program),
        cmocka_unit_test(whom_a_signal_wakes_is_chosen),
        cmocka_unit_test(a_loop_without_a_step_is_busy_and_then_a_finding),
        cmocka_unit_test(a_crash_and_control_characters_stay_in_their_panels),
        cmocka_unit_test(ten_megabytes_and_a_crowd),
        cmocka_unit_test(a_program_that_does_not_compile_is_explained),
        cmocka_unit_test(nobody_is_left_behind_whatever_ends_it),
        cmocka_unit_test(any_size_and_no_colour),
    };
    return cmocka_run_group_tests_name("journey", tests, make_home, drop_home);
}
