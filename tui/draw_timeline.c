/* Panel of the step screen: the threads over time, and what memory held. */
#include "step_internal.h"

#include <stdio.h>
#include <string.h>

enum { MAX_PLACES = 8 };

/* The window is told by the cursor alone, so that forward and back again shows the same: pages that
 * overlap, each turned when the cursor comes near its end. */
void timeline_follow(struct step *s, int steps_shown)
{
    uint32_t shown = steps_shown < 1 ? 1 : (uint32_t)steps_shown, ahead = shown / 6;
    uint32_t page = shown - 2 * ahead, turns_at = shown - ahead;
    uint32_t last = s->trace->nsteps, most = last < shown ? 0 : last + 1 - shown;
    s->first = s->cursor < turns_at ? 0 : ((s->cursor - turns_at) / page + 1) * page;
    s->first = s->first > most ? most : s->first;
}

/* -------- the ruler -------- */

static int text_columns(uint32_t number)
{
    int n = 1;
    while (number /= 10)
        n++;
    return n;
}

/* Numbers of steps, where they do not touch the cursor's own, which takes `width` cells from x. */
static void draw_scale(struct step *s, struct canvas *c, struct rect cells, uint32_t n, int x,
                       int width)
{
    uint32_t every = s->scale >= 2 ? 5 : 10;
    if (s->first + n > 9999)
        every *= 2;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t step = s->first + i;
        int at = cells.x + (int)i * s->scale;
        if (step % every == 0 && (at + text_columns(step) < x || at > x + width))
            canvas_printf(c, at, cells.y - 1, ROLE_DIM, "%u", step);
    }
}

/* Which switches matter, once that was asked. */
static void draw_switch(struct step *s, struct canvas *c, uint32_t step, int x, int y)
{
    switch (step_switch(s, step)) {
    case SWITCH_NECESSARY:
        canvas_put(c, x, y, ROLE_CHANGED, L'▶');
        break;
    case SWITCH_IDLE:
        canvas_put(c, x, y, ROLE_DIM, L'·');
        break;
    default:
        break;
    }
}

static void draw_ruler(struct step *s, struct canvas *c, struct rect cells, uint32_t n)
{
    int y = cells.y - 1, digits = text_columns(s->cursor);
    int cursor = cells.x + (int)(s->cursor - s->first) * s->scale;
    int at_left = cursor + 1 + digits > cells.x + cells.w; /* no room at its right */
    draw_scale(s, c, cells, n, at_left ? cursor - digits : cursor, digits + 1);
    for (uint32_t i = 0; i < n; i++) {
        int x = cells.x + (int)i * s->scale;
        if (marks_at(&s->marks, s->first + i, EV_FINDING))
            canvas_put(c, x, y, ROLE_BAD, L'!');
        else if (step_is_bookmarked(s, s->first + i))
            canvas_put(c, x, y, ROLE_NOTE, L'●');
        else {
            draw_switch(s, c, s->first + i, x, y);
            continue;
        }
        if (s->scale > 1) /* beside the other mark */
            draw_switch(s, c, s->first + i, x + 1, y);
    }
    canvas_put(c, cursor, y, ROLE_KEY, L'▼');
    canvas_printf(c, at_left ? cursor - digits : cursor + 1, y, ROLE_KEY, "%u", s->cursor);
    int after = cursor + 1 + digits; /* that of the cursor's own step, where nothing stands */
    if (!at_left && after < cells.x + cells.w && after < c->cols && y < c->rows &&
        canvas_at(c, after, y)->ch == L' ')
        draw_switch(s, c, s->cursor, after, y);
}

/* -------- lanes -------- */

struct run {
    uint64_t addr; /* what this lane waits for; label given at the end of the run */
    uint32_t from;
    uint16_t by;
    uint8_t reason, on;
};

struct lane_draw {
    struct step *s;
    struct canvas *c;
    struct rect cells;
    int rows, spacing; /* lanes shown; rows a lane */
    struct run run[MAX_TASKS];
    uint8_t ended[MAX_TASKS];
};

static int x_of(const struct lane_draw *d, uint32_t step)
{
    return d->cells.x + (int)(step - d->s->first) * d->s->scale;
}

static int y_of(const struct lane_draw *d, unsigned task)
{
    return d->cells.y + ((int)d->s->place[task] - d->s->lane_top) * d->spacing;
}

/* What a lane waits for, and who has it, as far as there is room: "m: T2 has it", "m T2", "m". */
static void run_label(struct step *s, const struct run *r, int width, char *out, size_t n)
{
    char what[64], who[16];
    wait_label(s, r->reason, r->addr, r->by, what, sizeof what);
    snprintf(out, n, "%s", what);
    if (r->by == NO_TASK || r->reason == BLOCK_JOIN || !*what)
        return;
    task_number(s, r->by, who, sizeof who);
    snprintf(out, n, _("%s: %s has it"), what, who);
    if (utf8_cols(out, strlen(out)) > width)
        snprintf(out, n, "%s %s", what, who);
    if (utf8_cols(out, strlen(out)) > width)
        snprintf(out, n, "%s", what);
}

/* A waiting stretch says what for, when there is room, and at its end who ended it. */
static void end_run(struct lane_draw *d, unsigned task, uint32_t to, int woken)
{
    struct run *r = &d->run[task];
    char label[80], by[24] = "";
    int width = (int)(to - r->from) * d->s->scale - 1;
    const struct event *waker = woken ? trace_step(d->s->trace, to) : NULL;
    unsigned role = r->from > d->s->cursor ? ROLE_DIM : ROLE_BLOCKED;
    if (!r->on)
        return;
    r->on = 0;
    run_label(d->s, r, width - 1, label, sizeof label);
    int used = utf8_cols(label, strlen(label));
    if (width > 4 || width >= used)
        canvas_fit(d->c, x_of(d, r->from) + 1, y_of(d, task), width, role, label);
    if (!waker || waker->task == task)
        return;
    char who[16];
    task_number(d->s, waker->task, who, sizeof who);
    snprintf(by, sizeof by, "←%s", who);
    int room = utf8_cols(by, strlen(by));
    if (used + 2 + room <= width)
        canvas_text(d->c, x_of(d, to) - room, y_of(d, task),
                    to > d->s->cursor ? ROLE_DIM : ROLE_NOTE, by);
}

static void put_cells(struct lane_draw *d, int x, int y, unsigned style, wchar_t ch)
{
    for (int i = 0; i < d->s->scale; i++)
        canvas_put(d->c, x + i, y, style, ch);
}

static void draw_acted(struct lane_draw *d, int x, int y, const struct lane *lane, uint32_t step)
{
    unsigned style = step > d->s->cursor ? ROLE_DIM : ROLE_RUNNING;
    if (marks_at(&d->s->marks, step, EV_FINDING))
        style = ROLE_BAD;
    canvas_put(d->c, x, y, (style | ATTR_REVERSE), (wchar_t)lane->letter);
    for (int i = 1; i < d->s->scale; i++)
        canvas_put(d->c, x + i, y, style, L'█');
}

static int is_waiting(const struct lane *lane)
{
    return !lane->letter && lane->state == TASK_BLOCKED;
}

static void follow_run(struct lane_draw *d, unsigned task, const struct lane *lane, uint32_t step)
{
    struct run *r = &d->run[task];
    if (r->on && (!is_waiting(lane) || lane->addr != r->addr || lane->by != r->by))
        end_run(d, task, step, !is_waiting(lane));
    if (!r->on && is_waiting(lane))
        *r = (struct run){lane->addr, step, lane->by, lane->reason, 1};
}

static void draw_lane(struct lane_draw *d, unsigned task, const struct lane *lane, uint32_t step)
{
    int x = x_of(d, step), y = y_of(d, task);
    unsigned style = step > d->s->cursor ? ROLE_DIM : state_role(lane->state);
    if (!lane->exists)
        return;
    follow_run(d, task, lane, step);
    if (lane->letter)
        draw_acted(d, x, y, lane, step);
    else if (lane->orphaned)
        canvas_put(d->c, x, y, ROLE_NOTE | ATTR_REVERSE, L'o');
    else if (lane->state == TASK_DONE) {
        if (!d->ended[task] || step == d->s->first)
            canvas_put(d->c, x, y, style, L'×');
    } else
        put_cells(d, x, y, style, state_glyph(lane->state));
    d->ended[task] = lane->state == TASK_DONE && !lane->letter;
}

/* An arrow from the lane of who woke to that of who was woken, where there is a row between lanes;
 * else a tip in the lane of who was woken, pointing away from where it came. */
static void draw_wake(struct lane_draw *d, const struct event *e, unsigned from, unsigned to,
                      int words)
{
    struct step *s = d->s;
    int down = s->place[to] > s->place[from], x = x_of(d, e->step), end = y_of(d, to);
    unsigned role = e->step > s->cursor ? ROLE_DIM : ROLE_NOTE;
    if (d->spacing < 2) {
        if (s->all_wakes)
            canvas_put(d->c, x, end, role, down ? L'▼' : L'▲');
        return;
    }
    int y = y_of(d, from) + (down ? 1 : -1), tip = end + (down ? -1 : 1);
    for (; down ? y <= tip : y >= tip; y += down ? 1 : -1)
        canvas_put(d->c, x, y, role, y == tip ? (down ? L'▼' : L'▲') : L'│');
    char who[16];
    task_number(s, to, who, sizeof who);
    if (words)
        canvas_printf(d->c, x + 2, tip, role, _("wakes %s"), who);
}

static int is_shown(const struct lane_draw *d, unsigned task)
{
    int row = (int)d->s->place[task] - d->s->lane_top;
    return row >= 0 && row < d->rows;
}

/* Who was woken at a step: by a signal, or by what it waited for becoming free. */
static void draw_wakes_at(struct lane_draw *d, uint32_t step)
{
    const struct trace *t = d->s->trace;
    const struct event *acted = trace_step(t, step);
    int here = step == d->s->cursor;
    for (size_t i = t->step_start[step]; acted && i < trace_step_end(t, step); i++) {
        const struct event *e = &t->events[i];
        if (e->kind == EV_WAKE && e->other != NO_TASK && is_shown(d, e->other))
            draw_wake(d, e, e->task, e->other, here);
        else if (e->kind == EV_READY && e->task != acted->task && d->s->all_wakes &&
                 is_shown(d, e->task))
            draw_wake(d, e, acted->task, e->task, 0);
    }
}

/* At the cursor; on demand everywhere. */
static void draw_wakes(struct lane_draw *d, uint32_t n)
{
    for (uint32_t i = 0; i < n && d->s->all_wakes; i++)
        if (d->s->first + i != d->s->cursor)
            draw_wakes_at(d, d->s->first + i);
    draw_wakes_at(d, d->s->cursor);
}

static void draw_cursor(struct lane_draw *d)
{
    struct step *s = d->s;
    int x = x_of(d, s->cursor);
    for (int i = 0; i < d->rows * d->spacing; i++) {
        int y = d->cells.y + i;
        if (y >= d->cells.y + d->cells.h || y >= d->c->rows || x >= d->c->cols)
            break;
        const struct cell *cell = canvas_at(d->c, x, y);
        if (cell->ch == L' ' && !(cell->style & ATTR_REVERSE))
            canvas_put(d->c, x, y, ROLE_BORDER, L'│');
        else if (!(cell->style & ATTR_REVERSE) && s->scale > 1)
            canvas_restyle(d->c, (struct rect){x, y, s->scale, 1}, ATTR_UNDERLINE);
    }
}

static void draw_names(struct lane_draw *d, int x, int width, unsigned ntasks)
{
    const struct world *w = step_world(d->s);
    char text[48];
    for (unsigned i = 0; i < (unsigned)d->rows && (unsigned)d->s->lane_top + i < ntasks; i++) {
        unsigned task = d->s->order[(unsigned)d->s->lane_top + i];
        int y = y_of(d, task);
        task_label(w, task, d->s->port.ops->names(d->s->port.ctx), text, sizeof text);
        if (task == w->running)
            canvas_put(d->c, x, y, ROLE_RUNNING, L'▶');
        canvas_fit(d->c, x + 1, y, width - 2, task == w->running ? ROLE_STRONG : ROLE_TEXT, text);
    }
}

/* -------- memory over time -------- */

static int is_write(unsigned kind)
{
    return kind == EV_WRITE || kind == EV_ATOMIC_STORE || kind == EV_ATOMIC_RMW ||
           kind == EV_ATOMIC_CAS;
}

static int count_places(struct step *s, int max)
{
    const struct world *w = step_world(s);
    int n = 0;
    for (uint32_t i = 0; i < w->nobjects && n < max; i++)
        n += w->objects[i].class == OBJ_PLACE && !w->objects[i].destroyed;
    return n;
}

/* The places worth a row: what the cursor's step touches, then the first ones used. */
static int pick_places(struct step *s, const struct event *here, struct world_object *out, int max)
{
    const struct world *w = step_world(s);
    const struct world_object *o = here ? world_object(w, here->addr) : NULL;
    int n = 0;
    for (uint32_t i = 0; i < w->nobjects && n < max; i++)
        if (w->objects[i].class == OBJ_PLACE && !w->objects[i].destroyed)
            out[n++] = w->objects[i];
    if (!o || o->class != OBJ_PLACE || !n)
        return n;
    for (int i = 0; i < n; i++)
        if (out[i].addr == o->addr)
            return n;
    out[n - 1] = *o;
    return n;
}

static void draw_place(struct lane_draw *d, const struct world_object *o, int y, uint32_t n)
{
    struct step *s = d->s;
    const struct names *names = s->port.ops->names(s->port.ctx);
    char text[64];
    int free_from = 0;
    const struct world_object *before = world_object(world_at(s->view, s->first), o->addr);
    if (before) {
        names->value(names->ctx, o->addr, o->size, before->value, text, sizeof text);
        free_from = d->cells.x + canvas_text(d->c, d->cells.x, y, ROLE_DIM, text);
    }
    for (uint32_t i = before ? 1 : 0; i < n; i++) {
        uint32_t step = s->first + i;
        const struct event *e = trace_step(s->trace, step);
        int x = x_of(d, step);
        unsigned style = step > s->cursor ? ROLE_DIM : ROLE_TEXT;
        int first_seen = e && !free_from && (e->kind == EV_READ || e->kind == EV_ATOMIC_LOAD);
        if (e && e->addr == o->addr && (is_write(e->kind) || first_seen)) {
            names->value(names->ctx, o->addr, o->size, first_seen ? e->a : e->b, text, sizeof text);
            for (; free_from > x; free_from--)
                canvas_put(d->c, free_from - 1, y, style, L' ');
            free_from =
                x + canvas_text(d->c, x, y, step > s->cursor ? ROLE_DIM : ROLE_CHANGED, text);
        }
        for (int k = 0; k < s->scale; k++)
            if (x + k >= free_from && free_from)
                canvas_put(d->c, x + k, y, ROLE_DIM, L'·');
    }
}

static void draw_places(struct lane_draw *d, int x, int width, int y, int max, uint32_t n)
{
    struct world_object places[MAX_PLACES];
    struct step *s = d->s;
    const struct event *here = trace_step(s->trace, s->cursor);
    struct event at = here ? *here : (struct event){0};
    int count = pick_places(s, here ? &at : NULL, places, max < MAX_PLACES ? max : MAX_PLACES);
    char name[64];
    for (int i = 0; i < count; i++) {
        object_name(s, places[i].addr, places[i].size, name, sizeof name);
        canvas_fit(d->c, x + 1, y + i, width - 2,
                   at.addr == places[i].addr ? ROLE_CHANGED : ROLE_TEXT, name);
        draw_place(d, &places[i], y + i, n);
    }
}

/* -------- all of it -------- */

/* Which lane is first: as the learner scrolled, but so that the one that acts is seen. */
static void scroll_lanes(struct step *s, int rows, unsigned ntasks)
{
    const struct world *w = step_world(s);
    int at = s->place[w->running == NO_TASK ? s->selected : w->running];
    int top = s->scroll[PANEL_TIMELINE], last = (int)ntasks - rows;
    top = at < top ? at : at >= top + rows ? at - rows + 1 : top;
    s->lane_top = top > last ? (last < 0 ? 0 : last) : top < 0 ? 0 : top;
}

static void draw_all_lanes(struct lane_draw *d, uint32_t n)
{
    unsigned ntasks = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t step = d->s->first + i;
        const struct lane *lanes = lanes_at(&d->s->lanes, step, &ntasks);
        for (int row = 0; row < d->rows; row++) {
            unsigned task = d->s->order[d->s->lane_top + row];
            if (task < ntasks)
                draw_lane(d, task, &lanes[task], step);
        }
    }
    for (int row = 0; row < d->rows; row++)
        end_run(d, d->s->order[d->s->lane_top + row], d->s->first + n, 0);
}

void draw_timeline(struct step *s, struct canvas *c, struct rect r)
{
    static struct lane_draw d; /* large, and drawing is never nested */
    unsigned ntasks = step_world(s)->ntasks;
    int names = r.w >= 100 ? 18 : r.w >= 60 ? 13 : 8, rows = r.h - 1;
    if (r.h < 2 || r.w < names + 4)
        return;
    step_order(s);
    int places = rows - (int)ntasks;
    places = places < 0 ? (rows > 6 ? 1 : 0) : places;
    places = places > count_places(s, 3) ? count_places(s, 3) : places;
    int spacing = rows - places >= 2 * (int)ntasks ? 2 : 1;
    s->lane_cells = (struct rect){r.x + names, r.y + 1, r.w - names, rows};
    if (!s->scale_fixed)
        s->scale = (int64_t)(s->trace->nsteps + 4) * 4 <= s->lane_cells.w ? 4 : 2;
    timeline_follow(s, s->lane_cells.w / s->scale);
    uint32_t shown = (uint32_t)(s->lane_cells.w / s->scale), n = s->trace->nsteps + 1 - s->first;
    n = n > shown ? shown : n;
    memset(&d, 0, sizeof d);
    d.s = s;
    d.c = c;
    d.cells = s->lane_cells;
    d.spacing = spacing;
    d.rows = (rows - places) / spacing;
    d.rows = d.rows > (int)ntasks ? (int)ntasks : d.rows;
    scroll_lanes(s, d.rows, ntasks);
    d.cells.h = d.rows * spacing;
    canvas_text(c, r.x + 1, r.y, ROLE_DIM, names > 8 ? _("step") : "");
    draw_ruler(s, c, d.cells, n);
    draw_names(&d, r.x, names, ntasks);
    draw_all_lanes(&d, n);
    draw_wakes(&d, n);
    draw_cursor(&d);
    if (places)
        draw_places(&d, r.x, names, d.cells.y + d.rows * spacing, rows - d.rows * spacing, n);
    char more[64] = "";
    if (d.rows < (int)ntasks)
        snprintf(more, sizeof more,
                 step_world(s)->nprocesses > 1 ? _("threads %d-%d of %u   ")
                                               : _("T%d-T%d of %u   "),
                 s->lane_top, s->lane_top + d.rows - 1, ntasks);
    snprintf(more + strlen(more), sizeof more - strlen(more),
             ngettext("%d cell a step", "%d cells a step", (unsigned long)s->scale), s->scale);
    struct rect clip = canvas_clip(c, s->layout.at[PANEL_TIMELINE]);
    panel_head(c, s->layout.at[PANEL_TIMELINE], panel_title(PANEL_TIMELINE), more,
               s->focus == PANEL_TIMELINE);
    c->clip = clip;
}
