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

/* -------- walking -------- */

static void arrived(struct present *p)
{
    p->message[0] = 0;
    p->asked = 0;
    memset(p->scroll, 0, sizeof p->scroll);
    struct buf before = {0};
    hands_before(p->ui->store, present_slide(p), &present_kept(p)->hands, &before);
    free(p->before);
    p->before = before.data;
    present_enter(p);
}

/* Go where the walking functions have brought w. */
static void go(struct present *p, const struct walk *w, int moved)
{
    if (moved)
        present_leave(p);
    p->walk = *w;
    if (moved)
        arrived(p);
}

static void go_entry(struct present *p, int by)
{
    struct walk w = p->walk;
    int moved = p->talk && walk_entry(&w, p->talk, by, p->ui->now);
    if (p->talk)
        go(p, &w, moved);
    else
        present_say(p, ROLE_NOTE, _("there is no plan here: the run of the step screen is shown"));
}

/* Whether the run has a step more for the clicker. */
static int has_step(const struct present *p)
{
    const struct step *s = p->step;
    const struct slide *sl = present_slide(p);
    if (s->cursor < s->trace->nsteps)
        return 1;
    if (s->port.ops->finished(s->port.ctx) || present_kept(p)->trouble)
        return 0;
    int told = sl && (sl->from_start || (sl->then && sl->then->nlegs));
    return !told || present_kept(p)->own_way;
}

/* What a step of the program has gone wrong with is said, and the plan goes on from there. */
static void take_trouble(struct present *p)
{
    struct step *s = p->step;
    if (!s->message[0])
        return;
    if (s->message_style == ROLE_BAD) {
        struct kept *k = present_kept(p);
        free(k->trouble);
        k->trouble = xstrdup(s->message);
    }
    present_say(p, s->message_style, "%s", s->message);
    s->message[0] = 0;
}

static void step_on(struct present *p)
{
    struct step *s = p->step;
    s->message[0] = 0;
    memset(p->scroll, 0, sizeof p->scroll);
    if (step_at_end(s))
        step_forward(s);
    else
        step_seek(s, (int64_t)s->cursor + 1);
    take_trouble(p);
}

void present_on(struct present *p)
{
    if (p->walk.black) {
        p->walk.black = 0;
        return;
    }
    if (p->step && p->step->busy) {
        present_say(p, ROLE_NOTE, _("the program is on its way to its next step …"));
        return;
    }
    if (p->step && has_step(p)) {
        step_on(p);
        return;
    }
    if (p->build && present_slide(p)->kind == SLIDE_STEP) {
        present_say(p, ROLE_NOTE, _("still compiling; ] goes on without it"));
        return;
    }
    if (!p->talk) {
        present_say(p, ROLE_NOTE, _("the run is over; p goes back to the step screen"));
        return;
    }
    if (present_slide(p)->kind == SLIDE_LIVE && !present_kept(p)->was_left) {
        present_kept(p)->was_left = 1;
        present_enter(p);
        return;
    }
    if (p->walk.at + 1 == p->talk->nslides && p->walk.part + 1 >= p->parts)
        present_say(p, ROLE_NOTE, _("this was the last of the plan; q leaves"));
    struct walk w = p->walk;
    int moved = walk_on(&w, p->talk, p->parts, p->ui->now);
    go(p, &w, moved);
}

void present_back(struct present *p)
{
    uint32_t first = p->talk ? present_kept(p)->start : 0;
    if (p->walk.black) {
        p->walk.black = 0;
        return;
    }
    if (p->step && p->step->busy)
        return;
    if (p->step && p->step->cursor > first) {
        memset(p->scroll, 0, sizeof p->scroll);
        step_seek(p->step, (int64_t)p->step->cursor - 1);
        return;
    }
    if (!p->talk || !p->walk.at) {
        present_say(p, ROLE_NOTE, _("this is the beginning"));
        return;
    }
    struct walk w = p->walk;
    int moved = walk_back(&w, p->talk, p->ui->now);
    go(p, &w, moved);
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
    go_entry(p, 1);
}

static void act_present_entry_back(struct present *p, const struct input *in)
{
    (void)in;
    go_entry(p, -1);
}

static void act_present_list(struct present *p, const struct input *in)
{
    (void)in;
    if (!p->talk) {
        go_entry(p, 0); /* it says why not */
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

/* -------- panels -------- */

static void to_panel(struct present *p, enum present_panel panel)
{
    p->panel = panel;
}

static void act_present_digit(struct present *p, const struct input *in)
{
    const struct slide *s = present_slide(p);
    int n = in->key - '0';
    if (s && s->kind == SLIDE_QUESTION && n >= 1) {
        present_hands_begin(p, n - 1);
        return;
    }
    unsigned has = present_has(p);
    for (int panel = 0; panel < SHOW_PANELS; panel++)
        if (((has >> panel) & 1) && --n == 0)
            to_panel(p, (enum present_panel)panel);
}

static void next_panel(struct present *p, int by)
{
    struct present_want want = present_wanted(p);
    int panel = (int)want.panel;
    do
        panel = (panel + by + SHOW_PANELS) % SHOW_PANELS;
    while (!((want.has >> panel) & 1));
    to_panel(p, (enum present_panel)panel);
}

static void act_present_panel(struct present *p, const struct input *in)
{
    (void)in;
    next_panel(p, 1);
}

static void act_present_panel_back(struct present *p, const struct input *in)
{
    (void)in;
    next_panel(p, -1);
}

static void act_present_split(struct present *p, const struct input *in)
{
    (void)in;
    p->single = !p->single;
}

static void scroll(struct present *p, int by)
{
    struct present_want want = present_wanted(p);
    if (want.panel == SHOW_TEXT && p->parts > 1) {
        p->walk.part += by;
        p->walk.part = p->walk.part < 0 ? 0 : p->walk.part;
        return;
    }
    p->scroll[want.panel] += by;
}

static void act_present_down(struct present *p, const struct input *in)
{
    (void)in;
    scroll(p, 1);
}

static void act_present_up(struct present *p, const struct input *in)
{
    (void)in;
    scroll(p, -1);
}

static void act_present_mouse(struct present *p, const struct input *in)
{
    if (in->wheel)
        scroll(p, in->wheel);
    else
        present_on(p);
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
    take_trouble(p);
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
        go(p, &w, moved);
        return;
    }
    step_take(p->step, (uint16_t)value);
    present_kept(p)->own_way = 1;
    if (p->step->message_style == ROLE_NOTE)
        p->step->message[0] = 0; /* it speaks of keys of the step screen */
    take_trouble(p);
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
            take_trouble(p);
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
    if (p->step->can_undo)
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
