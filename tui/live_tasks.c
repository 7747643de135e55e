/* Panel of the live screen: the tree of processes with their threads. */
#include "live_internal.h"

#include "explain.h"

#include "looks.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

enum { WIDE = 64, DEEPEST = 6 }; /* columns from which on counters are told; of the tree */

/* Thousandths of a processor that a thread had in the last second. */
static unsigned cpu_share(const struct live_view *v, uint32_t task)
{
    const struct live_model *m = view_model(v);
    uint64_t span = 1000000000, here = view_here(v);
    struct live_column col = {0};
    if (here < span) {
        span = here ? here : 1;
        live_columns(m, task, 0, span, 1, &col);
    } else
        live_columns(m, task, here - span, span, 1, &col);
    return col.known ? col.running : 0;
}

/* "3.1 %" is finer than can be known: whole percents. */
static void draw_share(struct canvas *c, int x, int y, unsigned share)
{
    if (share >= 5)
        canvas_printf(c, x, y, share >= 500 ? ROLE_RUNNING : ROLE_TEXT, "%3u %%", (share + 5) / 10);
}

/* What it does, in few words, at the end of its row. */
static void what_words(struct live_view *v, uint32_t task, const struct live_moment *at, char *out,
                       size_t n)
{
    const struct live_task *t = &view_model(v)->tasks[task];
    out[0] = 0;
    if (at->state == TASK_ZOMBIE)
        snprintf(out, n, "%s", _("not joined"));
    else if (v->following && t->processor >= 0 &&
             (at->state == TASK_RUNNING || at->state == TASK_READY))
        snprintf(out, n, _("cpu %d"), t->processor);
    else
        view_wait_words(v, task, at, out, n);
}

static void draw_counts(struct canvas *c, int x, int y, const struct live_task *t)
{
    char a[16], b[16];
    live_spell_count((double)t->voluntary, a, sizeof a);
    live_spell_count((double)t->involuntary, b, sizeof b);
    canvas_printf(c, x, y, ROLE_DIM, "%7s/%s", a, b);
}

static void draw_task(struct live_view *v, struct canvas *c, struct rect r, int y,
                      const struct live_row *row)
{
    const struct live_model *m = view_model(v);
    const struct live_task *t = &m->tasks[row->task];
    struct live_moment at = view_moment_of(v, row->task);
    char text[96];
    int wide = r.w >= WIDE, depth = row->depth < DEEPEST ? row->depth : DEEPEST;
    int wname = wide ? 18 : r.w >= 44 ? 12 : 10, x = r.x;
    if (m->nprocesses > 1)
        x += 1 + depth;
    view_label(v, row->task, text, sizeof text);
    const char *label = m->nprocesses > 1 ? strchr(text, 'T') : text; /* its process is above */
    canvas_fit(c, x, y, r.x + wname - x, ROLE_TEXT, label ? label : text);
    x = r.x + wname + 1;
    if (at.known) {
        unsigned role = state_role(at.state);
        canvas_put(c, x, y, role, state_glyph(at.state));
        canvas_fit(c, x + 2, y, 8, role, task_state_name((enum task_state)at.state));
    } else
        canvas_text(c, x + 2, y, ROLE_DIM, t->began > view_here(v) ? _("not yet") : "?");
    x += 11;
    draw_share(c, x, y, cpu_share(v, row->task));
    x += 6;
    if (wide) {
        draw_counts(c, x, y, t);
        x += 15;
    }
    what_words(v, row->task, &at, text, sizeof text);
    canvas_fit(c, x, y, r.x + r.w - x, ROLE_DIM, text);
    if (t->number == v->chosen && !v->on_process)
        canvas_restyle(c, (struct rect){r.x, y, r.w, 1}, ATTR_REVERSE);
}

/* "exited with status 3", or shorter "status 3", "SIGKILL"; "" when it has none. */
static void status_words(const struct live_process *p, int few, char *out, size_t n)
{
    struct buf b = {0};
    char scratch[32];
    if (p->has_status && few && WIFEXITED(p->status))
        buf_printf(&b, _("status %d"), WEXITSTATUS(p->status));
    else if (p->has_status && few && WIFSIGNALED(p->status))
        buf_puts(&b, explain_signal((uint64_t)WTERMSIG(p->status), scratch));
    else if (p->has_status)
        live_say_status(p->status, &b);
    snprintf(out, n, "%s", buf_text(&b));
    buf_fini(&b);
}

/* What it runs is told where it is not what its parent runs, or where there is room. */
static int tells_program(const struct live_model *m, const struct live_process *p, int wide)
{
    return wide || p->parent >= m->nprocesses ||
           strcmp(m->processes[p->parent].program, p->program) != 0;
}

/* What became of a process, or what its only thread does. */
static void draw_fate(struct live_view *v, struct canvas *c, struct rect r, int x, int y,
                      const struct live_row *row)
{
    const struct live_process *p = &view_model(v)->processes[row->process];
    unsigned role = process_role(p->state);
    const char *word = process_state_name(p->state);
    wchar_t glyph = process_glyph(p->state);
    char text[96];
    status_words(p, r.w < WIDE, text, sizeof text);
    if (row->alone && (p->state == PROC_RUNNING || p->state == PROC_FREE)) {
        struct live_moment at = view_moment_of(v, row->task);
        role = state_role(at.state);
        word = task_state_name((enum task_state)at.state);
        glyph = state_glyph(at.state);
        what_words(v, row->task, &at, text, sizeof text);
    }
    canvas_put(c, x, y, role, glyph);
    x += 2;
    if (p->orphaned)
        x += canvas_text(c, x, y, ROLE_NOTE, _("orphan, "));
    if (!*text || p->state != PROC_ENDED)
        x += canvas_fit(c, x, y, r.x + r.w - x, role, word);
    if (*text) {
        x += canvas_fit(c, x, y, r.x + r.w - x, role, p->state == PROC_ENDED ? "" : _(", "));
        canvas_fit(c, x, y, r.x + r.w - x, role, text);
    }
}

/* A process: pid, parent, what it runs, state, how it ended. */
static void draw_process(struct live_view *v, struct canvas *c, struct rect r, int y,
                         const struct live_row *row)
{
    const struct live_model *m = view_model(v);
    const struct live_process *p = &m->processes[row->process];
    int x = r.x + (row->depth < DEEPEST ? row->depth : DEEPEST);
    struct buf who = {0};
    if (row->alone)
        live_say_task_name(m, row->task, &who);
    else
        buf_printf(&who, "P%u", p->number);
    x += canvas_text(c, x, y, ROLE_STRONG, who.data ? who.data : "?") + 1;
    buf_fini(&who);
    x += canvas_printf(c, x, y, ROLE_TEXT, r.w >= WIDE ? _("%d, parent %d ") : "%d←%d ", p->pid,
                       p->parent_pid);
    if (tells_program(m, p, r.w >= WIDE))
        x += canvas_fit(c, x, y, 15, ROLE_TEXT, p->program) + 1;
    draw_fate(v, c, r, x, y, row);
    if (row->alone ? m->tasks[row->task].number == v->chosen && !v->on_process
                   : v->on_process && p->number == v->chosen_process)
        canvas_restyle(c, (struct rect){r.x, y, r.w, 1}, ATTR_REVERSE);
}

static void draw_row(struct live_view *v, struct canvas *c, struct rect r, int y,
                     const struct live_row *row)
{
    if (row->folded)
        canvas_printf(c, r.x + 1 + (row->depth < DEEPEST ? row->depth : DEEPEST), y, ROLE_DIM,
                      _("%u more: idle or ended (z)"), row->folded);
    else if (row->task == LIVE_NONE || row->alone)
        draw_process(v, c, r, y, row);
    else
        draw_task(v, c, r, y, row);
}

/* The first row shown, so that the chosen one is. */
static void scroll_tree(struct live_view *v, int rows)
{
    int n = (int)v->rows.ntree, last = n > rows ? n - rows : 0;
    int at = (int)live_rows_tree_of(&v->rows, view_model(v), view_task(v));
    if (v->on_process)
        at = (int)live_rows_tree_of_process(&v->rows, view_process(v));
    if (at < v->tree_top)
        v->tree_top = at;
    if (at >= v->tree_top + rows)
        v->tree_top = at - rows + 1;
    v->tree_top = v->tree_top > last ? last : v->tree_top < 0 ? 0 : v->tree_top;
}

void view_draw_threads(struct live_view *v, struct canvas *c, struct rect r)
{
    int n = (int)v->rows.ntree;
    char more[64] = "";
    scroll_tree(v, r.h);
    for (int i = 0; i < r.h && v->tree_top + i < n; i++)
        draw_row(v, c, r, r.y + i, &v->rows.tree[v->tree_top + i]);
    if (n > r.h)
        snprintf(more, sizeof more, _("%d-%d of %d"), v->tree_top + 1, v->tree_top + r.h, n);
    else if (r.w >= WIDE)
        snprintf(more, sizeof more, "%s", _("state, processor, switches own/forced, waits for"));
    else
        snprintf(more, sizeof more, "%s", r.w > 36 ? _("state, processor, waits") : "");
    view_head(v, c, VIEW_THREADS, more);
    if (!n)
        canvas_text(c, r.x + 1, r.y, ROLE_DIM, _("(it is being started)"));
}
