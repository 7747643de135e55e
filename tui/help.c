/* The help screen: the keys of the screen below, then the signs and words. */
#include "lanes.h"
#include "ui.h"
#include "widgets.h"

#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HELP_LINES = 256, HELP_TEXT = 160, KEY_COLS = 14 };

struct help {
    enum screen_id about;
    int top, page;
    int typing;
    struct line_edit filter;
    struct help_line {
        char key[40];
        char text[HELP_TEXT];
        unsigned role; /* of the key */
        int heading;
    } lines[HELP_LINES];
    int n;
};

static const struct {
    unsigned role;
    const char *sign, *word;
} signs[] = {
    {ROLE_NEW, "•", N_("new: created, has not made its first step")},
    {ROLE_READY, "░", N_("ready: could go on, another one went")},
    {ROLE_RUNNING, "R█", N_("running: made that step; the letter says what it did")},
    {ROLE_BLOCKED, "─m──", N_("blocked: waits, for m here: a lock, a condition, a pipe, an end")},
    {ROLE_SLEEPING, "·", N_("sleeping: in sleep or a timed wait")},
    {ROLE_STOPPED, "=", N_("stopped: by a signal, until another one continues it")},
    {ROLE_ZOMBIE, "▒", N_("zombie: ended; nobody has joined it, or waited for its process")},
    {ROLE_DONE, "×", N_("done: ended and joined; a process: waited for")},
    {ROLE_NOTE, "o", N_("orphan: the process has lost its parent, init has taken it over")},
    {ROLE_DIM, "→", N_("runs free: another program, which is not under control")},
    {ROLE_DEADLOCKED, "■", N_("deadlocked: can never go on")},
    {ROLE_KEY, "▼", N_("in the ruler: the step you look at")},
    {ROLE_BAD, "!", N_("in the ruler: a finding, something is wrong at this step")},
    {ROLE_NOTE, "●", N_("in the ruler: a bookmark")},
    {ROLE_CHANGED, "▶", N_("in the ruler: a switch without which this does not happen")},
    {ROLE_DIM, "·", N_("in the ruler: a switch that changes nothing")},
    {ROLE_NOTE, "←T1", N_("at the end of a wait: T1 ended it")},
    {ROLE_RUNNING, ">>", N_("in the source: the line of this step")},
    {ROLE_READY, "◀ T1", N_("in the source: where T1 goes on")},
};

static const struct {
    unsigned role;
    const char *sign, *word;
} live_signs[] = {
    {ROLE_RUNNING, "█", N_("running: on a processor")},
    {ROLE_READY, "░", N_("ready: could run, but every processor had somebody else")},
    {ROLE_BLOCKED, "─m──", N_("blocked: waits for m, a lock, a condition, a pipe, an end")},
    {ROLE_SLEEPING, "·", N_("asleep: in sleep, or in a wait that time or something outside ends")},
    {ROLE_STOPPED, "=", N_("stopped: by a signal, until it is continued")},
    {ROLE_ZOMBIE, "▒", N_("zombie: ended; nobody has joined it, or waited for its process")},
    {ROLE_NEW, "•", N_("begins")},
    {ROLE_DONE, "×", N_("ends, has ended")},
    {ROLE_RUNNING | ATTR_DIM, N_("█ dim"),
     N_("in this column other states too: this took the most time")},
    {ROLE_NOTE, N_("orphan"), N_("its parent has ended before it")},
    {ROLE_NOTE, "●", N_("pinned to the top")},
    {ROLE_KEY, "▼", N_("in the ruler: the moment you look at")},
    {ROLE_NOTE, N_("not kept"),
     N_("operations so fast that they were counted but not kept one by one")},
};

static const struct {
    const char *word, *meaning;
} words[] = {
    {N_("task"), N_("a thread: T0 is main, T1 the first one created; P1.T2 in process P1")},
    {N_("process"), N_("what fork makes: P0 the first; memory, descriptors and a pid of its own")},
    {N_("pid"), N_("the number of a process for the program: 1000, 1001 … in every run")},
    {N_("zombie"), N_("a process that ended before its parent waited: only its status is left")},
    {N_("step"), N_("one thing a thread does that others can see")},
    {N_("schedule"), N_("who took each step: the same schedule gives the same run, always")},
    {N_("finding"), N_("a data race, a deadlock, a failed assertion, a crash …")},
    {N_("token"), N_("ls1:…: a schedule as text; lockstep replay takes it")},
};

static struct help_line *add(struct help *h, unsigned role, const char *key, const char *text)
{
    if (h->n == HELP_LINES)
        return &h->lines[HELP_LINES - 1];
    struct help_line *l = &h->lines[h->n++];
    memset(l, 0, sizeof *l);
    snprintf(l->key, sizeof l->key, "%s", key);
    snprintf(l->text, sizeof l->text, "%s", text);
    l->role = role;
    return l;
}

static void add_heading(struct help *h, const char *text)
{
    if (h->n)
        add(h, ROLE_TEXT, "", "");
    add(h, ROLE_TEXT, "", text)->heading = 1;
}

static void add_keys(struct help *h, enum screen_id screen)
{
    size_t n;
    const struct key_row *rows = keys_of(screen, &n);
    char names[40];
    add_heading(h, keys_title(screen));
    for (size_t i = 0; i < n; i++) {
        keys_spell_row(&rows[i], names, sizeof names);
        add(h, ROLE_KEY, names, keys_says(&rows[i]));
    }
}

static void add_signs(struct help *h)
{
    char letter[2] = "";
    add_heading(h, _("Signs"));
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        add(h, signs[i].role, _(signs[i].sign), _(signs[i].word));
    add_heading(h, _("Letters in the timeline"));
    const char *meaning;
    for (int i = 0; (meaning = lanes_legend(i, letter)) != NULL; i++)
        add(h, ROLE_RUNNING, letter, meaning);
}

static void add_live_signs(struct help *h)
{
    add_heading(h, _("Signs"));
    for (size_t i = 0; i < sizeof live_signs / sizeof *live_signs; i++)
        add(h, live_signs[i].role, _(live_signs[i].sign), _(live_signs[i].word));
}

static void fill(struct help *h)
{
    h->n = 0;
    add_keys(h, h->about);
    if (h->about == SCREEN_STEP)
        add_signs(h);
    if (h->about == SCREEN_LIVE)
        add_live_signs(h);
    add_heading(h, _("Words"));
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        add(h, ROLE_STRONG, _(words[i].word), _(words[i].meaning));
    for (int screen = 0; screen < SCREEN_COUNT; screen++)
        if (screen != (int)h->about && screen != SCREEN_SEARCH)
            add_keys(h, (enum screen_id)screen);
}

/* -------- drawing -------- */

static int is_shown(const struct help *h, const struct help_line *l)
{
    if (!h->filter.n)
        return 1;
    return !l->heading &&
           (text_holds(l->text, h->filter.text) || text_holds(l->key, h->filter.text));
}

/* Draws (c not NULL) from line `top` on; returns the rows all lines take. */
static int draw_lines(struct help *h, struct canvas *c, struct rect r, int top)
{
    int row = -top;
    int x_text = r.x + 1 + KEY_COLS;
    for (int i = 0; i < h->n; i++) {
        const struct help_line *l = &h->lines[i];
        if (!is_shown(h, l))
            continue;
        int width = l->heading || !l->key[0] ? r.w - 2 : r.x + r.w - x_text - 1;
        int x = l->heading || !l->key[0] ? r.x + 1 : x_text;
        int lines = text_lines(width, l->text);
        lines = lines < 1 ? 1 : lines;
        if (c && row + lines > 0 && row < r.h) {
            int above = row < 0 ? -row : 0, y = r.y + row + above;
            struct rect at = {x, y, width, r.y + r.h - y};
            if (!above)
                canvas_fit(c, r.x + 1, y, KEY_COLS - 1, l->role, l->key);
            text_wrap(c, at, above, l->heading ? ROLE_HEADING : ROLE_TEXT, l->text, NULL, 0);
        }
        row += lines;
    }
    return row + top;
}

static void draw(void *state, struct canvas *c)
{
    struct help *h = state;
    char right[32];
    struct rect r = {0, 1, c->cols, c->rows - 2};
    int lines = draw_lines(h, NULL, r, 0);
    h->page = r.h > 1 ? r.h - 1 : 1;
    if (h->top > lines - r.h)
        h->top = lines - r.h;
    if (h->top < 0)
        h->top = 0;
    int percent = lines > 0 && lines > r.h ? 100 * (h->top + r.h) / lines : 100;
    snprintf(right, sizeof right, "%d%%", percent > 100 ? 100 : percent);
    bar_title(c, _("help"), right);
    struct rect before = canvas_clip(c, r);
    draw_lines(h, c, r, h->top);
    if (!lines)
        canvas_printf(c, 1, r.y, ROLE_NOTE, _("nothing here holds \"%s\""), h->filter.text);
    c->clip = before;
    if (h->typing)
        edit_draw(c, c->rows - 1, _("show only"), &h->filter);
    else
        bar_footer(c, SCREEN_HELP, ACT_NONE);
}

/* -------- actions -------- */

static enum screen_id keys(void *state)
{
    return ((struct help *)state)->typing ? SCREEN_PROMPT : SCREEN_HELP;
}

static void act_help_down(struct help *h, struct ui *ui, const struct input *in)
{
    (void)ui;
    (void)in;
    h->top++;
}

static void act_help_up(struct help *h, struct ui *ui, const struct input *in)
{
    (void)ui;
    (void)in;
    h->top--;
}

static void act_help_page_down(struct help *h, struct ui *ui, const struct input *in)
{
    (void)ui;
    (void)in;
    h->top += h->page;
}

static void act_help_page_up(struct help *h, struct ui *ui, const struct input *in)
{
    (void)ui;
    (void)in;
    h->top -= h->page;
}

static void act_help_mouse(struct help *h, struct ui *ui, const struct input *in)
{
    (void)ui;
    h->top += 3 * in->wheel;
}

static void act_help_search(struct help *h, struct ui *ui, const struct input *in)
{
    (void)ui;
    (void)in;
    edit_clear(&h->filter);
    h->top = 0;
    h->typing = 1;
}

static void act_prompt_take(struct help *h, struct ui *ui, const struct input *in)
{
    (void)ui;
    (void)in;
    h->typing = 0;
}

static void act_prompt_close(struct help *h, struct ui *ui, const struct input *in)
{
    (void)ui;
    (void)in;
    h->typing = 0;
    edit_clear(&h->filter);
}

static void act_prompt_rub(struct help *h, struct ui *ui, const struct input *in)
{
    (void)ui;
    (void)in;
    edit_rub(&h->filter);
}

static void act_prompt_clear(struct help *h, struct ui *ui, const struct input *in)
{
    (void)ui;
    (void)in;
    edit_clear(&h->filter);
}

static void act_help_redraw(struct help *h, struct ui *ui, const struct input *in)
{
    (void)h;
    (void)ui;
    (void)in;
    term_redraw();
}

static void act_help_close(struct help *h, struct ui *ui, const struct input *in)
{
    (void)h;
    (void)in;
    ui_pop(ui);
}

static void (*const handlers[ACT_COUNT])(struct help *, struct ui *, const struct input *) = {
#define KEY(id, keys, footer, rank, help) [ACT_##id] = act_##id,
#include "keys_help.def"
#undef KEY
    [ACT_prompt_take] = act_prompt_take,   [ACT_prompt_close] = act_prompt_close,
    [ACT_prompt_rub] = act_prompt_rub,     [ACT_prompt_clear] = act_prompt_clear,
    [ACT_prompt_redraw] = act_help_redraw,
};

static void act(void *state, struct ui *ui, enum action action, const struct input *in)
{
    if (handlers[action])
        handlers[action](state, ui, in);
}

static void typed(void *state, struct ui *ui, const struct input *in)
{
    struct help *h = state;
    (void)ui;
    if (h->typing)
        edit_type(&h->filter, in->key);
    h->top = 0;
}

static const struct screen_ops ops = {
    .draw = draw, .keys = keys, .act = act, .typed = typed, .free = free};

void help_push(struct ui *ui, enum screen_id about)
{
    struct help *h = xcalloc(1, sizeof *h);
    h->about = about;
    fill(h);
    ui_push(ui, &ops, h);
}
