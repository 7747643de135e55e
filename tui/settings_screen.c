/* The settings screen. */
#include "settings_screen.h"

#include "config.h"
#include "widgets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROW_KEYS = CONFIG_COUNT, NROWS, TITLE_COLS = 26 };

struct settings {
    struct ui *ui;
    int at, top;
    int typing, asking; /* a text is typed; whether to reset all is asked */
    struct line_edit edit;
    struct list list;
    char message[2048];
    unsigned style;
    struct rect rows; /* of the last frame */
};

static const char *const from_words[] = {
    [CONFIG_DEFAULT] = N_("default"),
    [CONFIG_FILE] = N_("yours"),
    [CONFIG_ENVIRONMENT] = N_("environment"),
};

/* -------- drawing -------- */

/* All values, the one that holds marked; where there is no room that one alone. */
static void draw_values(struct canvas *c, int x, int y, int width, enum config_id id)
{
    const struct config_row *row = config_row(id);
    const char *value = config_value(id);
    if (row->type == CONFIG_TEXT || utf8_cols(row->values, strlen(row->values)) + 4 > width) {
        char other[64]; /* what is taken where none was given */
        snprintf(other, sizeof other, "(%s)", config_editor());
        canvas_fit(c, x, y, width, ROLE_STRONG, *value ? value : other);
        return;
    }
    for (const char *s = row->values; *s;) {
        size_t n = strcspn(s, "|");
        int is_it = strlen(value) == n && !strncmp(s, value, n);
        x += canvas_text(c, x, y, ROLE_TEXT, is_it ? "[" : " ");
        x += canvas_textn(c, x, y, is_it ? ROLE_STRONG : ROLE_DIM, s, n);
        x += canvas_text(c, x, y, ROLE_TEXT, is_it ? "]" : " ");
        s += n + (s[n] == '|');
    }
}

static void draw_row(const struct settings *s, struct canvas *c, struct rect r, int y, int i)
{
    int wtitle = r.w >= 60 ? TITLE_COLS : r.w / 2, x = r.x + 1 + wtitle + 1;
    int wfrom = r.w >= 76 ? 14 : 0, width = r.x + r.w - x - wfrom - 1;
    const char *title = i == ROW_KEYS ? N_("key bindings") : config_row((enum config_id)i)->title;
    canvas_fit(c, r.x + 1, y, wtitle, ROLE_TEXT, _(title));
    if (i == ROW_KEYS) {
        canvas_fit(c, x, y, width, ROLE_DIM, _("Enter shows them"));
    } else {
        draw_values(c, x, y, width, (enum config_id)i);
        enum config_from from = config_from((enum config_id)i);
        if (wfrom)
            canvas_fit(c, r.x + r.w - wfrom, y, wfrom - 1,
                       from == CONFIG_ENVIRONMENT ? ROLE_NOTE : ROLE_DIM, _(from_words[from]));
    }
    if (i == s->at)
        canvas_restyle(c, (struct rect){r.x, y, r.w, 1}, ATTR_REVERSE);
}

static void draw_rows(struct settings *s, struct canvas *c, struct rect r)
{
    s->rows = r;
    if (s->at < s->top)
        s->top = s->at;
    if (s->at >= s->top + r.h)
        s->top = s->at - r.h + 1;
    for (int i = 0; i < r.h && s->top + i < NROWS; i++)
        draw_row(s, c, r, r.y + i, s->top + i);
}

/* What the marked setting is about, and where its value comes from. */
static void about(const struct settings *s, struct buf *out)
{
    if (s->at == ROW_KEYS) {
        buf_puts(out, _("Every key of every screen can be another one."));
        return;
    }
    enum config_id id = (enum config_id)s->at;
    const struct config_row *row = config_row(id);
    buf_puts(out, _(row->help));
    buf_puts(out, "\n");
    if (config_from(id) == CONFIG_ENVIRONMENT)
        buf_printf(out,
                   _("The environment says what it is (%s); a change holds until lockstep is left, "
                     "and in the file for when the environment does not say."),
                   getenv(row->variable) ? row->variable : "NO_COLOR");
}

static void draw_about(const struct settings *s, struct canvas *c, struct rect r)
{
    struct buf text = {0};
    if (r.h < 3)
        return;
    const char *title =
        s->at == ROW_KEYS ? N_("key bindings") : config_row((enum config_id)s->at)->title;
    panel_box(c, r, _(title), s->at == ROW_KEYS ? "" : config_row((enum config_id)s->at)->key, 0);
    about(s, &text);
    struct rect in = panel_inside(r);
    text_wrap(c, (struct rect){in.x + 1, in.y, in.w - 2, in.h}, 0, ROLE_TEXT, text.data, NULL, 0);
    buf_fini(&text);
}

static void draw(void *state, struct canvas *c)
{
    struct settings *s = state;
    int below = c->rows >= 14 ? c->rows >= 24 ? 6 : 4 : 0;
    struct rect box = {0, 1, c->cols, c->rows - 2 - below};
    if (below && box.h > NROWS + 2) { /* no larger than its rows, so that both stay together */
        box.h = NROWS + 2;
        below = below > 6 ? below : 6;
    }
    struct buf path = {0};
    buf_path(&path, config_path());
    bar_title(c, _("settings"), path.data);
    buf_fini(&path);
    panel_box(c, box, _("Settings"), _("at once in force, and kept"), 1);
    struct rect before = canvas_clip(c, panel_inside(box));
    draw_rows(s, c, panel_inside(box));
    c->clip = before;
    draw_about(s, c, (struct rect){0, box.y + box.h, c->cols, below});
    if (s->typing)
        edit_draw(c, c->rows - 1, _(config_row((enum config_id)s->at)->title), &s->edit);
    else
        bar_footer(c, s->asking ? SCREEN_LIST : SCREEN_SETTINGS, ACT_NONE);
    if (s->asking)
        list_draw(c, &s->list);
    message_draw(c, -1, s->style, s->message);
}

/* -------- changing -------- */

static void say(struct settings *s, unsigned style, const char *text)
{
    snprintf(s->message, sizeof s->message, "%s", text);
    s->style = style;
}

/* What holds now is shown at once. */
static void take_over(struct settings *s)
{
    struct tui_options fresh, old = *s->ui->options;
    tui_options_init(&fresh);
    fresh.main_exit_wait = old.main_exit_wait;
    fresh.stuck_ms = old.stuck_ms;
    ui_use(s->ui, &fresh);
    config_language();
}

static void set(struct settings *s, enum config_id id, const char *value)
{
    struct err e = {0};
    char *text = NULL;
    if (config_set(id, value, &e) < 0) {
        text = e.code == ERR_USAGE ? xstrdup(e.message)
                                   : xasprintf(_("Not kept in the file: %s"), e.message);
        say(s, ROLE_BAD, text);
    } else if (id == CONFIG_PLAIN) {
        say(s, ROLE_NOTE, _("From the next start on."));
    } else if (id == CONFIG_LANGUAGE) {
        say(s, ROLE_NOTE, _("The lessons speak it from the next start on."));
    }
    free(text);
    take_over(s);
}

/* The value after, or before, the one that holds. */
static void turn(struct settings *s, enum config_id id, int by)
{
    const char *values = config_row(id)->values, *starts[16];
    int n = 0, at = 0;
    for (const char *v = values; *v && n < 16;) {
        size_t length = strcspn(v, "|");
        if (strlen(config_value(id)) == length && !strncmp(v, config_value(id), length))
            at = n;
        starts[n++] = v;
        v += length + (v[length] == '|');
    }
    if (!n)
        return;
    const char *to = starts[(at + by + n) % n];
    char *value = xasprintf("%.*s", (int)strcspn(to, "|"), to);
    set(s, id, value);
    free(value);
}

static void type_text(struct settings *s, enum config_id id)
{
    edit_clear(&s->edit);
    for (const char *v = config_value(id); *v; v++)
        if (s->edit.n + 1 < sizeof s->edit.text)
            s->edit.text[s->edit.n++] = *v;
    s->edit.text[s->edit.n] = 0;
    s->typing = 1;
}

static void change(struct settings *s, int by)
{
    if (s->at == ROW_KEYS)
        bindings_push(s->ui);
    else if (config_row((enum config_id)s->at)->type == CONFIG_TEXT)
        type_text(s, (enum config_id)s->at);
    else
        turn(s, (enum config_id)s->at, by);
}

/* -------- actions -------- */

static void act_settings_down(struct settings *s, const struct input *in)
{
    (void)in;
    s->at += s->at + 1 < NROWS;
}

static void act_settings_up(struct settings *s, const struct input *in)
{
    (void)in;
    s->at -= s->at > 0;
}

static void act_settings_next(struct settings *s, const struct input *in)
{
    (void)in;
    change(s, 1);
}

static void act_settings_prev(struct settings *s, const struct input *in)
{
    (void)in;
    if (s->at != ROW_KEYS)
        change(s, -1);
}

static void act_settings_reset(struct settings *s, const struct input *in)
{
    (void)in;
    if (s->at == ROW_KEYS)
        return;
    say(s, ROLE_NOTE, _("As by default."));
    set(s, (enum config_id)s->at, NULL);
}

static void act_settings_reset_all(struct settings *s, const struct input *in)
{
    (void)in;
    list_clear(&s->list, _("All settings as by default?"));
    list_add(&s->list, 0, 0, _("no, keep them"));
    list_add(&s->list, 1, 1, _("yes, forget mine"));
    s->asking = 1;
}

static void act_settings_keys(struct settings *s, const struct input *in)
{
    (void)in;
    bindings_push(s->ui);
}

static void act_settings_mouse(struct settings *s, const struct input *in)
{
    int row = s->top + in->y - s->rows.y;
    if (in->wheel) {
        int at = s->at + in->wheel;
        s->at = at < 0 ? 0 : at >= NROWS ? NROWS - 1 : at;
    } else if (in->y >= s->rows.y && in->y < s->rows.y + s->rows.h && row < NROWS) {
        if (row == s->at)
            change(s, 1);
        s->at = row;
    }
}

static void act_settings_redraw(struct settings *s, const struct input *in)
{
    (void)s;
    (void)in;
    term_redraw();
}

static void act_settings_help(struct settings *s, const struct input *in)
{
    (void)in;
    help_push(s->ui, SCREEN_SETTINGS);
}

static void act_settings_escape(struct settings *s, const struct input *in)
{
    (void)in;
    ui_pop(s->ui);
}

static void act_prompt_take(struct settings *s, const struct input *in)
{
    (void)in;
    s->typing = 0;
    set(s, (enum config_id)s->at, s->edit.n ? s->edit.text : NULL);
}

static void act_prompt_close(struct settings *s, const struct input *in)
{
    (void)in;
    s->typing = 0;
}

static void act_prompt_rub(struct settings *s, const struct input *in)
{
    (void)in;
    edit_rub(&s->edit);
}

static void act_prompt_clear(struct settings *s, const struct input *in)
{
    (void)in;
    edit_clear(&s->edit);
}

static void (*const handlers[ACT_COUNT])(struct settings *, const struct input *) = {
#define KEY(id, keys, footer, rank, help) [ACT_##id] = act_##id,
#include "keys_settings.def"
#undef KEY
    [ACT_prompt_take] = act_prompt_take,       [ACT_prompt_close] = act_prompt_close,
    [ACT_prompt_rub] = act_prompt_rub,         [ACT_prompt_clear] = act_prompt_clear,
    [ACT_prompt_redraw] = act_settings_redraw, [ACT_list_redraw] = act_settings_redraw,
};

static void reset_all(struct settings *s)
{
    struct err e = {0};
    int rc = 0;
    for (int i = 0; i < CONFIG_COUNT && rc == 0; i++)
        rc = config_set((enum config_id)i, NULL, &e);
    say(s, rc < 0 ? ROLE_BAD : ROLE_NOTE,
        rc < 0 ? e.message : _("All settings are as by default."));
    take_over(s);
}

static void act(void *state, struct ui *ui, enum action action, const struct input *in)
{
    struct settings *s = state;
    s->ui = ui;
    s->message[0] = 0;
    if (handlers[action]) {
        handlers[action](s, in);
        return;
    }
    int taken = s->asking ? list_act(&s->list, action, in) : 0;
    if (taken > 0 && s->list.rows[s->list.at].value)
        reset_all(s);
    if (taken)
        s->asking = 0;
}

static void typed(void *state, struct ui *ui, const struct input *in)
{
    struct settings *s = state;
    (void)ui;
    s->message[0] = 0;
    if (s->typing)
        edit_type(&s->edit, in->key);
}

static enum screen_id keys(void *state)
{
    const struct settings *s = state;
    return s->typing ? SCREEN_PROMPT : s->asking ? SCREEN_LIST : SCREEN_SETTINGS;
}

static const struct screen_ops ops = {
    .draw = draw, .keys = keys, .act = act, .typed = typed, .free = free};

void settings_push(struct ui *ui)
{
    struct settings *s = xcalloc(1, sizeof *s);
    struct buf problems = {0};
    s->ui = ui;
    if (config_problems(&problems, 3))
        say(s, ROLE_BAD, problems.data);
    buf_fini(&problems);
    ui_push(ui, &ops, s);
}
