/* The live screen as a whole: which panel where, the bars, what lies on top. */
#include "live_internal.h"

#include "explain.h"
#include "looks.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#define IDLE_NS UINT64_C(500000000) /* who has waited so long is idle, and may be folded */

static void (*const draw_panel[VIEW_PANELS])(struct live_view *, struct canvas *, struct rect) = {
    [VIEW_THREADS] = view_draw_threads, [VIEW_TIMELINE] = view_draw_timeline,
    [VIEW_OBJECTS] = view_draw_objects, [VIEW_WORDS] = view_draw_words,
    [VIEW_OUTPUT] = view_draw_output,   [VIEW_VARIABLES] = view_draw_variables,
};

/* -------- names -------- */

void view_label(const struct live_view *v, uint32_t task, char *out, size_t n)
{
    const struct live_model *m = view_model(v);
    const struct live_task *t = &m->tasks[task];
    struct buf who = {0};
    struct place place = {"", "", 0};
    const struct names *names = v->port.ops->names(v->port.ctx);
    const char *name = t->name;
    live_say_task_name(m, task, &who);
    if (!*name && t->start_pc) {
        names->place(names->ctx, t->start_pc, &place);
        name = place.function;
    }
    if (!*name && !t->noted && t->process < m->nprocesses)
        name = m->processes[t->process].program;
    snprintf(out, n, *name ? "%s %s" : "%s", who.data ? who.data : "?", name);
    buf_fini(&who);
}

/* -------- the moment looked at -------- */

static struct live_moment moment_now(const struct live_task *t)
{
    return (struct live_moment){.known = 1,
                                .state = (uint8_t)t->state,
                                .wait_kind = t->wait_kind,
                                .by = t->wait_by,
                                .addr = t->wait_addr};
}

static struct live_moment moment_then(const struct live_view *v, uint32_t task)
{
    struct live_column c = {0};
    live_columns(view_model(v), task, v->cursor, VIEW_MOMENT_NS, 1, &c);
    return (struct live_moment){
        .known = c.known, .state = c.state, .wait_kind = c.wait_kind, .by = c.by, .addr = c.addr};
}

static void take_moments(struct live_view *v)
{
    const struct live_model *m = view_model(v);
    if (m->ntasks > v->cap_moments) {
        v->cap_moments = m->ntasks + m->ntasks / 2;
        v->moments = xrealloc(v->moments, v->cap_moments, sizeof *v->moments);
    }
    for (uint32_t i = 0; i < m->ntasks; i++)
        v->moments[i] = v->following ? moment_now(&m->tasks[i]) : moment_then(v, i);
}

struct live_moment view_moment_of(const struct live_view *v, uint32_t task)
{
    return v->moments[task];
}

static int is_waiting(const struct live_moment *at)
{
    return at->known && (at->state == TASK_BLOCKED || at->state == TASK_SLEEPING ||
                         at->state == TASK_DEADLOCKED);
}

void view_wait_words(const struct live_view *v, uint32_t task, const struct live_moment *at,
                     char *out, size_t n)
{
    static const struct {
        const char *words;
        int object; /* its name follows, else that of the task it waits for */
    } kinds[256] = {
        [EV_JOIN] = {N_("join"), 0},       [EV_WAIT] = {N_("wait child"), 0},
        [EV_SLEEP] = {N_("sleep"), 0},     [EV_FD_READ] = {N_("read"), 1},
        [EV_FD_WRITE] = {N_("write"), 1},  [EV_FD_POLL] = {N_("poll"), 0},
        [EV_SIGWAIT] = {N_("sigwait"), 0}, [EV_PAUSE] = {N_("pause"), 0},
        [EV_MQ_SEND] = {N_("send"), 1},    [EV_MQ_RECEIVE] = {N_("receive"), 1},
    };
    const struct live_model *m = view_model(v);
    const char *words = kinds[at->wait_kind].words ? _(kinds[at->wait_kind].words) : NULL;
    char name[64] = "";
    struct buf by = {0};
    out[0] = 0;
    if (!is_waiting(at))
        return;
    if (at->by < m->ntasks)
        live_say_task_name(m, at->by, &by);
    if (!words || kinds[at->wait_kind].object)
        view_object_name(v, m->tasks[task].process, at->addr, name, sizeof name);
    const char *what = at->addr                          ? name
                       : v->pace && m->tasks[task].noted ? _("slow motion")
                                                         : _("in the kernel");
    if (words && !kinds[at->wait_kind].object)
        snprintf(out, n, by.data ? "%s %s" : "%s", words, buf_text(&by));
    else if (by.data && !words)
        snprintf(out, n, _("%s: %s has it"), name, by.data);
    else
        snprintf(out, n, "%s%s%s", words ? words : "", words ? " " : "", what);
    buf_fini(&by);
}

/* -------- bars -------- */

static int all_stopped(const struct live_model *m)
{
    int stopped = 0;
    for (uint32_t i = 0; i < m->nprocesses; i++) {
        if (m->processes[i].ended)
            continue;
        if (m->processes[i].state != PROC_STOPPED)
            return 0;
        stopped = 1;
    }
    return stopped;
}

static const char *phase(const struct live_view *v)
{
    if (v->ended)
        return _("ENDED");
    if (v->alarm == VIEW_HANGS)
        return _("HANGS");
    if (all_stopped(view_model(v)))
        return _("STOPPED");
    return v->following ? _("LIVE") : _("PAUSED");
}

static void draw_title(struct live_view *v, struct canvas *c)
{
    const struct live_model *m = view_model(v);
    char right[160], time[32], here[64];
    struct buf status = {0};
    live_spell_time(m->now, v->ended ? 1000000 : 100000000, time, sizeof time);
    if (v->ended)
        live_say_status(v->status, &status);
    snprintf(here, sizeof here, "%s", time);
    if (!v->following) {
        char at[32];
        live_spell_time(v->cursor, live_scale_column(v->scale), at, sizeof at);
        snprintf(here, sizeof here, _("at %s of %s"), at, time);
    }
    snprintf(right, sizeof right, "%s  %s%s%s  %s", here, phase(v), status.data ? " " : "",
             status.data ? status.data : "", v->ended ? "" : view_pace_word(v->pace));
    bar_title(c, v->setup.title, right);
    buf_fini(&status);
}

/* Counters of all, and what was lost. */
static void draw_counters(struct live_view *v, struct canvas *c, int y)
{
    const struct live_totals *t = &view_model(v)->totals;
    char a[32], b[32];
    int x = 1;
    if (v->ended)
        live_spell_count((double)t->operations, a, sizeof a);
    else
        live_spell_count(t->operations_per_s, a, sizeof a);
    x += canvas_printf(c, x, y, ROLE_TEXT, v->ended ? _("%s operations") : _("%s operations/s"), a);
    if (v->pace && v->full_rate > 0 && t->operations_per_s > 0 &&
        v->full_rate > 1.5 * t->operations_per_s) {
        live_spell_count(v->full_rate / t->operations_per_s, a, sizeof a);
        x += canvas_printf(c, x, y, ROLE_DIM, _(" (1/%s of full speed)"), a);
    }
    live_spell_count(v->ended ? (double)t->waits : t->waits_per_s, a, sizeof a);
    x += canvas_printf(c, x, y, ROLE_TEXT, v->ended ? _("  %s waits") : _("  %s waits/s"), a);
    live_spell_count((double)t->voluntary, a, sizeof a);
    live_spell_count((double)t->involuntary, b, sizeof b);
    x += canvas_printf(c, x, y, ROLE_TEXT, _("  switches %s voluntary, %s not"), a, b);
    if (t->lost) {
        double all = (double)t->operations > 0 ? (double)t->operations : 1;
        x += canvas_printf(c, x, y, ROLE_NOTE, _("  %.*f %% not kept"),
                           (double)t->lost / all < 0.1 ? 1 : 0, 100 * (double)t->lost / all);
    }
    if (t->unnoted)
        canvas_printf(c, x, y, ROLE_NOTE, _("  %u threads not seen"), t->unnoted);
}

/* What is wrong, in the row of the counters. */
static void draw_status(struct live_view *v, struct canvas *c, int y)
{
    const char *what = NULL;
    char words[96];
    struct buf status = {0};
    if (v->alarm == VIEW_HANGS)
        what = _("! it hangs: nobody can go on");
    else if (v->alarm == VIEW_CRASHED || v->alarm == VIEW_FAILED) {
        live_say_status(v->status, &status);
        snprintf(words, sizeof words,
                 v->alarm == VIEW_CRASHED ? _("! it crashed: %s") : _("! it failed: %s"),
                 buf_text(&status));
        what = words;
    } else if (v->alarm == VIEW_STOPPED_BY_US)
        what = _("! it was ended by lockstep: see Words");
    if (!what) {
        draw_counters(v, c, y);
        return;
    }
    int x = 1 + canvas_fit(c, 1, y, c->cols - 2, ROLE_BAD, what);
    canvas_fit(c, x, y, c->cols - x - 1, ROLE_DIM,
               v->alarm == VIEW_STOPPED_BY_US
                   ? ""
                   : _("   f searches for it under control, s opens the moment in steps"));
    buf_fini(&status);
}

void view_head(struct live_view *v, struct canvas *c, enum live_panel p, const char *more)
{
    const char *title = live_panel_title(p);
    struct rect clip = canvas_clip(c, v->layout.at[p]);
    if (p == VIEW_THREADS && view_model(v)->nprocesses > 1)
        title = _("1 Processes");
    panel_head(c, v->layout.at[p], title, more, v->focus == p);
    c->clip = clip;
}

static enum screen_id footer_of(const struct live_view *v)
{
    return v->mode == VIEW_MENU || v->mode == VIEW_CONFIRM || v->mode == VIEW_SIGNALS ? SCREEN_LIST
                                                                                      : SCREEN_LIVE;
}

/* -------- rows -------- */

static void make_rows(struct live_view *v)
{
    const struct rect *tree = &v->layout.at[VIEW_THREADS], *lanes = &v->layout.at[VIEW_TIMELINE];
    uint64_t here = view_here(v), before = here > IDLE_NS ? here - IDLE_NS : 0;
    struct live_rows_want want = {.npins = v->npins,
                                  .fold = v->fold,
                                  .slow = v->pace > 0,
                                  .keep = v->chosen,
                                  .from = before,
                                  .tree_rows = tree->h - 2,
                                  .lane_rows = lanes->h - 3};
    memcpy(want.pins, v->pins, sizeof want.pins);
    live_rows_make(&v->rows, view_model(v), &want);
}

int view_lanes_wanted(const struct live_view *v)
{
    const struct live_model *m = view_model(v);
    int lanes = (int)(m->ntasks < 200 ? m->ntasks : 200);
    return 1 + (v->ui->canvas.cols >= 110 ? 2 * lanes : lanes);
}

static int tree_wanted(const struct live_view *v)
{
    const struct live_model *m = view_model(v);
    return (int)(m->ntasks + (m->nprocesses > 1 ? m->nprocesses : 0));
}

static void draw_one(struct live_view *v, struct canvas *c, enum live_panel p)
{
    struct rect inside = panel_inside(v->layout.at[p]);
    struct rect before = canvas_clip(c, inside);
    draw_panel[p](v, c, inside);
    c->clip = before;
}

/* On the border, at its right: how to get to the others. */
static void draw_next(struct canvas *c, int y)
{
    const char *text = _(" Tab: next panel ");
    canvas_text(c, c->cols - 2 - utf8_cols(text, strlen(text)), y, ROLE_DIM, text);
}

void view_draw(void *state, struct canvas *c)
{
    struct live_view *v = state;
    live_layout_for(&v->layout, c->cols, c->rows, v->focus, v->zoomed, tree_wanted(v),
                    view_lanes_wanted(v));
    if (v->layout.at[VIEW_TIMELINE].w)
        view_place_window(v, panel_inside(v->layout.at[VIEW_TIMELINE]).w);
    make_rows(v);
    take_moments(v);
    draw_title(v, c);
    for (int p = 0; p < VIEW_PANELS; p++)
        if (v->layout.at[p].w)
            canvas_box(c, v->layout.at[p], ROLE_BORDER);
    for (int p = 0; p < VIEW_PANELS; p++)
        if (v->layout.at[p].w)
            draw_one(v, c, (enum live_panel)p);
    if (v->layout.single || v->zoomed) /* there are more panels than this one */
        draw_next(c, v->layout.at[v->focus].h);
    if (v->layout.status_y >= 0)
        draw_status(v, c, v->layout.status_y);
    if (v->mode == VIEW_GOTO)
        edit_draw(c, c->rows - 1, _("go to time"), &v->edit);
    else if (v->mode == VIEW_TYPING)
        edit_draw(c, c->rows - 1, _("to the program"), &v->edit);
    else
        bar_footer(c, footer_of(v), ACT_NONE);
    if (v->mode == VIEW_NORMAL)
        message_draw(c, v->layout.status_y, v->message_style, v->message);
    else if (footer_of(v) == SCREEN_LIST)
        list_draw(c, &v->list);
}
