/* Panel of the live screen: a lane a thread on an axis of real time. */
#include "live_internal.h"

#include "looks.h"

#include <stdio.h>
#include <string.h>

enum { NEWEST_TICK = 500000000 }; /* ten columns are at most this much, unless asked for */

static int name_columns(int width)
{
    return width >= 150 ? 24 : width >= 100 ? 20 : width >= 60 ? 14 : 8;
}

/* -------- the window -------- */

/* Where a run begins to be worth looking at: at once, but when it has ended with its first thread.
 */
static uint64_t beginning(const struct live_view *v)
{
    const struct live_model *m = view_model(v);
    uint64_t first = UINT64_MAX;
    for (uint32_t i = 0; i < m->ntasks; i++)
        first = m->tasks[i].began < first ? m->tasks[i].began : first;
    return v->ended && first < m->now ? first : 0;
}

/* Without a choice of the learner: all of a short run, the last seconds of a long one. */
static void choose_scale(struct live_view *v, uint64_t from, uint64_t now, int cols)
{
    int widest = 0, fits = live_scale_fitting(now - from + (now - from) / 16, cols);
    while (widest + 1 < LIVE_SCALES && live_scale_tick(widest) < NEWEST_TICK)
        widest++;
    v->scale = fits < widest ? fits : widest;
}

void view_place_window(struct live_view *v, int width)
{
    uint64_t now = view_model(v)->now, here = view_here(v);
    int cols = width - name_columns(width);
    if (cols < 4)
        return;
    uint64_t from = beginning(v);
    if (!v->scale_fixed && v->following)
        choose_scale(v, from, now, cols);
    uint64_t column = live_scale_column(v->scale), span = column * (uint64_t)cols;
    /* The window stays while there is room in it, then moves on by a third: what is drawn can be
     * read, and little of it changes from frame to frame. */
    if (here >= v->from + span || here < v->from) {
        uint64_t before = here < v->from ? span / 3 : span * 2 / 3;
        v->from = here > before ? here - before : 0;
    }
    if (!v->scale_fixed && now - from < span)
        v->from = from;
    v->from -= v->from % column;
}

/* -------- the ruler -------- */

/* Moments closer than a millisecond are told by their distance from a whole one. */
static void tick_label(const struct live_view *v, uint64_t time, char *out, size_t n)
{
    uint64_t tick = live_scale_tick(v->scale);
    uint64_t whole = v->from - v->from % 1000000;
    if (tick >= 1000000) {
        live_spell_time(time, tick, out, n);
        return;
    }
    char rest[32];
    live_spell_ns(time - whole, rest, sizeof rest);
    snprintf(out, n, "+%s", rest);
}

static int column_at(const struct live_view *v, uint64_t time)
{
    return (int)((time - v->from) / live_scale_column(v->scale));
}

/* The moment looked at, with the place it takes in the ruler. */
struct mark {
    int x, from, to; /* of the sign; of sign and time */
    char time[40];
};

static struct mark cursor_mark(const struct live_view *v, struct rect cells)
{
    struct mark m = {.x = -1, .from = cells.x + cells.w, .to = cells.x + cells.w};
    if (v->following)
        return m;
    live_spell_time(v->cursor, live_scale_column(v->scale), m.time, sizeof m.time);
    int width = (int)strlen(m.time);
    m.x = cells.x + column_at(v, v->cursor);
    int left = m.x + 1 + width > cells.x + cells.w; /* no room at its right */
    m.from = left ? m.x - width : m.x;
    m.to = m.from + width + 1;
    return m;
}

static void draw_tick(const struct live_view *v, struct canvas *c, struct rect cells, uint64_t t,
                      const struct mark *mark, int *free_from)
{
    char label[40];
    int x = cells.x + column_at(v, t), y = cells.y - 1;
    tick_label(v, t, label, sizeof label);
    int end = x + 1 + utf8_cols(label, strlen(label));
    if (x < *free_from || (x >= mark->from && x < mark->to))
        return;
    int overlaps = x < mark->to && end > mark->from;
    if (t / live_scale_tick(v->scale) % 2 || end > cells.x + cells.w || overlaps) {
        canvas_put(c, x, y, ROLE_DIM, L'┬');
        return;
    }
    canvas_put(c, x, y, ROLE_DIM, L'│');
    canvas_text(c, x + 1, y, ROLE_DIM, label);
    *free_from = end + 1;
}

static void draw_ruler(const struct live_view *v, struct canvas *c, struct rect cells)
{
    uint64_t tick = live_scale_tick(v->scale), column = live_scale_column(v->scale);
    uint64_t end = v->from + column * (uint64_t)cells.w;
    struct mark mark = cursor_mark(v, cells);
    int free_from = cells.x;
    for (uint64_t t = (v->from + tick - 1) / tick * tick; t < end; t += tick)
        draw_tick(v, c, cells, t, &mark, &free_from);
    if (mark.x < 0)
        return;
    canvas_put(c, mark.x, cells.y - 1, ROLE_KEY, L'▼');
    canvas_text(c, mark.from < mark.x ? mark.from : mark.x + 1, cells.y - 1, ROLE_KEY, mark.time);
}

/* -------- a lane -------- */

static void put_column(struct canvas *c, int x, int y, const struct live_column *col, int was_done)
{
    unsigned role = state_role(col->state), dim = col->mixed ? ATTR_DIM : 0;
    if (col->ends || col->state == TASK_DONE) {
        if (!was_done)
            canvas_put(c, x, y, ROLE_DONE, L'×');
    } else if (col->begins)
        canvas_put(c, x, y, ROLE_NEW, L'•');
    else
        canvas_put(c, x, y, role | dim, state_glyph(col->state));
}

static int waits(const struct live_column *col)
{
    return col->known && !col->ends && !col->begins &&
           (col->state == TASK_BLOCKED || col->state == TASK_DEADLOCKED ||
            (col->state == TASK_SLEEPING && (col->addr || col->wait_kind)));
}

static int same_wait(const struct live_column *a, const struct live_column *b)
{
    return waits(a) && waits(b) && a->addr == b->addr && a->wait_kind == b->wait_kind &&
           a->state == b->state;
}

/* A waiting stretch says what for, where there is room. */
static void label_stretch(struct live_view *v, struct canvas *c, uint32_t task, int x, int y,
                          const struct live_column *cols, int n)
{
    const struct live_column *last = &cols[n - 1];
    struct live_moment at = {.known = 1,
                             .state = last->state,
                             .wait_kind = last->wait_kind,
                             .by = last->by,
                             .addr = last->addr};
    char label[96];
    view_wait_words(v, task, &at, label, sizeof label);
    char *colon = strchr(label, ':');
    int width = utf8_cols(label, strlen(label));
    if (colon && width + 2 > n) { /* who has it matters less than what it is */
        *colon = 0;
        width = (int)(colon - label);
    }
    if (*label && width + 2 <= n)
        canvas_text(c, x + 1, y, state_role(last->state), label);
}

static void draw_lane(struct live_view *v, struct canvas *c, uint32_t task, int y)
{
    struct rect cells = v->lane_cells;
    const struct live_column *cols = v->columns;
    int was_done = 0, start = 0;
    live_columns(view_model(v), task, v->from, live_scale_column(v->scale), cells.w, v->columns);
    for (int i = 0; i < cells.w; i++) {
        if (cols[i].known)
            put_column(c, cells.x + i, y, &cols[i], was_done);
        was_done |= cols[i].known && (cols[i].ends || cols[i].state == TASK_DONE);
    }
    for (int i = 1; i <= cells.w; i++) {
        if (i < cells.w && same_wait(&cols[start], &cols[i]))
            continue;
        if (waits(&cols[start]) && i - start > 3)
            label_stretch(v, c, task, cells.x + start, y, &cols[start], i - start);
        start = i;
    }
}

static void draw_name(struct live_view *v, struct canvas *c, struct rect r, uint32_t task, int y,
                      int width)
{
    const struct live_model *m = view_model(v);
    char label[64];
    int chosen = m->tasks[task].number == v->chosen && !v->on_process;
    view_label(v, task, label, sizeof label);
    for (int i = 0; i < v->npins; i++)
        if (v->pins[i] == m->tasks[task].number)
            canvas_put(c, r.x + width - 1, y, ROLE_NOTE, L'●');
    if (chosen)
        canvas_put(c, r.x, y, ROLE_KEY, L'▶');
    canvas_fit(c, r.x + 1, y, width - 2, chosen ? ROLE_STRONG : ROLE_TEXT, label);
}

/* -------- all of it -------- */

static void scroll_lanes(struct live_view *v, int rows)
{
    int n = (int)v->rows.nlanes, at = (int)live_rows_lane_of(&v->rows, view_task(v));
    int last = n > rows ? n - rows : 0;
    if (at < v->lane_top)
        v->lane_top = at;
    if (at >= v->lane_top + rows)
        v->lane_top = at - rows + 1;
    v->lane_top = v->lane_top > last ? last : v->lane_top < 0 ? 0 : v->lane_top;
}

static void draw_cursor(struct live_view *v, struct canvas *c, struct rect cells)
{
    int x = cells.x + column_at(v, v->cursor);
    for (int y = cells.y; y < cells.y + cells.h && x < c->cols && y < c->rows; y++) {
        if (canvas_at(c, x, y)->ch == L' ')
            canvas_put(c, x, y, ROLE_BORDER, L'│');
        else
            canvas_restyle(c, (struct rect){x, y, 1, 1}, ATTR_UNDERLINE);
    }
}

static void head(struct live_view *v, struct canvas *c, int rows)
{
    char more[96] = "", tick[32];
    int n = (int)v->rows.nlanes, used;
    live_spell_ns(live_scale_tick(v->scale), tick, sizeof tick);
    used = snprintf(more, sizeof more, _("10 cells = %s"), tick);
    if (n > rows)
        used += snprintf(more + used, sizeof more - (size_t)used, _("   %d-%d of %d"),
                         v->lane_top + 1, v->lane_top + rows, n);
    if (v->rows.idle)
        snprintf(more + used, sizeof more - (size_t)used, _("   %u idle folded"), v->rows.idle);
    view_head(v, c, VIEW_TIMELINE, more);
}

void view_draw_timeline(struct live_view *v, struct canvas *c, struct rect r)
{
    int names = name_columns(r.w), rows = r.h - 1;
    v->lane_cells = (struct rect){r.x + names, r.y + 1, r.w - names, rows};
    if (rows < 1 || v->lane_cells.w < 4)
        return;
    if (v->lane_cells.w > v->ncolumns) {
        v->ncolumns = v->lane_cells.w;
        v->columns = xrealloc(v->columns, (size_t)v->ncolumns, sizeof *v->columns);
    }
    v->lane_spacing = rows >= 2 * (int)v->rows.nlanes ? 2 : 1;
    int shown = rows / v->lane_spacing;
    shown = shown > (int)v->rows.nlanes ? (int)v->rows.nlanes : shown;
    scroll_lanes(v, shown);
    if (live_scale_tick(v->scale) < 1000000) { /* the ruler counts from here */
        char from[32];
        live_spell_time(v->from - v->from % 1000000, 1000000, from, sizeof from);
        canvas_fit(c, r.x + 1, r.y, names - 1, ROLE_DIM, from);
    }
    draw_ruler(v, c, v->lane_cells);
    for (int i = 0; i < shown; i++) {
        uint32_t task = v->rows.lanes[v->lane_top + i].task;
        int y = v->lane_cells.y + i * v->lane_spacing;
        draw_name(v, c, r, task, y, names);
        draw_lane(v, c, task, y);
    }
    if (!v->following)
        draw_cursor(v, c, v->lane_cells);
    head(v, c, shown);
}
