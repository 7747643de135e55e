/* The step screen as a whole: which panel where, the bars, what lies on top. */
#include "step_goal.h"
#include "step_internal.h"

#include "explain.h"

#include <stdio.h>
#include <string.h>

static void (*const draw_panel[PANEL_COUNT])(struct step *, struct canvas *, struct rect) = {
#define PANEL(id, draw, title, place, help) draw,
#include "panels.def"
#undef PANEL
};

void task_number(struct step *s, unsigned task, char *out, size_t n)
{
    explain_task_number(step_world(s), task, out, n);
}

void object_name(struct step *s, uint64_t addr, uint32_t size, char *out, size_t n)
{
    explain_object(s->trace, s->cursor, s->port.ops->names(s->port.ctx), addr, size, out, n);
}

void wait_label(struct step *s, unsigned reason, uint64_t addr, unsigned by, char *out, size_t n)
{
    static const struct {
        const char *words;
        int object; /* follows */
    } labels[] = {
        [BLOCK_JOIN] = {N_("join "), 0},      [BLOCK_CHILD] = {N_("wait child"), 0},
        [BLOCK_READ] = {N_("read "), 1},      [BLOCK_WRITE] = {N_("write "), 1},
        [BLOCK_POLL] = {N_("poll"), 0},       [BLOCK_SIGNAL] = {N_("wait signal"), 0},
        [BLOCK_STOPPED] = {N_("stopped"), 0},
    };
    char name[64] = "";
    int known = reason < sizeof labels / sizeof *labels && labels[reason].words;
    if (reason == BLOCK_JOIN && by < MAX_TASKS)
        task_number(s, by, name, sizeof name);
    else if (addr && (!known || labels[reason].object))
        object_name(s, addr, 0, name, sizeof name);
    snprintf(out, n, "%s%s", known ? _(labels[reason].words) : "", name);
}

/* A copy is called what its original is called. */
static unsigned original_of(const struct world *w, unsigned task)
{
    for (int i = 0; i < MAX_PROCESSES && task < w->ntasks && w->tasks[task].is_copy; i++)
        task = w->tasks[task].parent;
    return task;
}

void task_label(const struct world *w, unsigned task, const struct names *names, char *out,
                size_t n)
{
    const struct world_task *t = task < w->ntasks ? &w->tasks[task] : NULL;
    const char *name = t ? t->name : "";
    char number[16];
    struct place place = {"", "", 0};
    explain_task_number(w, task, number, sizeof number);
    if (t && !*name && original_of(w, task) == 0)
        name = "main";
    if (t && !*name && t->start_pc) {
        names->place(names->ctx, t->start_pc, &place);
        name = place.function;
    }
    snprintf(out, n, *name ? "%s %s" : "%s", number, name);
}

static const char *phase(struct step *s)
{
    if (s->busy)
        return _("RUNNING");
    if (s->playing)
        return _("PLAYING");
    if (s->port.ops->control)
        return _("FREE RUN");
    if (!step_at_end(s))
        return _("REPLAY");
    return s->port.ops->finished(s->port.ctx) ? _("THE END") : _("YOUR TURN");
}

static void draw_title(struct step *s, struct canvas *c)
{
    char right[96];
    if (s->playing)
        snprintf(right, sizeof right, _("step %u/%u  %s, a step every %d ms"), s->cursor,
                 s->trace->nsteps, phase(s), step_delay_ms(s));
    else
        snprintf(right, sizeof right, _("step %u/%u  %s"), s->cursor, s->trace->nsteps, phase(s));
    bar_title(c, s->setup.title, right);
}

/* Findings of the run so far, when nothing else is to be said. */
static void draw_findings(struct step *s, struct canvas *c, int y)
{
    int n = 0, x = 1;
    const struct mark *nearest = NULL;
    for (size_t i = 0; i < s->marks.n; i++)
        if (s->marks.list[i].kind == EV_FINDING) {
            n++;
            if (!nearest || s->marks.list[i].step <= s->cursor)
                nearest = &s->marks.list[i];
        }
    if (s->setup.challenge && s->setup.challenge->kind == CHALLENGE_BREAK) {
        struct buf goal = {0};
        step_goal_words(s->setup.challenge, s->trace, &goal);
        x += canvas_text(c, x, y, ROLE_NOTE, goal.data) + 2;
        buf_fini(&goal);
        if (!nearest)
            return;
    }
    if (!nearest) {
        canvas_text(c, x, y, ROLE_DIM, _("nothing wrong in this run so far"));
        return;
    }
    if (x > c->cols - 30) /* the goal needs the line; the timeline marks the finding, too */
        return;
    char word[32];
    snprintf(word, sizeof word, "%s", finding_name((unsigned)s->trace->events[nearest->event].a));
    for (char *hyphen = word; (hyphen = strchr(hyphen, '-')) != NULL;)
        *hyphen = ' ';
    x += canvas_printf(c, x, y, ROLE_BAD, "! %s", word);
    x += canvas_printf(c, x, y, ROLE_TEXT, _(" at step %u"), nearest->step);
    if (nearest->step != s->cursor)
        x += canvas_text(c, x, y, ROLE_DIM,
                         nearest->step > s->cursor ? _("   ] goes there") : _("   [ goes there"));
    if (n > 1)
        canvas_printf(c, x, y, ROLE_DIM, _("   %d in all"), n);
}

static int has_mark(const struct step *s)
{
    for (size_t i = 0; i < s->marks.n; i++)
        if (s->marks.list[i].kind == EV_FINDING)
            return 1;
    return 0;
}

static void draw_status(struct step *s, struct canvas *c, int y)
{
    const struct lesson_challenge *ch = s->setup.challenge;
    if (ch && ch->kind != CHALLENGE_BREAK && !s->layout.at[PANEL_GOAL].w && !s->reached &&
        ch->text.text) {
        int x = 1 + canvas_text(c, 1, y, ROLE_HEADING, _("Your task: "));
        canvas_fit(c, x, y, c->cols - x - 1, ROLE_TEXT, ch->text.text);
        return;
    }
    if (s->setup.text && !s->layout.at[PANEL_GOAL].w && !has_mark(s)) {
        const char *where = _("   i: all of it");
        int x = 1 + canvas_text(c, 1, y, ROLE_HEADING, _("Your task: "));
        x += canvas_fit(c, x, y, c->cols - x - 1 - utf8_cols(where, strlen(where)), ROLE_TEXT,
                        s->setup.text);
        canvas_text(c, x, y, ROLE_DIM, where);
        return;
    }
    draw_findings(s, c, y);
}

/* What goes on while a search or a job is at work: three lines. */
static void exploring_words(struct step *s, char *head, char *count, char *time, size_t n)
{
    uint64_t executions = step_switches_replays(s);
    double seconds = 0;
    *time = 0;
    if (s->mode == MODE_MINIMISING) {
        snprintf(head, n, "%s", _("Which switches are necessary?"));
        snprintf(
            count, n,
            ngettext("%llu run without one", "%llu runs without one", (unsigned long)executions),
            (unsigned long long)executions);
    } else if (s->mode == MODE_BUILDING) {
        snprintf(head, n, "%s", step_live_words(s));
        snprintf(count, n, "%s", s->setup.title);
    } else if (s->words_left) {
        snprintf(head, n, "%s", _("Searching the steps"));
        snprintf(count, n, _("step %u of %u"), s->words_at, s->trace->nsteps);
    } else {
        finder_progress(s->finder, &executions, &seconds);
        snprintf(head, n, "%s", _("Searching for a schedule that fails"));
        snprintf(count, n,
                 ngettext("%llu schedule tried", "%llu schedules tried", (unsigned long)executions),
                 (unsigned long long)executions);
        snprintf(time, n, _("%.1f s"), seconds);
    }
}

static void draw_exploring(struct step *s, struct canvas *c)
{
    char head[120], count[120], time[120];
    int width = c->cols < 46 ? c->cols : 46, height = 5;
    struct rect box = {(c->cols - width) / 2, (c->rows - height) / 2, width, height};
    if (box.y < 0)
        box.y = 0;
    exploring_words(s, head, count, time, sizeof time);
    canvas_fill(c, box, ROLE_TEXT);
    panel_box(c, box, head, NULL, 1);
    struct rect in = panel_inside(box);
    struct rect before = canvas_clip(c, in);
    canvas_text(c, in.x + 1, in.y, ROLE_STRONG, count);
    canvas_text(c, in.x + 1, in.y + 1, ROLE_DIM, time);
    canvas_text(c, in.x + 1, in.y + 2, ROLE_KEY, "Esc");
    canvas_text(c, in.x + 5, in.y + 2, ROLE_WORD,
                s->words_left || s->mode == MODE_BUILDING
                    ? _("stops")
                    : _("stops; what was found so far counts"));
    c->clip = before;
}

static void draw_one(struct step *s, struct canvas *c, enum panel p)
{
    struct rect before = canvas_clip(c, panel_inside(s->layout.at[p]));
    draw_panel[p](s, c, panel_inside(s->layout.at[p]));
    c->clip = before;
}

static void draw_more_panels(struct canvas *c, int y)
{
    const char *words = _(" Tab: next panel ");
    canvas_text(c, c->cols - 2 - utf8_cols(words, strlen(words)), y, ROLE_DIM, words);
}

void step_draw(void *state, struct canvas *c)
{
    struct step *s = state;
    struct layout_want want = step_want(s);
    layout_step(&s->layout, c->cols, c->rows, &want);
    if (!s->layout.at[s->focus].w) { /* after a resize */
        s->focus = layout_next(c->cols, c->rows, &want, s->focus, 1);
        want.focus = s->focus;
        layout_step(&s->layout, c->cols, c->rows, &want);
    }
    draw_title(s, c);
    for (int p = 0; p < PANEL_COUNT; p++)
        if (s->layout.at[p].w)
            canvas_box(c, s->layout.at[p], ROLE_BORDER);
    for (int p = 0; p < PANEL_COUNT; p++)
        if (s->layout.at[p].w)
            draw_one(s, c, (enum panel)p);
    if (s->layout.single || s->zoomed) /* there are more panels than this one */
        draw_more_panels(c, s->layout.at[s->focus].h);
    if (s->layout.status_y >= 0)
        draw_status(s, c, s->layout.status_y);
    const struct mode_row *mode = step_mode_row(s);
    if (mode->label)
        edit_draw(c, c->rows - 1, _(mode->label), &s->edit);
    else
        /* in a challenge nobody searches for the learner; without one there are no hints */
        bar_footer(c, mode->keys, s->setup.challenge ? ACT_step_find : ACT_step_hint);
    if (s->mode == MODE_NORMAL)
        message_draw(c, s->layout.status_y, s->message_style, s->message);
    if (mode->keys == SCREEN_LIST || mode->keys == SCREEN_BOOKMARKS)
        list_draw(c, &s->list);
    if (s->mode == MODE_EXPLORING || s->mode == MODE_MINIMISING || s->mode == MODE_BUILDING)
        draw_exploring(s, c);
}
