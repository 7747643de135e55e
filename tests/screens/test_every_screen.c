/* Every screen and every key of the tables: each screen can be reached, has help, comes back from
 * it as it was, and each key of its table does something in at least one place. */
#include "config.h"
#include "film.h"
#include "home.h"
#include "language.h"
#include "lesson_screen.h"
#include "present_notes.h"
#include "live_screen.h"
#include "own_screen.h"
#include "progress_screen.h"
#include "show.h"
#include "stage.h"
#include "step.h"
#include "store.h"
#include "toy.h"

#include <locale.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct tui_options options;
static struct catalogue catalogues[2]; /* a small one, and that of the course */
enum { SMALL, COURSE };

enum begin { ON_TOY, ON_FILM, ON_STAGE, ON_NOTES, AT_HOME, OWN, TRIED };

/* Where keys are pressed: what is opened, and the keys that lead on from there. */
static const struct spot {
    enum screen_id screen;
    enum begin begin;
    int which; /* enum toy_program, film or scene; which catalogue */
    const char *keys;
} places[] = {
    {SCREEN_STEP, ON_TOY, TOY_COUNTER, ""},
    {SCREEN_STEP, ON_TOY, TOY_COUNTER, "0012"},
    {SCREEN_STEP, ON_TOY, TOY_COUNTER, "001212GGhhh"},
    {SCREEN_STEP, ON_TOY, TOY_COUNTER, "001212GGbhhbhh/read<Enter>"},
    {SCREEN_STEP, ON_TOY, TOY_LOCKS, "GGhh<Tab>"},
    {SCREEN_STEP, ON_TOY, TOY_LOCKS, "GGhh<Tab><Tab>"},
    {SCREEN_STEP, ON_TOY, TOY_LOCKS, "GGhh<Tab><Tab><Tab><Down>"},
    {SCREEN_STEP, ON_TOY, TOY_COND, "000112"},
    {SCREEN_STEP, ON_TOY, TOY_COND, "GG"},
    {SCREEN_STEP, ON_TOY, TOY_COND, "GGg"},
    {SCREEN_STEP, ON_TOY, TOY_CROWD, "lllllll"},
    {SCREEN_STEP, ON_TOY, TOY_CROWD, "<BackTab>"},
    {SCREEN_STEP, ON_FILM, FILM_PIPE, "lll"},
    {SCREEN_LIVE, ON_STAGE, SCENE_RUNNING, ""},
    {SCREEN_LIVE, ON_STAGE, SCENE_CONTENDED, ""},
    {SCREEN_LIVE, ON_STAGE, SCENE_CONTENDED, " hhh"},
    {SCREEN_LIVE, ON_STAGE, SCENE_FAMILY, "jj"},
    {SCREEN_LIVE, ON_STAGE, SCENE_CROWD, ""},
    {SCREEN_LIVE, ON_STAGE, SCENE_CROWD, "jj<Tab>"},
    {SCREEN_LIVE, ON_STAGE, SCENE_QUEUE, "<<"},
    {SCREEN_LIVE, ON_STAGE, SCENE_QUEUE, "<<<<<<<<<<<<<<<<"},
    {SCREEN_HOME, AT_HOME, SMALL, ""},
    {SCREEN_HOME, AT_HOME, SMALL, "jjj"},
    {SCREEN_HOME, AT_HOME, SMALL, "s"},
    {SCREEN_HOME, AT_HOME, SMALL, "<Enter><Esc>"},
    {SCREEN_HOME, AT_HOME, SMALL, "/lost<Enter>"},
    {SCREEN_HOME, AT_HOME, COURSE, ""},
    {SCREEN_HOME, AT_HOME, COURSE, "G"},
    {SCREEN_PROGRESS, AT_HOME, SMALL, "P"},
    {SCREEN_PROGRESS, TRIED, SMALL, ""},
    {SCREEN_PROGRESS, TRIED, SMALL, "j"},
    {SCREEN_PROGRESS, TRIED, SMALL, "<PgDn>"},
    {SCREEN_OWN, AT_HOME, SMALL, "o"},
    {SCREEN_OWN, OWN, SMALL, ""},
    {SCREEN_OWN, OWN, SMALL, "jj"},
    {SCREEN_PATH, AT_HOME, SMALL, "oo"},
    {SCREEN_PATH, AT_HOME, SMALL, "ootests/scr"},
    {SCREEN_PROMPT, OWN, SMALL, "jjr"},
    {SCREEN_SETTINGS, AT_HOME, SMALL, "S"},
    {SCREEN_SETTINGS, AT_HOME, SMALL, "Sjjj"},
    {SCREEN_BINDINGS, AT_HOME, SMALL, "Sb"},
    {SCREEN_BINDINGS, AT_HOME, SMALL, "Sbjj<PgDn>"},
    {SCREEN_BINDINGS, AT_HOME, SMALL, "Sb/zoom<Enter>"},
    {SCREEN_PRESS, AT_HOME, SMALL, "Sb<Enter>"},
    {SCREEN_LIST, AT_HOME, SMALL, "SR"},
    {SCREEN_LESSON, AT_HOME, SMALL, "<Enter>"},
    {SCREEN_LESSON, AT_HOME, SMALL, "<Enter>l"},
    {SCREEN_LESSON, AT_HOME, SMALL, "<Enter>ll"},
    {SCREEN_LESSON, AT_HOME, SMALL, "j<Enter>"},
    {SCREEN_LESSON, AT_HOME, SMALL, "<Enter>l<Down>"},
    {SCREEN_LESSON, AT_HOME, SMALL, "/lost<Enter><Enter>ll"},
    {SCREEN_LESSON, AT_HOME, SMALL, "/lost<Enter><Enter>lll<Enter>"},
    {SCREEN_LESSON, AT_HOME, SMALL, "/lost<Enter><Enter>lll<Enter>jj"},
    {SCREEN_LESSON, AT_HOME, SMALL, "/lost<Enter><Enter>G"},
    {SCREEN_PRESENT, ON_TOY, TOY_COUNTER, "0012p"},
    {SCREEN_PRESENT, ON_TOY, TOY_LOCKS, "GGhhp"},
    {SCREEN_PRESENT, ON_TOY, TOY_CROWD, "llllllp2"},
    {SCREEN_PRESENT, ON_FILM, FILM_PIPE, "lllp3"},
    {SCREEN_PRESENT, AT_HOME, SMALL, "/lost<Enter><Enter>p"},
    {SCREEN_PRESENT, AT_HOME, SMALL, "/lost<Enter><Enter>p<PgDn>"},
    {SCREEN_PRESENT, AT_HOME, SMALL, "/lost<Enter><Enter>llp<PgDn><PgDn>"},
    {SCREEN_HANDS, AT_HOME, SMALL, "/lost<Enter><Enter>p<PgDn>1"},
    {SCREEN_HANDS, AT_HOME, SMALL, "/lost<Enter><Enter>p<PgDn>212"},
    {SCREEN_NOTES, ON_NOTES, 0, ""},
    {SCREEN_NOTES, ON_NOTES, 40, "jj"},
    {SCREEN_LIST, AT_HOME, SMALL, "/lost<Enter><Enter>pg"},
    {SCREEN_LIST, AT_HOME, SMALL, "p"},
    {SCREEN_NOTEBOOK, AT_HOME, SMALL, "/lost<Enter><Enter>n"},
    {SCREEN_FIND, AT_HOME, COURSE, "/lost<Enter><Enter>Ghh<Enter>"},
    {SCREEN_FIND, AT_HOME, COURSE, "/lost<Enter><Enter>Ghh<Enter>iiGk"},
    {SCREEN_FIX, AT_HOME, COURSE, "/lost<Enter><Enter>Gh<Enter>"},
    {SCREEN_FIX, AT_HOME, COURSE, "/lost<Enter><Enter>Gh<Enter><PgDn>"},
    {SCREEN_SUCCESS, AT_HOME, SMALL, "<Enter>lll"},
    {SCREEN_HELP, ON_TOY, TOY_COUNTER, "?"},
    {SCREEN_HELP, ON_TOY, TOY_COUNTER, "?<PgDn>"},
    {SCREEN_LIST, ON_TOY, TOY_COUNTER, "00t"},
    {SCREEN_LIST, ON_TOY, TOY_COUNTER, "00tj"},
    {SCREEN_LIST, ON_TOY, TOY_COUNTER, "00v"},
    {SCREEN_BOOKMARKS, ON_TOY, TOY_COUNTER, "00bhbB"},
    {SCREEN_BOOKMARKS, ON_TOY, TOY_COUNTER, "00bhbBj"},
    {SCREEN_LIST, ON_STAGE, SCENE_CONTENDED, "x"},
    {SCREEN_PROMPT, ON_TOY, TOY_COUNTER, ":"},
    {SCREEN_PROMPT, ON_TOY, TOY_COUNTER, "00:1"},
    {SCREEN_PROMPT, ON_TOY, TOY_COUNTER, "00/read"},
    {SCREEN_PROMPT, AT_HOME, SMALL, "/lo"},
    {SCREEN_EXPLORE, ON_TOY, TOY_LOCKS, "F"},
    {SCREEN_EXPLORE, ON_TOY, TOY_LOCKS, "Ff<Quiet>"},
    {SCREEN_EXPLORE, ON_TOY, TOY_LOCKS, "Ff<Quiet>j"},
    {SCREEN_EXPLORE, ON_TOY, TOY_LOCKS, "0011Ff<Quiet>z"},
    {SCREEN_EXPLORE, ON_TOY, TOY_LOCKS, "0011Ff<Quiet>zG"},
    {SCREEN_LIST, ON_TOY, TOY_LOCKS, "Fx"},
    {SCREEN_PROMPT, ON_TOY, TOY_LOCKS, "Fn"},
    {SCREEN_PROMPT, ON_TOY, TOY_LOCKS, "Ft1"},
};
enum { PLACES = sizeof places / sizeof *places };

/* What is not drawn is tested elsewhere: anew on a terminal, and a search that runs; a notebook so
 * full that it scrolls in test_lessons.c. */
static int is_scrolling_the_notebook(const char *id)
{
    return !strcmp(id, "notebook_down") || !strcmp(id, "notebook_up") ||
           !strcmp(id, "notebook_page_down") || !strcmp(id, "notebook_page_up") ||
           !strcmp(id, "notebook_mouse");
}

static int is_tested_elsewhere(enum action a)
{
    switch (a) {
#define SCREEN(id, title)
#define KEY(id, keys, footer, rank, help)                                                          \
    case ACT_##id:                                                                                 \
        return strstr(#id, "_redraw") != NULL || is_scrolling_the_notebook(#id);
#include "keys.def"
#undef KEY
#undef SCREEN
    default:
        return 0;
    }
}

struct visit {
    struct ui ui;
    struct store *store;
    struct stage *stage;
};

/* Let what is at work beside the screen come to its end, for a while. */
static void settle(struct ui *ui)
{
    for (int i = 0; i < 40 && ui->depth; i++) {
        const struct screen_ops *ops = ui->stack[ui->depth - 1].ops;
        void *state = ui->stack[ui->depth - 1].state;
        int fd = -1;
        if (!ops->wait || !ops->tick)
            return;
        ops->wait(state, ui->now, &fd);
        if (fd < 0)
            return;
        struct pollfd polled = {fd, POLLIN, 0};
        poll(&polled, 1, 50);
        ui->now += 50;
        ops->tick(state, ui);
    }
    ui_draw(ui);
}

/* Notes that were received: so many lines of them. */
static void show_notes(struct notes *n, int lines)
{
    struct wire_state w;
    struct buf text = {0};
    wire_init(&w);
    for (int i = 0; i < lines; i++)
        buf_puts(&text, "say this\n");
    wire_set(&w.note, text.data);
    if (lines)
        notes_show(n, &w);
    buf_fini(&text);
    wire_fini(&w);
}

static void open_place(struct visit *s, const struct spot *p)
{
    unlink(config_path()); /* what was set and bound in another visit */
    config_start();
    struct err e = {0};
    struct store_options o = {.login = "anna"};
    memset(s, 0, sizeof *s);
    if (store_open_memory(&s->store, &o, &e) < 0)
        fail_msg("%s", e.message);
    ui_init(&s->ui, &options, 80, 24);
    s->ui.store = s->store;
    s->ui.lessons = &catalogues[p->begin == AT_HOME ? p->which : SMALL];
    struct step_setup step = {.title = "toy", .program = "toy.c", .lesson = ""};
    struct live_setup live = {.title = "stage.c"};
    if (p->begin == ON_TOY)
        step_push(&s->ui, toy_port((enum toy_program)p->which), &step);
    if (p->begin == ON_FILM)
        step_push(&s->ui, film_port((enum film)p->which), &step);
    if (p->begin == ON_STAGE) {
        s->stage = stage_new((enum scene)p->which, UINT64_C(1500000000));
        live_push(&s->ui, stage_port(s->stage), &live);
        s->ui.now = INT64_C(1) << 40;
        ui_draw(&s->ui);
        s->ui.stack[0].ops->tick(s->ui.stack[0].state, &s->ui);
    }
    if (p->begin == ON_NOTES)
        show_notes(notes_push(&s->ui, 0), p->which);
    if (p->begin == AT_HOME)
        home_push(&s->ui);
    if (p->begin == TRIED) {
        for (int i = 0; i < 30; i++) { /* more than a page */
            char name[] = {(char)('a' + i % 26), (char)('a' + i / 26), 0};
            struct store_attempt a = {.lesson = "race/lost",
                                      .challenge = name,
                                      .kind = STORE_FIX,
                                      .tried = "",
                                      .verdict = "",
                                      .message = ""};
            store_attempt_save(s->store, &a, NULL);
        }
        progress_push(&s->ui);
    }
    if (p->begin == OWN) {
        struct store_recording r = {.name = "lost", .program = "a.c", .path = "/nowhere/a.rec"};
        store_setting_set(s->store, "programs.recent", "/nowhere/a.c\n/nowhere/b.c", NULL);
        store_recording_save(s->store, &r, NULL);
        r.name = "again";
        store_recording_save(s->store, &r, NULL);
        own_push(&s->ui);
    }
    ui_draw(&s->ui);
    press(&s->ui, p->keys);
    settle(&s->ui);
}

static void close_place(struct visit *s)
{
    ui_fini(&s->ui);
    if (s->stage)
        stage_free(s->stage);
    store_close(s->store);
}

static enum screen_id screen_now(const struct ui *ui)
{
    return ui->stack[ui->depth - 1].ops->keys(ui->stack[ui->depth - 1].state);
}

/* All that can be seen of an interface. */
static void look(const struct visit *s, struct buf *out)
{
    out->len = 0;
    buf_printf(out, "%d %d %d\n", s->ui.depth, s->ui.leaving, s->ui.status);
    show_text(&s->ui.canvas, out);
    show_styles(&s->ui.canvas, out);
    if (s->stage && s->stage->log.data)
        buf_puts(out, s->stage->log.data);
    if (s->ui.canvas.cursor_x >= 0)
        buf_printf(out, "cursor %d %d\n", s->ui.canvas.cursor_x, s->ui.canvas.cursor_y);
}

static void give(struct ui *ui, struct input in)
{
    in.now = ui->now + 1;
    ui_input(ui, &in);
    if (ui->depth && !ui->leaving) {
        settle(ui);
        ui_draw(ui);
    }
}

/* Does this input change anything that can be seen? */
static int has_effect(const struct spot *p, struct input in)
{
    struct visit s;
    struct buf before = {0}, after = {0};
    open_place(&s, p);
    look(&s, &before);
    give(&s.ui, in);
    look(&s, &after);
    int changed = strcmp(before.data, after.data) != 0;
    close_place(&s);
    buf_fini(&before);
    buf_fini(&after);
    return changed;
}

static int mouse_has_effect(const struct spot *p)
{
    for (int wheel = -1; wheel <= 1; wheel++)
        for (int y = 2; y < 24; y += 4)
            for (int x = 4; x < 80; x += 24)
                if (has_effect(p, (struct input){
                                      .key = K_MOUSE, .x = x, .y = y, .wheel = wheel, .clicks = 1}))
                    return 1;
    return 0;
}

static int key_has_effect(const struct spot *p, int key)
{
    if (key == K_MOUSE)
        return mouse_has_effect(p);
    if (key != K_DIGIT)
        return has_effect(p, (struct input){.key = key});
    for (int digit = '0'; digit <= '9'; digit++)
        if (has_effect(p, (struct input){.key = digit}))
            return 1;
    return 0;
}

static int works_somewhere(enum screen_id screen, int key)
{
    for (int i = 0; i < PLACES; i++)
        if (places[i].screen == screen && key_has_effect(&places[i], key))
            return 1;
    return 0;
}

static void every_place_is_what_it_says(void **state)
{
    (void)state;
    for (int i = 0; i < PLACES; i++) {
        struct visit s;
        open_place(&s, &places[i]);
        if (screen_now(&s.ui) != places[i].screen)
            fail_msg("place %d: \"%s\" leads to %s, not to %s", i, places[i].keys,
                     keys_title(screen_now(&s.ui)), keys_title(places[i].screen));
        close_place(&s);
    }
}

/* Tables whose screens show work under way; tests/screens/test_real_screens.c goes there. */
static int is_work(int screen)
{
    return screen == SCREEN_SEARCH;
}

static void every_screen_is_reached(void **state)
{
    (void)state;
    for (int screen = 0; screen < SCREEN_COUNT; screen++) {
        int found = is_work(screen);
        for (int i = 0; i < PLACES; i++)
            found |= (int)places[i].screen == screen;
        if (!found)
            fail_msg("no place of this test is on the screen \"%s\"",
                     keys_title((enum screen_id)screen));
    }
}

static void every_screen_has_help_and_comes_back_from_it(void **state)
{
    (void)state;
    for (int i = 0; i < PLACES; i++) {
        struct visit s;
        struct buf before = {0}, after = {0};
        if (places[i].screen == SCREEN_HELP)
            continue;
        open_place(&s, &places[i]);
        int depth = s.ui.depth;
        give(&s.ui, (struct input){.key = K_F1}); /* a message goes at the next key */
        press(&s.ui, "<Esc>");
        look(&s, &before);
        give(&s.ui, (struct input){.key = K_F1});
        if (s.ui.depth != depth + 1 || screen_now(&s.ui) != SCREEN_HELP)
            fail_msg("place %d, %s: no help", i, keys_title(places[i].screen));
        press(&s.ui, "<Esc>");
        look(&s, &after);
        assert_string_equal(before.data, after.data);
        close_place(&s);
        buf_fini(&before);
        buf_fini(&after);
    }
}

static void every_key_does_something(void **state)
{
    (void)state;
    int idle = 0;
    for (int screen = 0; screen < SCREEN_COUNT; screen++) {
        size_t n;
        const struct key_row *rows = keys_of((enum screen_id)screen, &n);
        for (size_t i = 0; i < n && !is_work(screen); i++)
            for (int k = 0; k < KEYS_PER_ACTION && rows[i].keys[k]; k++) {
                char name[32];
                if (is_tested_elsewhere(rows[i].action) ||
                    works_somewhere((enum screen_id)screen, rows[i].keys[k]))
                    continue;
                keys_spell(rows[i].keys[k], name, sizeof name);
                fprintf(stderr, "%s: %s does nothing (%s)\n", keys_title((enum screen_id)screen),
                        name, rows[i].help);
                idle++;
            }
    }
    assert_int_equal(idle, 0);
}

/* A storm of sizes on each of them: nothing breaks, and the picture of 80x24 comes back. */
static void every_screen_stands_a_storm_of_sizes(void **state)
{
    (void)state;
    for (int i = 0; i < PLACES; i++) {
        struct visit s;
        unsigned random = 12345 + (unsigned)i;
        open_place(&s, &places[i]);
        for (int n = 0; n < 120; n++) {
            random = random * 1103515245 + 12345;
            ui_resize(&s.ui, 1 + (int)(random >> 16) % 210, 1 + (int)(random >> 8) % 64);
            ui_draw(&s.ui);
        }
        ui_resize(&s.ui, 80, 24);
        ui_draw(&s.ui);
        assert_true(screen_now(&s.ui) == places[i].screen);
        assert_true(shows(&s.ui.canvas, "lockstep") || shows(&s.ui.canvas, "Help") ||
                    shows(&s.ui.canvas, "Keys"));
        close_place(&s);
    }
}

/* In ASCII the same picture is drawn, cell by cell, with the twin of each glyph. */
static void ascii_is_the_same_picture_in_other_signs(void **state)
{
    (void)state;
    static const int sizes[][2] = {{80, 24}, {120, 40}, {200, 60}, {40, 10}};
    for (int i = 0; i < PLACES; i++)
        for (size_t k = 0; k < 4; k++) {
            struct visit s;
            struct cell *utf8;
            open_place(&s, &places[i]);
            ui_resize(&s.ui, sizes[k][0], sizes[k][1]);
            ui_draw(&s.ui);
            ui_draw(&s.ui); /* what depends on the frame before is settled now */
            size_t n = (size_t)sizes[k][0] * (size_t)sizes[k][1];
            utf8 = xcalloc(n, sizeof *utf8);
            memcpy(utf8, s.ui.canvas.cells, n * sizeof *utf8);
            s.ui.canvas.ascii = 1;
            ui_draw(&s.ui);
            for (size_t c = 0; c < n; c++) {
                const struct cell *a = &s.ui.canvas.cells[c];
                if (a->ch != (wchar_t)glyph_twin(utf8[c].ch) || a->style != utf8[c].style)
                    fail_msg("place %d (%s), %dx%d: row %zu, column %zu", i,
                             keys_title(places[i].screen), sizes[k][0], sizes[k][1],
                             c / (size_t)sizes[k][0], c % (size_t)sizes[k][0]);
            }
            free(utf8);
            close_place(&s);
        }
}

static int speak(const char *language)
{
    setenv("LANGUAGE", language, 1);
    language_init();
    if (!*language)
        language_none();
    return !strcmp(language_now(), language);
}

/* How many lines are cut short by popups when the place is drawn in English. */
static int lines_cut_in_english(const struct spot *p, int cols, int rows)
{
    struct visit s;
    open_place(&s, p);
    ui_resize(&s.ui, cols, rows);
    ui_draw(&s.ui);
    int n = lines_cut(&s.ui.canvas);
    close_place(&s);
    return n;
}

/* Wide characters have both halves, none is torn, and borders stand below each other as in English.
 * What is compiled and searched beside the screen may be further in one than in the other, and a
 * popup covers more or less; a tree has lines of its own, as many as there is room for. */
static void chinese_breaks_no_column(void **state)
{
    (void)state;
    static const int sizes[][2] = {{80, 24}, {120, 40}, {200, 60}, {40, 10}, {27, 7}};
    if (!speak("zh_CN"))
        skip(); /* built without catalogues */
    for (int i = 0; i < PLACES; i++)
        for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
            int cols = sizes[k][0], rows = sizes[k][1], cut, allowed;
            int course = places[i].begin == AT_HOME && places[i].which == COURSE;
            int other = places[i].screen == SCREEN_LIST || places[i].screen == SCREEN_PRESS ||
                        places[i].screen == SCREEN_EXPLORE;
            struct visit s;
            if (course && k > 0 && *places[i].keys)
                continue;
            speak("zh_CN");
            open_place(&s, &places[i]);
            ui_resize(&s.ui, cols, rows);
            ui_draw(&s.ui);
            const char *broken = columns_broken(&s.ui.canvas);
            cut = lines_cut(&s.ui.canvas);
            struct buf text = {0};
            show_text(&s.ui.canvas, &text);
            close_place(&s);
            speak("");
            allowed = course || other ? cut : lines_cut_in_english(&places[i], cols, rows);
            if (broken || cut > allowed) {
                fputs(buf_text(&text), stderr);
                fail_msg("place %d (%s \"%s\"), %dx%d: %s, %d lines cut, %d in English", i,
                         keys_title(places[i].screen), places[i].keys, cols, rows,
                         broken ? broken : "", cut, allowed);
            }
            buf_fini(&text);
        }
}

int main(void)
{
    struct err e = {0};
    setlocale(LC_CTYPE, "C.UTF-8");
    if (catalogue_read(&catalogues[SMALL], "tests/screens/data/lessons", NULL, &e) < 0 ||
        catalogue_read(&catalogues[COURSE], "lessons", NULL, &e) < 0)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_place_is_what_it_says),
        cmocka_unit_test(every_screen_is_reached),
        cmocka_unit_test(every_screen_has_help_and_comes_back_from_it),
        cmocka_unit_test(every_key_does_something),
        cmocka_unit_test(ascii_is_the_same_picture_in_other_signs),
        cmocka_unit_test(every_screen_stands_a_storm_of_sizes),
        cmocka_unit_test(chinese_breaks_no_column),
    };
    int rc = cmocka_run_group_tests(tests, NULL, NULL);
    catalogue_fini(&catalogues[SMALL]);
    catalogue_fini(&catalogues[COURSE]);
    return rc;
}
