/* The presentation: its actions. */
#include "present_internal.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void present_say(struct present *p, unsigned style, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    vsnprintf(p->message, sizeof p->message, format, ap);
    va_end(ap);
    p->message_style = style;
}

const struct slide *present_slide(const struct present *p)
{
    return p->talk ? &p->talk->slides[p->walk.at] : NULL;
}

struct kept *present_kept(const struct present *p)
{
    return &p->kept[p->talk ? p->walk.at : 0];
}

#define BIT(panel) (1U << SHOW_##panel)
enum { RUN_PANELS = BIT(SOURCE) | BIT(THREADS) | BIT(OBJECTS) | BIT(OUTPUT) | BIT(WHY) };

unsigned present_has(const struct present *p)
{
    const struct slide *s = present_slide(p);
    if (!s)
        return RUN_PANELS;
    if (s->kind != SLIDE_STEP)
        return BIT(TEXT) | (*s->program && s->kind != SLIDE_LIVE ? BIT(SOURCE) : 0);
    unsigned text = s->text && *s->text->text ? BIT(TEXT) : 0;
    return p->step ? text | RUN_PANELS : BIT(TEXT);
}

struct present_want present_wanted(struct present *p)
{
    struct present_want w = {.has = present_has(p), .split = !p->single};
    w.panel = (w.has >> p->panel) & 1 ? p->panel : w.has & BIT(TEXT) ? SHOW_TEXT : SHOW_SOURCE;
    w.run = p->step != NULL;
    if (!p->step)
        return w;
    struct place at = step_place(p->step);
    w.lanes = 3 * (int)step_world(p->step)->ntasks + 1;
    w.lines = at.line ? step_source(p->step, at.file)->nlines : 0;
    return w;
}

static void act_present_on(struct present *p, const struct input *in)
{
    (void)in;
    present_on(p);
}

static void act_present_back(struct present *p, const struct input *in)
{
    (void)in;
    present_back(p);
}

static void act_present_entry(struct present *p, const struct input *in)
{
    (void)in;
    present_go_entry(p, 1);
}

static void act_present_entry_back(struct present *p, const struct input *in)
{
    (void)in;
    present_go_entry(p, -1);
}

static void act_present_list(struct present *p, const struct input *in)
{
    (void)in;
    if (!p->talk) {
        present_go_entry(p, 0); /* it says why not */
        return;
    }
    list_clear(&p->list, _("Go to"));
    for (size_t i = 0; i < p->talk->nslides; i++) {
        const struct slide *s = &p->talk->slides[i];
        struct buf line = {0};
        if (i && s->entry == s[-1].entry && s->entry && s->lesson &&
            (s->section == s[-1].section || s->kind != SLIDE_TEXT))
            continue;
        talk_line(s, &line);
        char row[LIST_TEXT];
        snprintf(row, sizeof row, "%s", line.data ? line.data : "");
        row[utf8_fit(row, strlen(row), 64)] = 0;
        list_add(&p->list, -1, (long)i, row);
        if (i <= p->walk.at)
            p->list.at = p->list.n - 1;
        buf_fini(&line);
    }
    p->mode = PRESENT_LIST;
}

/* -------- answers and hints -------- */

static void act_present_answer(struct present *p, const struct input *in)
{
    (void)in;
    const struct slide *s = present_slide(p);
    if (s && s->kind == SLIDE_QUESTION) {
        p->walk.shown = !p->walk.shown;
        p->walk.part = p->walk.shown ? INT_MAX : 0;
    } else
        present_say(p, ROLE_NOTE, _("there is no question here"));
}

static void act_present_hint(struct present *p, const struct input *in)
{
    (void)in;
    const struct slide *s = present_slide(p);
    if (!s || s->kind != SLIDE_CHALLENGE) {
        present_say(p, ROLE_NOTE, _("hints belong to challenges; there is none here"));
        return;
    }
    p->walk.hints += p->walk.hints <= CHALLENGE_HINTS;
    p->walk.part = INT_MAX;
    if (p->walk.hints > CHALLENGE_HINTS && *s->solution)
        p->panel = SHOW_TEXT;
}

/* -------- the run -------- */

static void act_present_turn(struct present *p, const struct input *in)
{
    (void)in;
    if (!p->step) {
        present_say(p, ROLE_NOTE, _("no program is stepped here"));
        return;
    }
    if (p->step->busy)
        return;
    step_choose_open(p->step);
    present_take_trouble(p);
    if (p->step->mode != MODE_CHOOSE)
        return;
    p->step->mode = MODE_NORMAL;
    p->list = p->step->list;
    p->mode = PRESENT_CHOOSE;
}

static void act_present_run(struct present *p, const struct input *in)
{
    (void)in;
    if (!p->talk)
        ui_pop(p->ui);
    else if (p->step)
        step_lend(p->ui, p->step);
    else
        present_say(p, ROLE_NOTE, _("no program is stepped here"));
}

/* -------- the screen -------- */

static void act_present_black(struct present *p, const struct input *in)
{
    (void)in;
    p->walk.black = !p->walk.black;
}

static void act_present_theme(struct present *p, const struct input *in)
{
    static const enum tui_theme order[] = {TUI_LIGHT, TUI_DARK, TUI_MONO};
    static const char *const words[] = {N_("colours as the terminal has them"),
                                        N_("light, for a bright room"), N_("dark"),
                                        N_("no colours")};
    (void)in;
    p->look = (p->look + 1) % 4;
    if (p->ui->on_terminal)
        term_theme(p->look ? order[p->look - 1] : p->ui->options->theme,
                   p->look == 1 || p->look == 2);
    present_say(p, ROLE_NOTE, "%s", _(words[p->look]));
}

static void act_present_redraw(struct present *p, const struct input *in)
{
    (void)p;
    (void)in;
    term_redraw();
}

static void act_present_help(struct present *p, const struct input *in)
{
    (void)in;
    help_push(p->ui, p->mode == PRESENT_HANDS ? SCREEN_HANDS : SCREEN_PRESENT);
}

/* Some clickers send Esc with a key that is pressed by mistake. */
static void act_present_escape(struct present *p, const struct input *in)
{
    (void)in;
    if (p->walk.black)
        p->walk.black = 0;
    else if (!p->talk || p->asked)
        ui_pop(p->ui);
    else {
        p->asked = 2;
        present_say(p, ROLE_NOTE, _("Esc once more leaves the presentation"));
    }
}

static void act_present_quit(struct present *p, const struct input *in)
{
    (void)in;
    ui_leave(p->ui, 0);
}

/* -------- the table of actions -------- */

static void (*const handlers[ACT_COUNT])(struct present *, const struct input *) = {
#define KEY(id, keys, footer, rank, help) [ACT_##id] = act_##id,
#include "keys_present.def"
#undef KEY
    [ACT_list_redraw] = act_present_redraw,
    [ACT_hands_redraw] = act_present_redraw,
    [ACT_hands_help] = act_present_help,
};

static enum screen_id keys(void *state)
{
    static const enum screen_id by_mode[] = {[PRESENT_NORMAL] = SCREEN_PRESENT,
                                             [PRESENT_HANDS] = SCREEN_HANDS,
                                             [PRESENT_CHOOSE] = SCREEN_LIST,
                                             [PRESENT_LIST] = SCREEN_LIST};
    return by_mode[((struct present *)state)->mode];
}

static void take_row(struct present *p, enum present_mode mode)
{
    long value = p->list.rows[p->list.at].value;
    if (mode == PRESENT_LIST) {
        struct walk w = p->walk;
        int moved = walk_to(&w, p->talk, (size_t)value, p->ui->now);
        present_go(p, &w, moved);
        return;
    }
    step_take(p->step, (uint16_t)value);
    present_kept(p)->own_way = 1;
    if (p->step->message_style == ROLE_NOTE)
        p->step->message[0] = 0; /* it speaks of keys of the step screen */
    present_take_trouble(p);
}

static void act_list(struct present *p, enum action action, const struct input *in)
{
    enum present_mode mode = p->mode;
    int took = list_act(&p->list, action, in);
    if (took)
        p->mode = PRESENT_NORMAL;
    if (took > 0)
        take_row(p, mode);
}

static void take_action(struct present *p, struct ui *ui, enum action action,
                        const struct input *in)
{
    enum screen_id table = keys(p);
    p->ui = ui;
    p->message[0] = 0;
    p->asked -= p->asked > 0;
    if (p->step)
        p->step->ui = ui;
    if (handlers[action])
        handlers[action](p, in);
    else if (table == SCREEN_LIST)
        act_list(p, action, in);
    else
        present_hands_act(p, action, in);
}

/* Whether it is there still, and on top. */
static int is_on_top(const struct present *p, const struct ui *ui)
{
    return !ui->leaving && ui->depth && ui->stack[ui->depth - 1].state == p;
}

static void act(void *state, struct ui *ui, enum action action, const struct input *in)
{
    int depth = ui->depth;
    take_action(state, ui, action, in);
    if (ui->depth >= depth)
        present_tell_notes(state);
}

/* What the notes ask for, as if the key had been pressed here. */
static void take_requests(struct present *p, struct ui *ui)
{
    int key;
    while ((key = present_asked_for(p)) != 0) {
        struct input in = {.key = key, .now = ui->now};
        const struct key_row *row = keys_find(keys(p), key);
        if (row)
            take_action(p, ui, row->action, &in);
        if (!is_on_top(p, ui))
            return;
    }
}

/* -------- time -------- */

enum { REQUEST_MS = 50 };

static int sooner(int a, int64_t b)
{
    return b < 0 ? a : a < 0 || b < a ? (int)b : a;
}

static int wait_for(void *state, int64_t now, int *fd)
{
    struct present *p = state;
    int wait = -1;
    if (p->talk)
        walk_begin(&p->walk, p->talk, now);
    present_serve(p);
    *fd = present_server_descriptor(p);
    if (p->talk)
        wait = sooner(wait, talk_clock(p->talk, &p->walk, now).change);
    if (p->build)
        *fd = present_build_fd(p);
    else if (p->step)
        wait = sooner(wait, step_wait(p->step, now, fd));
    if (p->server && *fd != present_server_descriptor(p))
        wait = sooner(wait, REQUEST_MS); /* one descriptor only is waited for */
    return wait;
}

static void tick(void *state, struct ui *ui)
{
    struct present *p = state;
    p->ui = ui;
    if (p->build)
        present_build_tick(p);
    if (p->step) {
        int was_busy = p->step->busy;
        step_tick(p->step, ui);
        if (was_busy && !p->step->busy) {
            p->message[0] = 0;
            present_take_trouble(p);
        }
    }
    if (is_on_top(p, ui))
        take_requests(p, ui);
    if (!ui->leaving && ui->depth)
        present_tell_notes(p);
}

/* Back from the step screen, the live screen or the help. */
static void back(void *state, struct ui *ui)
{
    struct present *p = state;
    p->ui = ui;
    while (present_asked_for(p)) /* for what was shown before */
        ;
    present_tell_notes(p);
    if (!p->step || !p->talk)
        return;
    p->step->playing = 0;
    p->step->message[0] = 0;
    if (p->step->nundo)
        present_kept(p)->own_way = 1;
}

static void free_present(void *state)
{
    struct present *p = state;
    present_serve_end(p);
    present_leave(p);
    if (p->tell)
        *p->tell = p->walk.at;
    present_programs_fini(p);
    free(p->kept);
    source_fini(&p->source);
    if (p->look && p->ui->on_terminal)
        term_theme(p->ui->options->theme, 0);
    talk_free(p->talk);
    free(p);
}

static const struct screen_ops ops = {
    .draw = present_draw,
    .keys = keys,
    .act = act,
    .wait = wait_for,
    .tick = tick,
    .back = back,
    .free = free_present,
};

static struct present *present_new(struct ui *ui, struct talk *talk)
{
    struct present *p = xcalloc(1, sizeof *p);
    p->ui = ui;
    p->talk = talk;
    p->kept = xcalloc(talk ? talk->nslides : 1, sizeof *p->kept);
    p->panel = SHOW_TEXT;
    p->parts = 1;
    ui_push(ui, &ops, p);
    return p;
}

struct present *present_push(struct ui *ui, struct talk *talk, size_t first)
{
    struct present *p = present_new(ui, talk);
    if (first)
        walk_to(&p->walk, talk, first, ui->now);
    p->walk.begun = 0; /* the loop knows the time */
    present_enter(p);
    return p;
}

void present_tell(struct present *p, size_t *at)
{
    p->tell = at;
}

void act_step_present(struct step *s, const struct input *in)
{
    (void)in;
    s->playing = 0;
    if (s->lent)
        ui_pop(s->ui);
    else
        present_push_run(s->ui, s);
}

void present_push_run(struct ui *ui, struct step *s)
{
    struct present *p = present_new(ui, NULL);
    p->step = s;
    p->panel = SHOW_SOURCE;
}

void present_push_lesson(struct ui *ui, const struct lesson *l, size_t section)
{
    char *id = xstrdup(l->id);
    struct talk *talk = talk_make(plan_of_lessons(&id, 1), ui->lessons);
    size_t first = 0;
    free(id);
    while (first + 1 < talk->nslides &&
           (!talk->slides[first].lesson || talk->slides[first].section < section))
        first++;
    present_push(ui, talk, first);
}
