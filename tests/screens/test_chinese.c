/* The interface in Chinese at 80x24, as pictures: nothing is English that need not be, nothing is
 * cut that must be read. */
#include "film.h"
#include "home.h"
#include "language.h"
#include "live_screen.h"
#include "show.h"
#include "stage.h"
#include "step.h"
#include "store.h"
#include "toy.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct tui_options options;
static struct catalogue catalogue;

/* Draw, let keys be pressed, and compare. */
static void picture(struct ui *ui, const char *name, const char *keys)
{
    char file[64];
    ui_draw(ui);
    press(ui, keys);
    const char *broken = columns_broken(&ui->canvas);
    if (broken)
        fail_msg("%s: %s", name, broken);
    snprintf(file, sizeof file, "zh_CN-%s-80x24", name);
    golden_check(file, &ui->canvas);
}

static void lessons(void **state)
{
    (void)state;
    struct store_options o = {.login = "anna"};
    struct store *store = NULL;
    struct err e = {0};
    struct ui ui;
    if (store_open_memory(&store, &o, &e) < 0)
        fail_msg("%s", e.message);
    ui_init(&ui, &options, 80, 24);
    ui.lessons = &catalogue;
    ui.store = store;
    home_push(&ui);
    picture(&ui, "home", "");
    picture(&ui, "help", "?");
    picture(&ui, "help-reading", "<Tab>");
    picture(&ui, "own", "<Esc>o");
    picture(&ui, "progress", "<Esc>P");
    picture(&ui, "settings", "<Esc>S");
    picture(&ui, "bindings", "b");
    picture(&ui, "plans", "<Esc><Esc>p");
    picture(&ui, "lesson", "<Esc><Enter>");
    picture(&ui, "lesson-answered", "1<Enter>");
    picture(&ui, "present-cover", "p");
    picture(&ui, "present-text", "<PgDn>");
    picture(&ui, "present-hands", "212");
    ui_fini(&ui);
    store_close(store);
}

/* Step a port; the pictures are those of the names, each after its keys. */
struct shot {
    const char *name, *keys;
};
static void shoot(struct port port, const struct shot *shots, size_t n)
{
    struct step_setup setup = {.title = "toy", .program = "toy.c", .lesson = ""};
    struct ui ui;
    ui_init(&ui, &options, 80, 24);
    step_push(&ui, port, &setup);
    for (size_t i = 0; i < n; i++)
        picture(&ui, shots[i].name, shots[i].keys);
    ui_fini(&ui);
}
#define SHOOT(port, shots) shoot(port, shots, sizeof(shots) / sizeof *(shots))

static void a_deadlock(void **state)
{
    (void)state;
    static const struct shot shots[] = {
        {"step-begin", ""},      {"step-deadlock", "f<Quiet>"}, {"step-table", "v1"},
        {"step-waits", "v2"},    {"step-views", "v"},           {"step-who", "<Esc>v0ggt"},
        {"step-help", "<Esc>?"}, {"search", "<Esc>Ff<Quiet>"},  {"search-tree", "<Tab><Tab>z"}};
    SHOOT(toy_port(TOY_LOCKS), shots);
}

static void a_race(void **state)
{
    (void)state;
    static const struct shot shots[] = {{"step-race", "f<Quiet>"}, {"step-order", "v3"},
                                        {"step-memory", "v4"},     {"step-switches", "v0m<Quiet>"},
                                        {"step-compare", "hhh2c"}, {"step-bookmarks", "cbB"}};
    SHOOT(toy_port(TOY_COUNTER), shots);
}

static void processes(void **state)
{
    (void)state;
    static const struct shot pipe[] = {{"pipe", "G"}}, orphan[] = {{"processes", "Gv5"}};
    SHOOT(film_port(FILM_PIPE), pipe);
    SHOOT(film_port(FILM_ORPHAN), orphan);
}

static void live(void **state)
{
    (void)state;
    static const struct {
        enum scene scene;
        const char *name, *keys;
    } shots[] = {{SCENE_CONTENDED, "live", ""},
                 {SCENE_FAMILY, "live-family", "j"},
                 {SCENE_HANG, "live-hang", ""},
                 {SCENE_CONTENDED, "live-menu", "x"}};
    for (size_t i = 0; i < sizeof shots / sizeof *shots; i++) {
        struct live_setup setup = {.title = "stage.c"};
        struct stage *s = stage_new(shots[i].scene, UINT64_C(1500000000));
        struct ui ui;
        ui_init(&ui, &options, 80, 24);
        live_push(&ui, stage_port(s), &setup);
        ui.now = INT64_C(1) << 40;
        ui_draw(&ui);
        ui.stack[0].ops->tick(ui.stack[0].state, &ui);
        picture(&ui, shots[i].name, shots[i].keys);
        ui_fini(&ui);
        stage_free(s);
    }
}

int main(int argc, char **argv)
{
    setenv("LOCKSTEP_LESSONS", "lessons", 1); /* its plans are found there */
    struct err e = {0};
    setenv("XDG_CONFIG_HOME", "/etc/xdg", 1); /* settings tell where they are kept */
    setenv("LC_ALL", "zh_CN.UTF-8", 1);
    setenv("LANGUAGE", "zh_CN", 1);
    language_init();
    if (strcmp(language_now(), "zh_CN") != 0)
        return 77; /* built without catalogues */
    golden_options(argc, argv);
    if (catalogue_read(&catalogue, "tests/screens/data/lessons", NULL, &e) < 0)
        return 1;
    const struct CMUnitTest tests[] = {cmocka_unit_test(lessons), cmocka_unit_test(a_deadlock),
                                       cmocka_unit_test(a_race), cmocka_unit_test(processes),
                                       cmocka_unit_test(live)};
    int rc = cmocka_run_group_tests(tests, NULL, NULL);
    catalogue_fini(&catalogue);
    return rc;
}
