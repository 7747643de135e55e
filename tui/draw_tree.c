/* View of the step screen: the processes as a tree, along the steps: pid, parent, state, how each
 * ended, and its tasks. */
#include "step_internal.h"

#include "explain.h"

#include <stdio.h>
#include <string.h>

enum { TEXT = 160 };

struct tree_draw {
    struct step *s;
    struct canvas *c;
    struct rect r, cells; /* all of it; the part along the steps, w 0: there is no room */
    int n;
    struct {
        uint16_t process;
        int depth, last; /* the last child of its parent */
    } row[MAX_PROCESSES];
};

static void pick_rows(struct tree_draw *d)
{
    static struct tree_row rows[TREE_ROWS];
    const struct world *w = step_world(d->s);
    int n = tree_rows(w, 0, rows);
    d->n = 0;
    for (int i = 0; i < n && d->n < MAX_PROCESSES; i++)
        if (rows[i].task == NO_TASK) {
            d->row[d->n].process = rows[i].process;
            d->row[d->n++].depth = rows[i].depth;
        }
    for (int i = 0; i < d->n; i++) {
        int k = i + 1;
        while (k < d->n && d->row[k].depth > d->row[i].depth)
            k++;
        d->row[i].last = k == d->n || d->row[k].depth < d->row[i].depth;
    }
}

/* -------- words -------- */

static void how_it_ended(const struct world_process *p, char *out, size_t n)
{
    char signal[32];
    if (!p->ended)
        out[0] = 0;
    else if (p->by_signal)
        snprintf(out, n, _("ended at %u by %s"), p->ended,
                 explain_signal((uint64_t)p->status, signal));
    else
        snprintf(out, n, _("ended at %u, status %d"), p->ended, p->status);
}

/* What has become of it that its state alone does not say. */
static const char *what_became(const struct world_process *p)
{
    switch (p->state) {
    case PROC_ZOMBIE:
        return _("nobody has waited for it yet");
    case PROC_REAPED:
        return _("its parent has waited for it");
    case PROC_FREE:
        return _("it runs another program, which is not under control");
    case PROC_STOPPED:
        return _("a signal stopped it");
    default:
        return p->orphaned ? _("its parent ended before it: init is its parent now") : "";
    }
}

/* "T1 inc ready, T2 blocked". */
static void its_tasks(struct step *s, unsigned process, char *out, size_t n)
{
    const struct world *w = step_world(s);
    char who[48];
    size_t at = 0;
    out[0] = 0;
    for (unsigned i = 0; i < w->ntasks && at < n; i++) {
        if (w->tasks[i].process != process || !w->tasks[i].exists)
            continue;
        task_label(w, i, s->port.ops->names(s->port.ctx), who, sizeof who);
        const char *label = strchr(who, 'T');
        at += (size_t)snprintf(out + at, n - at, "%s%s %s", at ? ", " : "", label ? label : who,
                               task_state_name(w->tasks[i].state));
    }
}

/* -------- along the steps -------- */

/* What stands for the process at a step: who acted, else that of its tasks which is best off. */
static void draw_cell(struct tree_draw *d, unsigned process, uint32_t step, int x, int y)
{
    static const uint8_t rank[] = {
        [TASK_NEW] = 7,      [TASK_READY] = 8,  [TASK_RUNNING] = 9, [TASK_BLOCKED] = 5,
        [TASK_SLEEPING] = 6, [TASK_ZOMBIE] = 2, [TASK_DONE] = 1,    [TASK_DEADLOCKED] = 4,
        [TASK_STOPPED] = 3,  [TASK_FREE] = 10};
    unsigned n, best = 0, state = TASK_DONE;
    const struct lane *lanes = lanes_at(&d->s->lanes, step, &n);
    unsigned dim = step > d->s->cursor ? ROLE_DIM : 0;
    for (unsigned i = 0; i < n; i++) {
        if (!lanes[i].exists || trace_process(d->s->trace, i) != process)
            continue;
        if (lanes[i].letter) {
            canvas_put(d->c, x, y, (dim ? dim : ROLE_RUNNING) | ATTR_REVERSE,
                       (wchar_t)lanes[i].letter);
            return;
        }
        if (lanes[i].state < sizeof rank && rank[lanes[i].state] > best) {
            best = rank[lanes[i].state];
            state = lanes[i].state;
        }
    }
    if (best)
        canvas_put(d->c, x, y, dim ? dim : state_role(state), state_glyph(state));
}

static uint32_t first_step(struct tree_draw *d)
{
    uint32_t shown = (uint32_t)d->cells.w, last = d->s->trace->nsteps, before = shown * 2 / 3;
    uint32_t first = d->s->cursor > before ? d->s->cursor - before : 0;
    if (last + 1 < first + shown)
        first = last + 1 > shown ? last + 1 - shown : 0;
    return first;
}

static void draw_strip(struct tree_draw *d, unsigned process, int y)
{
    uint32_t first = first_step(d);
    for (int i = 0; i < d->cells.w && first + (uint32_t)i <= d->s->trace->nsteps; i++)
        draw_cell(d, process, first + (uint32_t)i, d->cells.x + i, y);
}

static void draw_cursor(struct tree_draw *d)
{
    uint32_t first = first_step(d);
    int x = d->cells.x + (int)(d->s->cursor - first);
    canvas_put(d->c, x, d->cells.y, ROLE_KEY, L'▼');
    if (x + 6 < d->cells.x + d->cells.w)
        canvas_printf(d->c, x + 1, d->cells.y, ROLE_KEY, "%u", d->s->cursor);
}

/* -------- a process -------- */

static void draw_branch(struct tree_draw *d, int i, int y, int rows)
{
    int x = d->r.x + 1 + 3 * (d->row[i].depth - 1);
    if (!d->row[i].depth)
        return;
    canvas_put(d->c, x, y, ROLE_BORDER, d->row[i].last ? L'└' : L'├');
    canvas_put(d->c, x + 1, y, ROLE_BORDER, L'─');
    if (rows > 1 && !d->row[i].last)
        canvas_put(d->c, x, y + 1, ROLE_BORDER, L'│');
}

static void draw_process(struct tree_draw *d, int i, int y, int rows)
{
    const struct world *w = step_world(d->s);
    const struct world_process *p = &w->processes[d->row[i].process];
    int depth = d->row[i].depth < 8 ? d->row[i].depth : 8;
    int x = d->r.x + 1 + 3 * depth, right = d->cells.w ? d->cells.x - 1 : d->r.x + d->r.w;
    char text[2 * TEXT], how[TEXT], tasks[TEXT];
    draw_branch(d, i, y, rows);
    struct process_look look;
    const char *state = process_look(w, d->row[i].process, &look);
    canvas_put(d->c, x, y, look.role, look.glyph);
    snprintf(text, sizeof text, d->r.w >= 60 ? _("P%u pid %lld, parent %lld") : _("P%u %lld←%lld"),
             d->row[i].process, (long long)p->pid, (long long)p->parent_pid);
    int acts = w->running < w->ntasks && w->tasks[w->running].process == d->row[i].process;
    x += 2 + canvas_fit(d->c, x + 2, y, right - x - 2, acts ? ROLE_STRONG : ROLE_TEXT, text);
    how_it_ended(p, how, sizeof how);
    if (*how && (p->state == PROC_ENDED || d->r.w < 60))
        snprintf(text, sizeof text, "%s", how);
    else
        snprintf(text, sizeof text, *how ? _("%s: %s") : "%s", state, how);
    canvas_fit(d->c, x + 2, y, right - x - 2, look.role, text);
    if (d->cells.w)
        draw_strip(d, d->row[i].process, y);
    if (rows < 2)
        return;
    x = d->r.x + 3 + 3 * depth;
    its_tasks(d->s, d->row[i].process, tasks, sizeof tasks);
    const char *became = what_became(p);
    if (p->began)
        snprintf(text, sizeof text, _("since step %u; "), p->began);
    else
        *text = 0;
    x += canvas_fit(d->c, x, y + 1, right - x, ROLE_DIM, text);
    x += canvas_fit(d->c, x, y + 1, right - x, ROLE_DIM, p->ended ? "" : tasks);
    if (*became && !p->ended)
        x += canvas_text(d->c, x, y + 1, ROLE_DIM, "; ");
    canvas_fit(d->c, x, y + 1, right - x, ROLE_NOTE, became);
}

void draw_tree(struct step *s, struct canvas *c, struct rect r)
{
    static struct tree_draw d; /* large, and drawing is never nested */
    const struct world *w = step_world(s);
    char text[TEXT] = "";
    d = (struct tree_draw){.s = s, .c = c, .r = r};
    if (r.w >= 100)
        d.cells = (struct rect){r.x + 64, r.y, r.w - 65, 1};
    pick_rows(&d);
    if (w->nprocesses < 2) {
        snprintf(text, sizeof text,
                 _("There is one process only, with pid %lld; fork makes another."),
                 (long long)w->processes[0].pid);
        text_wrap(c, (struct rect){r.x + 1, r.y, r.w - 2, r.h}, 0, ROLE_DIM, text, NULL, 0);
        *text = 0;
    } else {
        int each = 2 * d.n <= r.h - 1 ? 2 : 1, head = d.cells.w ? 1 : 0, fit = (r.h - head) / each;
        int *skip = &s->scroll[PANEL_TREE], last = d.n > fit ? d.n - fit : 0;
        *skip = *skip > last ? last : *skip;
        if (head)
            draw_cursor(&d);
        for (int i = 0; i < fit && *skip + i < d.n; i++)
            draw_process(&d, *skip + i, r.y + head + i * each, each);
        if (last)
            snprintf(text, sizeof text, _("%d-%d of %d"), *skip + 1, *skip + fit, d.n);
    }
    struct rect clip = canvas_clip(c, s->layout.at[PANEL_TREE]);
    panel_head(c, s->layout.at[PANEL_TREE], panel_title(PANEL_TREE), text, s->focus == PANEL_TREE);
    c->clip = clip;
}
