/* View of the step screen: who waits for whom, as a graph. Three ways to draw it, by the room there
 * is: tasks and what they wait for in boxes; two rows an edge; one row an edge. */
#include "step_internal.h"

#include "explain.h"
#include "wait_for.h"

#include <stdio.h>
#include <string.h>

enum { MARGIN = 4, TEXT = 200 };

struct waits_draw {
    struct step *s;
    struct canvas *c;
    struct rect r; /* below the summary */
    const struct wait_graph *g;
    struct wait_words x;
    int y;               /* of the next row, may lie outside of r */
    int from[MAX_TASKS]; /* the row at which the box of an edge stands */
};

static unsigned role_of(const struct wait_edge *e)
{
    static const unsigned roles[] = {
        [HOPE_SOME] = ROLE_BLOCKED, [HOPE_BEHIND] = ROLE_BLOCKED, [HOPE_LOOSE] = ROLE_NOTE,
        [HOPE_CIRCLE] = ROLE_BAD,   [HOPE_NOBODY] = ROLE_BAD,
    };
    return roles[e->hope];
}

static wchar_t sign_of(const struct wait_edge *e)
{
    static const wchar_t signs[] = {[HOPE_SOME] = L'·',
                                    [HOPE_BEHIND] = L'─',
                                    [HOPE_LOOSE] = L'•',
                                    [HOPE_CIRCLE] = L'■',
                                    [HOPE_NOBODY] = L'×'};
    return signs[e->hope];
}

static void label_of(struct waits_draw *d, unsigned task, char *out, size_t n)
{
    task_label(d->x.w, task, d->x.names, out, n);
}

/* At what an edge waits, as the name of a node; a wait for a task has none of its own. */
static int node_of(struct waits_draw *d, const struct wait_edge *e, char *out, size_t n)
{
    const struct world_object *o = world_object(d->x.w, e->addr);
    char name[64];
    if (!e->addr)
        return 0;
    object_name(d->s, e->addr, 0, name, sizeof name);
    if (o && o->class != OBJ_PLACE && o->class != OBJ_NONE)
        snprintf(out, n, "%s %s", object_class_name(o->class), name);
    else
        snprintf(out, n, "%s", name);
    return 1;
}

/* Where the way from edge i goes on. */
enum way {
    WAY_OPEN,  /* to nobody in particular */
    WAY_DOWN,  /* to the next edge */
    WAY_UP,    /* back to the beginning of its circle */
    WAY_ABOVE, /* to one that stands above */
    WAY_OUT    /* to one that does not wait */
};

static enum way way_of(const struct wait_graph *g, unsigned i)
{
    unsigned next = g->edge[i].next;
    if (next == NO_TASK)
        return WAY_OPEN;
    if (i + 1 < g->n && g->edge[i + 1].task == next)
        return WAY_DOWN;
    if (g->edge_of[next] == NO_TASK)
        return WAY_OUT;
    return g->circle_of[i] == NO_TASK ? WAY_ABOVE : WAY_UP;
}

/* A line at the left from row `from` down to row `to`, with an arrow into the upper one. */
static void draw_return(struct waits_draw *d, int from, int to, unsigned role)
{
    int x = d->r.x + 1;
    canvas_put(d->c, x, from, role, L'┌');
    canvas_put(d->c, x + 1, from, role, L'▶');
    for (int y = from + 1; y < to; y++)
        canvas_put(d->c, x, y, role, L'│');
    canvas_put(d->c, x, to, role, L'└');
}

static void draw_run(struct waits_draw *d, int x, int y, int to, unsigned role)
{
    for (; x < to; x++)
        canvas_put(d->c, x, y, role, L'─');
}

/* Whom the last of a chain waits for when that one does not wait itself. */
static void out_words(struct waits_draw *d, unsigned task, char *out, size_t n)
{
    const struct world_task *k = &d->x.w->tasks[task];
    char who[48], what[96] = "";
    label_of(d, task, who, sizeof who);
    if (k->pending.kind != EV_NONE)
        explain_operation(&k->pending, d->x.t, d->x.names, what, sizeof what);
    if (*what)
        snprintf(out, n, _("%s: %s; does next: %s"), who, task_state_name(k->state), what);
    else
        snprintf(out, n, _("%s: %s"), who, task_state_name(k->state));
}

/* -------- one row an edge -------- */

static void draw_row(struct waits_draw *d, unsigned i)
{
    const struct wait_edge *e = &d->g->edge[i];
    char who[48], node[80], text[TEXT];
    int x = d->r.x, y = d->y++, right = d->r.x + d->r.w;
    canvas_put(d->c, x, y, role_of(e), sign_of(e));
    label_of(d, e->task, who, sizeof who);
    x += 2 + canvas_fit(d->c, x + 2, y, d->r.w / 3, ROLE_STRONG, who);
    x += canvas_text(d->c, x, y, role_of(e), " → ");
    if (node_of(d, e, node, sizeof node)) {
        object_name(d->s, e->addr, 0, node, sizeof node);
        x += canvas_fit(d->c, x, y, d->r.w / 3, ROLE_TEXT, node);
        if (e->next != NO_TASK)
            x += canvas_text(d->c, x, y, role_of(e), " → ");
    }
    if (e->next != NO_TASK) {
        task_number(d->s, e->next, who, sizeof who);
        x += canvas_text(d->c, x, y, ROLE_STRONG, who);
    }
    snprintf(text, sizeof text, _("since step %u"), e->since);
    canvas_fit(d->c, x + 2, y, right - x - 2, ROLE_DIM, text);
}

/* -------- two rows an edge -------- */

static void draw_pair(struct waits_draw *d, unsigned i)
{
    const struct wait_edge *e = &d->g->edge[i];
    char text[TEXT];
    int x = d->r.x + MARGIN, y = d->y, right = d->r.x + d->r.w;
    unsigned role = role_of(e);
    enum way way = way_of(d->g, i);
    d->from[i] = y;
    canvas_put(d->c, x - 1, y, role, sign_of(e));
    label_of(d, e->task, text, sizeof text);
    x += 1 + canvas_fit(d->c, x + 1, y, d->r.w / 4, ROLE_STRONG, text);
    wait_what(&d->x, e, text, sizeof text);
    canvas_fit(d->c, x + 2, y, right - x - 2, role, text);
    x = d->r.x + MARGIN + 1;
    wait_who(&d->x, e, text, sizeof text);
    if (way == WAY_UP) {
        int to = d->from[d->g->edge_of[e->next]];
        draw_return(d, to, y + 1, role);
        draw_run(d, d->r.x + 2, y + 1, x, role);
    } else
        canvas_put(d->c, x - 1, y + 1, role,
                   way == WAY_DOWN    ? L'▼'
                   : way == WAY_ABOVE ? L'▲'
                                      : L'└');
    x += canvas_fit(d->c, x + 1, y + 1, right - x - 2, ROLE_TEXT, text) + 1;
    if (way == WAY_OUT && right - x > 12) {
        out_words(d, e->next, text, sizeof text);
        x += canvas_text(d->c, x + 1, y + 1, role, "→") + 2;
        canvas_fit(d->c, x, y + 1, right - x, ROLE_DIM, text);
    }
    d->y += 2;
}

/* -------- boxes -------- */

enum { BOX_HEIGHT = 4, BOX_ROWS = 6 }; /* with what is between two */

static void draw_node(struct waits_draw *d, struct rect r, unsigned role, unsigned text_role,
                      const char *text, const char *below)
{
    canvas_box(d->c, r, role);
    canvas_fit(d->c, r.x + 2, r.y + 1, r.w - 4, text_role, text);
    canvas_fit(d->c, r.x + 2, r.y + 2, r.w - 4, ROLE_TEXT, below);
}

/* From what is waited for down, and to the left to whom it leads. */
static void draw_lead(struct waits_draw *d, unsigned i, struct rect box, struct rect node)
{
    const struct wait_edge *e = &d->g->edge[i];
    unsigned role = role_of(e);
    enum way way = way_of(d->g, i);
    char text[TEXT];
    int y = node.y + node.h, at = node.x + 4;
    if (way == WAY_OPEN)
        return;
    canvas_put(d->c, at, y - 1, role, L'┬');
    canvas_put(d->c, at, y, role, L'┘');
    int left = way == WAY_UP ? d->r.x + 2 : box.x + 4;
    draw_run(d, left, y, at, role);
    if (way == WAY_UP)
        draw_return(d, d->from[d->g->edge_of[e->next]] + 1, y, role);
    else
        canvas_put(d->c, left, y, role, L'┌');
    if (way == WAY_DOWN)
        canvas_put(d->c, left, y + 1, role, L'▼');
    if (way == WAY_OUT || way == WAY_ABOVE) {
        if (way == WAY_OUT)
            out_words(d, e->next, text, sizeof text);
        else
            label_of(d, e->next, text, sizeof text);
        canvas_put(d->c, left, y, role, way == WAY_OUT ? L'◀' : L'▲');
        canvas_textn(d->c, left + 1, y, role, " ", 1);
        int width = canvas_fit(d->c, left + 2, y, at - left - 3, ROLE_TEXT, text);
        canvas_put(d->c, left + 2 + width, y, role, L' ');
    }
}

/* The line to what is waited for says since when where it is long enough, else the box does. */
static void draw_boxes(struct waits_draw *d, unsigned i)
{
    const struct wait_edge *e = &d->g->edge[i];
    unsigned role = role_of(e);
    char what[TEXT], node[TEXT], who[TEXT];
    int wide = d->r.w >= 110, gap = wide ? 40 : 5;
    struct rect box = {d->r.x + MARGIN, d->y, wide ? 28 : 20, BOX_HEIGHT};
    struct rect to = {box.x + box.w + gap, d->y, 0, BOX_HEIGHT};
    to.w = d->r.x + d->r.w - to.x - 1;
    to.w = to.w > 90 ? 90 : to.w;
    d->from[i] = d->y;
    label_of(d, e->task, who, sizeof who);
    draw_node(d, box, role, ROLE_STRONG, who, task_state_name(d->x.w->tasks[e->task].state));
    draw_run(d, box.x + box.w, d->y + 1, to.x - 1, role);
    canvas_put(d->c, to.x - 1, d->y + 1, role, L'▶');
    wait_what(&d->x, e, what, sizeof what);
    wait_who(&d->x, e, who, sizeof who);
    if (wide)
        canvas_fit(d->c, box.x + box.w + 1, d->y, gap - 2, role, what);
    if (!wide || !node_of(d, e, node, sizeof node))
        snprintf(node, sizeof node, "%s", wide ? "" : what);
    unsigned text_role = e->hope >= HOPE_CIRCLE ? role : ROLE_TEXT;
    draw_node(d, to, role, text_role, *node ? node : who, *node ? who : "");
    draw_lead(d, i, box, to);
    d->y += BOX_ROWS;
}

/* -------- all of it -------- */

void draw_waits(struct step *s, struct canvas *c, struct rect r)
{
    static struct wait_graph g; /* large, and drawing is never nested */
    const struct world *w = step_world(s);
    char text[2 * TEXT];
    wait_for(&g, w);
    struct waits_draw d = {.s = s, .c = c, .g = &g};
    d.x = (struct wait_words){w, s->trace, s->port.ops->names(s->port.ctx)};
    d.r = (struct rect){r.x, r.y + 1, r.w, r.h - 1};
    wait_summary(&d.x, &g, text, sizeof text);
    canvas_fit(c, r.x + 1, r.y, r.w - 2,
               g.nclosed    ? ROLE_BAD
               : g.ncircles ? ROLE_NOTE
                            : ROLE_STRONG,
               text);
    int rows = d.r.h, n = (int)g.n;
    int each = r.w >= 66 && n * BOX_ROWS - 1 <= rows ? BOX_ROWS
               : r.w >= 46 && 2 * n <= rows          ? 2
                                                     : 1;
    if (each == 1 && r.w >= 66 && rows >= 2 * BOX_ROWS)
        each = 2;
    int *skip = &s->scroll[PANEL_WAITS], last = (n * each - rows + each - 1) / each;
    *skip = *skip > last ? last : *skip;
    *skip = *skip < 0 ? 0 : *skip;
    d.y = d.r.y - *skip * each;
    struct rect kept = canvas_clip(c, d.r);
    for (unsigned i = 0; i < g.n; i++)
        (each == 1 ? draw_row : each == 2 ? draw_pair : draw_boxes)(&d, i);
    c->clip = kept;
    *text = 0;
    if (n * each > rows + 1)
        snprintf(text, sizeof text, _("%d-%d of %d"), *skip + 1,
                 *skip + rows / each < n ? *skip + rows / each : n, n);
    struct rect clip = canvas_clip(c, s->layout.at[PANEL_WAITS]);
    panel_head(c, s->layout.at[PANEL_WAITS], panel_title(PANEL_WAITS), text,
               s->focus == PANEL_WAITS);
    c->clip = clip;
}
