/* Settings, key bindings, progress, programs of one's own, help: keys in, screen out; and what they
 * keep. */
#include "config.h"
#include "help_internal.h"
#include "home.h"
#include "own_screen.h"
#include "progress_screen.h"
#include "settings_screen.h"
#include "show.h"
#include "store.h"

#include <locale.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct tui_options options;
static struct catalogue catalogue;
static char folder[] = "/tmp/lockstep-home-XXXXXX";

static const int sizes[][2] = {{80, 24}, {120, 40}, {200, 60}, {40, 10}};

struct desk {
    struct ui ui;
    struct store *store;
};

static int64_t long_ago(void *clock)
{
    (void)clock;
    return INT64_C(1767225600000); /* 2026-01-01 */
}

static void sit_down(struct desk *d, int fixed_clock)
{
    struct store_options o = {.login = "anna", .now_ms = fixed_clock ? long_ago : NULL};
    struct err e = {0};
    unlink(config_path());
    config_start();
    if (store_open_memory(&d->store, &o, &e) < 0)
        fail_msg("%s", e.message);
    ui_init(&d->ui, &options, 80, 24);
    d->ui.lessons = &catalogue;
    d->ui.store = d->store;
}

static void stand_up(struct desk *d)
{
    ui_fini(&d->ui);
    store_close(d->store);
}

static void golden_at_all_sizes(struct desk *d, const char *name)
{
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        char file[64];
        ui_resize(&d->ui, sizes[i][0], sizes[i][1]);
        ui_draw(&d->ui);
        snprintf(file, sizeof file, "%s-%dx%d", name, sizes[i][0], sizes[i][1]);
        golden_check(file, &d->ui.canvas);
    }
    ui_resize(&d->ui, 80, 24);
    ui_draw(&d->ui);
}

/* The title of the settings names the file, which lies elsewhere in every run. */
static void golden_of_settings(struct desk *d)
{
    char before[300];
    snprintf(before, sizeof before, "%s", getenv("XDG_CONFIG_HOME"));
    setenv("XDG_CONFIG_HOME", "/etc/xdg", 1);
    golden_at_all_sizes(d, "settings");
    setenv("XDG_CONFIG_HOME", before, 1);
}

static const char *written(void)
{
    static char text[4096];
    FILE *f = fopen(config_path(), "re");
    size_t n = f ? fread(text, 1, sizeof text - 1, f) : 0;
    text[n] = 0;
    if (f)
        fclose(f);
    return text;
}

/* -------- settings -------- */

static void settings_are_at_once_in_force_and_kept(void **state)
{
    (void)state;
    struct desk d;
    sit_down(&d, 0);
    settings_push(&d.ui);
    ui_draw(&d.ui);
    golden_of_settings(&d);
    press(&d.ui, "<Enter><Enter>");
    assert_int_equal(d.ui.options->theme, TUI_LIGHT);
    assert_string_equal(written(), "theme = light\n");
    press(&d.ui, "h");
    assert_int_equal(d.ui.options->theme, TUI_DARK);
    press(&d.ui, "jj<Enter>"); /* only ASCII */
    assert_int_equal(d.ui.options->ascii, 1);
    assert_false(shows(&d.ui.canvas, "┌"));
    assert_true(shows(&d.ui.canvas, "[yes]"));
    press(&d.ui, "rj<Enter>");
    assert_int_equal(d.ui.options->mouse, 0);
    assert_string_equal(written(), "theme = dark\nmouse = no\n");
    press(&d.ui, "R<Enter>"); /* no, keep them */
    assert_string_equal(written(), "theme = dark\nmouse = no\n");
    press(&d.ui, "R1");
    assert_string_equal(written(), "");
    assert_int_equal(d.ui.options->mouse, 1);
    stand_up(&d);
}

static void a_text_is_typed(void **state)
{
    (void)state;
    struct desk d;
    sit_down(&d, 0);
    settings_push(&d.ui);
    press(&d.ui, "jjjjj<Enter>nano -w<Enter>");
    assert_string_equal(config_editor(), "nano -w");
    assert_true(shows(&d.ui.canvas, "nano -w"));
    press(&d.ui, "<Enter><Back><Back>x<Esc>");
    assert_string_equal(config_editor(), "nano -w");
    stand_up(&d);
}

static void what_cannot_be_kept_is_said_and_holds(void **state)
{
    (void)state;
    struct desk d;
    sit_down(&d, 0);
    setenv("XDG_CONFIG_HOME", "/dev/null", 1); /* no folder can be made there */
    settings_push(&d.ui);
    press(&d.ui, "<Enter>");
    assert_int_equal(d.ui.options->theme, TUI_DARK);
    assert_true(shows(&d.ui.canvas, "Not kept in the file: /dev/null"));
    setenv("XDG_CONFIG_HOME", folder, 1);
    stand_up(&d);
}

/* -------- keys -------- */

static void a_key_is_bound_and_shows_everywhere(void **state)
{
    (void)state;
    struct desk d;
    sit_down(&d, 0);
    home_push(&d.ui);
    press(&d.ui, "Sb/settings: theme<Enter>");
    golden_at_all_sizes(&d, "bindings");
    press(&d.ui, "<Enter>");
    golden_check("bindings-press-80x24", &d.ui.canvas);
    press(&d.ui, "c"); /* the key of another one */
    assert_true(shows(&d.ui.canvas, "is the key of home_continue"));
    press(&d.ui, "Z");
    assert_string_equal(written(), "bind home_settings = Z\n");
    assert_true(shows(&d.ui.canvas, "* Z"));
    press(&d.ui, "<Esc><Esc><Esc>");
    ui_resize(&d.ui, 140, 24);
    ui_draw(&d.ui);
    assert_true(shows(&d.ui.canvas, "Z settings"));
    press(&d.ui, "S"); /* nothing any more */
    assert_int_equal(d.ui.depth, 1);
    press(&d.ui, "?");
    assert_true(shows(&d.ui.canvas, "help"));
    press(&d.ui, "/settings: theme<Enter>");
    assert_true(shows(&d.ui.canvas, "Z "));
    press(&d.ui, "<Esc>Zb/settings: theme<Enter>+<Tab>");
    assert_true(shows(&d.ui.canvas, "Tab is the key of home_next_unit"));
    press(&d.ui, "<Esc>+Y");
    assert_string_equal(written(), "bind home_settings = Z Y\n");
    press(&d.ui, "r");
    assert_string_equal(written(), "");
    press(&d.ui, "<Enter>ZR1");
    assert_string_equal(written(), "");
    press(&d.ui, "<Esc><Esc><Esc>S");
    assert_int_equal(d.ui.depth, 2);
    stand_up(&d);
}

/* -------- progress -------- */

static void attempt(struct store *s, const char *lesson, const char *challenge, int passed,
                    const char *verdict)
{
    struct store_attempt a = {.lesson = lesson,
                              .challenge = challenge,
                              .kind = STORE_FIX,
                              .tried = "x",
                              .passed = passed,
                              .verdict = verdict,
                              .message = ""};
    assert_int_equal(store_attempt_save(s, &a, NULL), 0);
}

static void progress_says_what_to_do_again(void **state)
{
    (void)state;
    struct desk d;
    sit_down(&d, 0);
    store_lesson_set(d.store, "race/lost", STORE_DONE, NULL);
    store_answer_save(d.store, "race/lost", "q1", "1", 0, NULL);
    store_answer_save(d.store, "race/lost", "q1", "2", 1, NULL);
    store_answer_save(d.store, "race/other", "q1", "1", 0, NULL);
    attempt(d.store, "race/lost", "break", 1, "");
    attempt(d.store, "race/other", "fix", 0, "deadlock");
    attempt(d.store, "race/other", "fix", 0, "data-race");
    progress_push(&d.ui);
    ui_draw(&d.ui);
    assert_true(shows(&d.ui.canvas, "1 of 2 done"));
    assert_true(shows(&d.ui.canvas, "0 of 2 right at once"));
    assert_true(shows(&d.ui.canvas, "the challenge fix is not passed"));
    assert_true(shows(&d.ui.canvas, "2 tries"));
    golden_at_all_sizes(&d, "progress");
    press(&d.ui, "<Enter>"); /* the most urgent one is marked */
    assert_int_equal(d.ui.depth, 2);
    assert_true(shows(&d.ui.canvas, "Another one"));
    stand_up(&d);
}

static void all_lines_of_a_small_screen_can_be_reached(void **state)
{
    (void)state;
    struct desk d;
    sit_down(&d, 0);
    attempt(d.store, "race/other", "fix", 0, "deadlock");
    progress_push(&d.ui);
    ui_resize(&d.ui, 40, 8);
    ui_draw(&d.ui);
    assert_true(shows(&d.ui.canvas, "So far"));
    for (int i = 0; i < 30; i++)
        press(&d.ui, "j");
    assert_true(shows(&d.ui.canvas, "1 try"));
    for (int i = 0; i < 30; i++)
        press(&d.ui, "k");
    assert_true(shows(&d.ui.canvas, "So far"));
    stand_up(&d);
}

static void progress_is_written_and_nothing_is_overwritten_unasked(void **state)
{
    (void)state;
    struct desk d;
    char keys[300], line[100] = "";
    sit_down(&d, 0);
    progress_push(&d.ui);
    press(&d.ui, "e2");
    for (int i = 0; i < 20; i++)
        press(&d.ui, "<Back>");
    snprintf(keys, sizeof keys, "%s/out.csv<Enter>", folder);
    press(&d.ui, keys);
    assert_true(shows(&d.ui.canvas, "Written: "));
    snprintf(keys, sizeof keys, "%s/out.csv", folder);
    FILE *f = fopen(keys, "re");
    assert_non_null(f);
    assert_non_null(fgets(line, sizeof line, f));
    fclose(f);
    assert_true(!strncmp(line, "id,title,unit", 13));
    f = fopen(keys, "we"); /* somebody else's now */
    assert_non_null(f);
    fputs("mine\n", f);
    fclose(f);
    press(&d.ui, "e2");
    for (int i = 0; i < 20; i++)
        press(&d.ui, "<Back>");
    snprintf(keys, sizeof keys, "%s/out.csv<Enter>", folder);
    press(&d.ui, keys);
    assert_true(shows(&d.ui.canvas, "There is a file"));
    press(&d.ui, "0");
    snprintf(keys, sizeof keys, "%s/out.csv", folder);
    f = fopen(keys, "re");
    assert_non_null(f);
    assert_non_null(fgets(line, sizeof line, f));
    fclose(f);
    assert_string_equal(line, "mine\n");
    stand_up(&d);
}

static void learners_are_added_changed_and_renamed(void **state)
{
    (void)state;
    struct desk d;
    sit_down(&d, 0);
    progress_push(&d.ui);
    press(&d.ui, "lj<Enter>bela<Enter>");
    assert_string_equal(store_learner(d.store), "bela");
    assert_true(shows(&d.ui.canvas, "bela learns now."));
    press(&d.ui, "l1");
    assert_string_equal(store_learner(d.store), "anna");
    press(&d.ui, "lG<Esc>ljjj<Enter>e<Enter>");
    assert_string_equal(store_learner(d.store), "annae");
    press(&d.ui, "ljj<Enter>bela<Enter>");
    assert_true(shows(&d.ui.canvas, "there is one of that name"));
    assert_string_equal(store_learner(d.store), "annae");
    stand_up(&d);
}

/* -------- programs of one's own -------- */

/* Until what is being opened is open, or was refused. */
static void settle(struct ui *ui)
{
    for (int i = 0; i < 600; i++) {
        const struct screen_ops *ops = ui->stack[ui->depth - 1].ops;
        void *state = ui->stack[ui->depth - 1].state;
        int fd = -1;
        if (!ops->wait)
            return;
        ops->wait(state, ui->now, &fd);
        if (fd < 0)
            return;
        struct pollfd polled = {fd, POLLIN, 0};
        poll(&polled, 1, 100);
        ops->tick(state, ui);
        ui_draw(ui);
    }
}

static void recordings_are_renamed_and_removed(void **state)
{
    (void)state;
    struct desk d;
    struct store_recording r = {.name = "lost.rec",
                                .program = "/srv/anna/counter.c",
                                .path = "/srv/anna/lost.rec",
                                .finding = "data-race"};
    sit_down(&d, 1);
    assert_int_equal(store_recording_save(d.store, &r, NULL), 0);
    store_setting_set(d.store, "programs.recent", "/srv/anna/counter.c\n/srv/anna/b.c", NULL);
    own_push(&d.ui);
    ui_draw(&d.ui);
    golden_at_all_sizes(&d, "own");
    press(&d.ui, "jjr<Back><Back><Back><Back>2<Enter>");
    assert_true(shows(&d.ui.canvas, "lost2"));
    press(&d.ui, "x");
    assert_false(shows(&d.ui.canvas, "lost2"));
    press(&d.ui, "u");
    assert_true(shows(&d.ui.canvas, "lost2"));
    press(&d.ui, "x");
    assert_false(shows(&d.ui.canvas, "b.c"));
    press(&d.ui, "u");
    assert_true(shows(&d.ui.canvas, "b.c"));
    stand_up(&d);
}

static void what_cannot_be_opened_is_said_in_words(void **state)
{
    (void)state;
    struct desk d;
    sit_down(&d, 0);
    own_push(&d.ui);
    press(&d.ui, "o/nowhere/a.c<Enter>");
    settle(&d.ui);
    assert_true(shows(&d.ui.canvas, "/nowhere/a.c: No such file"));
    press(&d.ui, "o/etc<Enter>");
    settle(&d.ui);
    assert_int_equal(d.ui.depth, 1);
    assert_true(shows(&d.ui.canvas, "/etc"));
    stand_up(&d);
}

/* -------- help -------- */

static void the_help_of_any_screen_has_every_key_once(void **state)
{
    (void)state;
    for (int screen = 0; screen < SCREEN_COUNT; screen++) {
        struct help_text h;
        int found = 0;
        help_text_init(&h, (enum screen_id)screen);
        for (size_t i = 0; i < h.n; i++)
            found += h.lines[i].kind == HELP_ROW && h.lines[i].role == ROLE_KEY &&
                     h.lines[i].page != HELP_READ;
        assert_int_equal(found, ACT_COUNT - 1);
        help_text_fini(&h);
    }
}

static void how_to_read_is_a_page_that_a_search_finds(void **state)
{
    (void)state;
    struct desk d;
    sit_down(&d, 0);
    settings_push(&d.ui);
    press(&d.ui, "?<Tab>");
    assert_true(shows(&d.ui.canvas, "How to read the timeline"));
    golden_at_all_sizes(&d, "help-read");
    press(&d.ui, "<Tab>");
    assert_true(shows(&d.ui.canvas, "one step forward"));
    press(&d.ui, "<BackTab><BackTab>/another thread goes on although<Enter>");
    assert_true(shows(&d.ui.canvas, "switch"));
    assert_false(shows(&d.ui.canvas, "its next value"));
    press(&d.ui, "<Tab><Esc>");
    assert_int_equal(d.ui.depth, 1);
    stand_up(&d);
}

int main(int argc, char **argv)
{
    struct err e = {0};
    setlocale(LC_CTYPE, "C.UTF-8");
    golden_options(argc, argv);
    for (int i = 0; i < CONFIG_COUNT; i++)
        unsetenv(config_row((enum config_id)i)->variable);
    unsetenv("NO_COLOR");
    unsetenv("COLORFGBG");
    unsetenv("VISUAL");
    setenv("EDITOR", "vi", 1); /* else one that is installed here */
    setenv("TZ", "UTC", 1);
    setenv("TERM", "xterm", 1);
    if (!mkdtemp(folder) || setenv("XDG_CONFIG_HOME", folder, 1) < 0)
        return 1;
    if (catalogue_read(&catalogue, "tests/screens/data/lessons", NULL, &e) < 0) {
        fprintf(stderr, "%s\n", e.message);
        return 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(settings_are_at_once_in_force_and_kept),
        cmocka_unit_test(a_text_is_typed),
        cmocka_unit_test(what_cannot_be_kept_is_said_and_holds),
        cmocka_unit_test(a_key_is_bound_and_shows_everywhere),
        cmocka_unit_test(progress_says_what_to_do_again),
        cmocka_unit_test(all_lines_of_a_small_screen_can_be_reached),
        cmocka_unit_test(progress_is_written_and_nothing_is_overwritten_unasked),
        cmocka_unit_test(learners_are_added_changed_and_renamed),
        cmocka_unit_test(recordings_are_renamed_and_removed),
        cmocka_unit_test(what_cannot_be_opened_is_said_in_words),
        cmocka_unit_test(the_help_of_any_screen_has_every_key_once),
        cmocka_unit_test(how_to_read_is_a_page_that_a_search_finds),
    };
    int rc = cmocka_run_group_tests(tests, NULL, NULL);
    catalogue_fini(&catalogue);
    return rc;
}
