#include "notebook.h"

#include "store.h"
#include "widgets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* -------- the text -------- */

enum { WHEN = 32 };

static const char *when(int64_t ms, char text[WHEN])
{
    time_t seconds = (time_t)(ms / 1000);
    struct tm tm;
    *text = 0;
    if (localtime_r(&seconds, &tm))
        strftime(text, WHEN, "%Y-%m-%d %H:%M", &tm);
    return text;
}

/* From the first to the last thing noted. */
struct span_of_time {
    int64_t first, last;
};

static void take_time(struct span_of_time *t, int64_t ms)
{
    if (!t->first || ms < t->first)
        t->first = ms;
    if (ms > t->last)
        t->last = ms;
}

static const struct lesson_question *question_of(const struct lesson *l, const char *id)
{
    const struct lesson_question *q;
    for (size_t i = 0; (q = lesson_question_at(l, i)); i++)
        if (!strcmp(q->id, id))
            return q;
    return NULL;
}

static void say_sections(struct store *s, const struct lesson *l, struct span_of_time *t,
                         struct buf *out)
{
    struct store_section *list = NULL;
    int n = store_sections(s, l->id, &list, NULL), done = 0;
    for (int i = 0; i < n; i++) {
        done += list[i].status == STORE_DONE;
        take_time(t, list[i].updated_ms);
    }
    buf_printf(out, _("Sections read: %d of %zu."), done, l->nsections);
    buf_puts(out, "\n");
    free(list);
}

static void say_answers(struct store *s, const struct lesson *l, struct span_of_time *t,
                        struct buf *out)
{
    struct store_answer *list = NULL;
    int n = store_answers(s, l->id, &list, NULL);
    if (n > 0)
        buf_printf(out, "\n%s\n", _("Predictions"));
    for (int i = 0; i < n; i++) {
        const struct lesson_question *q = question_of(l, list[i].question);
        buf_printf(out, "● %s\n", q ? q->ask.text : list[i].question);
        buf_puts(out, "  ");
        if (list[i].tries == 1)
            buf_printf(out,
                       list[i].right ? _("Your answer %s was right.")
                                     : _("Your answer %s was not right."),
                       list[i].answer);
        else if (list[i].right)
            buf_printf(out, _("First %s, after %d tries %s: right."), list[i].first_answer,
                       list[i].tries, list[i].answer);
        else
            buf_printf(out, _("First %s, after %d tries %s: not right."), list[i].first_answer,
                       list[i].tries, list[i].answer);
        buf_puts(out, "\n");
        take_time(t, list[i].first_ms);
        take_time(t, list[i].at_ms);
    }
    free(list);
}

static void say_attempts(struct store *s, const struct lesson *l, struct span_of_time *t,
                         struct buf *out)
{
    struct store_attempt *list = NULL;
    int n = store_attempts(s, l->id, NULL, &list, NULL);
    if (n > 0)
        buf_printf(out, "\n%s\n", _("Attempts, the newest first"));
    for (int i = 0; i < n; i++) {
        const struct lesson_challenge *c = lesson_challenge_find(l, list[i].challenge);
        char at[WHEN];
        buf_puts(out, list[i].passed ? "● " : "× ");
        buf_printf(out, "%s  %s\n", when(list[i].at_ms, at), c ? c->title.text : list[i].challenge);
        if (*list[i].message)
            buf_printf(out, "  %s\n", list[i].message);
        if (list[i].kind != STORE_FIX && strlen(list[i].tried) < 200) /* not whole programs */
            buf_printf(out, "  %s\n", list[i].tried);
        take_time(t, list[i].at_ms);
    }
    free(list);
}

static void say_bookmarks(struct store *s, const struct lesson *l, struct buf *out)
{
    struct store_bookmark *list = NULL;
    int n = store_bookmarks(s, l->id, NULL, &list, NULL);
    if (n > 0)
        buf_printf(out, "\n%s\n", _("Bookmarks"));
    for (int i = 0; i < n; i++) {
        buf_printf(out, _("● step %lld of %s"), (long long)list[i].step, list[i].program);
        buf_printf(out, "  %s\n", list[i].note);
    }
    free(list);
}

void notebook_text(struct store *store, const struct lesson *l, struct buf *out)
{
    struct span_of_time t = {0};
    struct buf rest = {0};
    if (!store) {
        buf_puts(out, _("Nothing is kept in this session, so there is no notebook."));
        return;
    }
    say_sections(store, l, &t, &rest);
    say_answers(store, l, &t, &rest);
    say_attempts(store, l, &t, &rest);
    say_bookmarks(store, l, &rest);
    if (t.first) {
        char from[WHEN], to[WHEN];
        buf_printf(out, _("From %s to %s\n"), when(t.first, from), when(t.last, to));
    } else
        buf_puts(out, _("You have answered and tried nothing in this lesson yet.\n"));
    buf_puts(out, rest.data);
    buf_fini(&rest);
}

/* -------- the screen -------- */

struct notebook {
    const struct lesson *lesson;
    struct buf text;
    int top, page, lines;
};

static void draw(void *state, struct canvas *c)
{
    struct notebook *n = state;
    struct rect box = {0, 1, c->cols, c->rows - 2}, r = panel_inside(box);
    r.x++;
    r.w = r.w > 3 ? r.w - 2 : 1;
    n->page = r.h > 0 ? r.h : 1;
    n->lines = text_lines(r.w, n->text.data);
    if (n->top > n->lines - n->page)
        n->top = n->lines > n->page ? n->lines - n->page : 0;
    bar_title(c, n->lesson->title, _("notebook"));
    panel_box(c, box, _("What you did in this lesson"),
              n->top + n->page < n->lines ? _("more ↓") : "", 1);
    struct rect before = canvas_clip(c, r);
    text_wrap(c, r, n->top, ROLE_TEXT, n->text.data, NULL, 0);
    c->clip = before;
    bar_footer(c, SCREEN_NOTEBOOK, ACT_NONE);
}

static void act(void *state, struct ui *ui, enum action action, const struct input *in)
{
    struct notebook *n = state;
    int by = action == ACT_notebook_down    ? 1
             : action == ACT_notebook_up    ? -1
             : action == ACT_notebook_mouse ? 3 * in->wheel
                                            : 0;
    switch (action) {
    case ACT_notebook_redraw:
        term_redraw();
        break;
    case ACT_notebook_help:
        help_push(ui, SCREEN_NOTEBOOK);
        break;
    case ACT_notebook_escape:
        ui_pop(ui);
        break;
    case ACT_notebook_quit:
        ui_leave(ui, 0);
        break;
    case ACT_notebook_page_down:
        n->top += n->page;
        break;
    case ACT_notebook_page_up:
        n->top = n->top > n->page ? n->top - n->page : 0;
        break;
    default:
        n->top = n->top + by > 0 ? n->top + by : 0;
    }
}

static enum screen_id keys(void *state)
{
    (void)state;
    return SCREEN_NOTEBOOK;
}

static void free_it(void *state)
{
    struct notebook *n = state;
    buf_fini(&n->text);
    free(n);
}

void notebook_push(struct ui *ui, const struct lesson *l)
{
    static const struct screen_ops ops = {.draw = draw, .keys = keys, .act = act, .free = free_it};
    struct notebook *n = xcalloc(1, sizeof *n);
    n->lesson = l;
    notebook_text(ui->store, l, &n->text);
    ui_push(ui, &ops, n);
}
