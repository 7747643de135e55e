/* The help screen. */
#include "help_internal.h"
#include "widgets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_COLS = 14 };

struct help {
    struct help_text text;
    enum help_page page;
    int top, rows; /* the first row shown; rows of a page, of the last frame */
    int typing;
    struct line_edit filter;
};

static const char *const page_titles[HELP_PAGES] = {
    [HELP_HERE] = N_("keys here"),
    [HELP_READ] = N_("how to read this"),
    [HELP_ALL] = N_("keys elsewhere"),
};

/* -------- drawing -------- */

static int is_shown(const struct help *h, const struct help_line *l)
{
    if (!h->filter.n)
        return l->page == h->page;
    return (l->kind == HELP_ROW || l->kind == HELP_PARAGRAPH) &&
           (text_holds(l->text, h->filter.text) || text_holds(l->key, h->filter.text));
}

/* The colour a character of the timeline has there. */
static unsigned role_of(wchar_t ch, int in_lane)
{
    static const struct {
        wchar_t ch;
        unsigned role;
    } roles[] = {{L'░', ROLE_READY},   {L'█', ROLE_RUNNING}, {L'─', ROLE_BLOCKED},
                 {L'•', ROLE_NEW},     {L'×', ROLE_DONE},    {L'▼', ROLE_KEY},
                 {L'R', ROLE_RUNNING}, {L'W', ROLE_RUNNING}};
    for (size_t i = 0; i < sizeof roles / sizeof *roles && in_lane; i++)
        if (roles[i].ch == ch)
            return roles[i].role;
    return in_lane && ch == L'c' ? ROLE_RUNNING : ROLE_TEXT;
}

static void draw_picture(struct canvas *c, int x, int y, const char *text)
{
    enum { NAME_COLS = 12 };
    size_t n = strlen(text);
    int col = 0, blocked = 0;
    wchar_t ch;
    for (size_t i = 0; i < n; col++) {
        i += utf8_next(text + i, n - i, &ch);
        unsigned role = role_of(ch, col >= NAME_COLS);
        blocked = role == ROLE_BLOCKED || (blocked && role == ROLE_TEXT);
        x += canvas_put(c, x, y, blocked ? ROLE_BLOCKED : role, ch);
    }
}

/* A line at row y of r (its first rows may be above); returns the rows it takes. c may be NULL. */
static int draw_line(const struct help_line *l, struct canvas *c, struct rect r, int y)
{
    int x = r.x + 1 + (l->kind == HELP_ROW ? KEY_COLS : 0), width = r.x + r.w - x - 1;
    int lines = l->kind == HELP_PICTURE ? 1 : text_lines(width, l->text);
    lines = lines < 1 ? 1 : lines;
    if (!c || y + lines <= r.y || y >= r.y + r.h)
        return lines;
    int above = y < r.y ? r.y - y : 0;
    struct rect at = {x, y + above, width, r.y + r.h - y - above};
    if (l->kind == HELP_PICTURE) {
        draw_picture(c, x, y, l->text);
        return lines;
    }
    if (!above && l->kind == HELP_ROW)
        canvas_fit(c, r.x + 1, y, KEY_COLS - 1, l->role, l->key);
    text_wrap(c, at, above, l->kind == HELP_HEADING ? ROLE_HEADING : ROLE_TEXT, l->text, NULL, 0);
    return lines;
}

/* Draws (c not NULL) from row `top` on; returns the rows of all. */
static int draw_lines(const struct help *h, struct canvas *c, struct rect r, int top)
{
    int y = r.y - top;
    for (size_t i = 0; i < h->text.n; i++)
        if (is_shown(h, &h->text.lines[i]))
            y += draw_line(&h->text.lines[i], c, r, y);
    return y - r.y + top;
}

/* Which pages there are, the one shown marked. */
static void draw_tabs(const struct help *h, struct canvas *c, int y)
{
    int x = 1;
    for (int i = 0; i < HELP_PAGES; i++) {
        unsigned style = i == (int)h->page && !h->filter.n ? ROLE_KEY | ATTR_REVERSE : ROLE_DIM;
        int room = c->cols - x - 1;
        if (room < 4)
            return;
        x += canvas_fit(c, x, y, room, style, _(page_titles[i])) + 2;
    }
}

static void draw(void *state, struct canvas *c)
{
    struct help *h = state;
    char right[32];
    int tabs = c->rows >= 6;
    struct rect r = {0, 1 + tabs, c->cols, c->rows - 2 - tabs};
    int lines = draw_lines(h, NULL, r, 0);
    h->rows = r.h > 1 ? r.h - 1 : 1;
    if (h->top > lines - r.h)
        h->top = lines - r.h;
    if (h->top < 0)
        h->top = 0;
    int percent = lines > 0 && lines > r.h ? 100 * (h->top + r.h) / lines : 100;
    snprintf(right, sizeof right, "%d%%", percent > 100 ? 100 : percent);
    bar_title(c, _("help"), right);
    if (tabs)
        draw_tabs(h, c, 1);
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
    h->top += h->rows;
}

static void act_help_page_up(struct help *h, struct ui *ui, const struct input *in)
{
    (void)ui;
    (void)in;
    h->top -= h->rows;
}

static void turn(struct help *h, int by)
{
    edit_clear(&h->filter);
    h->page = (enum help_page)(((int)h->page + by + HELP_PAGES) % HELP_PAGES);
    h->top = 0;
}

static void act_help_next(struct help *h, struct ui *ui, const struct input *in)
{
    (void)ui;
    (void)in;
    turn(h, 1);
}

static void act_help_prev(struct help *h, struct ui *ui, const struct input *in)
{
    (void)ui;
    (void)in;
    turn(h, -1);
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

static void free_help(void *state)
{
    struct help *h = state;
    help_text_fini(&h->text);
    free(h);
}

static const struct screen_ops ops = {
    .draw = draw, .keys = keys, .act = act, .typed = typed, .free = free_help};

void help_push(struct ui *ui, enum screen_id about)
{
    struct help *h = xcalloc(1, sizeof *h);
    help_text_init(&h->text, about);
    ui_push(ui, &ops, h);
}
