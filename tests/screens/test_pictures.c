/* Pictures of every screen and every view, at three sizes, in English and in Chinese: a golden file
 * a place and language, its sizes one after the other. What has a golden of its own at a size (its
 * name says so) is not drawn again. And what holds for all pictures: Chinese stands in the same
 * boxes as English and leaves no English word in footers and titles; every colour of every theme is
 * one that the terminal has; what colours tell is told without them, too. */
#include "layout.h"
#include "looks.h"
#include "places.h"
#include "show.h"
#include "world.h"

#include <libintl.h>
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const struct size {
    int cols, rows;
} sizes[] = {{80, 24}, {120, 40}, {200, 60}};
enum { SIZES = sizeof sizes / sizeof *sizes };

static void draw_at(struct visit *s, struct size size)
{
    ui_resize(&s->ui, size.cols, size.rows);
    ui_draw(&s->ui);
    ui_draw(&s->ui); /* what depends on the frame before is settled now */
}

/* -------- goldens -------- */

static int has_own_golden(const char *prefix, const char *picture, struct size size)
{
    char *path =
        xasprintf("tests/screens/golden/%s%s-%dx%d.txt", prefix, picture, size.cols, size.rows);
    int found = access(path, R_OK) == 0;
    free(path);
    return found;
}

static void check_picture(const struct spot *p, const char *prefix)
{
    struct visit s;
    struct buf all = {0};
    open_place(&s, p);
    for (int i = 0; i < SIZES; i++) {
        if (has_own_golden(prefix, p->picture, sizes[i]))
            continue;
        draw_at(&s, sizes[i]);
        buf_printf(&all, "=== %dx%d\n", sizes[i].cols, sizes[i].rows);
        show_picture(&s.ui.canvas, &all);
    }
    close_place(&s);
    char *name = xasprintf("%spicture-%s", prefix, p->picture);
    if (all.len)
        golden_text(name, all.data);
    free(name);
    buf_fini(&all);
}

static void every_place_looks_as_it_did(void **state)
{
    (void)state;
    speak("");
    for (size_t i = 0; i < nplaces; i++)
        if (places[i].picture)
            check_picture(&places[i], "");
}

static void every_place_looks_as_it_did_in_chinese(void **state)
{
    (void)state;
    if (!speak("zh_CN"))
        skip(); /* built without catalogues */
    for (size_t i = 0; i < nplaces; i++)
        if (places[i].picture)
            check_picture(&places[i], "zh_CN-");
    speak("");
}

/* Every screen of the tables of keys has a picture, every panel of the step screen and every panel
 * of the presentation. */
static int is_drawn(const char *title)
{
    for (size_t i = 0; i < nplaces; i++) {
        struct visit s;
        if (!places[i].picture)
            continue;
        open_place(&s, &places[i]);
        draw_at(&s, sizes[SIZES - 1]);
        int found = shows(&s.ui.canvas, title);
        close_place(&s);
        if (found)
            return 1;
    }
    return 0;
}

static void every_screen_and_view_has_a_picture(void **state)
{
    (void)state;
    static const char *const titles[] = {
#define PANEL(id, draw, title, place, help) [PANEL_##id] = title,
#include "panels.def"
#undef PANEL
    };
    /* a challenge of a lesson is a real program: test_journey.c */
    static const char is_elsewhere[] = {[PANEL_GOAL] = 1};
    speak("");
    for (int screen = 0; screen < SCREEN_COUNT; screen++) {
        int found = 0;
        for (size_t i = 0; i < nplaces; i++)
            found |= places[i].picture && (int)places[i].screen == screen;
        if (!found)
            fail_msg("no picture of \"%s\"", keys_title((enum screen_id)screen));
    }
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
        if (!(i < sizeof is_elsewhere && is_elsewhere[i]) && !is_drawn(titles[i]))
            fail_msg("no picture shows the panel \"%s\"", titles[i]);
}

/* -------- Chinese in the boxes of English -------- */

static int is_border(const struct cell *cell)
{
    unsigned role = cell->style & ROLE_MASK;
    return (role == ROLE_BORDER || role == ROLE_BORDER_FOCUS) && cell->ch &&
           wcschr(L"│┌┐└┘├┤", cell->ch);
}

/* Popups are as wide as their words, and the search's lists begin below a text of its own length.
 */
static int is_boxed_by_words(const struct spot *p)
{
    return p->screen == SCREEN_LIST || p->screen == SCREEN_PRESS || p->screen == SCREEN_BOOKMARKS ||
           p->screen == SCREEN_EXPLORE || p->screen == SCREEN_SEARCH;
}

static void compare_boxes(const struct spot *p, const struct canvas *en, const struct canvas *zh)
{
    for (int y = 0; y < en->rows; y++)
        for (int x = 0; x < en->cols; x++) {
            const struct cell *a = canvas_at(en, x, y), *b = canvas_at(zh, x, y);
            if (is_border(a) == is_border(b) && (!is_border(a) || a->ch == b->ch))
                continue;
            struct buf text = {0};
            show_text(zh, &text);
            fputs(buf_text(&text), stderr);
            buf_fini(&text);
            fail_msg("%s, %dx%d: another border at row %d, column %d", p->picture, en->cols,
                     en->rows, y, x);
        }
}

static void chinese_stands_in_the_same_boxes(void **state)
{
    (void)state;
    if (!speak("zh_CN"))
        skip();
    for (size_t i = 0; i < nplaces; i++)
        for (int k = 0; k < SIZES && places[i].picture; k++) {
            struct visit en, zh;
            speak("zh_CN");
            open_place(&zh, &places[i]);
            draw_at(&zh, sizes[k]);
            const char *broken = columns_broken(&zh.ui.canvas);
            if (broken)
                fail_msg("%s, %dx%d: %s", places[i].picture, sizes[k].cols, sizes[k].rows, broken);
            speak("");
            open_place(&en, &places[i]);
            draw_at(&en, sizes[k]);
            if (!is_boxed_by_words(&places[i]))
                compare_boxes(&places[i], &en.ui.canvas, &zh.ui.canvas);
            close_place(&en);
            close_place(&zh);
        }
}

/* -------- no English left -------- */

/* The words from x on that have one style, blanks around them dropped, into word; where they end.
 */
static int run_at(const struct canvas *c, int x, int y, struct buf *word)
{
    unsigned style = canvas_at(c, x, y)->style;
    word->len = 0;
    buf_puts(word, "");
    for (; x < c->cols && canvas_at(c, x, y)->style == style; x++) {
        wchar_t ch = canvas_at(c, x, y)->ch;
        char byte = ch > 0 && ch < 0x80 ? (char)ch : '\x7f'; /* what is not ASCII is no English */
        if (byte != ' ' || word->len)
            buf_add(word, &byte, 1);
        if (word->len > 1 && byte == ' ' && word->data[word->len - 2] == ' ')
            break; /* columns */
    }
    while (word->len && word->data[word->len - 1] == ' ')
        word->data[--word->len] = 0;
    return x;
}

/* Titles of panels wherever they are, and the last row: the footer. */
static int is_chrome(const struct canvas *c, int x, int y)
{
    unsigned role = canvas_at(c, x, y)->style & ROLE_MASK;
    return role == ROLE_PANEL || role == ROLE_HEADING || y == c->rows - 1;
}

/* How many words of footers and titles the catalogue has a translation of. */
static int english_left(const struct canvas *c, const char *picture)
{
    struct buf word = {0};
    int n = 0;
    for (int y = 0; y < c->rows; y++)
        for (int x = 0, next; x<c->cols; x = next> x ? next : x + 1) {
            next = run_at(c, x, y, &word);
            if (!is_chrome(c, x, y) || word.len < 3)
                continue;
            const char *there = gettext(word.data);
            if (!strcmp(there, word.data))
                continue;
            if (picture)
                fprintf(stderr, "%s, %dx%d, row %d: \"%s\" is \"%s\"\n", picture, c->cols, c->rows,
                        y, word.data, there);
            n++;
        }
    buf_fini(&word);
    return n;
}

static void no_english_is_left_in_footers_and_titles(void **state)
{
    (void)state;
    int left = 0;
    if (!speak("zh_CN"))
        skip();
    for (size_t i = 0; i < nplaces; i++)
        for (int k = 0; k < SIZES && places[i].picture; k++) {
            struct visit s;
            open_place(&s, &places[i]);
            draw_at(&s, sizes[k]);
            left += english_left(&s.ui.canvas, places[i].picture);
            close_place(&s);
        }
    assert_int_equal(left, 0);
    /* and it would be seen: an English picture is full of such words */
    struct visit s;
    speak("");
    open_place(&s, &places[0]);
    speak("zh_CN");
    assert_true(english_left(&s.ui.canvas, NULL) > 3);
    close_place(&s);
    speak("");
}

/* -------- colours -------- */

static const struct terminal {
    enum tui_theme theme;
    int colours;
} terminals[] = {{TUI_DARK, 256}, {TUI_LIGHT, 256}, {TUI_DARK, 16}, {TUI_LIGHT, 16},
                 {TUI_DARK, 8},   {TUI_LIGHT, 8},   {TUI_DARK, 0},  {TUI_MONO, 256}};
enum { TERMINALS = sizeof terminals / sizeof *terminals };

static int is_same_look(struct look a, struct look b)
{
    return a.fg == b.fg && a.attrs == b.attrs;
}

static void every_style_drawn_is_one_the_terminal_has(void **state)
{
    (void)state;
    speak("");
    enum { KNOWN = ATTR_BOLD | ATTR_REVERSE | ATTR_UNDERLINE | ATTR_DIM };
    for (size_t i = 0; i < nplaces; i++)
        for (int k = 0; k < SIZES && places[i].picture; k++) {
            struct visit s;
            open_place(&s, &places[i]);
            draw_at(&s, sizes[k]);
            for (int n = 0; n < sizes[k].cols * sizes[k].rows; n++) {
                unsigned style = s.ui.canvas.cells[n].style;
                assert_true((style & ROLE_MASK) < ROLE_COUNT);
                for (int t = 0; t < TERMINALS; t++) {
                    struct look look = theme_look(terminals[t].theme, terminals[t].colours, style);
                    int none = terminals[t].theme == TUI_MONO || terminals[t].colours < 8;
                    assert_true(look.fg >= -1 && look.fg < (none ? 0 : terminals[t].colours));
                    assert_int_equal(look.attrs & ~(unsigned)KNOWN, 0);
                }
            }
            close_place(&s);
        }
}

/* A state of a task is a shape of its own, in ASCII, too; what is good, bad or chosen is told from
 * plain text by each terminal. */
static void states_are_shapes(void **state)
{
    (void)state;
    static const unsigned roles[] = {ROLE_TEXT, ROLE_GOOD, ROLE_BAD, ROLE_SELECT};
    for (unsigned a = TASK_NEW; a <= TASK_FREE; a++)
        for (unsigned b = TASK_NEW; b < a; b++) {
            assert_true(state_glyph(a) != state_glyph(b));
            assert_true(glyph_twin(state_glyph(a)) != glyph_twin(state_glyph(b)));
        }
    for (int t = 0; t < TERMINALS; t++)
        for (size_t a = 0; a < sizeof roles / sizeof *roles; a++)
            for (size_t b = 0; b < a; b++)
                assert_false(
                    is_same_look(theme_look(terminals[t].theme, terminals[t].colours, roles[a]),
                                 theme_look(terminals[t].theme, terminals[t].colours, roles[b])));
}

/* Walks: a key again and again changes states of tasks, findings and what is selected. */
static const struct walk {
    struct spot from;
    const char *key;
    int times;
} walks[] = {
    {{SCREEN_STEP, ON_TOY, TOY_COUNTER, "f<Quiet>g", NULL}, "l", 20},
    {{SCREEN_STEP, ON_TOY, TOY_LOCKS, "f<Quiet>g", NULL}, "l", 20},
    {{SCREEN_STEP, ON_TOY, TOY_LOCKS, "f<Quiet>v1g", NULL}, "l", 20},
    {{SCREEN_STEP, ON_TOY, TOY_LOCKS, "f<Quiet>v2g", NULL}, "l", 20},
    {{SCREEN_STEP, ON_TOY, TOY_COUNTER, "f<Quiet>v3g", NULL}, "l", 20},
    {{SCREEN_STEP, ON_TOY, TOY_COUNTER, "f<Quiet>v4g", NULL}, "l", 20},
    {{SCREEN_STEP, ON_TOY, TOY_COND, "GGg", NULL}, "l", 20},
    {{SCREEN_STEP, ON_TOY, TOY_CROWD, "llllllg", NULL}, "l", 6},
    {{SCREEN_STEP, ON_TOY, TOY_COUNTER, "f<Quiet>", NULL}, "<Tab>", 8},
    {{SCREEN_STEP, ON_TOY, TOY_COUNTER, "00t", NULL}, "j", 3},
    {{SCREEN_STEP, ON_TOY, TOY_COUNTER, "00bhbB", NULL}, "j", 2},
    {{SCREEN_STEP, ON_FILM, FILM_FAMILY, "Gg", NULL}, "l", 12},
    {{SCREEN_STEP, ON_FILM, FILM_FAMILY, "Gv5g", NULL}, "l", 12},
    {{SCREEN_STEP, ON_FILM, FILM_PIPE, "Gg", NULL}, "l", 12},
    {{SCREEN_EXPLORE, ON_TOY, TOY_LOCKS, "0011Ff<Quiet>", NULL}, "j", 4},
    {{SCREEN_EXPLORE, ON_TOY, TOY_LOCKS, "0011Ff<Quiet>", NULL}, "<Tab>", 4},
    {{SCREEN_EXPLORE, ON_TOY, TOY_LOCKS, "0011Ff<Quiet>z", NULL}, "j", 8},
    {{SCREEN_LIVE, ON_STAGE, SCENE_FAMILY, "", NULL}, "j", 5},
    {{SCREEN_LIVE, ON_STAGE, SCENE_QUEUE, "", NULL}, "<Tab>", 6},
    {{SCREEN_HOME, AT_HOME, SMALL, "", NULL}, "j", 5},
    {{SCREEN_PROGRESS, TRIED, SMALL, "", NULL}, "j", 3},
    {{SCREEN_OWN, OWN, SMALL, "", NULL}, "j", 3},
    {{SCREEN_SETTINGS, AT_HOME, SMALL, "S", NULL}, "j", 6},
    {{SCREEN_BINDINGS, AT_HOME, SMALL, "Sb", NULL}, "j", 3},
    {{SCREEN_LESSON, AT_HOME, SMALL, "/lost<Enter><Enter>lll", NULL}, "<Tab>", 4},
    {{SCREEN_LESSON, AT_HOME, SMALL, "/lost<Enter><Enter>G", NULL}, "h", 8},
    {{SCREEN_PRESENT, ON_TOY, TOY_LOCKS, "f<Quiet>gp3", NULL}, "<PgDn>", 12},
    {{SCREEN_FIND, AT_HOME, COURSE, "/lost<Enter><Enter>Ghh<Enter>", NULL}, "l", 8},
};
enum { WALKS = sizeof walks / sizeof *walks };

static int same_in(enum tui_theme theme, int colours, const struct cell *a, const struct cell *b)
{
    return is_same_look(theme_look(theme, colours, a->style), theme_look(theme, colours, b->style));
}

/* Do colours tell something new in this row that neither its signs nor, without colours, its
 * attributes tell? Where a thread goes on in the source (from ◀ to the border) has the colour of
 * its state, which the panel of threads has in words. */
static int is_told_by_colour_alone(const struct cell *before, const struct cell *now, int cols)
{
    int coloured = 0, is_marker = 0;
    for (int x = 0; x < cols; x++) {
        if (before[x].ch != now[x].ch || !same_in(TUI_MONO, 0, &before[x], &now[x]))
            return 0;
        is_marker = now[x].ch == L'◀' || (is_marker && now[x].ch != L'│');
        coloured |= !is_marker && !same_in(TUI_DARK, 256, &before[x], &now[x]);
    }
    return coloured;
}

static int walk(const struct walk *w, struct size size)
{
    struct visit s;
    int n = 0;
    open_place(&s, &w->from);
    draw_at(&s, size);
    size_t cells = (size_t)size.cols * (size_t)size.rows;
    struct cell *before = xcalloc(cells, sizeof *before);
    for (int i = 0; i < w->times; i++) {
        memcpy(before, s.ui.canvas.cells, cells * sizeof *before);
        press(&s.ui, w->key);
        draw_at(&s, size);
        for (int y = 0; y < size.rows; y++) {
            const struct cell *row = &before[(size_t)y * (size_t)size.cols];
            if (!is_told_by_colour_alone(row, canvas_at(&s.ui.canvas, 0, y), size.cols))
                continue;
            struct buf text = {0};
            show_text(&s.ui.canvas, &text);
            fprintf(stderr, "%s \"%s\" %s %d, row %d: told by colours alone\n%s",
                    keys_title(w->from.screen), w->from.keys, w->key, i + 1, y, buf_text(&text));
            buf_fini(&text);
            n++;
        }
    }
    free(before);
    close_place(&s);
    return n;
}

static void nothing_is_told_by_colours_alone(void **state)
{
    (void)state;
    int n = 0;
    speak("");
    for (int i = 0; i < WALKS; i++)
        for (int k = 0; k < SIZES; k++)
            n += walk(&walks[i], sizes[k]);
    assert_int_equal(n, 0);
}

/* A home of its own: what is on the screens must not depend on whose it is. */
static char home[64];
static int prepare(void **state)
{
    (void)state;
    strcpy(home, "/tmp/lockstep-pictures-XXXXXX");
    if (!mkdtemp(home))
        return -1;
    setenv("HOME", home, 1);
    setenv("XDG_CONFIG_HOME", "/nowhere", 1); /* settings tell where they are kept */
    setenv("LOCKSTEP_LESSONS", "tests/screens/data/lessons", 1); /* no plans there */
    unsetenv("XDG_DATA_HOME");
    unsetenv("LOCKSTEP_DATA");
    unsetenv("VISUAL");
    setenv("EDITOR", "ed", 1);
    setenv("TZ", "UTC", 1);
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
    setlocale(LC_CTYPE, "C.UTF-8");
    golden_options(argc, argv);
    if (catalogue_read(&catalogues[SMALL], "tests/screens/data/lessons", NULL, &e) < 0 ||
        catalogue_read(&catalogues[COURSE], "lessons", NULL, &e) < 0)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_place_looks_as_it_did),
        cmocka_unit_test(every_place_looks_as_it_did_in_chinese),
        cmocka_unit_test(every_screen_and_view_has_a_picture),
        cmocka_unit_test(chinese_stands_in_the_same_boxes),
        cmocka_unit_test(no_english_is_left_in_footers_and_titles),
        cmocka_unit_test(every_style_drawn_is_one_the_terminal_has),
        cmocka_unit_test(states_are_shapes),
        cmocka_unit_test(nothing_is_told_by_colours_alone),
    };
    int rc = cmocka_run_group_tests(tests, prepare, clear);
    catalogue_fini(&catalogues[SMALL]);
    catalogue_fini(&catalogues[COURSE]);
    return rc;
}
