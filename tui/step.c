/* The step screen: its actions. */
#include "step_internal.h"

#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Milliseconds between two steps when playing, by speed. */
static const int delays_ms[] = {2000, 1000, 600, 350, 200, 100, 50, 20};
enum { SPEEDS = sizeof delays_ms / sizeof *delays_ms };

void step_say(struct step *s, unsigned style, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    vsnprintf(s->message, sizeof s->message, format, ap);
    va_end(ap);
    s->message_style = style;
}

int step_delay_ms(const struct step *s)
{
    return delays_ms[s->speed];
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
    /* By the step alone, so that coming back shows what was there. */
    s->selected = w->running != NO_TASK ? w->running : 0;
    s->scroll[PANEL_WHY] = s->scroll[PANEL_SOURCE] = s->scroll[PANEL_OUTPUT] = 0;
}

void step_refresh(struct step *s, uint32_t step)
{
    s->trace = s->port.ops->trace(s->port.ctx);
    lanes_forget(&s->lanes, step);
    marks_update(&s->marks, s->trace);
    s->vars->valid = 0;
    s->untold = 1;
    step_switches_check(s);
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

/* -------- actions: playing -------- */

void act_step_play(struct step *s, const struct input *in)
{
    s->playing = !s->playing;
    s->next_tick = in->now;
    if (s->playing && step_at_end(s) && s->port.ops->finished(s->port.ctx)) {
        s->playing = 0;
        step_say(s, ROLE_NOTE, _("the run is over: g goes to its beginning, r runs it again"));
    }
}

static void change_speed(struct step *s, int by)
{
    int speed = s->speed + by;
    s->speed = speed < 0 ? 0 : speed >= SPEEDS ? SPEEDS - 1 : speed;
    step_say(s, ROLE_NOTE, _("speed %d of %d: a step every %d ms"), s->speed + 1, SPEEDS,
             delays_ms[s->speed]);
    if (s->playing && s->next_tick > s->ui->now + delays_ms[s->speed])
        s->next_tick = s->ui->now + delays_ms[s->speed];
}

void act_step_faster(struct step *s, const struct input *in)
{
    (void)in;
    change_speed(s, 1);
}

void act_step_slower(struct step *s, const struct input *in)
{
    (void)in;
    change_speed(s, -1);
}

void act_step_redraw(struct step *s, const struct input *in)
{
    (void)s;
    (void)in;
    term_redraw();
}

void act_step_help(struct step *s, const struct input *in)
{
    (void)in;
    help_push(s->ui, SCREEN_STEP);
}

void act_step_escape(struct step *s, const struct input *in)
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
        step_say(s, ROLE_NOTE, _("q leaves lockstep"));
}

void act_step_quit(struct step *s, const struct input *in)
{
    (void)in;
    ui_leave(s->ui, 0);
}

/* -------- modes -------- */

static const struct mode_row modes[] = {
    [MODE_NORMAL] = {SCREEN_STEP, NULL, NULL, NULL},
    [MODE_GOTO] = {SCREEN_PROMPT, N_("go to step or until"), step_goto_take, NULL},
    [MODE_SEARCH] = {SCREEN_PROMPT, N_("search steps"), step_search_take, NULL},
    [MODE_CHOOSE] = {SCREEN_LIST, NULL, step_chosen, NULL},
    [MODE_VIEW] = {SCREEN_LIST, NULL, step_view_take, NULL},
    [MODE_EXPLORING] = {SCREEN_SEARCH, NULL, NULL, NULL},
    [MODE_MINIMISING] = {SCREEN_SEARCH, NULL, NULL, NULL},
    [MODE_BUILDING] = {SCREEN_SEARCH, NULL, NULL, NULL},
    [MODE_BOOKMARKS] = {SCREEN_BOOKMARKS, NULL, NULL, NULL},
    [MODE_NOTE] = {SCREEN_PROMPT, N_("note"), step_note_take, step_note_close},
    [MODE_ADVERSE] = {SCREEN_LIST, NULL, step_adverse_take, step_adverse_close},
};

const struct mode_row *step_mode_row(const struct step *s)
{
    return &modes[s->mode];
}

void step_open_mode(struct step *s, enum step_mode mode)
{
    s->mode = mode;
    if (step_mode_row(s)->label)
        edit_clear(&s->edit);
}

/* What was typed or chosen is taken; that may open the next mode. */
static void take(struct step *s)
{
    const struct mode_row *m = step_mode_row(s);
    s->mode = MODE_NORMAL;
    if (m->take)
        m->take(s);
}

static void act_prompt_take(struct step *s, const struct input *in)
{
    (void)in;
    take(s);
}

static void close_mode(struct step *s)
{
    const struct mode_row *m = step_mode_row(s);
    s->mode = MODE_NORMAL;
    if (m->close)
        m->close(s);
}

static void act_close(struct step *s, const struct input *in)
{
    (void)in;
    close_mode(s);
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
    if (s->mode == MODE_MINIMISING)
        step_switches_stop(s);
    else if (s->mode == MODE_BUILDING)
        step_live_stop(s);
    else
        step_stop_searching(s);
}

static void act_list(struct step *s, enum action action, const struct input *in)
{
    int took = list_act(&s->list, action, in);
    if (took > 0)
        take(s);
    else if (took < 0)
        close_mode(s);
}

/* -------- the table of actions -------- */

static void (*const handlers[ACT_COUNT])(struct step *, const struct input *) = {
#define KEY(id, keys, footer, rank, help) [ACT_##id] = act_##id,
#include "keys_step.def"
#undef KEY
    [ACT_prompt_take] = act_prompt_take,      [ACT_prompt_close] = act_close,
    [ACT_prompt_rub] = act_prompt_rub,        [ACT_prompt_clear] = act_prompt_clear,
    [ACT_prompt_redraw] = act_step_redraw,    [ACT_search_stop] = act_search_stop,
    [ACT_search_redraw] = act_step_redraw,    [ACT_list_redraw] = act_step_redraw,
    [ACT_bookmarks_redraw] = act_step_redraw,
};

static enum screen_id keys(void *state)
{
    return step_mode_row(state)->keys;
}

static void act(void *state, struct ui *ui, enum action action, const struct input *in)
{
    struct step *s = state;
    s->ui = ui;
    if (s->mode == MODE_NORMAL) {
        s->message[0] = 0;
        if (step_until_is(s)) { /* any key stops it; Esc does no more than that */
            step_until_stop(s);
            if (action == ACT_step_escape)
                return;
        }
        if (s->busy && action != ACT_step_quit && action != ACT_step_help) {
            step_say(s, ROLE_NOTE, _("the program is still on its way to its next step …"));
            return;
        }
    }
    if (keys(s) == SCREEN_BOOKMARKS && step_bookmarks_act(s, action, in))
        return;
    if (keys(s) == SCREEN_LIST && !handlers[action])
        act_list(s, action, in);
    else if (handlers[action])
        handlers[action](s, in);
}

static void typed(void *state, struct ui *ui, const struct input *in)
{
    struct step *s = state;
    (void)ui;
    if (step_mode_row(s)->label)
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

int step_wait(struct step *s, int64_t now, int *fd)
{
    int wait = s->busy ? 200 : step_until_is(s) ? 0 : -1;
    if (s->mode == MODE_EXPLORING) {
        *fd = s->words_left ? -1 : finder_fd(s->finder);
        return s->words_left ? 0 : -1;
    }
    if (s->mode == MODE_MINIMISING || s->mode == MODE_BUILDING) {
        *fd = s->mode == MODE_BUILDING ? step_live_wait(s) : step_switches_wait(s);
        return -1;
    }
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

void step_tick(struct step *s, struct ui *ui)
{
    s->ui = ui;
    if (s->mode == MODE_EXPLORING) {
        if (s->words_left)
            step_words_slice(s);
        else
            step_find_tick(s);
        return;
    }
    if (s->mode == MODE_MINIMISING) {
        step_switches_tick(s);
        return;
    }
    if (s->mode == MODE_BUILDING) {
        step_live_tick(s);
        return;
    }
    if (s->busy) {
        ask_busy(s);
        return;
    }
    step_until_tick(s);
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

static int wait_for(void *state, int64_t now, int *fd)
{
    return step_wait(state, now, fd);
}

static void tick(void *state, struct ui *ui)
{
    step_tick(state, ui);
}

/* -------- beginning and end -------- */

void step_free(struct step *s)
{
    finder_free(s->finder);
    outcome_set_fini(&s->seen);
    tell_place(s);
    world_view_free(s->view);
    lanes_fini(&s->lanes);
    marks_fini(&s->marks);
    for (int i = 0; i < s->nsources; i++)
        source_fini(&s->sources[i]);
    step_undo_free(s);
    step_until_stop(s);
    step_switches_free(s);
    step_compare_free(s);
    step_bookmarks_free(s);
    step_live_free(s);
    free(s->vars);
    views_free(s->views);
    s->port.ops->close(s->port.ctx);
    free(s);
}

static void free_step(void *state)
{
    step_free(state);
}

static void give_back(void *state)
{
    ((struct step *)state)->lent = 0;
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

static const struct screen_ops lent_ops = {
    .draw = step_draw,
    .keys = keys,
    .act = act,
    .typed = typed,
    .wait = wait_for,
    .tick = tick,
    .free = give_back,
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

struct step *step_new(struct ui *ui, struct port port, const struct step_setup *setup)
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
    s->speed = atoi(config_value(CONFIG_SPEED)) - 1;
    s->focus = PANEL_TIMELINE;
    s->main_view = PANEL_COUNT;
    begin(s);
    step_bookmarks_load(s);
    return s;
}

struct step *step_push(struct ui *ui, struct port port, const struct step_setup *setup)
{
    struct step *s = step_new(ui, port, setup);
    ui_push(ui, &ops, s);
    return s;
}

void step_lend(struct ui *ui, struct step *s)
{
    s->ui = ui;
    s->lent = 1;
    ui_push(ui, &lent_ops, s);
}
