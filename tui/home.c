/* The home screen: its state and its actions. */
#include "home_internal.h"

#include "config.h"
#include "lesson_screen.h"
#include "next.h"
#include "own_screen.h"
#include "present.h"
#include "progress_screen.h"
#include "settings_screen.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void home_say(struct home *h, unsigned style, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    vsnprintf(h->message, sizeof h->message, format, ap);
    va_end(ap);
    h->style = style;
}

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

int home_is_lesson(const struct home *h, int row)
{
    return row >= 0 && row < h->nrows && h->rows[row] >= 0;
}

int home_lesson(const struct home *h)
{
    return home_is_lesson(h, h->at) ? h->rows[h->at] : -1;
}

static void move_to(struct home *h, int row, int by)
{
    while (row >= 0 && row < h->nrows && !home_is_lesson(h, row))
        row += by;
    if (home_is_lesson(h, row))
        h->at = row;
}

/* The rows that match the search; the marked lesson stays marked when it is among them. */
static void fill(struct home *h)
{
    int keep = home_is_lesson(h, h->at) ? h->rows[h->at] : -1, at = -1;
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

static void load_status(struct home *h)
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
        home_say(h, ROLE_BAD, "%s", e.message);
    if (store_place_last(h->ui->store, &last, NULL) > 0) {
        h->last = index_of(h, last->lesson);
        h->last_section = last->section;
    }
    free(last);
}

static void load_locks(struct home *h)
{
    locked_fini(&h->locked);
    locked_init(&h->locked, h->ui->store);
    for (size_t i = 0; i < h->lessons->nlessons; i++)
        h->locks[i] = locked_by(&h->locked, h->lessons->lessons[i]);
    locks_check(&h->locked.locks, h->lessons);
    if (h->locked.locks.problem.code)
        home_say(h, ROLE_BAD, "%s", h->locked.locks.problem.message);
}

static void suggest(struct home *h)
{
    unsigned char *states = xcalloc(h->lessons->nlessons + 1, 1);
    for (size_t i = 0; i < h->lessons->nlessons; i++)
        states[i] = h->locks[i] && h->status[i] == STORE_NEW ? NEXT_BARRED
                    : h->status[i] == STORE_NEW              ? NEXT_NEW
                    : h->status[i] == STORE_BEGUN            ? NEXT_BEGUN
                                                             : NEXT_OVER;
    h->next = next_lesson(h->lessons, states);
    free(states);
}

void home_load(struct home *h)
{
    load_status(h);
    load_locks(h);
    suggest(h);
    if (h->last >= 0 && h->status[h->last] == STORE_DONE && h->next >= 0 &&
        h->status[h->next] == STORE_NEW) { /* nothing is left there to continue */
        h->last = h->next;
        h->last_section = 0;
    }
}

/* -------- actions -------- */

static void open_at(struct home *h, int lesson)
{
    struct buf why = {0};
    if (lesson < 0)
        return;
    if (h->locks[lesson]) {
        locks_say(h->locks[lesson], &why);
        home_say(h, ROLE_BAD, "%s", why.data);
        buf_fini(&why);
        return;
    }
    lesson_push(h->ui, h->lessons->lessons[lesson]);
}

static void to_unit(struct home *h, int by)
{
    int row = h->at;
    while (home_is_lesson(h, row))
        row += by;
    if (by < 0) { /* the heading of this unit; over it, to the first lesson of the one before */
        row--;
        while (home_is_lesson(h, row))
            row--;
    }
    if (row >= 0 && row < h->nrows)
        move_to(h, row, 1);
}

static void mouse(struct home *h, const struct input *in)
{
    int row = h->top + in->y - h->rect.y;
    if (in->wheel) {
        move_to(h, h->at + in->wheel, in->wheel);
        return;
    }
    if (in->y < h->rect.y || in->y >= h->rect.y + h->rect.h || !home_is_lesson(h, row))
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
    if (!home_is_lesson(h, row))
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
    open_at(h, home_lesson(h));
}

static void act_home_continue(struct home *h, const struct input *in)
{
    (void)in;
    open_at(h, h->last >= 0 ? h->last : home_lesson(h));
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
    home_skip(h);
}

static void act_home_reset(struct home *h, const struct input *in)
{
    (void)in;
    home_ask_reset(h);
}

static void act_home_forget(struct home *h, const struct input *in)
{
    (void)in;
    home_forget(h);
}

static void act_home_undo(struct home *h, const struct input *in)
{
    (void)in;
    home_undo(h);
}

static void act_home_own(struct home *h, const struct input *in)
{
    (void)in;
    own_push(h->ui);
}

static void act_home_progress(struct home *h, const struct input *in)
{
    (void)in;
    progress_push(h->ui);
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
    [ACT_prompt_redraw] = act_home_redraw, [ACT_list_redraw] = act_home_redraw,
};

static void act(void *state, struct ui *ui, enum action action, const struct input *in)
{
    struct home *h = state;
    h->ui = ui;
    h->message[0] = 0;
    if (handlers[action]) {
        handlers[action](h, in);
        return;
    }
    int taken = h->asking ? list_act(&h->list, action, in) : 0;
    if (taken > 0)
        home_reset_taken(h);
    else if (taken < 0)
        h->asking = ASK_NOTHING;
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
    const struct home *h = state;
    return h->typing ? SCREEN_PROMPT : h->asking ? SCREEN_LIST : SCREEN_HOME;
}

static void back(void *state, struct ui *ui)
{
    struct home *h = state;
    h->ui = ui;
    home_load(h);
}

static void free_home(void *state)
{
    struct home *h = state;
    home_undo_fini(h);
    locked_fini(&h->locked);
    free(h->locks);
    free(h->status);
    free(h->rows);
    free(h);
}

static const struct screen_ops ops = {
    .draw = home_draw, .keys = keys, .act = act, .typed = typed, .back = back, .free = free_home};

/* What must be told at the beginning: of the store, of the lessons, of the configuration. */
static void tell_problems(struct home *h)
{
    struct buf problems = {0};
    if (h->ui->store && *store_notice(h->ui->store))
        home_say(h, ROLE_BAD, "%s", store_notice(h->ui->store));
    else if (h->lessons->nproblems)
        home_say(h, ROLE_BAD, "%s", h->lessons->problems[0].message);
    else if (config_problems(&problems, 3))
        home_say(h, ROLE_BAD, "%s", problems.data);
    buf_fini(&problems);
}

static void mark(struct home *h, int lesson)
{
    for (int i = 0; i < h->nrows && lesson >= 0; i++)
        if (h->rows[i] == lesson)
            h->at = i;
}

void home_push(struct ui *ui)
{
    struct home *h = xcalloc(1, sizeof *h);
    h->ui = ui;
    h->lessons = ui->lessons;
    h->status = xcalloc(h->lessons->nlessons + 1, sizeof *h->status);
    h->locks = xcalloc(h->lessons->nlessons + 1, sizeof *h->locks);
    h->rows = xcalloc(h->lessons->nlessons + h->lessons->nunits + 1, sizeof *h->rows);
    home_load(h);
    fill(h);
    mark(h, h->next);
    mark(h, h->last);
    tell_problems(h);
    ui_push(ui, &ops, h);
}
