/* The home screen as it is drawn. */
#include "home_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WIDE_COLS = 116 }; /* from here on what the marked lesson is about stands beside the list */

/* How a lesson stands: those of the store, and two more. */
enum standing { STANDS_NEXT = STORE_NSTATUS, STANDS_LOCKED, NSTANDINGS };
static const struct {
    wchar_t mark;
    unsigned role;
    const char *word;
} standings[NSTANDINGS] = {
    [STORE_NEW] = {L'·', ROLE_DIM, N_("new")},    [STORE_BEGUN] = {L'▶', ROLE_NOTE, N_("begun")},
    [STORE_DONE] = {L'●', ROLE_GOOD, N_("done")}, [STORE_SKIPPED] = {L'-', ROLE_DIM, N_("skipped")},
    [STANDS_NEXT] = {L'→', ROLE_KEY, N_("next")}, [STANDS_LOCKED] = {L'×', ROLE_BAD, N_("locked")},
};

static int standing_of(const struct home *h, int i)
{
    return h->locks[i] ? STANDS_LOCKED : i == h->next ? STANDS_NEXT : h->status[i];
}

static int count(const struct home *h, size_t first, size_t n, int status)
{
    int sum = 0;
    for (size_t i = first; i < first + n; i++)
        sum += h->status[i] == status;
    return sum;
}

/* Minutes of what is neither done nor skipped. */
static int minutes_left(const struct home *h, size_t first, size_t n)
{
    int sum = 0;
    for (size_t i = first; i < first + n; i++)
        if (h->status[i] != STORE_DONE && h->status[i] != STORE_SKIPPED)
            sum += h->lessons->lessons[i]->minutes;
    return sum;
}

static void say_left(int minutes, char *out, size_t n)
{
    if (minutes >= 60)
        snprintf(out, n, _("%d h %02d min left"), minutes / 60, minutes % 60);
    else
        snprintf(out, n, _("%d min left"), minutes);
}

static void draw_progress(const struct home *h, struct canvas *c, int y)
{
    int n = (int)h->lessons->nlessons, done = count(h, 0, h->lessons->nlessons, STORE_DONE);
    int width = c->cols >= 80 ? 30 : 10, filled = n ? done * width / n : 0;
    char text[160], left[64];
    int x = 1;
    for (int i = 0; i < width; i++)
        x += canvas_put(c, x, y, i < filled ? ROLE_GOOD : ROLE_DIM, i < filled ? L'█' : L'░');
    say_left(minutes_left(h, 0, h->lessons->nlessons), left, sizeof left);
    snprintf(text, sizeof text, _("%d of %d lessons done, %s"), done, n, left);
    canvas_fit(c, x + 1, y, c->cols - x - 2, ROLE_TEXT, text);
}

static void draw_continue(const struct home *h, struct canvas *c, int y)
{
    if (h->last < 0) {
        canvas_fit(c, 1, y, c->cols - 2, ROLE_TEXT,
                   c->cols >= 76 ? _("Welcome. Enter opens the marked lesson; the first one shows "
                                     "you around.")
                                 : _("Welcome. Enter opens a lesson."));
        return;
    }
    const struct lesson *l = h->lessons->lessons[h->last];
    char text[256], key[32];
    int section = h->last_section < (int)l->nsections ? h->last_section : 0;
    snprintf(text, sizeof text, _("%s, part %d of %zu: %s"), l->title, section + 1, l->nsections,
             l->sections[section].title);
    keys_spell(keys_row(ACT_home_continue)->keys[0], key, sizeof key);
    int x = 2 + canvas_text(c, 1, y, ROLE_KEY, key);
    x += canvas_text(c, x, y, ROLE_TEXT,
                     h->status[h->last] == STORE_NEW ? _("Next: ") : _("Continue: "));
    canvas_fit(c, x, y, c->cols - x - 1, ROLE_STRONG, text);
}

static void draw_unit(const struct home *h, struct canvas *c, struct rect r, int y, int unit)
{
    const struct lesson_unit *u = &h->lessons->units[unit];
    int done = count(h, u->first, u->n, STORE_DONE), minutes = minutes_left(h, u->first, u->n);
    char text[96], left[64];
    int x = r.x + 1 + canvas_fit(c, r.x + 1, y, r.w - 12, ROLE_HEADING, u->title);
    int n = snprintf(text, sizeof text, "%d/%zu", done, u->n);
    say_left(minutes, left, sizeof left);
    if (minutes)
        snprintf(text + n, sizeof text - (size_t)n, "  %s", left);
    canvas_fit(c, x + 2, y, r.x + r.w - x - 3, ROLE_DIM, text);
}

static void draw_lesson(const struct home *h, struct canvas *c, struct rect r, int y, int i)
{
    const struct lesson *l = h->lessons->lessons[i];
    int standing = standing_of(h, i), wtitle = r.w >= 70 ? 36 : r.w - 22;
    char minutes[48];
    canvas_put(c, r.x + 2, y, standings[standing].role, standings[standing].mark);
    canvas_fit(c, r.x + 4, y, wtitle, i == h->next ? ROLE_STRONG : ROLE_TEXT, l->title);
    int x = r.x + 4 + wtitle + 1;
    canvas_fit(c, x, y, 8, standings[standing].role, _(standings[standing].word));
    snprintf(minutes, sizeof minutes, _("%3d min"), l->minutes);
    canvas_fit(c, x + 9, y, r.x + r.w - x - 9, ROLE_DIM, minutes);
    if (r.w >= 70)
        canvas_fit(c, x + 18, y, r.x + r.w - x - 18, ROLE_DIM, _(lesson_level_word(l->level)));
    if (h->rows[h->at] == i)
        canvas_restyle(c, (struct rect){r.x, y, r.w, 1}, ATTR_REVERSE);
}

static void draw_list(struct home *h, struct canvas *c, struct rect r)
{
    char text[300];
    h->rect = r;
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
        snprintf(text, sizeof text, _("no lesson has \"%s\"; Esc shows all again"), h->filter.text);
    else
        snprintf(text, sizeof text, "%s", _("no lessons were found; lockstep doctor says why"));
    if (!h->nrows)
        canvas_fit(c, r.x + 1, r.y, r.w - 2, ROLE_NOTE, text);
}

/* -------- what the marked lesson is about -------- */

static void add_needs(const struct home *h, const struct lesson *l, struct buf *out)
{
    for (size_t i = 0; i < l->nneeds; i++) {
        const struct lesson *need = catalogue_find(h->lessons, l->needs[i]);
        buf_printf(out, "%s%s", i ? ", " : _("Do first: "), need ? need->title : l->needs[i]);
    }
    if (l->nneeds)
        buf_puts(out, "\n");
}

static void about(const struct home *h, int i, int with_parts, struct buf *out)
{
    const struct lesson *l = h->lessons->lessons[i];
    if (h->locks[i]) {
        locks_say(h->locks[i], out);
        buf_puts(out, "\n");
    }
    buf_printf(out, "%s\n", l->summary);
    add_needs(h, l, out);
    if (l->python[0])
        buf_printf(out, _("In Python: %s. "), l->python);
    for (size_t part = 0; with_parts && part < l->nsections; part++)
        buf_printf(out, "%s%2zu  %s", part ? "\n" : "\n\n", part + 1, l->sections[part].title);
}

static void draw_about(const struct home *h, struct canvas *c, struct rect r, int with_parts)
{
    struct buf text = {0};
    int i = home_lesson(h);
    canvas_box(c, r, ROLE_BORDER);
    if (i < 0)
        return;
    const struct lesson *l = h->lessons->lessons[i];
    panel_head(c, r, l->title, l->id, 0);
    about(h, i, with_parts, &text);
    struct rect in = panel_inside(r);
    in.x++;
    in.w -= 2;
    text_wrap(c, in, 0, ROLE_TEXT, text.data, NULL, 0);
    buf_fini(&text);
}

/* -------- the whole -------- */

static void draw_body(struct home *h, struct canvas *c, int y)
{
    int height = c->rows - y - 1, wide = c->cols >= WIDE_COLS;
    int rows_about = !wide && c->rows >= 20 ? 6 : 0;
    int width = wide ? c->cols * 3 / 5 : c->cols;
    struct rect box = {0, y, wide &&width > 90 ? width = 90 : width,
                       height - rows_about + !!rows_about};
    struct rect below = {0, box.y + box.h - 1, c->cols, rows_about};
    char more[300] = "";
    canvas_box(c, box, ROLE_BORDER);
    if (wide)
        draw_about(h, c, (struct rect){width, y, c->cols - width, height}, 1);
    else if (rows_about)
        draw_about(h, c, below, 0);
    if (h->filter.n)
        snprintf(more, sizeof more, _("only with \"%s\""), h->filter.text);
    panel_head(c, box, _("Lessons"), more, 1);
    struct rect before = canvas_clip(c, panel_inside(box));
    draw_list(h, c, panel_inside(box));
    c->clip = before;
}

void home_draw(void *state, struct canvas *c)
{
    struct home *h = state;
    int large = c->rows >= 14, message_y = large ? 3 : 1;
    bar_title(c, c->cols >= 60 ? _("learn concurrency by stepping real C programs") : _("lessons"),
              h->ui->store ? store_learner(h->ui->store) : "");
    if (large)
        draw_progress(h, c, 2);
    draw_continue(h, c, message_y);
    draw_body(h, c, large ? 5 : 2);
    if (h->typing)
        edit_draw(c, c->rows - 1, _("search lessons"), &h->filter);
    else
        bar_footer(c, h->asking ? SCREEN_LIST : SCREEN_HOME, ACT_NONE);
    if (h->asking)
        list_draw(c, &h->list);
    message_draw(c, message_y, h->style, h->message);
}
