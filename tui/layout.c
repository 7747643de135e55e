#include "layout.h"

#include "base.h"

#include <string.h>

enum size_class { SIZE_SINGLE, SIZE_NORMAL, SIZE_WIDE, SIZE_HUGE };

enum panel_place { PART, VIEW };

static const struct {
    const char *title, *help;
    enum panel_place place;
} panels[PANEL_COUNT] = {
#define PANEL(id, draw, title, place, help) {title, help, place},
#include "panels.def"
#undef PANEL
};

const char *panel_title(enum panel p)
{
    return _(panels[p].title);
}

int panel_is_view(enum panel p)
{
    return panels[p].place == VIEW;
}

const char *panel_help(enum panel p)
{
    return _(panels[p].help);
}

static int clamp(int v, int low, int high)
{
    return v < low ? low : v > high ? high : v;
}

static enum size_class size_of(int cols, int rows)
{
    if (cols < 80 || rows < 24)
        return SIZE_SINGLE;
    if (cols < 120 || rows < 34)
        return SIZE_NORMAL;
    return cols < 180 || rows < 50 ? SIZE_WIDE : SIZE_HUGE;
}

/* Neighbours share a border: each next one begins on the last row (column) of the one before. */
static struct rect below(struct rect r, int h)
{
    return (struct rect){r.x, r.y + r.h - 1, r.w, h};
}

static struct rect beside(struct rect r, int w)
{
    return (struct rect){r.x + r.w - 1, r.y, w, r.h};
}

/* Panels without a place of their own stand in the source's while they have the focus. */
static void lend_place(struct layout *l, const struct layout_want *want)
{
    enum panel p = want->focus;
    if (want->view != PANEL_COUNT ||
        (p != PANEL_VARIABLES && p != PANEL_OBJECTS && !(p == PANEL_GOAL && want->goal)))
        return;
    l->at[p] = l->at[PANEL_SOURCE];
    l->at[PANEL_SOURCE] = (struct rect){0};
}

static void normal(struct layout *l, int cols, int body, const struct layout_want *want)
{
    int output = clamp(body / 8, 3, 6);
    int line = clamp(want->lanes + 2, 6, body * 2 / 5);
    /* What few threads leave of the timeline goes to the sentences: a lost update needs four rows.
     */
    int why = clamp(clamp(body / 5, 5, 9) + body * 2 / 5 - line, 5, 9);
    int top = body + 3 - why - output - line;
    int threads = clamp(cols * 9 / 20, 36, 46);
    struct rect upper = {0, 1, threads, top};
    if (want->view != PANEL_COUNT) {
        upper = l->at[want->view] = (struct rect){0, 1, cols, top + line - 1};
    } else {
        l->at[PANEL_THREADS] = upper;
        l->at[PANEL_SOURCE] = beside(upper, cols - threads + 1);
        upper.w = cols;
        upper = l->at[PANEL_TIMELINE] = below(upper, line);
    }
    upper = l->at[PANEL_WHY] = below(upper, why);
    l->at[PANEL_OUTPUT] = below(upper, output);
    lend_place(l, want);
}

/* Upper part of the larger ones: [goal] threads over variables, source, [objects]. */
static void upper_wide(struct layout *l, int cols, int top, const struct layout_want *want,
                       enum size_class size)
{
    int goal = want->goal ? (size == SIZE_HUGE ? 48 : 34) : 0;
    int objects = size == SIZE_HUGE ? 54 : 0;
    int threads = size == SIZE_HUGE ? 50 : 40;
    int rows = clamp(want->lanes + 2, 7, top / 2);
    struct rect r = {0, 1, goal + !!goal, top};
    if (goal) {
        l->at[PANEL_GOAL] = r;
        r = beside(r, threads);
    } else
        r = (struct rect){0, 1, threads, top};
    l->at[PANEL_THREADS] = (struct rect){r.x, r.y, r.w, rows};
    l->at[PANEL_VARIABLES] = below(l->at[PANEL_THREADS], top - rows + 1);
    r = l->at[PANEL_SOURCE] = beside(r, cols - (r.x + r.w - 1) - objects + !!objects);
    if (!objects)
        return;
    l->at[PANEL_OBJECTS] = beside(r, objects);
    l->at[PANEL_OBJECTS].h = top / 2;
    l->at[PANEL_WAITS] = below(l->at[PANEL_OBJECTS], top - top / 2 + 1);
}

static void wide(struct layout *l, int cols, int body, const struct layout_want *want,
                 enum size_class size)
{
    int why = size == SIZE_HUGE ? 10 : 9, output = size == SIZE_HUGE ? 8 : 5;
    int bottom = why + output - 1;
    int line = clamp(want->lanes + 2, 7, (body - bottom) * (size == SIZE_HUGE ? 55 : 48) / 100);
    int top = body + 2 - bottom - line;
    struct rect r = {0, 1, cols, top};
    if (want->view != PANEL_COUNT) {
        r = l->at[want->view] = (struct rect){0, 1, cols, top + line - 1};
    } else {
        upper_wide(l, cols, top, want, size);
        r = l->at[PANEL_TIMELINE] = below(r, line);
    }
    r = below(r, bottom);
    int objects = size == SIZE_WIDE ? 48 : 0;
    l->at[PANEL_WHY] = (struct rect){0, r.y, cols - objects + !!objects, why};
    if (size == SIZE_HUGE) { /* side by side: there is width enough */
        int memory = want->view == PANEL_COUNT ? cols * 2 / 5 : 0; /* a view has the room else */
        int words = memory ? cols * 7 / 20 : cols * 3 / 5;
        r = l->at[PANEL_WHY] = (struct rect){0, r.y, words, bottom};
        if (memory)
            r = l->at[PANEL_MEMORY] = beside(r, memory);
        l->at[PANEL_OUTPUT] = beside(r, cols - (r.x + r.w - 1));
        return;
    }
    l->at[PANEL_OUTPUT] = below(l->at[PANEL_WHY], output);
    l->at[PANEL_OBJECTS] = (struct rect){cols - objects, r.y, objects, bottom};
}

void layout_step(struct layout *l, int cols, int rows, const struct layout_want *want)
{
    enum size_class size = size_of(cols, rows);
    memset(l, 0, sizeof *l);
    l->single = size == SIZE_SINGLE;
    l->status_y = rows >= 12 ? rows - 2 : -1;
    int body = rows - 2 - (l->status_y >= 0);
    if (size == SIZE_SINGLE || want->zoomed) {
        l->at[want->focus] = (struct rect){0, 1, cols, body < 1 ? 1 : body};
        return;
    }
    if (size == SIZE_NORMAL)
        normal(l, cols, body, want);
    else
        wide(l, cols, body, want, size);
}

static int can_show(int cols, int rows, const struct layout_want *want, enum panel p)
{
    struct layout l;
    struct layout_want plain = *want;
    plain.zoomed = 0;
    plain.focus = p;
    if (panel_is_view(p) && want->view == p)
        return 1;
    if (want->view != PANEL_COUNT &&
        (p == PANEL_THREADS || p == PANEL_SOURCE || p == PANEL_TIMELINE))
        return 0;
    if (p == PANEL_GOAL)
        return want->goal;
    if (size_of(cols, rows) == SIZE_SINGLE || (want->zoomed && !panel_is_view(p)))
        return !panel_is_view(p);
    layout_step(&l, cols, rows, &plain);
    return l.at[p].w > 0;
}

enum panel layout_next(int cols, int rows, const struct layout_want *want, enum panel from, int by)
{
    enum panel p = from;
    for (int i = 0; i < PANEL_COUNT; i++) {
        p = (enum panel)(((int)p + by + PANEL_COUNT) % PANEL_COUNT);
        if (can_show(cols, rows, want, p))
            return p;
    }
    return from;
}

int layout_hit(const struct layout *l, int x, int y)
{
    for (int p = 0; p < PANEL_COUNT; p++) {
        const struct rect *r = &l->at[p];
        if (x >= r->x && x < r->x + r->w && y >= r->y && y < r->y + r->h)
            return p;
    }
    return -1;
}
