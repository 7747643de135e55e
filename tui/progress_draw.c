/* The progress screen as it is drawn. */
#include "progress_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WIDE_COLS = 150 }; /* from here on both parts stand side by side */

static void draw_bar(struct canvas *c, int x, int y, int width, const struct progress_unit *u)
{
    int done = u->n ? u->count[STORE_DONE] * width / u->n : 0;
    int begun = u->n ? (u->count[STORE_DONE] + u->count[STORE_BEGUN]) * width / u->n : 0;
    for (int i = 0; i < width; i++)
        x += canvas_put(c, x, y,
                        i < done    ? ROLE_GOOD
                        : i < begun ? ROLE_NOTE
                                    : ROLE_DIM,
                        i < done    ? L'█'
                        : i < begun ? L'▒'
                                    : L'░');
}

static void draw_unit(const struct progress_view *v, struct canvas *c, struct rect r, int y, int i)
{
    const struct progress_unit *u = &v->progress.units[i];
    const char *title = u->unit;
    int width = r.w >= 60 ? 24 : r.w / 3, bar = r.w >= 60 ? 16 : 8, x = r.x + 3 + width;
    char text[160];
    for (size_t k = 0; k < v->ui->lessons->nunits; k++)
        if (!strcmp(v->ui->lessons->units[k].name, u->unit))
            title = v->ui->lessons->units[k].title;
    canvas_fit(c, r.x + 2, y, width, ROLE_TEXT, title);
    draw_bar(c, x, y, bar, u);
    snprintf(text, sizeof text, _("%d/%d done"), u->count[STORE_DONE], u->n);
    x += bar + 1;
    x += canvas_fit(c, x, y, r.x + r.w - x - 1, ROLE_TEXT, text) + 2;
    snprintf(text, sizeof text, _("%d min to go"), u->minutes - u->minutes_over);
    if (u->minutes > u->minutes_over)
        canvas_fit(c, x, y, r.x + r.w - x - 1, ROLE_DIM, text);
}

static void say_ago(int64_t ms, char *out, size_t n)
{
    long days = (long)(ms / 1000 / 3600 / 24);
    if (days <= 0)
        snprintf(out, n, "%s", _("today"));
    else
        snprintf(out, n, ngettext("%ld day ago", "%ld days ago", (unsigned long)days), days);
}

static const char *title_of(const struct progress_view *v, const char *id)
{
    const struct lesson *l = catalogue_find(v->ui->lessons, id);
    return l ? l->title : id;
}

static void say_why(const struct progress_repeat *p, char *out, size_t n)
{
    switch (p->why) {
    case REPEAT_NOT_PASSED:
        snprintf(out, n, _("the challenge %s is not passed"), p->what);
        return;
    case REPEAT_STILL_WRONG:
        snprintf(out, n, _("question %s is answered wrong"), p->what);
        return;
    case REPEAT_WRONG_FIRST:
        snprintf(out, n, _("question %s was wrong at first"), p->what);
        return;
    default:
        snprintf(out, n, "%s", _("done, but long ago"));
    }
}

static void draw_repeat(const struct progress_view *v, struct canvas *c, struct rect r, int y,
                        int i)
{
    const struct progress_repeat *p = &v->progress.repeats[i];
    char ago[48], text[300];
    int width = r.w >= 60 ? 24 : r.w / 3, x = r.x + 3 + width;
    canvas_fit(c, r.x + 2, y, width, ROLE_TEXT, title_of(v, p->lesson));
    say_ago(v->now_ms - p->at_ms, ago, sizeof ago);
    say_why(p, text, sizeof text);
    x += canvas_fit(c, x, y, r.x + r.w - x - 1, p->why <= REPEAT_STILL_WRONG ? ROLE_BAD : ROLE_NOTE,
                    text) +
         2;
    canvas_fit(c, x, y, r.x + r.w - x - 1, ROLE_DIM, ago);
}

static void draw_challenge(const struct progress_view *v, struct canvas *c, struct rect r, int y,
                           int i)
{
    const struct progress_challenge *p = &v->progress.challenges[i];
    char text[300];
    int width = r.w >= 60 ? 24 : r.w / 3, x = r.x + 3 + width;
    canvas_fit(c, r.x + 2, y, width, ROLE_TEXT, title_of(v, p->lesson));
    x += canvas_fit(c, x, y, 12, ROLE_DIM, p->challenge) + 2;
    snprintf(text, sizeof text, ngettext("%d try", "%d tries", (unsigned long)p->tries), p->tries);
    x += canvas_fit(c, x, y, r.x + r.w - x - 1, ROLE_TEXT, text) + 2;
    x += canvas_fit(c, x, y, r.x + r.w - x - 1, p->passed ? ROLE_GOOD : ROLE_BAD,
                    p->passed ? _("● passed") : _("× not passed")) +
         2;
    if (*p->verdict)
        canvas_fit(c, x, y, r.x + r.w - x - 1, ROLE_DIM, p->verdict);
}

static void draw_line(const struct progress_view *v, struct canvas *c, struct rect r, int y,
                      const struct progress_line *l)
{
    switch (l->kind) {
    case LINE_BLANK:
        return;
    case LINE_HEADING:
        canvas_fit(c, r.x + 1, y, r.w - 2, ROLE_HEADING, l->text);
        return;
    case LINE_TEXT:
        canvas_fit(c, r.x + 2, y, r.w - 3, ROLE_TEXT, l->text);
        return;
    case LINE_UNIT:
        draw_unit(v, c, r, y, l->index);
        return;
    case LINE_REPEAT:
        draw_repeat(v, c, r, y, l->index);
        return;
    case LINE_CHALLENGE:
        draw_challenge(v, c, r, y, l->index);
    }
}

/* One part from a line on, `above` lines of others standing over it. */
static void draw_part(const struct progress_view *v, struct canvas *c, struct rect r, int part,
                      int above, int top)
{
    for (int i = 0; i < v->nlines[part]; i++) {
        int y = r.y + above + i - top;
        if (y < r.y || y >= r.y + r.h)
            continue;
        draw_line(v, c, r, y, &v->lines[part][i]);
        if (part == PART_REPEAT && i == v->at)
            canvas_restyle(c, (struct rect){r.x, y, r.w, 1}, ATTR_REVERSE);
    }
}

/* What is marked is seen, and there is nothing below the end. */
static void scroll(struct progress_view *v, int height, int above, int lines)
{
    v->page = height > 1 ? height - 1 : 1;
    if (v->marked >= 0 && above + v->marked < v->top)
        v->top = above + v->marked;
    if (v->marked >= 0 && above + v->marked >= v->top + height)
        v->top = above + v->marked - height + 1;
    if (v->top > lines - height)
        v->top = lines - height;
    if (v->top < 0)
        v->top = 0;
    v->marked = -1; /* from here on it may be scrolled away */
    v->first = v->top - above;
}

static void draw_narrow(struct progress_view *v, struct canvas *c, struct rect box)
{
    struct rect in = panel_inside(box);
    int above = v->nlines[PART_OVERVIEW] + 1;
    panel_box(c, box, _("Progress"), "", 1);
    v->rect = in;
    scroll(v, in.h, above, above + v->nlines[PART_REPEAT]);
    struct rect before = canvas_clip(c, in);
    draw_part(v, c, in, PART_OVERVIEW, 0, v->top);
    draw_part(v, c, in, PART_REPEAT, above, v->top);
    c->clip = before;
}

static void draw_wide(struct progress_view *v, struct canvas *c, struct rect box)
{
    int width = box.w / 2 > 84 ? 84 : box.w / 2;
    struct rect left = {box.x, box.y, width, box.h};
    struct rect right = {box.x + width, box.y, box.w - width, box.h};
    panel_box(c, left, _("Progress"), "", 0);
    panel_box(c, right, _("What to do"), "", 1);
    v->rect = panel_inside(right);
    scroll(v, v->rect.h, 0, v->nlines[PART_REPEAT]);
    struct rect before = canvas_clip(c, panel_inside(left));
    draw_part(v, c, panel_inside(left), PART_OVERVIEW, 0, 0);
    c->clip = before;
    before = canvas_clip(c, v->rect);
    draw_part(v, c, v->rect, PART_REPEAT, 0, v->top);
    c->clip = before;
}

static const char *prompt_of(const struct progress_view *v)
{
    return v->typing == TYPING_PATH      ? _("write into the file")
           : v->typing == TYPING_LEARNER ? _("name of the new learner")
                                         : _("new name");
}

void progress_draw(void *state, struct canvas *c)
{
    struct progress_view *v = state;
    struct rect box = {0, 1, c->cols, c->rows - 2};
    bar_title(c, _("progress"), v->ui->store ? store_learner(v->ui->store) : "");
    if (c->cols >= WIDE_COLS)
        draw_wide(v, c, box);
    else
        draw_narrow(v, c, box);
    if (v->typing) {
        edit_draw(c, c->rows - 1, prompt_of(v), &v->edit);
        if (c->rows > 2 && *v->message) {
            canvas_fill(c, (struct rect){0, c->rows - 2, c->cols, 1}, ROLE_TEXT);
            canvas_fit(c, 1, c->rows - 2, c->cols - 2, v->style, v->message);
        }
        return;
    }
    bar_footer(c, v->asking ? SCREEN_LIST : SCREEN_PROGRESS, ACT_NONE);
    if (v->asking)
        list_draw(c, &v->list);
    message_draw(c, -1, v->style, v->message);
}
