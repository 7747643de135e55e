/* The presentation: panels of a run, large. What comes after the step is not drawn: the class does
 * not know it yet. */
#include "present_internal.h"

#include "explain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* -------- source -------- */

static void source_line(struct canvas *c, struct rect r, int y, const struct source *src, int line,
                        int is_now)
{
    int gutter = 8, width = r.w - gutter - 1;
    canvas_printf(c, r.x + 3, y, is_now ? ROLE_RUNNING | ATTR_BOLD : ROLE_LINE_NUMBER, "%3d", line);
    source_draw(src, line, c, r.x + gutter, y, 0, width);
    if (!is_now)
        return;
    canvas_text(c, r.x + 1, y, ROLE_RUNNING | ATTR_BOLD, ">>");
    canvas_restyle(c, (struct rect){r.x + gutter, y, width, 1}, ATTR_REVERSE | ATTR_BOLD);
}

/* "◀ T1 T2": who goes on here. */
static void source_tags(struct step *s, struct canvas *c, struct rect r, int y, int line,
                        const char *file)
{
    const struct names *names = s->port.ops->names(s->port.ctx);
    const struct world *w = step_world(s);
    char tag[64] = "";
    size_t n = 0;
    unsigned role = ROLE_DIM;
    for (uint32_t i = 0; i < w->ntasks && n + 12 < sizeof tag; i++) {
        const struct world_task *t = &w->tasks[i];
        struct place at = {"", "", 0};
        char who[16];
        if (!t->exists || t->pending.kind == EV_NONE || !t->pending.pc)
            continue;
        names->place(names->ctx, t->pending.pc - 1, &at);
        if (at.line != line || !at.file || strcmp(at.file, file) != 0)
            continue;
        if (!n || t->state == TASK_RUNNING)
            role = state_role(t->state);
        task_number(s, i, who, sizeof who);
        n += (size_t)snprintf(tag + n, sizeof tag - n, " %s", who);
    }
    if (!n)
        return;
    int x = r.x + r.w - (int)n - 2;
    canvas_put(c, x - 1, y, ROLE_TEXT, L' ');
    canvas_put(c, x, y, role, L'◀');
    canvas_text(c, x + 1, y, role | ATTR_BOLD, tag);
}

static int clamp_top(int top, int nlines, int h)
{
    int last = nlines - h + 1;
    top = top > last ? last : top;
    return top < 1 ? 1 : top;
}

/* The first line shown: `middle` in the middle, then so far as was scrolled. */
static int window_top(int *scroll, int middle, int nlines, int h)
{
    int at_rest = clamp_top(middle - h / 2, nlines, h);
    int top = clamp_top(at_rest + *scroll, nlines, h);
    *scroll = top - at_rest;
    return top;
}

static void draw_running_source(struct present *p, struct canvas *c, struct rect r)
{
    struct step *s = p->step;
    struct place at = step_place(s);
    const struct event *e = trace_step(s->trace, s->cursor);
    const struct source *src = at.line ? step_source(s, at.file) : NULL;
    if (!src || !src->nlines) {
        canvas_text(c, r.x + 2, r.y, ROLE_DIM, _("(no source is known for this step)"));
        return;
    }
    int now = e ? at.line : 0;
    int top = window_top(&p->scroll[SHOW_SOURCE], at.line, src->nlines, r.h);
    for (int i = 0; i < r.h && top + i <= src->nlines; i++) {
        source_line(c, r, r.y + i, src, top + i, top + i == now);
        source_tags(s, c, r, r.y + i, top + i, src->path);
    }
}

static void draw_still_source(struct present *p, struct canvas *c, struct rect r)
{
    const struct slide *s = present_slide(p);
    if (!p->source.path || strcmp(p->source.path, s->program) != 0) {
        source_fini(&p->source);
        source_read(&p->source, s->program);
    }
    const struct source *src = &p->source;
    int first = s->first ? s->first : 1, last = s->last ? s->last : src->nlines;
    int middle = last - first + 1 > r.h ? first + r.h / 2 : (first + last + 1) / 2;
    int top = window_top(&p->scroll[SHOW_SOURCE], middle, src->nlines, r.h);
    if (!src->nlines)
        canvas_text(c, r.x + 2, r.y, ROLE_DIM, _("(this file cannot be read)"));
    for (int i = 0; i < r.h && top + i <= src->nlines; i++) {
        int line = top + i;
        source_line(c, r, r.y + i, src, line, 0);
        if (line < first || line > last)
            canvas_restyle(c, (struct rect){r.x + 8, r.y + i, r.w - 8, 1}, ROLE_DIM);
    }
}

void present_draw_source(struct present *p, struct canvas *c, struct rect r)
{
    if (p->step)
        draw_running_source(p, c, r);
    else
        draw_still_source(p, c, r);
}

/* -------- threads: lanes two rows tall -------- */

enum { NAME_COLS = 20, SCALE_MOST = 4 };

struct large {
    struct step *s;
    struct canvas *c;
    struct rect cells;
    uint32_t first;
    int scale, rows_each, top; /* rows a lane with its gap; first lane shown */
};

static int lane_y(const struct large *d, unsigned task)
{
    return d->cells.y + ((int)d->s->place[task] - d->top) * d->rows_each;
}

/* A lane has a second row where there is room for one. */
static void put_tall(const struct large *d, int x, int y, unsigned style, wchar_t ch)
{
    for (int row = 0; row < (d->rows_each > 1 ? 2 : 1); row++)
        for (int i = 0; i < d->scale; i++)
            canvas_put(d->c, x + i, y + row, style, ch);
}

static void draw_cell(const struct large *d, unsigned task, const struct lane *lane, uint32_t step)
{
    int x = d->cells.x + (int)(step - d->first) * d->scale, y = lane_y(d, task);
    if (!lane->exists)
        return;
    if (!lane->letter) {
        if (lane->state != TASK_DONE)
            put_tall(d, x, y, state_role(lane->state), state_glyph(lane->state));
        return;
    }
    unsigned style = marks_at(&d->s->marks, step, EV_FINDING) ? ROLE_BAD : ROLE_RUNNING;
    put_tall(d, x, y, style, L'█');
    canvas_put(d->c, x, y, style | ATTR_REVERSE, (wchar_t)lane->letter);
}

/* What a task waits for now stands in its lane, where it began to wait. */
static void draw_wait(const struct large *d, unsigned task)
{
    const struct world_task *t = &step_world(d->s)->tasks[task];
    char label[80];
    if (t->state != TASK_BLOCKED && t->state != TASK_DEADLOCKED)
        return;
    uint32_t from = t->blocked_since > d->first ? t->blocked_since : d->first;
    const struct event *own = from ? trace_step(d->s->trace, from) : NULL;
    if (own && own->task == task)
        from++; /* its own step, with a letter, stands before */
    int x = d->cells.x + (int)(from - d->first) * d->scale + 1, right = d->cells.x + d->cells.w;
    wait_label(d->s, t->blocked_reason, t->blocked_addr, t->blocked_by, label, sizeof label);
    int room = (int)(d->s->cursor + 1 - from) * d->scale - 1;
    if (room < utf8_cols(label, strlen(label)))
        room = right - x;
    canvas_fit(d->c, x, lane_y(d, task), room, state_role(t->state) | ATTR_BOLD, label);
}

static void draw_name(const struct large *d, int x, unsigned task)
{
    const struct world *w = step_world(d->s);
    const struct world_task *t = &w->tasks[task];
    unsigned role = state_role(t->state);
    char text[64];
    int y = lane_y(d, task), is_now = task == w->running;
    task_label(w, task, d->s->port.ops->names(d->s->port.ctx), text, sizeof text);
    if (is_now)
        canvas_put(d->c, x, y, ROLE_RUNNING | ATTR_BOLD, L'▶');
    canvas_fit(d->c, x + 2, y, NAME_COLS - 4, is_now ? ROLE_STRONG : ROLE_TEXT, text);
    if (d->rows_each < 2)
        return;
    canvas_put(d->c, x + 2, y + 1, role, state_glyph(t->state));
    canvas_fit(d->c, x + 4, y + 1, NAME_COLS - 6, role, task_state_name(t->state));
}

/* Keep the task that moved on the screen. */
static int first_lane(const struct step *s, const struct world *w, int shown)
{
    int at = w->running != NO_TASK ? s->place[w->running] : 0, n = (int)w->ntasks;
    int top = n <= shown || at < shown ? 0 : at - shown + 1;
    return top;
}

static void draw_lanes(struct large *d, struct rect r)
{
    struct step *s = d->s;
    const struct world *w = step_world(s);
    int shown = d->cells.h / d->rows_each < 1 ? 1 : d->cells.h / d->rows_each;
    unsigned n;
    d->top = first_lane(s, w, shown);
    for (uint32_t step = d->first; step <= s->cursor; step++) {
        const struct lane *lanes = lanes_at(&s->lanes, step, &n);
        for (unsigned i = 0; i < n && i < w->ntasks; i++)
            if (s->place[i] >= d->top && s->place[i] < d->top + shown)
                draw_cell(d, i, &lanes[i], step);
    }
    for (unsigned i = 0; i < w->ntasks; i++)
        if (s->place[i] >= d->top && s->place[i] < d->top + shown) {
            draw_wait(d, i);
            draw_name(d, r.x + 1, i);
        }
    if ((int)w->ntasks > shown)
        canvas_printf(d->c, r.x + 1, r.y, ROLE_DIM, "%d-%d / %u", d->top, d->top + shown - 1,
                      w->ntasks);
}

void present_draw_threads(struct present *p, struct canvas *c, struct rect r)
{
    struct step *s = p->step;
    int n = (int)step_world(s)->ntasks, names = r.w >= 60 ? NAME_COLS : 14;
    struct large d = {.s = s, .c = c, .scale = SCALE_MOST};
    d.cells = (struct rect){r.x + names, r.y + 1, r.w - names - 1, r.h - 1};
    if (d.cells.w < 1 || d.cells.h < 1)
        return;
    while (d.scale > 2 && (int)(s->cursor + 1) * d.scale > d.cells.w)
        d.scale--;
    d.rows_each = 3 * n - 1 <= d.cells.h ? 3 : 2 * n <= d.cells.h || d.cells.h >= 8 ? 2 : 1;
    uint32_t fit = (uint32_t)(d.cells.w / d.scale < 1 ? 1 : d.cells.w / d.scale);
    d.first = s->cursor + 1 > fit ? s->cursor + 1 - fit : 0;
    for (uint32_t step = d.first; step <= s->cursor; step++)
        if (step % 5 == 0 && step != s->cursor)
            canvas_printf(c, d.cells.x + (int)(step - d.first) * d.scale, r.y, ROLE_DIM, "%u",
                          step);
    int x = d.cells.x + (int)(s->cursor - d.first) * d.scale;
    canvas_put(c, x, r.y, ROLE_KEY, L'▼');
    canvas_printf(c, x + 1, r.y, ROLE_KEY, "%u", s->cursor);
    draw_lanes(&d, r);
}

/* -------- objects: big boxes -------- */

enum { BOX_COLS = 34, BOX_ROWS = 5 };

static void add_waiters(struct step *s, uint64_t addr, struct buf *out)
{
    const struct world *w = step_world(s);
    int n = 0;
    for (uint32_t i = 0; i < w->ntasks; i++) {
        const struct world_task *t = &w->tasks[i];
        char who[16];
        int waits =
            t->blocked_addr == addr && (t->state == TASK_BLOCKED || t->state == TASK_DEADLOCKED);
        if (!waits && t->asleep_in != addr)
            continue;
        task_number(s, i, who, sizeof who);
        buf_printf(out, "%s%s", n++ ? ", " : "", who);
    }
}

static void draw_box(struct step *s, struct canvas *c, struct rect r, const struct world_object *o)
{
    const struct names *names = s->port.ops->names(s->port.ctx);
    char name[64], text[128], value[64];
    struct buf waiters = {0};
    struct rect in = {r.x + 2, r.y + 1, r.w - 4, r.h - 2};
    object_name(s, o->addr, o->size, name, sizeof name);
    panel_box(c, r, name, o->class == OBJ_PLACE ? "" : object_class_name(o->class), 0);
    if (o->class == OBJ_PLACE) {
        char who[16];
        names->value(names->ctx, o->addr, o->size, o->value, value, sizeof value);
        canvas_fit(c, in.x, in.y, in.w, ROLE_CHANGED, value);
        task_number(s, o->last_task, who, sizeof who);
        if (o->last_write)
            snprintf(text, sizeof text, _("last written at step %u"), o->last_write);
        else
            snprintf(text, sizeof text, _("read only, so far"));
        canvas_fit(c, in.x, in.y + 1, in.w, ROLE_DIM, text);
        return;
    }
    object_words(s, o, text, sizeof text);
    text_wrap(c, in, 0, o->owner != NO_TASK ? ROLE_NOTE | ATTR_BOLD : ROLE_STRONG, text, NULL, 0);
    add_waiters(s, o->addr, &waiters);
    if (waiters.len) {
        snprintf(text, sizeof text, _("waits: %s"), waiters.data);
        canvas_fit(c, in.x, in.y + in.h - 1, in.w, ROLE_BLOCKED, text);
    }
    buf_fini(&waiters);
}

void present_draw_objects(struct present *p, struct canvas *c, struct rect r)
{
    const struct world *w = step_world(p->step);
    int each = r.w / (BOX_COLS + 1) < 1 ? 1 : r.w / (BOX_COLS + 1), n = 0;
    int width = r.w < BOX_COLS + 1 ? r.w : BOX_COLS, rows_all;
    for (uint32_t i = 0; i < w->nobjects; i++)
        n += w->objects[i].class != OBJ_NONE && !w->objects[i].destroyed;
    rows_all = (n + each - 1) / each;
    int *skip = &p->scroll[SHOW_OBJECTS], most = rows_all - r.h / BOX_ROWS;
    *skip = *skip > most ? most : *skip;
    *skip = *skip < 0 ? 0 : *skip;
    if (!n)
        canvas_text(c, r.x + 2, r.y, ROLE_DIM, _("(nothing is shared yet)"));
    n = 0;
    for (uint32_t i = 0; i < w->nobjects; i++) {
        const struct world_object *o = &w->objects[i];
        if (o->class == OBJ_NONE || o->destroyed)
            continue;
        int x = r.x + 1 + n % each * (BOX_COLS + 1), y = r.y + (n / each - *skip) * BOX_ROWS;
        if (y >= r.y && y < r.y + r.h)
            draw_box(p->step, c, (struct rect){x, y, width - (x + width > r.x + r.w), BOX_ROWS}, o);
        n++;
    }
}

/* -------- output and why -------- */

enum { OUTPUT_ENOUGH = 16384 };

void present_draw_output(struct present *p, struct canvas *c, struct rect r)
{
    struct buf text = {0};
    struct rect in = {r.x + 2, r.y, r.w - 4, r.h};
    output_tail(p->step->trace, p->step->cursor, OUTPUT_ENOUGH, &text);
    int lines = text_lines(in.w < 1 ? 1 : in.w, text.data ? text.data : "");
    int *up = &p->scroll[SHOW_OUTPUT], most = lines > r.h ? lines - r.h : 0;
    *up = *up > 0 ? 0 : *up < -most ? -most : *up;
    text_wrap(c, in, most + *up, ROLE_STRONG, text.data ? text.data : "", NULL, 0);
    if (!text.len)
        canvas_text(c, in.x, in.y, ROLE_DIM, _("(nothing printed yet)"));
    buf_fini(&text);
}

void present_draw_why(struct present *p, struct canvas *c, struct rect r)
{
    struct buf text = {0};
    int bad = 0, margin = r.w > 100 ? r.w / 6 : 3;
    struct rect in = {r.x + margin, r.y, r.w - 2 * margin, r.h};
    if (p->step->cursor)
        why_text(p->step, &text, &bad);
    else
        buf_puts(&text, _("Nothing has happened yet."));
    const char *words = text.data ? text.data : "";
    int lines = text_lines(in.w < 1 ? 1 : in.w, words), most = lines > r.h ? lines - r.h : 0;
    int *skip = &p->scroll[SHOW_WHY];
    *skip = *skip < 0 ? 0 : *skip > most ? most : *skip;
    if (!most && r.h > 8)
        in.y += 2;
    text_wrap(c, in, *skip, ROLE_STRONG, words, NULL, 0);
    buf_fini(&text);
}
