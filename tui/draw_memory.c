/* View of the step screen: memory over time. A row a place: its values along the steps, who read
 * and wrote it, who touched it last; below, of the chosen one, every access with the locks held. */
#include "views.h"

#include "explain.h"

#include <stdio.h>
#include <string.h>

enum { TEXT = 200, MOST_ROWS = 512, FOOT_ROWS = 7 };

struct memory_draw {
    struct step *s;
    struct canvas *c;
    struct rect r, cells; /* all of it; the part along the steps */
    const struct memory_log *log;
    const struct names *names;
    uint32_t row[MOST_ROWS]; /* places to show */
    int nrows, chosen;
    int names_cols, last_cols, scale;
    uint32_t first, shown; /* steps */
};

/* -------- which places -------- */

static void pick_rows(struct memory_draw *d)
{
    const struct world *w = step_world(d->s);
    d->nrows = 0;
    for (uint32_t i = 0; i < memory_places(d->log) && d->nrows < MOST_ROWS; i++) {
        const struct memory_place *p = memory_place(d->log, i);
        if (p->list[0].step > d->s->cursor)
            break; /* so are all that follow */
        const struct world_object *o = world_object(w, p->addr);
        if (o && !o->destroyed && o->class == OBJ_PLACE)
            d->row[d->nrows++] = i;
    }
}

/* Up and down choose a place; the panel's scroll is its number. */
static void choose(struct memory_draw *d)
{
    int *at = &d->s->scroll[PANEL_MEMORY];
    *at = *at >= d->nrows ? d->nrows - 1 : *at;
    *at = *at < 0 ? 0 : *at;
    d->chosen = *at;
}

/* -------- along the steps -------- */

static void fit_steps(struct memory_draw *d)
{
    uint32_t last = d->s->trace->nsteps;
    d->shown = d->cells.w >= d->scale ? (uint32_t)(d->cells.w / d->scale) : 1;
    uint32_t before = d->shown * 2 / 3;
    d->first = d->s->cursor > before ? d->s->cursor - before : 0;
    if (last + 1 < d->first + d->shown)
        d->first = last + 1 > d->shown ? last + 1 - d->shown : 0;
}

static int x_of(const struct memory_draw *d, uint32_t step)
{
    return d->cells.x + (int)(step - d->first) * d->scale;
}

static void draw_steps_ruler(struct memory_draw *d)
{
    int y = d->cells.y;
    for (uint32_t i = 0; i < d->shown && d->first + i <= d->s->trace->nsteps; i++)
        if ((d->first + i) % 5 == 0 && d->first + i != d->s->cursor)
            canvas_printf(d->c, x_of(d, d->first + i), y, ROLE_DIM, "%u", d->first + i);
    char text[24];
    snprintf(text, sizeof text, "▼%u", d->s->cursor);
    int x = x_of(d, d->s->cursor), width = utf8_cols(text, strlen(text));
    if (x + width > d->cells.x + d->cells.w)
        x = d->cells.x + d->cells.w - width;
    canvas_text(d->c, x, y, ROLE_KEY, text);
}

/* The value an access leaves in the place; 0: it is not known. */
static int value_at(const struct memory_draw *d, const struct memory_place *p, uint32_t step,
                    char *out, size_t n)
{
    const struct event *e = trace_step(d->s->trace, step);
    if (e->kind == EV_COPY || e->flags & EVF_UNSEEN) {
        snprintf(out, n, "?");
        return 0;
    }
    d->names->value(d->names->ctx, p->addr, e->size, memory_is_write(e, p->addr) ? e->b : e->a, out,
                    n);
    return 1;
}

/* "W1", "R12": what was done, and by which task. */
static void draw_mark(struct memory_draw *d, const struct memory_place *p, uint32_t step, int y)
{
    const struct event *e = trace_step(d->s->trace, step);
    int writes = memory_is_write(e, p->addr);
    char text[16];
    snprintf(text, sizeof text, "%c%u", writes ? 'W' : 'R', e->task);
    unsigned style = step > d->s->cursor                        ? ROLE_DIM
                     : marks_at(&d->s->marks, step, EV_FINDING) ? ROLE_BAD
                     : writes                                   ? ROLE_CHANGED
                                                                : ROLE_TEXT;
    canvas_fit(d->c, x_of(d, step), y, d->scale,
               step == d->s->cursor ? style | ATTR_REVERSE : style, text);
}

/* The values in one row, and if there are two, who did it in the other. */
static void draw_history(struct memory_draw *d, const struct memory_place *p, int y, int two)
{
    uint32_t from = memory_until(p, d->first ? d->first - 1 : 0);
    uint32_t end = memory_until(p, d->first + d->shown - 1);
    char text[64];
    int free_from = d->cells.x, right = d->cells.x + d->cells.w;
    if (from) {
        value_at(d, p, p->list[from - 1].step, text, sizeof text);
        free_from += canvas_fit(d->c, d->cells.x, y, d->cells.w, ROLE_DIM, text);
    }
    for (uint32_t i = from; i < end; i++) {
        uint32_t step = p->list[i].step;
        int x = x_of(d, step), until = i + 1 < end ? x_of(d, p->list[i + 1].step) : right;
        int writes = p->list[i].writes;
        unsigned style = step > d->s->cursor ? ROLE_DIM : writes ? ROLE_CHANGED : ROLE_TEXT;
        for (int k = i || from ? free_from : x; k < x; k++)
            canvas_put(d->c, k, y, ROLE_DIM, L'·');
        value_at(d, p, step, text, sizeof text);
        if (two || writes || (i == 0 && !from))
            free_from = x + canvas_fit(d->c, x, y, until - x, style, text);
        else
            free_from = x + canvas_put(d->c, x, y, style, L'r');
        if (two)
            draw_mark(d, p, step, y + 1);
    }
    int last = x_of(d, d->s->trace->nsteps) + d->scale;
    for (int k = free_from; k < last && k < right; k++)
        canvas_put(d->c, k, y, ROLE_DIM, L'·');
}

/* -------- a row -------- */

static int found_race(struct memory_draw *d, const struct memory_place *p)
{
    for (size_t i = 0; i < d->s->marks.n; i++) {
        const struct mark *m = &d->s->marks.list[i];
        const struct event *e = &d->s->trace->events[m->event];
        if (m->kind == EV_FINDING && e->a == FIND_DATA_RACE && m->step <= d->s->cursor &&
            e->addr >= p->addr && e->addr < p->addr + (p->size ? p->size : 1))
            return 1;
    }
    return 0;
}

static void draw_last(struct memory_draw *d, const struct memory_place *p, int y)
{
    char who[16], text[TEXT];
    uint32_t n = memory_until(p, d->s->cursor);
    const struct event *e = trace_step(d->s->trace, p->list[n - 1].step);
    task_number(d->s, e->task, who, sizeof who);
    snprintf(text, sizeof text,
             memory_is_write(e, p->addr) ? _("written by %s at %u") : _("read by %s at %u"), who,
             e->step);
    canvas_fit(d->c, d->r.x + d->r.w - d->last_cols + 1, y, d->last_cols - 2,
               e->step == d->s->cursor ? ROLE_CHANGED : ROLE_DIM, text);
}

static void draw_place_row(struct memory_draw *d, int i, int y, int two)
{
    const struct memory_place *p = memory_place(d->log, d->row[i]);
    char name[64];
    object_name(d->s, p->addr, p->size, name, sizeof name);
    int race = found_race(d, p);
    canvas_put(d->c, d->r.x, y, race ? ROLE_BAD : ROLE_TEXT, race ? L'!' : L' ');
    canvas_fit(d->c, d->r.x + 1, y, d->names_cols - 2, i == d->chosen ? ROLE_STRONG : ROLE_TEXT,
               name);
    draw_history(d, p, y, two);
    if (d->last_cols)
        draw_last(d, p, y);
    if (i == d->chosen)
        canvas_restyle(d->c, (struct rect){d->r.x, y, d->names_cols - 1, 1}, ATTR_REVERSE);
}

/* -------- the chosen place -------- */

static void draw_access(struct memory_draw *d, const struct memory_place *p, uint32_t i, int y)
{
    const struct event *e = trace_step(d->s->trace, p->list[i].step);
    char who[16], what[TEXT], held[TEXT] = "", name[64], text[2 * TEXT];
    uint32_t n;
    size_t at = 0;
    const uint64_t *locks = memory_locks(d->log, p->list[i].locks, &n);
    for (uint32_t k = 0; k < n && at < sizeof held; k++) {
        object_name(d->s, locks[k], 0, name, sizeof name);
        at += (size_t)snprintf(held + at, sizeof held - at, "%s%s", k ? ", " : "", name);
    }
    task_number(d->s, e->task, who, sizeof who);
    explain_operation(e, d->s->trace, d->names, what, sizeof what);
    unsigned role = e->step > d->s->cursor ? ROLE_DIM : ROLE_TEXT;
    int x = d->r.x + 1;
    canvas_printf(d->c, x, y, e->step == d->s->cursor ? ROLE_RUNNING : ROLE_LINE_NUMBER, "%5u",
                  e->step);
    x += 7;
    x += canvas_fit(d->c, x, y, 7, role, who) + 1;
    int width = d->r.w >= 60 ? 34 : (d->r.x + d->r.w - x) / 2;
    canvas_fit(d->c, x, y, width, role, what);
    if (*held)
        snprintf(text, sizeof text, _("holds %s"), held);
    else
        snprintf(text, sizeof text, "%s", _("holds no lock"));
    x += width + 1;
    canvas_fit(d->c, x, y, d->r.x + d->r.w - x, *held ? ROLE_NOTE : role, text);
}

static void draw_foot(struct memory_draw *d, int y, int rows)
{
    const struct memory_place *p = memory_place(d->log, d->row[d->chosen]);
    struct memory_summary sum;
    char name[64], rule[TEXT];
    memory_summarise(d->log, p, d->s->cursor, &sum);
    object_name(d->s, p->addr, p->size, name, sizeof name);
    memory_rule_words(d->s->trace, d->s->cursor, step_world(d->s), d->names, &sum, rule,
                      sizeof rule);
    for (int x = d->r.x; x < d->r.x + d->r.w; x++)
        canvas_put(d->c, x, y, ROLE_BORDER, L'─');
    int x = d->r.x + 1 + canvas_fit(d->c, d->r.x + 1, y, d->r.w / 3, ROLE_STRONG, name);
    x += canvas_text(d->c, x, y, ROLE_TEXT, ": ");
    int suspect =
        sum.rule == RULE_DIFFERENT || sum.rule == RULE_SOMETIMES || sum.rule == RULE_NEVER;
    x += canvas_fit(d->c, x, y, d->r.x + d->r.w - x - 1, suspect ? ROLE_NOTE : ROLE_GOOD, rule);
    canvas_put(d->c, x, y, ROLE_TEXT, L' ');
    uint32_t n = memory_until(p, d->s->cursor), show = (uint32_t)(rows - 1);
    uint32_t from = n > show ? n - show : 0;
    for (uint32_t i = 0; i < show && from + i < p->n; i++)
        draw_access(d, p, from + i, y + 1 + (int)i);
}

/* -------- locals -------- */

/* What only its own thread can see is no step, so there is no history: its value now. */
static int count_locals(struct memory_draw *d)
{
    const struct variables *v = variables_at(d->s);
    return v->n - v->nglobals;
}

static void draw_locals(struct memory_draw *d, int y, int rows)
{
    const struct variables *v = variables_at(d->s);
    char text[TEXT], who[48];
    task_label(step_world(d->s), v->task, d->names, who, sizeof who);
    snprintf(text, sizeof text, _("of %s, at this step:"), who);
    canvas_fit(d->c, d->r.x + 1, y, d->r.w - 2, ROLE_DIM, text);
    for (int i = 0; i < rows - 1 && v->nglobals + i < v->n; i++) {
        const struct variable *k = &v->row[v->nglobals + i];
        int x = d->r.x + 1 + 2 * k->depth;
        canvas_fit(d->c, x, y + 1 + i, d->r.x + d->names_cols - 1 - x, ROLE_TEXT, k->name);
        canvas_fit(d->c, d->r.x + d->names_cols, y + 1 + i, d->r.w - d->names_cols, ROLE_STRONG,
                   k->value);
    }
}

/* -------- all of it -------- */

static void draw_rows(struct memory_draw *d, int y, int rows)
{
    int two = d->nrows * 2 <= rows, each = two ? 2 : 1, fit = rows / each;
    int top = d->chosen >= fit ? d->chosen - fit + 1 : 0;
    struct views *kept = views_of(d->s);
    kept->memory_cells = (struct rect){d->cells.x, y, d->cells.w, fit * each};
    kept->memory_first = d->first;
    kept->memory_scale = d->scale;
    kept->memory_top = top;
    kept->memory_each = each;
    for (int i = 0; i < fit && top + i < d->nrows; i++)
        draw_place_row(d, top + i, y + i * each, two);
}

/* The accesses of the chosen place get what places and locals leave, and a few rows in any case
 * where there is room for both. */
static int foot_rows(const struct memory_draw *d, int locals)
{
    int least = d->r.h >= 14 ? FOOT_ROWS : d->r.h >= 8 ? 4 : 0;
    int left = d->r.h - 1 - 2 * d->nrows - locals;
    int most = 1 + (int)memory_place(d->log, d->row[d->chosen])->n;
    if (!least)
        return 0;
    left = left > most ? most : left;
    return left > least ? left : least;
}

/* Locals stand where a third of the height is enough for them. */
static int local_rows(struct memory_draw *d)
{
    int n = d->r.h >= 14 ? count_locals(d) : 0, most = d->r.h / 3;
    return !n ? 0 : n + 1 < most ? n + 1 : most;
}

static void draw_parts(struct memory_draw *d)
{
    int locals = local_rows(d), foot = foot_rows(d, locals), rows = d->r.h - 1 - foot - locals;
    fit_steps(d);
    draw_steps_ruler(d);
    draw_rows(d, d->r.y + 1, rows);
    if (locals)
        draw_locals(d, d->r.y + 1 + rows, locals);
    if (foot)
        draw_foot(d, d->r.y + d->r.h - foot, foot);
}

void draw_memory(struct step *s, struct canvas *c, struct rect r)
{
    static struct memory_draw d; /* large, and drawing is never nested */
    struct views *kept = views_of(s);
    if (!kept->memory)
        kept->memory = memory_log_new();
    memory_log_update(kept->memory, s->view);
    d = (struct memory_draw){
        .s = s, .c = c, .r = r, .log = kept->memory, .names = s->port.ops->names(s->port.ctx)};
    d.names_cols = r.w >= 100 ? 24 : r.w >= 60 ? 16 : 12;
    d.last_cols = r.w >= 100 ? 26 : 0;
    d.scale = 4;
    d.cells = (struct rect){r.x + d.names_cols, r.y, r.w - d.names_cols - d.last_cols, r.h};
    pick_rows(&d);
    choose(&d);
    char more[48] = "";
    if (d.nrows && d.cells.w > 0) {
        draw_parts(&d);
        snprintf(more, sizeof more, _("%d of %d"), d.chosen + 1, d.nrows);
    } else
        canvas_text(c, r.x + 1, r.y, ROLE_DIM, _("(no shared memory touched yet)"));
    struct rect clip = canvas_clip(c, s->layout.at[PANEL_MEMORY]);
    panel_head(c, s->layout.at[PANEL_MEMORY], panel_title(PANEL_MEMORY), more,
               s->focus == PANEL_MEMORY);
    c->clip = clip;
}
