/* The home screen. */
#include "home.h"

#include "lesson_screen.h"
#include "present.h"
#include "settings_screen.h"
#include "store.h"
#include "widgets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct home {
    struct ui *ui;
    const struct catalogue *lessons;
    int *status; /* by lesson: enum store_status */
    int *rows;   /* lesson indices shown; -1 - unit for a heading */
    int nrows, at, top, page;
    int last, last_section; /* lesson to continue, -1 none */
    int typing;
    struct line_edit filter;
    char message[2048];
    struct rect list; /* of the last frame */
};

static const struct {
    wchar_t mark;
    unsigned role;
} marks[STORE_NSTATUS] = {
    [STORE_NEW] = {L'·', ROLE_DIM},
    [STORE_BEGUN] = {L'▶', ROLE_NOTE},
    [STORE_DONE] = {L'●', ROLE_GOOD},
    [STORE_SKIPPED] = {L'-', ROLE_DIM},
};

static const char *const words[STORE_NSTATUS] = {N_("new"), N_("begun"), N_("done"), N_("skipped")};

/* -------- what is shown -------- */

static int matches(const struct home *h, const struct lesson *l)
{
    const char *needle = h->filter.text;
    if (!h->filter.n || text_holds(l->id, needle) || text_holds(l->title, needle) ||
        text_holds(l->summary, needle) || text_holds(l->python, needle))
        return 1;
    for (size_t i = 0; i < l->nsections; i++)
        if (text_holds(l->sections[i].title, needle))
            return 1;
    return 0;
}

static int is_lesson(const struct home *h, int row)
{
    return row >= 0 && row < h->nrows && h->rows[row] >= 0;
}

static const struct lesson *lesson_at(const struct home *h)
{
    return is_lesson(h, h->at) ? h->lessons->lessons[h->rows[h->at]] : NULL;
}

static void move_to(struct home *h, int row, int by)
{
    while (row >= 0 && row < h->nrows && !is_lesson(h, row))
        row += by;
    if (is_lesson(h, row))
        h->at = row;
}

/* The rows that match the search; the marked lesson stays marked when it is among them. */
static void fill(struct home *h)
{
    int keep = is_lesson(h, h->at) ? h->rows[h->at] : -1, at = -1;
    h->nrows = 0;
    for (size_t u = 0; u < h->lessons->nunits; u++) {
        const struct lesson_unit *unit = &h->lessons->units[u];
        int heading = h->nrows;
        for (size_t i = unit->first; i < unit->first + unit->n; i++) {
            if (!matches(h, h->lessons->lessons[i]))
                continue;
            if (heading == h->nrows)
                h->rows[h->nrows++] = -1 - (int)u;
            if ((int)i == keep)
                at = h->nrows;
            h->rows[h->nrows++] = (int)i;
        }
    }
    h->at = 0;
    move_to(h, at >= 0 ? at : 0, 1);
}

static int index_of(const struct home *h, const char *id)
{
    for (size_t i = 0; i < h->lessons->nlessons; i++)
        if (!strcmp(h->lessons->lessons[i]->id, id))
            return (int)i;
    return -1;
}

static void load(struct home *h)
{
    struct store_lesson *list = NULL, *last = NULL;
    struct err e = {0};
    memset(h->status, 0, h->lessons->nlessons * sizeof *h->status);
    h->last = -1;
    if (!h->ui->store)
        return;
    int n = store_lessons(h->ui->store, &list, &e);
    for (int i = 0; i < n; i++) {
        int at = index_of(h, list[i].lesson);
        if (at >= 0)
            h->status[at] = list[i].status;
    }
    free(list);
    if (n < 0)
        snprintf(h->message, sizeof h->message, "%s", e.message);
    if (store_place_last(h->ui->store, &last, NULL) > 0) {
        h->last = index_of(h, last->lesson);
        h->last_section = last->section;
    }
    free(last);
}

/* -------- drawing -------- */

static int count(const struct home *h, size_t first, size_t n, int status)
{
    int sum = 0;
    for (size_t i = first; i < first + n; i++)
        sum += h->status[i] == status;
    return sum;
}

static void draw_progress(const struct home *h, struct canvas *c, int y)
{
    int n = (int)h->lessons->nlessons, done = count(h, 0, h->lessons->nlessons, STORE_DONE);
    int width = c->cols >= 80 ? 30 : 10, filled = n ? done * width / n : 0;
    int x = 1;
    for (int i = 0; i < width; i++)
        x += canvas_put(c, x, y, i < filled ? ROLE_GOOD : ROLE_DIM, i < filled ? L'█' : L'░');
    canvas_printf(c, x + 1, y, ROLE_TEXT, _("%d of %d lessons done"), done, n);
}

static void draw_continue(const struct home *h, struct canvas *c, int y)
{
    if (h->last < 0) {
        canvas_fit(c, 1, y, c->cols - 2, ROLE_TEXT,
                   _("Welcome. Enter opens the marked lesson; the first one shows you around."));
        return;
    }
    const struct lesson *l = h->lessons->lessons[h->last];
    char text[256];
    int section = h->last_section < (int)l->nsections ? h->last_section : 0;
    snprintf(text, sizeof text, _("%s, part %d of %zu: %s"), l->title, section + 1, l->nsections,
             l->sections[section].title);
    canvas_text(c, 1, y, ROLE_KEY, "c");
    int x = 3 + canvas_text(c, 3, y, ROLE_TEXT, _("Continue: "));
    canvas_fit(c, x, y, c->cols - x - 1, ROLE_STRONG, text);
}

static void draw_unit(const struct home *h, struct canvas *c, struct rect r, int y, int unit)
{
    const struct lesson_unit *u = &h->lessons->units[unit];
    int done = count(h, u->first, u->n, STORE_DONE);
    int x = r.x + 1 + canvas_fit(c, r.x + 1, y, r.w - 12, ROLE_HEADING, u->title);
    canvas_printf(c, x + 2, y, ROLE_DIM, "%d/%zu", done, u->n);
}

static void draw_lesson(const struct home *h, struct canvas *c, struct rect r, int y, int i)
{
    const struct lesson *l = h->lessons->lessons[i];
    int status = h->status[i], wtitle = r.w >= 70 ? 36 : r.w - 22;
    canvas_put(c, r.x + 2, y, marks[status].role, marks[status].mark);
    canvas_fit(c, r.x + 4, y, wtitle, ROLE_TEXT, l->title);
    int x = r.x + 4 + wtitle + 1;
    canvas_fit(c, x, y, 8, marks[status].role, _(words[status]));
    canvas_printf(c, x + 8, y, ROLE_DIM, _("%3d min"), l->minutes);
    if (r.w >= 70)
        canvas_fit(c, x + 17, y, 5, ROLE_DIM, _(lesson_level_word(l->level)));
    if (r.w >= 110)
        canvas_fit(c, x + 23, y, r.x + r.w - x - 24, ROLE_DIM, l->summary);
    if (h->rows[h->at] == i)
        canvas_restyle(c, (struct rect){r.x, y, r.w, 1}, ATTR_REVERSE);
}

static void draw_list(struct home *h, struct canvas *c, struct rect r)
{
    h->list = r;
    h->page = r.h > 2 ? r.h - 2 : 1;
    if (h->at < h->top + 1) /* the heading above it too */
        h->top = h->at > 0 ? h->at - 1 : 0;
    if (h->at >= h->top + r.h)
        h->top = h->at - r.h + 1;
    if (h->top > h->nrows - r.h)
        h->top = h->nrows > r.h ? h->nrows - r.h : 0;
    for (int i = 0; i < r.h && h->top + i < h->nrows; i++) {
        int row = h->rows[h->top + i];
        if (row < 0)
            draw_unit(h, c, r, r.y + i, -1 - row);
        else
            draw_lesson(h, c, r, r.y + i, row);
    }
    if (!h->nrows && h->filter.n)
        canvas_printf(c, r.x + 1, r.y, ROLE_NOTE, _("no lesson has \"%s\"; Esc shows all again"),
                      h->filter.text);
    else if (!h->nrows)
        canvas_text(c, r.x + 1, r.y, ROLE_NOTE,
                    _("no lessons were found; lockstep doctor says why"));
}

static void about(const struct lesson *l, struct buf *out)
{
    buf_printf(out, "%s\n", l->summary);
    if (l->python[0])
        buf_printf(out, _("In Python: %s. "), l->python);
    for (size_t i = 0; i < l->nneeds; i++)
        buf_printf(out, "%s%s", i ? ", " : _("Do first: "), l->needs[i]);
}

static void draw_about(const struct home *h, struct canvas *c, struct rect r)
{
    const struct lesson *l = lesson_at(h);
    struct buf text = {0};
    if (!l)
        return;
    panel_head(c, r, l->title, l->id, 0);
    about(l, &text);
    struct rect in = panel_inside(r);
    in.x++;
    in.w -= 2;
    text_wrap(c, in, 0, ROLE_TEXT, text.data, NULL, 0);
    buf_fini(&text);
}

static void draw(void *state, struct canvas *c)
{
    struct home *h = state;
    int rows_about = c->rows >= 20 ? 6 : 0, y = 1;
    char right[96] = "";
    if (h->ui->store)
        snprintf(right, sizeof right, "%s", store_learner(h->ui->store));
    bar_title(c, c->cols >= 60 ? _("learn concurrency by stepping real C programs") : _("lessons"),
              right);
    if (c->rows >= 14)
        draw_progress(h, c, ++y);
    int message_y = c->rows >= 14 ? ++y : y;
    draw_continue(h, c, message_y);
    y += c->rows >= 14 ? 1 : 0;
    struct rect box = {0, y + 1, c->cols, c->rows - y - 2 - rows_about + !!rows_about};
    struct rect below = {0, box.y + box.h - 1, c->cols, rows_about};
    canvas_box(c, box, ROLE_BORDER);
    if (rows_about)
        canvas_box(c, below, ROLE_BORDER);
    char more[300] = "";
    if (h->filter.n)
        snprintf(more, sizeof more, _("only with \"%s\""), h->filter.text);
    panel_head(c, box, _("Lessons"), more, 1);
    struct rect before = canvas_clip(c, panel_inside(box));
    draw_list(h, c, panel_inside(box));
    c->clip = before;
    if (rows_about)
        draw_about(h, c, below);
    if (h->typing)
        edit_draw(c, c->rows - 1, _("search lessons"), &h->filter);
    else
        bar_footer(c, SCREEN_HOME, ACT_NONE);
    message_draw(c, message_y, ROLE_BAD, h->message);
}

/* -------- actions -------- */

static void open_at(struct home *h, int lesson)
{
    if (lesson >= 0)
        lesson_push(h->ui, h->lessons->lessons[lesson]);
}

static void to_unit(struct home *h, int by)
{
    int row = h->at;
    while (is_lesson(h, row))
        row += by;
    if (by < 0) { /* the heading of this unit; over it, to the first lesson of the one before */
        row--;
        while (is_lesson(h, row))
            row--;
    }
    if (row >= 0 && row < h->nrows)
        move_to(h, row, 1);
}

static void toggle_skip(struct home *h)
{
    const struct lesson *l = lesson_at(h);
    struct err e = {0};
    if (!l || !h->ui->store)
        return;
    int *status = &h->status[h->rows[h->at]];
    enum store_status to = *status == STORE_SKIPPED ? STORE_BEGUN : STORE_SKIPPED;
    if (store_lesson_set(h->ui->store, l->id, to, &e) < 0)
        snprintf(h->message, sizeof h->message, "%s", e.message);
    load(h);
}

static void reset(struct home *h)
{
    const struct lesson *l = lesson_at(h);
    struct err e = {0};
    if (!l || !h->ui->store)
        return;
    if (store_lesson_reset(h->ui->store, l->id, &e) < 0)
        snprintf(h->message, sizeof h->message, "%s", e.message);
    load(h);
}

static void mouse(struct home *h, const struct input *in)
{
    int row = h->top + in->y - h->list.y;
    if (in->wheel) {
        move_to(h, h->at + in->wheel, in->wheel);
        return;
    }
    if (in->y < h->list.y || in->y >= h->list.y + h->list.h || !is_lesson(h, row))
        return;
    if (row == h->at)
        open_at(h, h->rows[row]);
    else
        h->at = row;
}

static void page(struct home *h, int by)
{
    int row = h->at + by * h->page;
    row = row < 0 ? 0 : row >= h->nrows ? h->nrows - 1 : row;
    move_to(h, row, by);
    if (!is_lesson(h, row))
        move_to(h, row, -by);
}

static void act_home_down(struct home *h, const struct input *in)
{
    (void)in;
    move_to(h, h->at + 1, 1);
}

static void act_home_up(struct home *h, const struct input *in)
{
    (void)in;
    move_to(h, h->at - 1, -1);
}

static void act_home_open(struct home *h, const struct input *in)
{
    (void)in;
    if (lesson_at(h))
        open_at(h, h->rows[h->at]);
}

static void act_home_continue(struct home *h, const struct input *in)
{
    (void)in;
    open_at(h, h->last >= 0 ? h->last : lesson_at(h) ? h->rows[h->at] : -1);
}

static void act_home_search(struct home *h, const struct input *in)
{
    (void)in;
    edit_clear(&h->filter);
    fill(h);
    h->typing = 1;
}

static void act_home_next_unit(struct home *h, const struct input *in)
{
    (void)in;
    to_unit(h, 1);
}

static void act_home_prev_unit(struct home *h, const struct input *in)
{
    (void)in;
    to_unit(h, -1);
}

static void act_home_page_down(struct home *h, const struct input *in)
{
    (void)in;
    page(h, 1);
}

static void act_home_page_up(struct home *h, const struct input *in)
{
    (void)in;
    page(h, -1);
}

static void act_home_first(struct home *h, const struct input *in)
{
    (void)in;
    move_to(h, 0, 1);
}

static void act_home_last(struct home *h, const struct input *in)
{
    (void)in;
    move_to(h, h->nrows - 1, -1);
}

static void act_home_skip(struct home *h, const struct input *in)
{
    (void)in;
    toggle_skip(h);
}

static void act_home_reset(struct home *h, const struct input *in)
{
    (void)in;
    reset(h);
}

static void act_home_settings(struct home *h, const struct input *in)
{
    (void)in;
    settings_push(h->ui);
}

static void act_home_present(struct home *h, const struct input *in)
{
    (void)in;
    plans_push(h->ui);
}

static void act_home_mouse(struct home *h, const struct input *in)
{
    mouse(h, in);
}

static void act_home_help(struct home *h, const struct input *in)
{
    (void)in;
    help_push(h->ui, SCREEN_HOME);
}

static void act_home_escape(struct home *h, const struct input *in)
{
    (void)in;
    h->typing = 0;
    edit_clear(&h->filter);
    fill(h);
}

static void act_prompt_take(struct home *h, const struct input *in)
{
    (void)in;
    h->typing = 0;
}

static void act_prompt_rub(struct home *h, const struct input *in)
{
    (void)in;
    edit_rub(&h->filter);
    fill(h);
}

static void act_prompt_clear(struct home *h, const struct input *in)
{
    (void)in;
    edit_clear(&h->filter);
    fill(h);
}

static void act_home_redraw(struct home *h, const struct input *in)
{
    (void)in;
    (void)h;
    term_redraw();
}

static void act_home_quit(struct home *h, const struct input *in)
{
    (void)in;
    ui_leave(h->ui, 0);
}

static void (*const handlers[ACT_COUNT])(struct home *, const struct input *) = {
#define KEY(id, keys, footer, rank, help) [ACT_##id] = act_##id,
#include "keys_home.def"
#undef KEY
    [ACT_prompt_close] = act_home_escape,  [ACT_prompt_take] = act_prompt_take,
    [ACT_prompt_rub] = act_prompt_rub,     [ACT_prompt_clear] = act_prompt_clear,
    [ACT_prompt_redraw] = act_home_redraw,
};

static void act(void *state, struct ui *ui, enum action action, const struct input *in)
{
    struct home *h = state;
    h->ui = ui;
    h->message[0] = 0;
    if (handlers[action])
        handlers[action](h, in);
}

static void typed(void *state, struct ui *ui, const struct input *in)
{
    struct home *h = state;
    (void)ui;
    if (!h->typing)
        return;
    edit_type(&h->filter, in->key);
    fill(h);
}

static enum screen_id keys(void *state)
{
    return ((struct home *)state)->typing ? SCREEN_PROMPT : SCREEN_HOME;
}

static void back(void *state, struct ui *ui)
{
    struct home *h = state;
    h->ui = ui;
    load(h);
}

static void free_home(void *state)
{
    struct home *h = state;
    free(h->status);
    free(h->rows);
    free(h);
}

static const struct screen_ops ops = {
    .draw = draw, .keys = keys, .act = act, .typed = typed, .back = back, .free = free_home};

void home_push(struct ui *ui)
{
    struct home *h = xcalloc(1, sizeof *h);
    h->ui = ui;
    h->lessons = ui->lessons;
    h->status = xcalloc(h->lessons->nlessons + 1, sizeof *h->status);
    h->rows = xcalloc(h->lessons->nlessons + h->lessons->nunits + 1, sizeof *h->rows);
    load(h);
    fill(h);
    if (h->last >= 0)
        for (int i = 0; i < h->nrows; i++)
            if (h->rows[i] == h->last)
                h->at = i;
    if (ui->store && *store_notice(ui->store))
        snprintf(h->message, sizeof h->message, "%s", store_notice(ui->store));
    else if (h->lessons->nproblems)
        snprintf(h->message, sizeof h->message, "%s", h->lessons->problems[0].message);
    ui_push(ui, &ops, h);
}
