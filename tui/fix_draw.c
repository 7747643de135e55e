/* The screen of a fix challenge: the program with what the compiler says at its lines, the task
 * with its hints, and the answer. */
#include "fix_internal.h"

#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A pen that goes down a panel; lines above its window are counted only. */
struct pen {
    struct canvas *c;
    struct rect r;
    int top, y;
};

static void put(struct pen *p, int x, unsigned role, const char *text)
{
    struct rect at = {p->r.x + x, p->r.y + p->y - p->top, p->r.w - x, 0};
    int lines = text_lines(at.w > 0 ? at.w : 1, text), first = 0;
    if (at.y < p->r.y) {
        first = p->r.y - at.y;
        at.y = p->r.y;
    }
    at.h = p->r.y + p->r.h - at.y;
    if (first < lines && at.h > 0)
        text_wrap(p->c, at, first, role, text, NULL, 0);
    p->y += lines;
}

static void gap(struct pen *p)
{
    p->y++;
}

/* -------- the program -------- */

static int is_noted(const struct fix_view *v, int line, int from)
{
    for (int i = from; i < v->nnotes; i++)
        if (v->notes[i].line == line)
            return i;
    return -1;
}

/* The rows of a line: itself and what the compiler says of it. */
static int rows_of(const struct fix_view *v, int line)
{
    int rows = 1;
    for (int i = is_noted(v, line, 0); i >= 0; i = is_noted(v, line, i + 1))
        rows++;
    return rows;
}

/* So that the line that matters is seen. */
static void follow(struct fix_view *v, int page)
{
    int row = 0;
    for (int line = 1; line < v->to_line && line <= v->source.nlines; line++)
        row += rows_of(v, line);
    if (v->to_line && (row < v->scroll[FIX_PROGRAM] || row + 2 > v->scroll[FIX_PROGRAM] + page))
        v->scroll[FIX_PROGRAM] = row > page / 2 ? row - page / 2 : 0;
    v->to_line = 0;
}

static void draw_line(struct fix_view *v, struct canvas *c, struct rect r, int y, int line)
{
    int bad = v->has_verdict && v->v.line == line && v->v.refusal != REFUSAL_NONE;
    canvas_printf(c, r.x, y, bad ? ROLE_BAD : ROLE_LINE_NUMBER, "%3d", line);
    if (bad)
        canvas_put(c, r.x + 3, y, ROLE_BAD, L'!');
    source_draw(&v->source, line, c, r.x + 5, y, 0, r.w - 5);
}

static int draw_mine(struct fix_view *v, struct canvas *c, struct rect r)
{
    int row = 0, top = v->scroll[FIX_PROGRAM];
    for (int line = 1; line <= v->source.nlines; line++) {
        if (row >= top && row < top + r.h)
            draw_line(v, c, r, r.y + row - top, line);
        row++;
        for (int i = is_noted(v, line, 0); i >= 0; i = is_noted(v, line, i + 1), row++) {
            if (row < top || row >= top + r.h)
                continue;
            unsigned role = v->notes[i].is_error ? ROLE_BAD : ROLE_NOTE;
            canvas_put(c, r.x + 3, r.y + row - top, role, L'↑');
            canvas_fit(c, r.x + 5, r.y + row - top, r.w - 5, role, v->notes[i].text);
        }
    }
    if (!v->source.nlines)
        canvas_text(c, r.x + 1, r.y, ROLE_DIM, _("(there is nothing in it)"));
    return row;
}

/* Of a diff its signs are styled. */
static int draw_other(struct fix_view *v, struct canvas *c, struct rect r)
{
    int top = v->scroll[FIX_PROGRAM];
    for (int i = 0; i < r.h && top + i < v->changes.nlines; i++) {
        const char *text = v->changes.text + v->changes.line[top + i];
        source_draw(&v->changes, top + i + 1, c, r.x + 1, r.y + i, 0, r.w - 1);
        if (v->show == FIX_CHANGES && *text != ' ')
            canvas_restyle(c, (struct rect){r.x + 1, r.y + i, r.w - 1, 1},
                           *text == '+' ? ROLE_GOOD : ROLE_BAD);
    }
    return v->changes.nlines;
}

static void draw_program(struct fix_view *v, struct canvas *c, struct rect box)
{
    struct rect r = panel_inside(box);
    const char *name = strrchr(v->path, '/');
    char title[160];
    v->page[FIX_PROGRAM] = r.h > 0 ? r.h : 1;
    if (v->show == FIX_CHANGES)
        snprintf(title, sizeof title, _("%s: what you changed"), name ? name + 1 : v->path);
    else if (v->show == FIX_SOLUTION)
        snprintf(title, sizeof title, "%s", _("One solution"));
    else
        snprintf(title, sizeof title, _("Your %s"), name ? name + 1 : v->path);
    if (v->show == FIX_MINE)
        follow(v, r.h);
    struct rect before = canvas_clip(c, r);
    v->lines[FIX_PROGRAM] = v->show == FIX_MINE ? draw_mine(v, c, r) : draw_other(v, c, r);
    c->clip = before;
    panel_head(c, box, title,
               v->scroll[FIX_PROGRAM] + r.h < v->lines[FIX_PROGRAM] ? _("more ↓") : "",
               v->focus == FIX_PROGRAM);
}

/* -------- the task -------- */

static void task_words(struct fix_view *v, struct pen *p)
{
    const struct lesson_challenge *ch = v->challenge;
    put(p, 0, ROLE_HEADING, ch->title.text);
    put(p, 0, ROLE_TEXT, ch->text.text);
    for (int i = 0; i < *v->hints && i < CHALLENGE_HINTS; i++) {
        char head[48];
        gap(p);
        snprintf(head, sizeof head, _("Hint %d of %d"), i + 1, CHALLENGE_HINTS);
        put(p, 0, ROLE_NOTE, head);
        put(p, 0, ROLE_TEXT, ch->hints[i].text ? ch->hints[i].text : "");
    }
    gap(p);
    put(p, 0, ROLE_DIM, _("It must hold in every schedule:"));
    for (size_t i = 0; i < ch->nrequire; i++) {
        put(p, 2, ROLE_DIM, ch->require[i].text);
    }
    for (size_t i = 0; i < ch->nwork; i++) {
        char text[200];
        snprintf(text, sizeof text, _("%s still writes %s"), ch->work[i].routine,
                 ch->work[i].object);
        put(p, 2, ROLE_DIM, text);
    }
    if (ch->nconcurrent)
        put(p, 2, ROLE_DIM, _("the threads can run at the same time"));
    if (v->passed) {
        gap(p);
        put(p, 0, ROLE_GOOD, _("● solved"));
    }
}

/* -------- the answer -------- */

static void put_work(struct fix_view *v, struct pen *p)
{
    char text[160];
    job_lock(v->job);
    enum check_phase phase = v->work.phase;
    uint64_t executions = v->work.executions;
    double seconds = v->work.seconds;
    job_unlock(v->job);
    if (phase == CHECK_COMPILING)
        snprintf(text, sizeof text, "%s", _("compiling … (x cancels)"));
    else if (phase == CHECK_SEARCHING)
        snprintf(text, sizeof text,
                 _("searching its schedules: %" PRIu64 " executions, %.1f s (x cancels)"),
                 executions, seconds);
    else
        snprintf(text, sizeof text, "%s",
                 _("replaying the schedules that broke the original … (x cancels)"));
    put(p, 0, ROLE_NOTE, text);
}

static void put_verdict(struct fix_view *v, struct pen *p)
{
    struct buf text = {0};
    const struct verdict *w = &v->v;
    int right = w->refusal == REFUSAL_NONE;
    buf_printf(&text, "%s %s", right ? "●" : "×", refusal_text((int)w->refusal));
    put(p, 0, right ? ROLE_GOOD : ROLE_BAD, text.data);
    text.len = 0;
    if (right)
        verdict_bound(w, &text);
    else if (w->refusal == REFUSAL_COMPILE && v->nnotes)
        buf_puts(&text, _("What the compiler says stands at its lines."));
    else
        buf_puts(&text, w->reason);
    put(p, 2, ROLE_TEXT, text.data ? text.data : "");
    if (w->has_schedule)
        put(p, 2, ROLE_STRONG, _("Enter: step the schedule that still breaks it."));
    text.len = 0;
    if (!right && w->refusal != REFUSAL_COMPILE) {
        verdict_bound(w, &text);
        put(p, 2, ROLE_DIM, text.data);
    }
    buf_fini(&text);
}

static void put_invitation(struct fix_view *v, struct pen *p)
{
    char text[400];
    if (v->before) {
        struct buf last = {0};
        buf_printf(&last, _("Last time: %s"), v->before);
        put(p, 0, ROLE_TEXT, last.data);
        buf_fini(&last);
    }
    snprintf(text, sizeof text,
             _("e opens your program in %s; or keep any editor open on the file below. When "
               "you save, it is compiled and all its schedules are searched."),
             config_editor());
    put(p, 0, ROLE_TEXT, text);
}

static void put_path(struct pen *p, const char *path)
{
    struct buf text = {0};
    buf_path(&text, path);
    put(p, 0, ROLE_DIM, text.data);
    buf_fini(&text);
}

static void answer_words(struct fix_view *v, struct pen *p)
{
    if (v->job)
        put_work(v, p);
    else if (v->has_verdict)
        put_verdict(v, p);
    else if (v->problem[0])
        put(p, 0, ROLE_BAD, v->problem);
    else
        put_invitation(v, p);
    put_path(p, v->path);
}

/* -------- panels of words -------- */

static void draw_words(struct fix_view *v, struct canvas *c, struct rect box, enum fix_panel which,
                       const char *title, void (*words)(struct fix_view *, struct pen *))
{
    struct rect r = panel_inside(box);
    r.x++;
    r.w -= 2;
    struct pen measure = {c, {r.x, r.y, r.w, 0}, 0, 0};
    struct rect before = canvas_clip(c, (struct rect){0, 0, 0, 0});
    words(v, &measure);
    v->lines[which] = measure.y;
    v->page[which] = r.h > 0 ? r.h : 1;
    if (v->scroll[which] > measure.y - r.h)
        v->scroll[which] = measure.y > r.h ? measure.y - r.h : 0;
    canvas_clip(c, r);
    words(v, &(struct pen){c, r, v->scroll[which], 0});
    c->clip = before;
    panel_head(c, box, title, v->scroll[which] + r.h < measure.y ? _("more ↓") : "",
               v->focus == which);
}

static void draw_panel(struct fix_view *v, struct canvas *c, enum fix_panel which, struct rect box)
{
    v->at[which] = box;
    canvas_box(c, box, ROLE_BORDER);
    if (which == FIX_PROGRAM)
        draw_program(v, c, box);
    else if (which == FIX_TASK)
        draw_words(v, c, box, which, _("Task"), task_words);
    else
        draw_words(v, c, box, which, _("Answer"), answer_words);
}

void fix_draw(void *state, struct canvas *c)
{
    struct fix_view *v = state;
    int status_y = c->rows >= 12 ? c->rows - 2 : -1;
    int body = c->rows - 2 - (status_y >= 0);
    memset(v->at, 0, sizeof v->at);
    bar_title(c, v->lesson->title, v->job ? _("checking") : v->passed ? _("solved") : _("fix it"));
    if (c->cols < 70 || body < 14) {
        draw_panel(v, c, v->focus, (struct rect){0, 1, c->cols, body});
    } else {
        int side = c->cols * 2 / 5 > 70 ? 70 : c->cols * 2 / 5;
        int answer = body / 3 < 7 ? 7 : body / 3 > 14 ? 14 : body / 3;
        struct rect left = {0, 1, c->cols - side + 1, body - answer + 1};
        draw_panel(v, c, FIX_PROGRAM, left);
        draw_panel(v, c, FIX_TASK, (struct rect){left.w - 1, 1, side, left.h});
        draw_panel(v, c, FIX_ANSWER, (struct rect){0, left.h, c->cols, answer});
    }
    bar_footer(c, SCREEN_FIX, ACT_NONE);
    message_draw(c, status_y, v->message_style, v->message);
}
