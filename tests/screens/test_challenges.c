/* The screens of the challenges to find and to mend, on a lesson of the course with the real
 * engine: pictures at each size, what keys do, and what the store keeps. */
#include "fix_internal.h"
#include "home.h"
#include "show.h"

#include <locale.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static struct tui_options options;
static struct catalogue catalogue;
static char home[64], copy[160];

enum { DEADLINE_MS = 60000 };

struct learner {
    struct ui ui;
    struct store *store;
};

static void sit_down(struct learner *l, int cols, int rows, const char *keys)
{
    struct store_options o = {.login = "anna"};
    struct err e = {0};
    if (store_open_memory(&l->store, &o, &e) < 0)
        fail_msg("%s", e.message);
    ui_init(&l->ui, &options, cols, rows);
    l->ui.lessons = &catalogue;
    l->ui.store = l->store;
    home_push(&l->ui);
    ui_draw(&l->ui);
    press(&l->ui, keys);
}

static void stand_up(struct learner *l)
{
    ui_fini(&l->ui);
    store_close(l->store);
}

/* Let the loop go on until the screen holds this text. */
static void until_shows(struct learner *l, const char *text)
{
    for (int waited = 0; !shows(&l->ui.canvas, text); waited += 20) {
        const struct screen_ops *ops = l->ui.stack[l->ui.depth - 1].ops;
        void *state = l->ui.stack[l->ui.depth - 1].state;
        int fd = -1;
        if (waited > DEADLINE_MS)
            fail_msg("\"%s\" does not come", text);
        if (ops->wait)
            ops->wait(state, l->ui.now, &fd);
        poll(&(struct pollfd){fd, POLLIN, 0}, 1, 20);
        l->ui.now += 20;
        if (ops->tick)
            ops->tick(state, &l->ui);
        ui_draw(&l->ui);
    }
}

static void save(const char *text)
{
    FILE *f = fopen(copy, "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

static void forget_copy(void)
{
    unlink(copy);
}

static const int sizes[][2] = {{40, 10}, {80, 24}, {120, 40}, {200, 60}};
#define FIX  "/lost<Enter><Enter>Gh<Enter>"
#define FIND "/lost<Enter><Enter>Ghh<Enter>"

static const char right[] =
    "#include <pthread.h>\n#include <stdio.h>\nstatic int counter;\n"
    "static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;\n"
    "static void *inc(void *p)\n{\n    pthread_mutex_lock(&m);\n    counter++;\n"
    "    pthread_mutex_unlock(&m);\n    return p;\n}\n"
    "int main(void)\n{\n    pthread_t a, b;\n    pthread_create(&a, NULL, inc, NULL);\n"
    "    pthread_create(&b, NULL, inc, NULL);\n    pthread_join(a, NULL);\n"
    "    pthread_join(b, NULL);\n    printf(\"%d\\n\", counter);\n    return 0;\n}\n";

/* -------- mending -------- */

static void a_wrong_program_is_drawn_at_each_size(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct learner l;
        char name[64];
        forget_copy();
        sit_down(&l, 80, 24, FIX);
        press(&l.ui, "c");
        until_shows(&l, "There is no lock at all");
        press(&l.ui, "<Tab><Tab>"); /* the answer, where there is room for one */
        ui_resize(&l.ui, sizes[i][0], sizes[i][1]);
        ui_draw(&l.ui);
        snprintf(name, sizeof name, "fix-wrong-%dx%d", sizes[i][0], sizes[i][1]);
        golden_check(name, &l.ui.canvas);
        stand_up(&l);
    }
}

static void the_beginning_and_the_compilers_words_are_drawn(void **state)
{
    (void)state;
    struct learner l;
    forget_copy();
    sit_down(&l, 80, 24, FIX);
    assert_int_equal(access(copy, R_OK), 0);
    golden_check("fix-begin-80x24", &l.ui.canvas);
    save("#include <stdio.h>\nint main(void)\n{\n    int unused\n    return 0;\n}\n");
    press(&l.ui, "c");
    until_shows(&l, "It does not compile.");
    assert_true(shows(&l.ui.canvas, "↑ expected"));
    assert_true(shows(&l.ui.canvas, "return")); /* the line after it is there, too */
    press(&l.ui, "s");
    assert_true(shows(&l.ui.canvas, "mend that first"));
    stand_up(&l);
}

static void saving_is_noticed_judged_and_kept(void **state)
{
    (void)state;
    struct learner l;
    struct store_attempt *last = NULL;
    forget_copy();
    sit_down(&l, 80, 24, FIX);
    save(right); /* nobody presses a key */
    until_shows(&l, "Mended");
    assert_true(shows(&l.ui.canvas, "All its schedules were searched"));
    assert_int_equal(store_attempt_last(l.store, "race/lost-update", "fix", &last, NULL), 1);
    assert_int_equal(last->passed, 1);
    assert_string_equal(last->verdict, "none");
    assert_string_equal(last->tried, right);
    free(last);
    press(&l.ui, "<Enter>");
    assert_true(shows(&l.ui.canvas, "● Right."));
    press(&l.ui, "d");
    assert_true(shows(&l.ui.canvas, "what you changed"));
    assert_true(shows(&l.ui.canvas, "+static pthread_mutex_t m"));
    press(&l.ui, "d<Esc>");
    assert_true(shows(&l.ui.canvas, "● solved"));
    stand_up(&l);
}

static void after_the_solution_it_does_not_count(void **state)
{
    (void)state;
    struct learner l;
    struct store_attempt *last = NULL;
    forget_copy();
    sit_down(&l, 80, 40, FIX);
    press(&l.ui, "i");
    assert_true(shows(&l.ui.canvas, "Hint 1 of 3"));
    press(&l.ui, "ii");
    assert_true(shows(&l.ui.canvas, "Hint 3 of 3"));
    assert_false(shows(&l.ui.canvas, "One solution"));
    press(&l.ui, "i");
    assert_true(shows(&l.ui.canvas, "One solution"));
    press(&l.ui, "d");
    save(right);
    until_shows(&l, "does not count");
    assert_int_equal(store_attempt_last(l.store, "race/lost-update", "fix", &last, NULL), 1);
    assert_int_equal(last->passed, 0);
    free(last);
    stand_up(&l);
}

static void nothing_of_the_learners_is_lost(void **state)
{
    (void)state;
    struct learner l;
    struct stat st;
    char *kept = xasprintf("%.*s.1.c", (int)(strlen(copy) - 2), copy);
    forget_copy();
    unlink(kept);
    sit_down(&l, 80, 24, FIX);
    save("int mine;\n");
    press(&l.ui, "<Esc><Enter>"); /* out and in again */
    assert_true(shows(&l.ui.canvas, "int mine;"));
    press(&l.ui, "R");
    assert_true(shows(&l.ui.canvas, "R once more"));
    press(&l.ui, "jR"); /* another key in between: it asks again */
    assert_true(shows(&l.ui.canvas, "R once more"));
    press(&l.ui, "R");
    assert_true(shows(&l.ui.canvas, "counter++"));
    assert_int_equal(stat(kept, &st), 0);
    assert_int_equal(st.st_size, strlen("int mine;\n"));
    stand_up(&l);
    unlink(kept);
    free(kept);
}

static void checking_can_be_cancelled(void **state)
{
    (void)state;
    struct learner l;
    forget_copy();
    sit_down(&l, 80, 24, FIX);
    press(&l.ui, "cx");
    until_shows(&l, "Cancelled; c checks it.");
    press(&l.ui, "c");
    until_shows(&l, "There is no lock at all");
    press(&l.ui, "c<Esc>"); /* left while it is at work */
    assert_true(shows(&l.ui.canvas, "No update lost, ever"));
    stand_up(&l);
}

/* -------- finding -------- */

static void the_run_is_drawn_at_each_size(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct learner l;
        char name[64];
        sit_down(&l, 80, 24, FIND);
        until_shows(&l, "The run");
        press(&l.ui, "jjjjx<Down><Enter>");
        ui_resize(&l.ui, sizes[i][0], sizes[i][1]);
        ui_draw(&l.ui);
        snprintf(name, sizeof name, "find-%dx%d", sizes[i][0], sizes[i][1]);
        golden_check(name, &l.ui.canvas);
        stand_up(&l);
    }
}

static void marks_are_judged(void **state)
{
    (void)state;
    struct learner l;
    struct store_attempt *last = NULL;
    sit_down(&l, 80, 24, FIND);
    until_shows(&l, "The run");
    press(&l.ui, "x");
    assert_true(shows(&l.ui.canvas, "step 1 is no switch"));
    press(&l.ui, "<Enter>c");
    assert_true(shows(&l.ui.canvas, "After the step you marked"));
    assert_true(shows(&l.ui.canvas, "is not marked"));
    press(&l.ui, "G<Enter>c");
    assert_true(shows(&l.ui.canvas, "Before the step you marked"));
    assert_int_equal(store_attempt_last(l.store, "race/lost-update", "find", &last, NULL), 1);
    assert_int_equal(last->passed, 0);
    assert_string_equal(last->tried, "step 15; switches");
    free(last);
    press(&l.ui, "gjjjjx<Down><Enter>c");
    assert_true(shows(&l.ui.canvas, "Found"));
    assert_true(shows(&l.ui.canvas, "both will write a"));
    assert_int_equal(store_attempt_last(l.store, "race/lost-update", "find", &last, NULL), 1);
    assert_int_equal(last->passed, 1);
    assert_string_equal(last->tried, "step 6; switches 5");
    free(last);
    press(&l.ui, "<Enter><Esc>");
    assert_true(shows(&l.ui.canvas, "● solved"));
    stand_up(&l);
}

static void a_shown_solution_does_not_count(void **state)
{
    (void)state;
    struct learner l;
    struct store_attempt *last = NULL;
    sit_down(&l, 80, 24, FIND);
    until_shows(&l, "The run");
    press(&l.ui, "i");
    assert_true(shows(&l.ui.canvas, "hint 1 of 3"));
    press(&l.ui, "iiic");
    assert_true(shows(&l.ui.canvas, "does not count"));
    assert_int_equal(store_attempt_last(l.store, "race/lost-update", "find", &last, NULL), 1);
    assert_int_equal(last->passed, 0);
    free(last);
    stand_up(&l);
}

static int prepare(void **state)
{
    (void)state;
    strcpy(home, "/tmp/lockstep-challenges-XXXXXX");
    if (!mkdtemp(home))
        return -1;
    setenv("HOME", home, 1);
    unsetenv("XDG_DATA_HOME");
    unsetenv("LOCKSTEP_DATA");
    unsetenv("VISUAL");
    setenv("EDITOR", "ed", 1);
    snprintf(copy, sizeof copy, "%s/.local/share/lockstep/work/race/lost-update/counter.c", home);
    return 0;
}

static int clear(void **state)
{
    (void)state;
    char *command = xasprintf("rm -rf '%s'", home);
    int rc = system(command);
    free(command);
    return rc;
}

int main(int argc, char **argv)
{
    struct err e = {0};
    golden_options(argc, argv);
    setlocale(LC_ALL, "C.UTF-8");
    tui_options_init(&options);
    options.ascii = 0;
    options.theme = TUI_DARK;
    if (catalogue_read(&catalogue, path_lessons() ? path_lessons() : "lessons", NULL, &e) < 0) {
        fprintf(stderr, "%s\n", e.message);
        return 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wrong_program_is_drawn_at_each_size),
        cmocka_unit_test(the_beginning_and_the_compilers_words_are_drawn),
        cmocka_unit_test(saving_is_noticed_judged_and_kept),
        cmocka_unit_test(after_the_solution_it_does_not_count),
        cmocka_unit_test(nothing_of_the_learners_is_lost),
        cmocka_unit_test(checking_can_be_cancelled),
        cmocka_unit_test(the_run_is_drawn_at_each_size),
        cmocka_unit_test(marks_are_judged),
        cmocka_unit_test(a_shown_solution_does_not_count),
    };
    int failed = cmocka_run_group_tests(tests, prepare, clear);
    catalogue_fini(&catalogue);
    return failed;
}
