/* The step screen: its actions. */
#include "step_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Milliseconds between two steps when playing, by speed. */
static const int delays_ms[] = {2000, 1000, 600, 350, 200, 100, 50, 20};
enum { SPEEDS = sizeof delays_ms / sizeof *delays_ms, SPEED_AT_FIRST = 3 };

void step_say(struct step *s, unsigned style, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    vsnprintf(s->message, sizeof s->message, format, ap);
    va_end(ap);
    s->message_style = style;
}

void step_order(struct step *s)
{
    int n = tree_tasks(step_world(s), s->order);
    for (int i = 0; i < n; i++)
        s->place[s->order[i]] = (uint16_t)i;
}

const struct world *step_world(struct step *s)
{
    return world_at(s->view, s->cursor);
}

int step_at_end(const struct step *s)
{
    return s->cursor >= s->trace->nsteps;
}

/* Ruler, threads, and what memory held: one row where rows are dear, they are needed for Why; where
 * there is room three, and a gap below each lane. */
static int lanes_wanted(const struct step *s, int tasks)
{
    int lanes = tasks < 3 ? 3 : tasks;
    return s->ui->canvas.cols >= 120 ? 1 + 2 * lanes + 3 : 1 + lanes + 1;
}

struct layout_want step_want(struct step *s)
{
    const struct world *w = step_world(s);
    int tasks = (int)w->ntasks;
    return (struct layout_want){.focus = s->focus,
                                .zoomed = s->zoomed,
                                .view = s->main_view,
                                .lanes = lanes_wanted(s, tasks),
                                .goal = s->setup.text != NULL || s->setup.challenge != NULL};
}

void step_seek(struct step *s, int64_t step)
{
    int64_t last = s->trace->nsteps;
    s->cursor = (uint32_t)(step < 0 ? 0 : step > last ? last : step);
    const struct world *w = step_world(s);
    if (w->running != NO_TASK)
        s->selected = w->running;
    if (s->selected >= w->ntasks)
        s->selected = 0;
    s->scroll[PANEL_WHY] = s->scroll[PANEL_SOURCE] = s->scroll[PANEL_OUTPUT] = 0;
}

void step_refresh(struct step *s, uint32_t step)
{
    s->trace = s->port.ops->trace(s->port.ctx);
    lanes_forget(&s->lanes, step);
    marks_update(&s->marks, s->trace);
    s->vars->valid = 0;
    s->untold = 1;
    if (s->cursor > s->trace->nsteps)
        s->cursor = s->trace->nsteps;
}

uint32_t step_decisive(struct step *s, int kind)
{
    for (size_t i = s->marks.n; i-- > 0;) {
        const struct mark *m = &s->marks.list[i];
        const struct event *e = &s->trace->events[m->event];
        if (m->kind == EV_FINDING && (kind < 0 || e->a == (uint64_t)kind))
            return m->step;
    }
    return kind < 0 ? s->trace->nsteps : step_decisive(s, -1);
}

/* -------- actions: moving -------- */

static void act_step_next(struct step *s, const struct input *in)
{
    (void)in;
    if (step_at_end(s))
        step_forward(s);
    else
        step_seek(s, (int64_t)s->cursor + 1);
}

static void act_step_back(struct step *s, const struct input *in)
{
    (void)in;
    if (!s->cursor)
        step_say(s, ROLE_DIM, "this is the beginning");
    step_seek(s, (int64_t)s->cursor - 1);
}

static void act_step_first(struct step *s, const struct input *in)
{
    (void)in;
    step_seek(s, 0);
}

static void act_step_last(struct step *s, const struct input *in)
{
    (void)in;
    if (step_at_end(s))
        step_run_on(s);
    else
        step_seek(s, s->trace->nsteps);
}

static void to_own_step(struct step *s, int by)
{
    int64_t last = s->trace->nsteps;
    for (int64_t n = (int64_t)s->cursor + by; n >= 1 && n <= last; n += by)
        if (trace_step(s->trace, (uint32_t)n)->task == s->selected) {
            step_seek(s, n);
            return;
        }
    char who[16];
    task_number(s, s->selected, who, sizeof who);
    step_say(s, ROLE_DIM, "no %s step of %s", by > 0 ? "later" : "earlier", who);
}

static void act_step_next_own(struct step *s, const struct input *in)
{
    (void)in;
    to_own_step(s, 1);
}

static void act_step_prev_own(struct step *s, const struct input *in)
{
    (void)in;
    to_own_step(s, -1);
}

static void to_mark(struct step *s, int by)
{
    uint32_t finding = marks_next(&s->marks, s->cursor, by);
    uint32_t bookmark = step_bookmark_next(s, s->cursor, by);
    uint32_t to = finding;
    if (bookmark && (!finding || (by > 0 ? bookmark < finding : bookmark > finding)))
        to = bookmark;
    if (to)
        step_seek(s, to);
    else
        step_say(s, ROLE_DIM, "no mark %s; b sets a bookmark", by > 0 ? "ahead" : "before");
}

static void act_step_next_mark(struct step *s, const struct input *in)
{
    (void)in;
    to_mark(s, 1);
}

static void act_step_prev_mark(struct step *s, const struct input *in)
{
    (void)in;
    to_mark(s, -1);
}

/* -------- actions: playing -------- */

static void act_step_play(struct step *s, const struct input *in)
{
    s->playing = !s->playing;
    s->next_tick = in->now;
    if (s->playing && step_at_end(s) && s->port.ops->finished(s->port.ctx)) {
        s->playing = 0;
        step_say(s, ROLE_NOTE, "the run is over: g goes to its beginning, r runs it again");
    }
}

static void change_speed(struct step *s, int by)
{
    int speed = s->speed + by;
    s->speed = speed < 0 ? 0 : speed >= SPEEDS ? SPEEDS - 1 : speed;
    step_say(s, ROLE_NOTE, "speed %d of %d: a step every %d ms", s->speed + 1, SPEEDS,
             delays_ms[s->speed]);
    if (s->playing && s->next_tick > s->ui->now + delays_ms[s->speed])
        s->next_tick = s->ui->now + delays_ms[s->speed];
}

static void act_step_faster(struct step *s, const struct input *in)
{
    (void)in;
    change_speed(s, 1);
}

static void act_step_slower(struct step *s, const struct input *in)
{
    (void)in;
    change_speed(s, -1);
}

/* -------- actions: who goes next -------- */

static void act_step_digit(struct step *s, const struct input *in)
{
    step_digit_pick(s, in->key - '0');
}

static void act_step_choose(struct step *s, const struct input *in)
{
    (void)in;
    step_choose_open(s);
}

static void act_step_adversity(struct step *s, const struct input *in)
{
    (void)in;
    step_adversity(s);
}

static void act_step_wake(struct step *s, const struct input *in)
{
    (void)in;
    step_wake_open(s);
}

static void act_step_undo(struct step *s, const struct input *in)
{
    (void)in;
    step_undo_turn(s);
}

static void act_step_again(struct step *s, const struct input *in)
{
    (void)in;
    step_restart(s);
}

static void act_step_hint(struct step *s, const struct input *in)
{
    (void)in;
    if (s->setup.challenge || !s->setup.text)
        step_hint_next(s);
    else
        s->focus = s->focus == PANEL_GOAL ? PANEL_TIMELINE : PANEL_GOAL;
}

/* -------- actions: finding -------- */

static void act_step_find(struct step *s, const struct input *in)
{
    (void)in;
    step_find_next(s);
}

static void open_prompt(struct step *s, enum step_mode mode)
{
    edit_clear(&s->edit);
    s->mode = mode;
}

static void act_step_goto(struct step *s, const struct input *in)
{
    (void)in;
    open_prompt(s, MODE_GOTO);
}

static void act_step_search(struct step *s, const struct input *in)
{
    (void)in;
    open_prompt(s, MODE_SEARCH);
}

static void act_step_search_next(struct step *s, const struct input *in)
{
    (void)in;
    step_search_from(s, 1);
}

static void act_step_search_prev(struct step *s, const struct input *in)
{
    (void)in;
    step_search_from(s, -1);
}

static void act_step_bookmark(struct step *s, const struct input *in)
{
    (void)in;
    step_bookmark_toggle(s);
}

/* -------- actions: panels -------- */

/* PANEL_COUNT: the picture. */
static void step_show_view(struct step *s, enum panel view)
{
    s->main_view = view;
    s->zoomed = 0;
    s->focus = view == PANEL_COUNT ? PANEL_TIMELINE : view;
}

static void act_step_view(struct step *s, const struct input *in)
{
    (void)in;
    list_clear(&s->list, _("Which view?"));
    list_add(&s->list, 0, PANEL_COUNT, _("panels: threads, source and timeline"));
    for (int p = 0, n = 0; p < PANEL_COUNT; p++) {
        char row[LIST_TEXT];
        if (!panel_is_view((enum panel)p))
            continue;
        snprintf(row, sizeof row, "%s: %s", panel_title((enum panel)p), panel_help((enum panel)p));
        list_add(&s->list, ++n, p, row);
    }
    s->mode = MODE_VIEW;
}

static void next_panel(struct step *s, int by)
{
    struct layout_want want = step_want(s);
    s->focus = layout_next(s->ui->canvas.cols, s->ui->canvas.rows, &want, s->focus, by);
}

static void act_step_panel(struct step *s, const struct input *in)
{
    (void)in;
    next_panel(s, 1);
}

static void act_step_panel_back(struct step *s, const struct input *in)
{
    (void)in;
    next_panel(s, -1);
}

static void act_step_zoom(struct step *s, const struct input *in)
{
    (void)in;
    s->zoomed = !s->zoomed;
}

static void scroll(struct step *s, enum panel p, int by)
{
    if (p == PANEL_THREADS) {
        int ntasks = (int)step_world(s)->ntasks;
        step_order(s);
        int to = s->place[s->selected] + by;
        s->selected = s->order[to < 0 ? 0 : to >= ntasks ? ntasks - 1 : to];
        return;
    }
    if (p == PANEL_STEPS) {
        step_seek(s, (int64_t)s->cursor + by);
        return;
    }
    s->scroll[p] += by;
    if (s->scroll[p] < 0 && p != PANEL_SOURCE && p != PANEL_OUTPUT)
        s->scroll[p] = 0;
}

static void act_step_up(struct step *s, const struct input *in)
{
    (void)in;
    scroll(s, s->focus, -1);
}

static void act_step_down(struct step *s, const struct input *in)
{
    (void)in;
    scroll(s, s->focus, 1);
}

static void page(struct step *s, int by)
{
    struct rect r = s->layout.at[s->focus];
    if (s->focus == PANEL_TIMELINE)
        step_seek(s, (int64_t)s->cursor + (int64_t)by * (s->lane_cells.w / s->scale));
    else
        scroll(s, s->focus, by * (r.h > 3 ? r.h - 3 : 1));
}

static void act_step_page_up(struct step *s, const struct input *in)
{
    (void)in;
    page(s, -1);
}

static void act_step_page_down(struct step *s, const struct input *in)
{
    (void)in;
    page(s, 1);
}

static void act_step_scale(struct step *s, const struct input *in)
{
    (void)in;
    static const int next[] = {[1] = 2, [2] = 4, [3] = 4, [4] = 1};
    s->scale = next[s->scale];
    s->scale_fixed = 1;
    step_say(s, ROLE_NOTE, "Timeline: %d cell%s a step", s->scale, s->scale > 1 ? "s" : "");
}

/* A click in the timeline or the table is a seek; on a thread it selects. */
static void click(struct step *s, enum panel p, const struct input *in)
{
    struct rect r = s->lane_cells;
    s->focus = p;
    if (p == PANEL_TIMELINE && in->x >= r.x && in->x < r.x + r.w)
        step_seek(s, (int64_t)s->first + (in->x - r.x) / s->scale);
    else if (p == PANEL_STEPS && in->y > s->layout.at[p].y + 1)
        step_seek(s, (int64_t)s->table_first + in->y - s->layout.at[p].y - 2);
    else if (p == PANEL_THREADS) {
        int row = in->y - s->layout.at[p].y - 1 + s->scroll[PANEL_THREADS];
        if (row >= 0 && row < (int)step_world(s)->ntasks)
            s->selected = s->order[row];
    }
    if (in->clicks == 2 && p != PANEL_TIMELINE && p != PANEL_STEPS)
        s->zoomed = !s->zoomed;
}

static void act_step_mouse(struct step *s, const struct input *in)
{
    int p = layout_hit(&s->layout, in->x, in->y);
    if (p < 0)
        return;
    if (!in->wheel)
        click(s, (enum panel)p, in);
    else if (p == PANEL_TIMELINE)
        step_seek(s, (int64_t)s->cursor + in->wheel);
    else
        scroll(s, (enum panel)p,
               p == PANEL_THREADS || p == PANEL_STEPS ? in->wheel : 3 * in->wheel);
}

static void act_step_redraw(struct step *s, const struct input *in)
{
    (void)s;
    (void)in;
    term_redraw();
}

static void act_step_help(struct step *s, const struct input *in)
{
    (void)in;
    help_push(s->ui, SCREEN_STEP);
}

static void act_step_escape(struct step *s, const struct input *in)
{
    (void)in;
    if (s->playing)
        s->playing = 0;
    else if (s->zoomed)
        s->zoomed = 0;
    else if (s->main_view != PANEL_COUNT)
        step_show_view(s, PANEL_COUNT);
    else if (s->ui->depth > 1)
        ui_pop(s->ui);
    else
        step_say(s, ROLE_NOTE, "q leaves lockstep");
}

static void act_step_quit(struct step *s, const struct input *in)
{
    (void)in;
    ui_leave(s->ui, 0);
}

/* -------- prompts -------- */

static void take_prompt(struct step *s)
{
    enum step_mode mode = s->mode;
    s->mode = MODE_NORMAL;
    if (mode == MODE_SEARCH) {
        if (s->edit.n)
            memcpy(s->needle, s->edit.text, sizeof s->needle);
        step_search_from(s, 1);
        return;
    }
    char *end;
    long n = strtol(s->edit.text, &end, 10);
    if (!s->edit.n)
        return;
    if (*end || end == s->edit.text) {
        step_say(s, ROLE_BAD, "\"%s\" is no step number; +5 and -5 go from here", s->edit.text);
        return;
    }
    int relative = s->edit.text[0] == '+' || s->edit.text[0] == '-';
    int64_t to = relative ? (int64_t)s->cursor + n : n;
    if (to > s->trace->nsteps)
        step_say(s, ROLE_NOTE, "this run has %u steps so far", s->trace->nsteps);
    step_seek(s, to);
}

static void act_prompt_take(struct step *s, const struct input *in)
{
    (void)in;
    take_prompt(s);
}

static void act_close(struct step *s, const struct input *in)
{
    (void)in;
    s->mode = MODE_NORMAL;
}

static void act_prompt_rub(struct step *s, const struct input *in)
{
    (void)in;
    edit_rub(&s->edit);
}

static void act_prompt_clear(struct step *s, const struct input *in)
{
    (void)in;
    edit_clear(&s->edit);
}

static void act_search_stop(struct step *s, const struct input *in)
{
    (void)in;
    s->search_stop = 1;
}

static void act_list(struct step *s, enum action action, const struct input *in)
{
    enum step_mode mode = s->mode;
    int took = list_act(&s->list, action, in);
    if (took)
        s->mode = MODE_NORMAL;
    if (took > 0 && mode == MODE_VIEW)
        step_show_view(s, (enum panel)s->list.rows[s->list.at].value);
    else if (took > 0)
        step_chosen(s);
}

/* -------- the table of actions -------- */

static void (*const handlers[ACT_COUNT])(struct step *, const struct input *) = {
#define KEY(id, keys, footer, rank, help) [ACT_##id] = act_##id,
#include "keys_step.def"
#undef KEY
    [ACT_prompt_take] = act_prompt_take,   [ACT_prompt_close] = act_close,
    [ACT_prompt_rub] = act_prompt_rub,     [ACT_prompt_clear] = act_prompt_clear,
    [ACT_prompt_redraw] = act_step_redraw, [ACT_search_stop] = act_search_stop,
    [ACT_search_redraw] = act_step_redraw, [ACT_list_redraw] = act_step_redraw,
};

static enum screen_id keys(void *state)
{
    static const enum screen_id by_mode[] = {
        [MODE_NORMAL] = SCREEN_STEP, [MODE_GOTO] = SCREEN_PROMPT, [MODE_SEARCH] = SCREEN_PROMPT,
        [MODE_CHOOSE] = SCREEN_LIST, [MODE_VIEW] = SCREEN_LIST,   [MODE_EXPLORING] = SCREEN_SEARCH};
    return by_mode[((struct step *)state)->mode];
}

static void act(void *state, struct ui *ui, enum action action, const struct input *in)
{
    struct step *s = state;
    s->ui = ui;
    if (s->mode == MODE_NORMAL) {
        s->message[0] = 0;
        if (s->busy && action != ACT_step_quit && action != ACT_step_help) {
            step_say(s, ROLE_NOTE, "the program is still on its way to its next step …");
            return;
        }
    }
    if (keys(s) == SCREEN_LIST && !handlers[action])
        act_list(s, action, in);
    else if (handlers[action])
        handlers[action](s, in);
}

static void typed(void *state, struct ui *ui, const struct input *in)
{
    struct step *s = state;
    (void)ui;
    if (s->mode == MODE_GOTO || s->mode == MODE_SEARCH)
        edit_type(&s->edit, in->key);
}

/* -------- time -------- */

/* A place is kept a moment after the last move, so that playing does not write at every step. */
enum { TELL_AFTER_MS = 250 };

static void tell_place(struct step *s)
{
    const struct schedule *now = s->port.ops->schedule(s->port.ctx);
    struct buf token = {0};
    s->tell_at = 0;
    if (!s->setup.moved || s->busy || (s->told_cursor == s->cursor && !s->untold))
        return;
    schedule_format(now, &token);
    s->setup.moved(s->setup.ctx, token.data ? token.data : "", s->cursor);
    s->told_cursor = s->cursor;
    s->untold = 0;
    buf_fini(&token);
}

static int until(int64_t at, int64_t now)
{
    return at <= now ? 0 : (int)(at - now);
}

static int wait_for(void *state, int64_t now, int *fd)
{
    struct step *s = state;
    int wait = s->busy ? 200 : -1;
    if (s->busy)
        *fd = s->port.ops->fd(s->port.ctx);
    if (s->setup.moved && !s->tell_at && !s->busy && (s->told_cursor != s->cursor || s->untold))
        s->tell_at = now + TELL_AFTER_MS;
    if (s->tell_at)
        wait = until(s->tell_at, now);
    if (s->look_at && !s->busy && (wait < 0 || until(s->look_at, now) < wait))
        wait = until(s->look_at, now);
    if (s->playing && !s->busy && (wait < 0 || until(s->next_tick, now) < wait))
        wait = until(s->next_tick, now);
    return wait;
}

static void ask_busy(struct step *s)
{
    struct err e = {0};
    int rc = s->port.ops->wait(s->port.ctx, &e);
    if (rc == -ERR_BUSY)
        return;
    s->busy = 0;
    if (rc < 0)
        step_say(s, ROLE_BAD, "%s", e.message);
    else
        s->message[0] = 0;
    step_refresh(s, s->cursor);
    step_seek(s, s->trace->nsteps);
    step_check_goal(s);
}

static void tick(void *state, struct ui *ui)
{
    struct step *s = state;
    s->ui = ui;
    if (s->busy) {
        ask_busy(s);
        return;
    }
    if (s->tell_at && ui->now >= s->tell_at)
        tell_place(s);
    if (s->look_at && ui->now >= s->look_at) {
        s->look_at = 0;
        s->look_due = 1;
    }
    if (!s->playing || ui->now < s->next_tick)
        return;
    s->next_tick = ui->now + delays_ms[s->speed];
    if (step_at_end(s) && s->port.ops->finished(s->port.ctx)) {
        s->playing = 0;
        return;
    }
    uint32_t before = s->cursor;
    act_step_next(s, NULL);
    /* A finding is what one plays for: stop and look. */
    if (s->cursor == before || marks_at(&s->marks, s->cursor, EV_FINDING))
        s->playing = 0;
}

/* -------- beginning and end -------- */

static void free_step(void *state)
{
    struct step *s = state;
    tell_place(s);
    world_view_free(s->view);
    lanes_fini(&s->lanes);
    marks_fini(&s->marks);
    for (int i = 0; i < s->nsources; i++)
        source_fini(&s->sources[i]);
    schedule_fini(&s->undo);
    if (s->has_found)
        explore_result_fini(&s->found);
    free(s->vars);
    s->port.ops->close(s->port.ctx);
    free(s);
}

static const struct screen_ops ops = {
    .draw = step_draw,
    .keys = keys,
    .act = act,
    .typed = typed,
    .wait = wait_for,
    .tick = tick,
    .free = free_step,
};

static void begin(struct step *s)
{
    struct err e = {0};
    int rc = 0;
    if (s->setup.start)
        rc = s->port.ops->replay(s->port.ctx, s->setup.start, &e);
    else if (s->setup.path && s->setup.path->nlegs)
        rc = s->port.ops->follow(s->port.ctx, s->setup.path, &e);
    if (rc < 0)
        step_say(s, ROLE_BAD, "%s", e.message);
    step_refresh(s, 0);
    if (s->setup.cursor == UINT32_MAX)
        step_seek(s, step_decisive(s, -1));
    else
        step_seek(s, s->setup.cursor);
}

struct step *step_push(struct ui *ui, struct port port, const struct step_setup *setup)
{
    struct step *s = xcalloc(1, sizeof *s);
    s->ui = ui;
    s->port = port;
    s->setup = *setup;
    s->trace = port.ops->trace(port.ctx);
    s->view = world_view_new(s->trace);
    lanes_init(&s->lanes, s->view, s->trace);
    s->vars = xcalloc(1, sizeof *s->vars);
    s->scale = 2;
    s->speed = SPEED_AT_FIRST;
    s->focus = PANEL_TIMELINE;
    s->main_view = PANEL_COUNT;
    schedule_init(&s->undo);
    begin(s);
    step_bookmarks_load(s);
    ui_push(ui, &ops, s);
    return s;
}
