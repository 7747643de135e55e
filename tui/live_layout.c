#include "live_layout.h"

#include "base.h"

#include <string.h>

static const char *const titles[VIEW_PANELS] = {
    [VIEW_THREADS] = N_("1 Threads"), [VIEW_TIMELINE] = N_("2 Timeline"),
    [VIEW_OBJECTS] = N_("3 Objects"), [VIEW_WORDS] = N_("4 Words"),
    [VIEW_OUTPUT] = N_("5 Output"),   [VIEW_VARIABLES] = N_("6 Variables"),
};

const char *live_panel_title(enum live_panel p)
{
    return _(titles[p]);
}

static int clamp(int v, int low, int high)
{
    return v < low ? low : v > high ? high : v;
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

static void normal(struct live_layout *l, int cols, int body, enum live_panel focus, int lanes)
{
    int words = clamp(body / 5, 5, 8), output = clamp(body / 6, 4, 6);
    int line = clamp(lanes + 2, 6, body * 2 / 5);
    int threads = clamp(cols * 53 / 100, 40, 60);
    struct rect r = {0, 1, threads, body + 3 - words - output - line};
    enum live_panel right = focus == VIEW_VARIABLES ? VIEW_VARIABLES : VIEW_OBJECTS;
    l->at[VIEW_THREADS] = r;
    l->at[right] = beside(r, cols - threads + 1);
    r.w = cols;
    l->at[VIEW_TIMELINE] = below(r, line);
    l->at[VIEW_WORDS] = below(l->at[VIEW_TIMELINE], words);
    l->at[VIEW_OUTPUT] = below(l->at[VIEW_WORDS], output);
}

/* Three panels side by side in a row of the screen, which share it by percents. */
static void three(struct live_layout *l, struct rect r, const enum live_panel p[3], int first,
                  int second)
{
    struct rect part = {r.x, r.y, r.w * first / 100, r.h};
    l->at[p[0]] = part;
    part = l->at[p[1]] = beside(part, r.w * second / 100);
    l->at[p[2]] = beside(part, r.w - (part.x + part.w) + 1);
}

/* Threads and objects above, the lanes in the middle, the rest below. */
static void wide(struct live_layout *l, int cols, int body, int tree, int lanes)
{
    static const enum live_panel lower[] = {VIEW_WORDS, VIEW_OUTPUT, VIEW_VARIABLES};
    int bottom = clamp(body / 4, 8, 12);
    int line = clamp(lanes + 2, 8, (body - bottom) * 6 / 10);
    int top = body + 2 - bottom - line;
    /* What few threads and lanes leave goes to the words, the output and the variables. */
    int spare = top - clamp(tree + 2, 9, top);
    top -= spare;
    struct rect r = {0, 1, cols * 54 / 100, top};
    l->at[VIEW_THREADS] = r;
    l->at[VIEW_OBJECTS] = beside(r, cols - r.w + 1);
    r.w = cols;
    r = l->at[VIEW_TIMELINE] = below(r, line);
    three(l, below(r, bottom + spare), lower, 40, 30);
}

static void huge(struct live_layout *l, int cols, int body, int tree, int lanes)
{
    static const enum live_panel upper[] = {VIEW_THREADS, VIEW_OBJECTS, VIEW_VARIABLES};
    int bottom = clamp(body / 5, 9, 12);
    int line = clamp(lanes + 2, 10, (body - bottom) * 6 / 10);
    int top = body + 2 - bottom - line, spare = top - clamp(tree + 2, 14, top);
    top -= spare;
    struct rect r = {0, 1, cols, top};
    three(l, r, upper, 42, 32);
    r = l->at[VIEW_TIMELINE] = below(r, line);
    r = below(r, bottom + spare);
    l->at[VIEW_WORDS] = (struct rect){0, r.y, cols * 55 / 100, r.h};
    l->at[VIEW_OUTPUT] = beside(l->at[VIEW_WORDS], cols - cols * 55 / 100 + 1);
}

void live_layout_for(struct live_layout *l, int cols, int rows, enum live_panel focus, int zoomed,
                     int tree, int lanes)
{
    memset(l, 0, sizeof *l);
    l->single = cols < 80 || rows < 24;
    l->status_y = rows >= 8 ? rows - 2 : -1;
    int body = rows - 2 - (l->status_y >= 0);
    if (l->single || zoomed)
        l->at[focus] = (struct rect){0, 1, cols, body < 1 ? 1 : body};
    else if (cols < 110 || rows < 34)
        normal(l, cols, body, focus, lanes);
    else if (cols < 170 || rows < 50)
        wide(l, cols, body, tree, lanes);
    else
        huge(l, cols, body, tree, lanes);
}

int live_layout_hit(const struct live_layout *l, int x, int y)
{
    for (int p = 0; p < VIEW_PANELS; p++) {
        const struct rect *r = &l->at[p];
        if (x >= r->x && x < r->x + r->w && y >= r->y && y < r->y + r->h)
            return p;
    }
    return -1;
}
