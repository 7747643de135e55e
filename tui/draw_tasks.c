/* Panels of the step screen: threads and processes, variables. */
#include "step_internal.h"

#include "explain.h"

#include <stdio.h>
#include <string.h>

/* -------- threads -------- */

/* What it waits for, in few words where there is little room. */
static void wait_words(struct step *s, const struct world_task *t, int few, char *out, size_t n)
{
    char object[48] = "", by[16];
    task_number(s, t->blocked_by, by, sizeof by);
    if (t->blocked_reason == BLOCK_JOIN) {
        snprintf(out, n, few ? _("join %s") : _("waits for %s to end"), by);
        return;
    }
    if (t->blocked_reason >= BLOCK_CHILD) {
        wait_label(s, t->blocked_reason, t->blocked_addr, t->blocked_by, out, n);
        return;
    }
    object_name(s, t->blocked_addr, 0, object, sizeof object);
    if (t->blocked_by != NO_TASK)
        snprintf(out, n, few ? _("%s: %s has it") : _("waits for %s: %s has it"), object, by);
    else
        snprintf(out, n, few ? _("on %s") : _("waits for %s"), object);
}

/* What a thread does next, or what it waits for. */
static void next_words(struct step *s, const struct world_task *t, int few, char *out, size_t n)
{
    out[0] = 0;
    if (t->state == TASK_ZOMBIE)
        snprintf(out, n, "%s", few ? _("not joined") : _("ended, not joined yet"));
    else if (t->state == TASK_BLOCKED || t->state == TASK_DEADLOCKED)
        wait_words(s, t, few, out, n);
    else if (t->pending.kind != EV_NONE)
        explain_operation(&t->pending, s->trace, s->port.ops->names(s->port.ctx), out, n);
}

/* The widest state word of all threads, so that the column does not jump while scrolling. */
static int state_width(const struct world *w)
{
    int widest = 7;
    for (uint32_t i = 0; i < w->ntasks; i++) {
        const char *word = task_state_name(w->tasks[i].state);
        int n = utf8_cols(word, strlen(word));
        widest = n > widest ? n : widest;
    }
    return widest;
}

/* "status 1", "SIGTERM" of a process that has ended. */
static void how_words(const struct world_process *p, char *out, size_t n)
{
    char signal[32];
    out[0] = 0;
    if (p->ended && p->by_signal)
        snprintf(out, n, "%s", explain_signal((uint64_t)p->status, signal));
    else if (p->ended)
        snprintf(out, n, _("status %d"), p->status);
}

const char *process_look(const struct world *w, unsigned process, struct process_look *look)
{
    static const enum task_state best_first[] = {TASK_RUNNING,  TASK_READY,   TASK_NEW,
                                                 TASK_SLEEPING, TASK_BLOCKED, TASK_DEADLOCKED};
    const struct world_process *p = &w->processes[process];
    *look = (struct process_look){process_role(p->state), process_glyph(p->state)};
    for (size_t i = 0; i < 6 && p->state == PROC_RUNNING; i++)
        for (unsigned k = 0; k < w->ntasks; k++)
            if (w->tasks[k].process == process && w->tasks[k].state == best_first[i]) {
                *look =
                    (struct process_look){state_role(best_first[i]), state_glyph(best_first[i])};
                return i == 0 ? _("running") : task_state_name(best_first[i]);
            }
    return process_state_name(p->state);
}

/* A process: pid, parent, state, how it ended. */
static void draw_process(struct step *s, struct canvas *c, struct rect r, int y,
                         const struct tree_row *row)
{
    const struct world *w = step_world(s);
    const struct world_process *p = &w->processes[row->process];
    int x = r.x + (row->depth < 4 ? row->depth : 4);
    char how[40];
    how_words(p, how, sizeof how);
    char who[16];
    task_number(s, row->only, who, sizeof who);
    if (row->only == NO_TASK)
        snprintf(who, sizeof who, "P%u", row->process);
    else if (w->running == row->only)
        canvas_put(c, x++, y, ROLE_RUNNING, L'▶');
    x += canvas_printf(c, x, y, ROLE_STRONG,
                       r.w >= 46 ? _("%s pid %lld, parent %lld") : _("%s %lld←%lld"), who,
                       (long long)p->pid, (long long)p->parent_pid);
    int column = r.x + (r.w >= 46 ? 27 : row->only == NO_TASK ? 14 : 17);
    x = x < column ? column : x + 1;
    struct process_look look;
    const char *word = process_look(w, row->process, &look);
    unsigned role = look.role;
    canvas_put(c, x, y, role, look.glyph);
    x += 2;
    if (p->orphaned && !p->ended)
        x += canvas_text(c, x, y, ROLE_NOTE, _("orphan, "));
    x += canvas_text(c, x, y, role, word);
    if (*how)
        canvas_printf(c, x, y, role, ", %s", how);
    unsigned selected = s->selected < w->ntasks ? w->tasks[s->selected].process : NO_PROCESS;
    int stands_for_it = tree_is_folded(w, selected) || row->only == s->selected;
    if (selected == row->process && stands_for_it && s->focus == PANEL_THREADS)
        canvas_restyle(c, (struct rect){r.x, y, r.w, 1}, ATTR_REVERSE);
}

/* `depth`: of its process in the tree. */
static void draw_task(struct step *s, struct canvas *c, struct rect r, int y, unsigned task,
                      int depth)
{
    const struct world *w = step_world(s);
    const struct world_task *t = &w->tasks[task];
    char text[128];
    int wname = r.w >= 46 ? 14 : 9, x = r.x;
    unsigned role = state_role(t->state);
    if (w->running == task)
        canvas_put(c, x, y, ROLE_RUNNING, L'▶');
    task_label(w, task, s->port.ops->names(s->port.ctx), text, sizeof text);
    const char *label = w->nprocesses > 1 ? strchr(text, 'T') : text; /* the process is above it */
    depth = depth < 4 ? depth : 4;
    canvas_fit(c, x + 1 + depth, y, wname - depth, w->running == task ? ROLE_STRONG : ROLE_TEXT,
               label);
    x += wname + 2;
    canvas_put(c, x, y, role, state_glyph(t->state));
    const char *word = task_state_name(t->state);
    int wstate = state_width(w);
    canvas_fit(c, x + 2, y, wstate, role, word);
    x += wstate + 3;
    next_words(s, t, r.w < 46, text, sizeof text);
    canvas_fit(c, x, y, r.x + r.w - x, t->state == TASK_RUNNING ? ROLE_TEXT : ROLE_DIM, text);
    if (task == s->selected && s->focus == PANEL_THREADS)
        canvas_restyle(c, (struct rect){r.x, y, r.w, 1}, ATTR_REVERSE);
}

/* How many rows the threads get, the first of them kept so that the selected one is seen. */
static int scroll_threads(struct step *s, int at, int ntasks, int rows)
{
    int top = s->scroll[PANEL_THREADS];
    if (ntasks <= rows)
        top = 0;
    else if (at < top)
        top = at;
    else if (at >= top + rows)
        top = at - rows + 1;
    if (top > 0 && top + rows > ntasks)
        top = ntasks - rows;
    return s->scroll[PANEL_THREADS] = top;
}

static void draw_variable_rows(struct step *s, struct canvas *c, struct rect r, int skip);

/* The row of the selected task: its process's when that has ended. */
static int selected_row(const struct step *s, const struct world *w, const struct tree_row *row,
                        int n)
{
    for (int i = 0; i < n; i++)
        if (row[i].task == s->selected)
            return i;
    for (int i = 0; i < n && s->selected < w->ntasks; i++)
        if (row[i].process == w->tasks[s->selected].process)
            return i;
    return 0;
}

void draw_threads(struct step *s, struct canvas *c, struct rect r)
{
    static struct tree_row row[TREE_ROWS];
    const struct world *w = step_world(s);
    int forked = w->nprocesses > 1, ntasks = tree_rows(w, r.h, row);
    int separate = s->layout.at[PANEL_VARIABLES].w > 0;
    int rows = separate || ntasks > r.h - 2 ? r.h : ntasks;
    if (!separate && r.h >= 6 && ntasks > (forked ? r.h : r.h - 2))
        rows = r.h - 2;
    else if (forked && ntasks <= r.h)
        rows = ntasks;
    char more[48] = "";
    int top = scroll_threads(s, selected_row(s, w, row, ntasks), ntasks, rows);
    if (ntasks > rows)
        snprintf(more, sizeof more, _("%d-%d of %d"), top, top + rows - 1, ntasks);
    for (int i = 0; i < rows && top + i < ntasks; i++)
        if (row[top + i].task == NO_TASK)
            draw_process(s, c, r, r.y + i, &row[top + i]);
        else
            draw_task(s, c, r, r.y + i, row[top + i].task, row[top + i].depth);
    struct rect clip = canvas_clip(c, s->layout.at[PANEL_THREADS]);
    panel_head(c, s->layout.at[PANEL_THREADS], forked ? _("Processes") : panel_title(PANEL_THREADS),
               *more       ? more
               : forked    ? (r.w >= 46 ? "" : _("pid←parent"))
               : r.w >= 46 ? _("state      does next")
                           : _("does next"),
               s->focus == PANEL_THREADS);
    c->clip = clip;
    int left = r.h - rows;
    if (!separate && left > 0)
        draw_variable_rows(s, c, (struct rect){r.x, r.y + rows, r.w, left}, 0);
}

/* -------- variables -------- */

/* What is left on the stack of a thread that has ended means nothing; but one that was ended where
 * it stood, by a crash or a failed assertion, still has its locals, and they matter most. */
static int has_frames(struct step *s, unsigned task)
{
    const struct world *w = step_world(s);
    const struct event *e = trace_step(s->trace, s->cursor);
    if (task >= w->ntasks || w->tasks[task].state == TASK_ZOMBIE)
        return 0;
    if (w->tasks[task].state != TASK_DONE)
        return 1;
    return w->finished && e && e->task == task && e->kind != EV_EXIT && e->kind != EV_END;
}

static int look(struct step *s, struct variables *v)
{
    struct err e;
    const struct port_ops *ops = s->port.ops;
    const struct world *w = step_world(s);
    if (s->selected < w->ntasks && tree_is_folded(w, w->tasks[s->selected].process))
        return -1; /* the memory of a process goes with it */
    if (s->can_look < 0 || s->busy || s->mode == MODE_MINIMISING ||
        (s->finder && finder_busy(s->finder)) || !ops->look ||
        ops->look(s->port.ctx, s->cursor, s->selected, &e) < 0)
        return -1;
    v->n = v->nglobals = ops->globals(s->port.ctx, v->row, MAX_VARIABLES / 2);
    if (has_frames(s, s->selected))
        v->n += ops->locals(s->port.ctx, s->selected, v->row + v->nglobals,
                            MAX_VARIABLES - v->nglobals);
    return 0;
}

/* Does the selected task's process have this place? */
static int is_in_view(struct step *s, uint64_t addr)
{
    const struct world *w = step_world(s);
    const struct names *names = s->port.ops->names(s->port.ctx);
    unsigned process = s->selected < w->ntasks ? w->tasks[s->selected].process : 0;
    if (addr >> PLACE_BITS)
        return addr >> PLACE_BITS == process;
    return process == 0 || !names->is_private || !names->is_private(names->ctx, addr);
}

/* Without a target to look at: what the trace itself says of places. */
static void from_trace(struct step *s, struct variables *v)
{
    const struct world *w = step_world(s);
    const struct names *names = s->port.ops->names(s->port.ctx);
    v->nglobals = v->n = 0;
    for (uint32_t i = 0; i < w->nobjects && v->n < MAX_VARIABLES; i++) {
        const struct world_object *o = &w->objects[i];
        if (o->class != OBJ_PLACE || o->destroyed || !is_in_view(s, o->addr))
            continue;
        struct variable *row = &v->row[v->n++];
        *row = (struct variable){.addr = o->addr, .size = o->size};
        names->object(names->ctx, o->addr, o->size, row->name, sizeof row->name);
        names->value(names->ctx, o->addr, o->size, o->value, row->value, sizeof row->value);
    }
    v->nglobals = v->n;
}

/* Looking moves the target, which far into a long run takes longer than a key held down repeats:
 * then what the trace says is shown at once, and the rest when the keys rest. */
enum { SLOW_LOOK_MS = 4, LOOK_AFTER_MS = 80 };

static int look_later(struct step *s)
{
    int due = s->look_due;
    s->look_due = 0;
    s->look_at = due || s->look_cost_ms < SLOW_LOOK_MS ? 0 : s->ui->now + LOOK_AFTER_MS;
    return s->look_at != 0;
}

const struct variables *variables_at(struct step *s)
{
    struct variables *v = s->vars;
    if (v->valid && v->step == s->cursor && v->task == s->selected && !s->look_due)
        return v;
    v->valid = 1;
    v->step = s->cursor;
    v->task = s->selected;
    int64_t before = term_now_ms();
    if (!look_later(s) && look(s, v) == 0)
        s->look_cost_ms = term_now_ms() - before;
    else
        from_trace(s, v);
    return v;
}

static int writes(unsigned kind)
{
    return kind == EV_WRITE || kind == EV_ATOMIC_STORE || kind == EV_ATOMIC_RMW ||
           kind == EV_ATOMIC_CAS;
}

/* The step under the cursor wrote this variable (or a part of it). */
static const struct event *written_here(const struct step *s, const struct variable *v)
{
    const struct event *e = trace_step(s->trace, s->cursor);
    if (!e || !writes(e->kind) || !v->addr)
        return NULL;
    uint64_t size = v->size ? v->size : 1;
    return e->addr < v->addr + size && v->addr < e->addr + (e->size ? e->size : 1) ? e : NULL;
}

/* The value as a learner wants it: what a lock or a condition is doing, not its bytes; a thread's
 * id is an address and says nothing. */
static const char *value_words(struct step *s, const struct variable *v, char *out, size_t n)
{
    const struct world_object *o = v->addr ? world_object(step_world(s), v->addr) : NULL;
    if (!strncmp(v->type, "pthread_t", 9))
        return v->type[9]               ? "{…}"
               : !strcmp(v->value, "0") ? _("no thread yet")
                                        : _("id of a thread");
    if (o && o->class != OBJ_PLACE && o->class != OBJ_NONE) {
        object_words(s, o, out, n);
        return out;
    }
    return v->value[0] ? v->value : _("not used yet");
}

static void draw_variable(struct step *s, struct canvas *c, struct rect r, int y,
                          const struct variable *v)
{
    char words[64];
    const struct event *e = written_here(s, v);
    int wide = r.w >= 44;
    int x = r.x + 1 + 2 * v->depth;
    int name_end = r.x + (wide ? r.w * 2 / 5 : r.w / 2);
    x += canvas_fit(c, x, y, name_end - x, e ? ROLE_CHANGED : ROLE_TEXT, v->name);
    x = wide ? name_end + 1 : x + 2;
    if (e && e->size == v->size && v->size <= 8) {
        const struct names *names = s->port.ops->names(s->port.ctx);
        char old[64];
        names->value(names->ctx, v->addr, v->size, e->a, old, sizeof old);
        x += canvas_printf(c, x, y, ROLE_DIM, "%s → ", old);
    }
    x += canvas_fit(c, x, y, r.x + r.w - x, e ? ROLE_CHANGED : ROLE_STRONG,
                    value_words(s, v, words, sizeof words));
    if (wide && v->type[0] && x + 3 < r.x + r.w)
        canvas_fit(c, x + 2, y, r.x + r.w - x - 2, ROLE_DIM, v->type);
}

/* Row i of: globals, a heading, locals. Draws it; 0 past the end. */
static int variable_row(struct step *s, struct canvas *c, struct rect r, int y, int i,
                        const struct variables *v)
{
    char who[48];
    if (i < v->nglobals) {
        draw_variable(s, c, r, y, &v->row[i]);
        return 1;
    }
    if (v->n == v->nglobals || i > v->n)
        return 0;
    if (i == v->nglobals) {
        task_label(step_world(s), v->task, s->port.ops->names(s->port.ctx), who, sizeof who);
        canvas_printf(c, r.x + 1, y, ROLE_DIM, _("of %s:"), who);
        return 1;
    }
    draw_variable(s, c, r, y, &v->row[i - 1]);
    return 1;
}

static void draw_variable_rows(struct step *s, struct canvas *c, struct rect r, int skip)
{
    const struct variables *v = variables_at(s);
    for (int i = 0; i < r.h && variable_row(s, c, r, r.y + i, i + skip, v); i++)
        ;
}

void draw_variables(struct step *s, struct canvas *c, struct rect r)
{
    const struct variables *v = variables_at(s);
    int rows = v->n + (v->n > v->nglobals);
    int *skip = &s->scroll[PANEL_VARIABLES];
    if (*skip > rows - r.h)
        *skip = rows > r.h ? rows - r.h : 0;
    draw_variable_rows(s, c, r, *skip);
    const struct world *w = step_world(s);
    char of[16] = "";
    if (w->nprocesses > 1 && s->selected < w->ntasks)
        snprintf(of, sizeof of, _("of P%u"), w->tasks[s->selected].process);
    struct rect clip = canvas_clip(c, s->layout.at[PANEL_VARIABLES]);
    panel_head(c, s->layout.at[PANEL_VARIABLES], panel_title(PANEL_VARIABLES), of,
               s->focus == PANEL_VARIABLES);
    c->clip = clip;
    if (!v->n)
        canvas_text(c, r.x + 1, r.y, ROLE_DIM, _("(none yet)"));
}
