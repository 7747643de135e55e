/* The step screen: this run beside the one before it. */
#include "step_internal.h"

#include "compare.h"
#include "explain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A trace of that many events takes some 20 MB: a longer one is not kept. */
enum { EVENTS_KEPT = 200000 };

struct step_other {
    struct trace trace;
    struct world_view *view;
    int too_long;
    /* the comparison, and of which state of this run it is */
    int has;
    size_t events, cuts;
    struct compare c;
    struct buf words;
};

static void forget(struct step_other *o)
{
    if (o->has)
        compare_fini(&o->c);
    buf_fini(&o->words);
    o->has = 0;
}

void step_compare_free(struct step *s)
{
    struct step_other *o = s->other;
    if (!o)
        return;
    forget(o);
    world_view_free(o->view);
    trace_fini(&o->trace);
    free(o);
    s->other = NULL;
}

void step_compare_keep(struct step *s)
{
    if (!s->trace->nsteps)
        return; /* nothing has run: the one before stays */
    step_compare_free(s);
    s->other = xcalloc(1, sizeof *s->other);
    trace_init(&s->other->trace);
    s->other->too_long = s->trace->nevents > EVENTS_KEPT;
    if (!s->other->too_long)
        trace_copy(&s->other->trace, s->trace);
    s->other->view = world_view_new(&s->other->trace);
}

/* The comparison with the run as it is now; NULL when there is nothing to compare with. */
static const struct compare *compare_now(struct step *s)
{
    struct step_other *o = s->other;
    if (!o || o->too_long)
        return NULL;
    if (o->has && o->events == s->trace->nevents && o->cuts == s->trace->ncuts)
        return &o->c;
    forget(o);
    compare_runs(s->view, o->view, &o->c);
    compare_say(&o->c, s->trace, &o->trace, s->port.ops->names(s->port.ctx), &o->words);
    o->has = 1;
    o->events = s->trace->nevents;
    o->cuts = s->trace->ncuts;
    return &o->c;
}

void act_step_compare(struct step *s, const struct input *in)
{
    (void)in;
    if (s->main_view == PANEL_COMPARE) {
        step_show_view(s, PANEL_COUNT);
        return;
    }
    if (!s->other)
        step_say(s, ROLE_NOTE,
                 _("there is no run before this one: take another turn (a digit, t), then c"));
    else if (s->other->too_long)
        step_say(s, ROLE_NOTE, _("the run before was too long to be kept; u brings it back"));
    else {
        const struct compare *c = compare_now(s);
        step_show_view(s, PANEL_COMPARE);
        if (c->first)
            step_seek(s, c->first);
    }
}

/* -------- drawing -------- */

enum { NUMBER_COLS = 7, ROWS_OF_WORDS = 6 };

static void draw_cell(struct step *s, struct canvas *c, struct rect r, const struct trace *t,
                      uint32_t step, unsigned style)
{
    const struct event *e = trace_step(t, step);
    const struct names *names = s->port.ops->names(s->port.ctx);
    char what[128], row[160], who[16];
    int finding = 0;
    if (!e) {
        if (step == t->nsteps + 1)
            canvas_fit(c, r.x, r.y, r.w, ROLE_DIM,
                       trace_find_back(t, t->nsteps, EV_FINISHED) ? _("(the end)") : _("(so far)"));
        return;
    }
    for (size_t i = t->step_start[step]; i < trace_step_end(t, step); i++)
        finding |= t->events[i].kind == EV_FINDING;
    explain_operation(e, t, names, what, sizeof what);
    if (trace_is_forked(t, step))
        snprintf(who, sizeof who, "P%u.T%u", e->process, e->task);
    else
        snprintf(who, sizeof who, "T%u", e->task);
    snprintf(row, sizeof row, "%s %s", who, what);
    canvas_fit(c, r.x, r.y, r.w - 2, finding ? ROLE_BAD : style, row);
    if (finding)
        canvas_put(c, r.x + r.w - 2, r.y, ROLE_BAD, L'!');
}

static void draw_row(struct step *s, struct canvas *c, struct rect r, uint32_t step,
                     const struct compare *cmp)
{
    int half = (r.w - NUMBER_COLS) / 2;
    struct rect left = {r.x + NUMBER_COLS, r.y, half, 1};
    struct rect right = {left.x + half, r.y, r.w - NUMBER_COLS - half, 1};
    int same = step <= cmp->common;
    canvas_printf(c, r.x + 1, r.y, ROLE_LINE_NUMBER, "%5u", step);
    if (step == cmp->first)
        canvas_put(c, r.x, r.y, ROLE_NOTE, L'▶');
    draw_cell(s, c, left, s->trace, step, same ? ROLE_DIM : ROLE_TEXT);
    draw_cell(s, c, right, &s->other->trace, step, same ? ROLE_DIM : ROLE_TEXT);
    if (step == cmp->first)
        canvas_restyle(c, (struct rect){r.x, r.y, r.w, 1}, ATTR_BOLD);
    if (step == s->cursor)
        canvas_restyle(c, (struct rect){r.x, r.y, r.w, 1}, ATTR_REVERSE);
}

static void draw_titles(struct canvas *c, struct rect r)
{
    int half = (r.w - NUMBER_COLS) / 2;
    canvas_fit(c, r.x + 1, r.y, NUMBER_COLS - 1, ROLE_PANEL, _("step"));
    canvas_fit(c, r.x + NUMBER_COLS, r.y, half - 1, ROLE_PANEL, _("this run"));
    canvas_fit(c, r.x + NUMBER_COLS + half, r.y, half, ROLE_PANEL,
               _("the run before (u brings it back)"));
}

static void draw_rows(struct step *s, struct canvas *c, struct rect r, const struct compare *cmp)
{
    uint32_t last = s->trace->nsteps, rows = (uint32_t)(r.h > 0 ? r.h : 0);
    if (s->other->trace.nsteps > last)
        last = s->other->trace.nsteps;
    last++; /* where the one that ended says so */
    uint32_t half = rows / 2, top = s->cursor > half ? s->cursor - half : 1;
    if (top + rows > last + 1)
        top = last + 1 > rows ? last + 1 - rows : 1;
    s->table_first = top;
    for (uint32_t i = 0; i < rows && top + i <= last; i++)
        draw_row(s, c, (struct rect){r.x, r.y + (int)i, r.w, 1}, top + i, cmp);
}

void draw_compare(struct step *s, struct canvas *c, struct rect r)
{
    const struct compare *cmp = compare_now(s);
    char more[96] = "";
    if (cmp && cmp->first)
        snprintf(more, sizeof more, _("the first difference: step %u"), cmp->first);
    struct rect clip = canvas_clip(c, s->layout.at[PANEL_COMPARE]);
    panel_head(c, s->layout.at[PANEL_COMPARE], panel_title(PANEL_COMPARE), more,
               s->focus == PANEL_COMPARE);
    c->clip = clip;
    if (!cmp) {
        canvas_fit(c, r.x + 1, r.y, r.w - 2, ROLE_DIM,
                   s->other ? _("the run before was too long to be kept")
                            : _("no other turn was taken yet: a digit or t takes one"));
        return;
    }
    const char *words = s->other->words.data ? s->other->words.data : "";
    int lines = text_lines(r.w - 2, words), most = r.h / 3;
    lines = lines > most ? most : lines;
    draw_titles(c, r);
    draw_rows(s, c, (struct rect){r.x, r.y + 1, r.w, r.h - 2 - lines}, cmp);
    struct rect below = {r.x + 1, r.y + r.h - lines, r.w - 2, lines};
    struct rect before = canvas_clip(c, below);
    text_wrap(c, below, 0, ROLE_TEXT, words, NULL, 0);
    c->clip = before;
}
