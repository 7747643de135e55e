/* The key bindings: every action of every screen, its keys, and binding others to it. */
#include "config.h"
#include "settings_screen.h"
#include "widgets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_COLS = 18 };

struct bindings {
    struct ui *ui;
    int rows[ACT_COUNT + SCREEN_COUNT]; /* actions; -1 - screen for a heading */
    int nrows, at, top, page;
    int typing, asking;
    int pressing; /* 1: a key is to be pressed; 2: one more key */
    struct line_edit filter;
    struct list list;
    char message[2048];
    unsigned style;
    struct rect drawn;
};

/* -------- what is shown -------- */

static int matches(const struct bindings *b, const struct key_row *row)
{
    char keys[96];
    keys_spell_row(row, keys, sizeof keys);
    const char *needle = b->filter.text;
    return !b->filter.n || text_holds(keys_says(row), needle) || text_holds(keys, needle) ||
           text_holds(keys_name(row->action), needle);
}

static int is_action(const struct bindings *b, int row)
{
    return row >= 0 && row < b->nrows && b->rows[row] >= 0;
}

static enum action action_at(const struct bindings *b)
{
    return is_action(b, b->at) ? (enum action)b->rows[b->at] : ACT_NONE;
}

static void move_to(struct bindings *b, int row, int by)
{
    while (row >= 0 && row < b->nrows && !is_action(b, row))
        row += by;
    if (is_action(b, row))
        b->at = row;
}

static void fill(struct bindings *b)
{
    enum action keep = action_at(b);
    b->nrows = 0;
    for (int screen = 0; screen < SCREEN_COUNT; screen++) {
        size_t n;
        const struct key_row *rows = keys_of((enum screen_id)screen, &n);
        int heading = b->nrows;
        for (size_t i = 0; i < n; i++) {
            if (!matches(b, &rows[i]))
                continue;
            if (b->nrows == heading)
                b->rows[b->nrows++] = -1 - screen;
            b->rows[b->nrows++] = (int)rows[i].action;
        }
    }
    b->at = 0;
    move_to(b, 0, 1);
    for (int i = 0; i < b->nrows; i++)
        if (keep && b->rows[i] == (int)keep)
            b->at = i;
}

/* -------- drawing -------- */

static int is_changed(enum action action)
{
    return memcmp(keys_row(action)->keys, keys_standard(action)->keys,
                  sizeof keys_row(action)->keys) != 0;
}

static void draw_row(const struct bindings *b, struct canvas *c, struct rect r, int y, int i)
{
    char keys[96];
    if (b->rows[i] < 0) {
        canvas_fit(c, r.x + 1, y, r.w - 2, ROLE_HEADING,
                   keys_title((enum screen_id)(-1 - b->rows[i])));
        return;
    }
    enum action action = (enum action)b->rows[i];
    keys_spell_row(keys_row(action), keys, sizeof keys);
    canvas_fit(c, r.x + 3, y, KEY_COLS - 1, ROLE_KEY, keys);
    if (is_changed(action))
        canvas_put(c, r.x + 1, y, ROLE_CHANGED, L'*');
    canvas_fit(c, r.x + 3 + KEY_COLS, y, r.w - KEY_COLS - 4, ROLE_TEXT,
               keys_says(keys_row(action)));
    if (i == b->at)
        canvas_restyle(c, (struct rect){r.x, y, r.w, 1}, ATTR_REVERSE);
}

static void draw_rows(struct bindings *b, struct canvas *c, struct rect r)
{
    b->drawn = r;
    b->page = r.h > 2 ? r.h - 2 : 1;
    if (b->at < b->top + 1) /* the heading above it too */
        b->top = b->at > 0 ? b->at - 1 : 0;
    if (b->at >= b->top + r.h)
        b->top = b->at - r.h + 1;
    if (b->top > b->nrows - r.h)
        b->top = b->nrows > r.h ? b->nrows - r.h : 0;
    for (int i = 0; i < r.h && b->top + i < b->nrows; i++)
        draw_row(b, c, r, r.y + i, b->top + i);
    if (!b->nrows)
        canvas_printf(c, r.x + 1, r.y, ROLE_NOTE, _("nothing here holds \"%s\""), b->filter.text);
}

/* The box that waits for a key. */
static void draw_pressing(const struct bindings *b, struct canvas *c)
{
    struct buf text = {0};
    int width = c->cols < 64 ? c->cols : 64;
    buf_puts(&text, keys_says(keys_row(action_at(b))));
    buf_puts(&text, "\n\n");
    if (*b->message)
        buf_puts(&text, b->message);
    else
        buf_puts(&text, _("Press the new key. Esc: leave it as it is."));
    int height = text_lines(width - 4, text.data) + 2;
    height = height > c->rows - 2 ? c->rows - 2 : height;
    struct rect box = {(c->cols - width) / 2, (c->rows - height) / 2, width, height};
    canvas_fill(c, box, ROLE_TEXT);
    panel_box(c, box, b->pressing == 2 ? _("One more key") : _("New key"), NULL, 1);
    struct rect in = panel_inside(box);
    text_wrap(c, (struct rect){in.x + 1, in.y, in.w - 2, in.h}, 0,
              *b->message ? ROLE_BAD : ROLE_TEXT, text.data, NULL, 0);
    buf_fini(&text);
}

static void draw(void *state, struct canvas *c)
{
    struct bindings *b = state;
    char more[300] = "";
    struct rect box = {0, 1, c->cols, c->rows - 2};
    if (b->filter.n)
        snprintf(more, sizeof more, _("only with \"%s\""), b->filter.text);
    bar_title(c, _("key bindings"), _("* changed"));
    panel_box(c, box, _("Key bindings"), *more ? more : keys_name(action_at(b)), 1);
    struct rect before = canvas_clip(c, panel_inside(box));
    draw_rows(b, c, panel_inside(box));
    c->clip = before;
    if (b->typing)
        edit_draw(c, c->rows - 1, _("show only"), &b->filter);
    else
        bar_footer(c,
                   b->asking     ? SCREEN_LIST
                   : b->pressing ? SCREEN_PRESS
                                 : SCREEN_BINDINGS,
                   ACT_NONE);
    if (b->asking)
        list_draw(c, &b->list);
    if (b->pressing)
        draw_pressing(b, c);
    else
        message_draw(c, -1, b->style, b->message);
}

/* -------- binding -------- */

static void say(struct bindings *b, unsigned style, const char *text)
{
    snprintf(b->message, sizeof b->message, "%s", text);
    b->style = style;
}

static void say_result(struct bindings *b, int rc, const struct err *e)
{
    if (rc == 0)
        return;
    char *text = rc == -ERR_USAGE ? xstrdup(e->message)
                                  : xasprintf(_("Not kept in the file: %s"), e->message);
    say(b, ROLE_BAD, text);
    free(text);
}

static void press_key(struct bindings *b, int key)
{
    enum action action = action_at(b);
    int keys[KEYS_PER_ACTION] = {0}, n = 0;
    struct err e = {0};
    for (; b->pressing == 2 && n < KEYS_PER_ACTION - 1 && keys_row(action)->keys[n]; n++)
        keys[n] = keys_row(action)->keys[n];
    if (n == KEYS_PER_ACTION - 1) {
        say(b, ROLE_BAD, _("It has as many keys as an action can have."));
        b->pressing = 0;
        return;
    }
    keys[n] = key;
    int rc = config_bind(action, keys, &e);
    say_result(b, rc, &e);
    if (rc == -ERR_USAGE) { /* another key may do */
        char *text = xasprintf(_("%s. Press another key, or Esc."), e.message);
        say(b, ROLE_BAD, text);
        free(text);
        return;
    }
    b->pressing = 0;
}

static void begin(struct bindings *b, int how)
{
    struct err e = {0};
    enum action action = action_at(b);
    if (!action)
        return;
    if (keys_may_bind(action, keys_standard(action)->keys, &e) < 0)
        say(b, ROLE_NOTE, e.message);
    else
        b->pressing = how;
}

/* -------- actions -------- */

static void act_bindings_down(struct bindings *b, const struct input *in)
{
    (void)in;
    move_to(b, b->at + 1, 1);
}

static void act_bindings_up(struct bindings *b, const struct input *in)
{
    (void)in;
    move_to(b, b->at - 1, -1);
}

static void page(struct bindings *b, int by)
{
    int row = b->at + by * b->page;
    row = row < 0 ? 0 : row >= b->nrows ? b->nrows - 1 : row;
    move_to(b, row, by);
    if (!is_action(b, row))
        move_to(b, row, -by);
}

static void act_bindings_page_down(struct bindings *b, const struct input *in)
{
    (void)in;
    page(b, 1);
}

static void act_bindings_page_up(struct bindings *b, const struct input *in)
{
    (void)in;
    page(b, -1);
}

static void act_bindings_first(struct bindings *b, const struct input *in)
{
    (void)in;
    move_to(b, 0, 1);
}

static void act_bindings_last(struct bindings *b, const struct input *in)
{
    (void)in;
    move_to(b, b->nrows - 1, -1);
}

static void act_bindings_set(struct bindings *b, const struct input *in)
{
    (void)in;
    begin(b, 1);
}

static void act_bindings_add(struct bindings *b, const struct input *in)
{
    (void)in;
    begin(b, 2);
}

static void act_bindings_reset(struct bindings *b, const struct input *in)
{
    struct err e = {0};
    (void)in;
    if (!action_at(b))
        return;
    int rc = config_bind(action_at(b), NULL, &e);
    say(b, ROLE_NOTE, _("As by default."));
    say_result(b, rc, &e);
}

static void act_bindings_reset_all(struct bindings *b, const struct input *in)
{
    (void)in;
    list_clear(&b->list, _("All keys as by default?"));
    list_add(&b->list, 0, 0, _("no, keep them"));
    list_add(&b->list, 1, 1, _("yes, forget mine"));
    b->asking = 1;
}

static void act_bindings_search(struct bindings *b, const struct input *in)
{
    (void)in;
    edit_clear(&b->filter);
    fill(b);
    b->typing = 1;
}

static void act_bindings_mouse(struct bindings *b, const struct input *in)
{
    int row = b->top + in->y - b->drawn.y;
    if (in->wheel)
        move_to(b, b->at + in->wheel, in->wheel);
    else if (in->y >= b->drawn.y && in->y < b->drawn.y + b->drawn.h && is_action(b, row)) {
        if (row == b->at)
            begin(b, 1);
        b->at = row;
    }
}

static void act_bindings_redraw(struct bindings *b, const struct input *in)
{
    (void)b;
    (void)in;
    term_redraw();
}

static void act_bindings_help(struct bindings *b, const struct input *in)
{
    (void)in;
    help_push(b->ui, SCREEN_BINDINGS);
}

static void act_bindings_escape(struct bindings *b, const struct input *in)
{
    (void)in;
    if (b->filter.n) {
        edit_clear(&b->filter);
        fill(b);
    } else {
        ui_pop(b->ui);
    }
}

static void act_press_close(struct bindings *b, const struct input *in)
{
    (void)in;
    b->pressing = 0;
}

static void act_prompt_take(struct bindings *b, const struct input *in)
{
    (void)in;
    b->typing = 0;
}

static void act_prompt_close(struct bindings *b, const struct input *in)
{
    (void)in;
    b->typing = 0;
    edit_clear(&b->filter);
    fill(b);
}

static void act_prompt_rub(struct bindings *b, const struct input *in)
{
    (void)in;
    edit_rub(&b->filter);
    fill(b);
}

static void act_prompt_clear(struct bindings *b, const struct input *in)
{
    (void)in;
    edit_clear(&b->filter);
    fill(b);
}

static void (*const handlers[ACT_COUNT])(struct bindings *, const struct input *) = {
#define KEY(id, keys, footer, rank, help) [ACT_##id] = act_##id,
#include "keys_bindings.def"
#undef KEY
    [ACT_press_close] = act_press_close,     [ACT_prompt_take] = act_prompt_take,
    [ACT_prompt_close] = act_prompt_close,   [ACT_prompt_rub] = act_prompt_rub,
    [ACT_prompt_clear] = act_prompt_clear,   [ACT_prompt_redraw] = act_bindings_redraw,
    [ACT_list_redraw] = act_bindings_redraw,
};

static void act(void *state, struct ui *ui, enum action action, const struct input *in)
{
    struct bindings *b = state;
    struct err e = {0};
    b->ui = ui;
    b->message[0] = 0;
    if (handlers[action]) {
        handlers[action](b, in);
        return;
    }
    int taken = b->asking ? list_act(&b->list, action, in) : 0;
    if (taken)
        b->asking = 0;
    if (taken > 0 && b->list.rows[b->list.at].value) {
        int rc = config_unbind_all(&e);
        say(b, ROLE_NOTE, _("All keys are as by default."));
        say_result(b, rc, &e);
    }
}

static void typed(void *state, struct ui *ui, const struct input *in)
{
    struct bindings *b = state;
    b->ui = ui;
    b->message[0] = 0;
    if (b->pressing && in->key != K_MOUSE) {
        press_key(b, in->key);
    } else if (b->typing) {
        edit_type(&b->filter, in->key);
        fill(b);
    }
}

static enum screen_id keys(void *state)
{
    const struct bindings *b = state;
    return b->typing     ? SCREEN_PROMPT
           : b->pressing ? SCREEN_PRESS
           : b->asking   ? SCREEN_LIST
                         : SCREEN_BINDINGS;
}

static const struct screen_ops ops = {
    .draw = draw, .keys = keys, .act = act, .typed = typed, .free = free};

void bindings_push(struct ui *ui)
{
    struct bindings *b = xcalloc(1, sizeof *b);
    b->ui = ui;
    fill(b);
    ui_push(ui, &ops, b);
}
