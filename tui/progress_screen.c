/* The progress screen: its state and its actions. */
#include "progress_internal.h"

#include "lesson_screen.h"
#include "locked.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void progress_say(struct progress_view *v, unsigned style, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    vsnprintf(v->message, sizeof v->message, format, ap);
    va_end(ap);
    v->style = style;
}

static int can_be_opened(const struct progress_view *v, int line)
{
    return line >= 0 && line < v->nlines[PART_REPEAT] &&
           (v->lines[PART_REPEAT][line].kind == LINE_REPEAT ||
            v->lines[PART_REPEAT][line].kind == LINE_CHALLENGE);
}

const struct lesson *progress_lesson_at(const struct progress_view *v, int line)
{
    if (!can_be_opened(v, line))
        return NULL;
    const struct progress_line *l = &v->lines[PART_REPEAT][line];
    const char *id = l->kind == LINE_REPEAT ? v->progress.repeats[l->index].lesson
                                            : v->progress.challenges[l->index].lesson;
    return catalogue_find(v->ui->lessons, id);
}

void progress_load(struct progress_view *v)
{
    struct timespec now;
    struct err e = {0};
    int n = (int)v->ui->lessons->nlessons;
    clock_gettime(CLOCK_REALTIME, &now);
    v->now_ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
    progress_fini(&v->progress);
    if (v->ui->store && progress_read(&v->progress, v->ui->store, v->lessons, n, v->now_ms, &e) < 0)
        progress_say(v, ROLE_BAD, "%s", e.message);
    progress_lines(v);
    v->at = -1;
    for (int i = v->nlines[PART_REPEAT]; i-- > 0;)
        if (can_be_opened(v, i))
            v->at = i;
    v->top = 0;
}

/* -------- actions -------- */

/* To the next line that can be opened; where there is none, or it is far away, a line on. */
static void move(struct progress_view *v, int by)
{
    int line = v->at + by;
    while (line >= 0 && line < v->nlines[PART_REPEAT] && !can_be_opened(v, line))
        line += by;
    int y = line - v->first; /* where it would stand */
    int is_near = y >= -1 && y <= v->rect.h;
    if (can_be_opened(v, line) && is_near)
        v->marked = v->at = line;
    else
        v->top += by;
}

static void open_marked(struct progress_view *v)
{
    const struct lesson *l = progress_lesson_at(v, v->at);
    struct buf why = {0};
    if (!l)
        progress_say(v, ROLE_NOTE, "%s", _("There is nothing to open here."));
    else if (locked_why(v->ui->store, l, &why))
        progress_say(v, ROLE_BAD, "%s", why.data);
    else
        lesson_push(v->ui, l);
    buf_fini(&why);
}

static void act_progress_down(struct progress_view *v, const struct input *in)
{
    (void)in;
    move(v, 1);
}

static void act_progress_up(struct progress_view *v, const struct input *in)
{
    (void)in;
    move(v, -1);
}

static void act_progress_page_down(struct progress_view *v, const struct input *in)
{
    (void)in;
    v->top += v->page;
}

static void act_progress_page_up(struct progress_view *v, const struct input *in)
{
    (void)in;
    v->top -= v->page;
}

static void act_progress_open(struct progress_view *v, const struct input *in)
{
    (void)in;
    open_marked(v);
}

static void act_progress_export(struct progress_view *v, const struct input *in)
{
    (void)in;
    progress_ask_export(v);
}

static void act_progress_learners(struct progress_view *v, const struct input *in)
{
    (void)in;
    progress_ask_learner(v);
}

static void act_progress_mouse(struct progress_view *v, const struct input *in)
{
    int line = v->first + in->y - v->rect.y;
    if (in->wheel) {
        v->top += 3 * in->wheel;
    } else if (in->x >= v->rect.x && in->y >= v->rect.y && in->y < v->rect.y + v->rect.h &&
               can_be_opened(v, line)) {
        if (line == v->at)
            open_marked(v);
        v->at = line;
    }
}

static void act_progress_redraw(struct progress_view *v, const struct input *in)
{
    (void)v;
    (void)in;
    term_redraw();
}

static void act_progress_help(struct progress_view *v, const struct input *in)
{
    (void)in;
    help_push(v->ui, SCREEN_PROGRESS);
}

static void act_progress_escape(struct progress_view *v, const struct input *in)
{
    (void)in;
    ui_pop(v->ui);
}

static void act_path_take(struct progress_view *v, const struct input *in)
{
    (void)in;
    progress_typed(v);
}

static void act_path_close(struct progress_view *v, const struct input *in)
{
    (void)in;
    v->typing = TYPING_NOTHING;
}

static void act_path_rub(struct progress_view *v, const struct input *in)
{
    (void)in;
    edit_rub(&v->edit);
}

static void act_path_clear(struct progress_view *v, const struct input *in)
{
    (void)in;
    edit_clear(&v->edit);
}

static void act_path_complete(struct progress_view *v, const struct input *in)
{
    struct buf choices = {0};
    (void)in;
    int n = path_complete(&v->edit, &choices);
    if (n != 1)
        progress_say(v, ROLE_NOTE, "%s", n ? choices.data : _("nothing begins like this"));
    buf_fini(&choices);
}

static void (*const handlers[ACT_COUNT])(struct progress_view *, const struct input *) = {
#define KEY(id, keys, footer, rank, help) [ACT_##id] = act_##id,
#include "keys_progress.def"
#undef KEY
    [ACT_path_take] = act_path_take,
    [ACT_path_close] = act_path_close,
    [ACT_path_rub] = act_path_rub,
    [ACT_path_clear] = act_path_clear,
    [ACT_path_complete] = act_path_complete,
    [ACT_path_redraw] = act_progress_redraw,
    [ACT_prompt_take] = act_path_take,
    [ACT_prompt_close] = act_path_close,
    [ACT_prompt_rub] = act_path_rub,
    [ACT_prompt_clear] = act_path_clear,
    [ACT_prompt_redraw] = act_progress_redraw,
    [ACT_list_redraw] = act_progress_redraw,
};

static void act(void *state, struct ui *ui, enum action action, const struct input *in)
{
    struct progress_view *v = state;
    v->ui = ui;
    v->message[0] = 0;
    if (handlers[action]) {
        handlers[action](v, in);
        return;
    }
    int taken = v->asking ? list_act(&v->list, action, in) : 0;
    if (taken > 0)
        progress_taken(v);
    else if (taken < 0)
        v->asking = ASKING_NOTHING;
}

static void typed(void *state, struct ui *ui, const struct input *in)
{
    struct progress_view *v = state;
    (void)ui;
    v->message[0] = 0;
    if (v->typing)
        edit_type(&v->edit, in->key);
}

static enum screen_id keys(void *state)
{
    const struct progress_view *v = state;
    return v->typing == TYPING_PATH ? SCREEN_PATH
           : v->typing              ? SCREEN_PROMPT
           : v->asking              ? SCREEN_LIST
                                    : SCREEN_PROGRESS;
}

static void back(void *state, struct ui *ui)
{
    struct progress_view *v = state;
    int top = v->top, at = v->at;
    v->ui = ui;
    if (ui->leaving)
        return;
    progress_load(v);
    v->top = top;
    v->at = can_be_opened(v, at) ? at : v->at;
}

static void free_view(void *state)
{
    struct progress_view *v = state;
    progress_lines_fini(v);
    progress_fini(&v->progress);
    free(v->lessons);
    free(v);
}

static const struct screen_ops ops = {.draw = progress_draw,
                                      .keys = keys,
                                      .act = act,
                                      .typed = typed,
                                      .back = back,
                                      .free = free_view};

void progress_push(struct ui *ui)
{
    struct progress_view *v = xcalloc(1, sizeof *v);
    const struct catalogue *c = ui->lessons;
    v->ui = ui;
    v->marked = -1;
    v->lessons = xcalloc(c->nlessons + 1, sizeof *v->lessons);
    for (size_t i = 0; i < c->nlessons; i++) {
        const struct lesson *l = c->lessons[i];
        v->lessons[i] = (struct progress_lesson){l->id, l->title, l->unit,
                                                 lesson_level_word(l->level), l->minutes};
    }
    progress_load(v);
    ui_push(ui, &ops, v);
}
