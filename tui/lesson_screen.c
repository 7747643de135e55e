/* The lesson screen: its actions, and what the store keeps of them. */
#include "lesson_internal.h"
#include "notebook.h"
#include "success.h"

#include "present.h"
#include "saver.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void lesson_say(struct lesson_view *v, unsigned style, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    vsnprintf(v->message, sizeof v->message, format, ap);
    va_end(ap);
    v->message_style = style;
}

const struct lesson_section *lesson_section_at(const struct lesson_view *v)
{
    return &v->lesson->sections[v->section];
}

int block_is_active(const struct lesson_block *b)
{
    return b->kind == LESSON_STEP || b->kind == LESSON_QUESTION || b->kind == LESSON_CHALLENGE;
}

struct quiz *lesson_quiz(struct lesson_view *v, const struct lesson_block *b)
{
    for (size_t i = 0; i < v->nquizzes; i++)
        if (v->quizzes[i].block == b)
            return &v->quizzes[i];
    return &v->quizzes[v->nquizzes]; /* never: all blocks are there; one spare */
}

/* -------- the store -------- */

/* Position in a section, in our own words: "m3 t12" marked block and first line; while the step
 * screen is open also "b4 c10 ls1:…": its block (-1 the program beside), cursor, schedule. */
void lesson_save_place(struct lesson_view *v, const char *token, uint32_t step)
{
    struct buf position = {0};
    struct err e = {0};
    if (!v->ui->store)
        return;
    if (!v->ui->saver)
        v->ui->saver = saver_new(v->ui->store);
    buf_printf(&position, "m%d t%d", v->marked, v->top);
    if (token)
        buf_printf(&position, " b%d c%u %s", v->open_block == SIZE_MAX ? -1 : (int)v->open_block,
                   step, token);
    if (saver_place(v->ui->saver, v->lesson->id, (int)v->section, position.data, &e) < 0)
        lesson_say(v, ROLE_BAD, _("your place is not saved: %s"), e.message);
    buf_fini(&position);
}

static void load_answers(struct lesson_view *v)
{
    struct store_answer *list = NULL;
    int n = store_answers(v->ui->store, v->lesson->id, &list, NULL);
    for (int i = 0; i < n; i++)
        for (size_t k = 0; k < v->nquizzes; k++) {
            struct quiz *z = &v->quizzes[k];
            if (z->block->kind != LESSON_QUESTION ||
                strcmp(z->block->question->id, list[i].question) != 0)
                continue;
            z->answered = 1;
            z->right = list[i].right;
            for (const char *c = list[i].answer; *c; c++)
                if (*c >= '1' && *c <= '9')
                    z->picked[*c - '1'] = 1;
        }
    free(list);
}

static void load_attempts(struct lesson_view *v)
{
    struct store_attempt *list = NULL;
    int n = store_attempts(v->ui->store, v->lesson->id, NULL, &list, NULL);
    for (int i = 0; i < n; i++)
        for (size_t k = 0; k < v->nquizzes; k++)
            if (v->quizzes[k].block->kind == LESSON_CHALLENGE && list[i].passed &&
                !strcmp(v->quizzes[k].block->challenge->id, list[i].challenge))
                v->quizzes[k].passed = 1;
    free(list);
}

static void mark_first(struct lesson_view *v)
{
    const struct lesson_section *s = lesson_section_at(v);
    v->marked = -1;
    for (size_t i = 0; i < s->nblocks && v->marked < 0; i++)
        if (block_is_active(&s->blocks[i]))
            v->marked = (int)i;
}

/* Go on in the step screen where it was left. */
static void reopen_step(struct lesson_view *v, int block, unsigned cursor, const char *token)
{
    schedule_fini(&v->start);
    schedule_init(&v->start);
    struct err e = {0};
    if (schedule_parse(&v->start, token, &e) < 0) {
        lesson_say(v, ROLE_NOTE, _("where you stepped is lost: %s"), e.message);
        return;
    }
    lesson_open_step(v, block < 0 ? SIZE_MAX : (size_t)block, &v->start, cursor);
}

static void load_place(struct lesson_view *v)
{
    struct store_lesson *row = NULL;
    int marked = -1, top = 0, block = -1, used = 0;
    unsigned cursor = 0;
    if (!v->ui->store || store_place_get(v->ui->store, v->lesson->id, &row, NULL) <= 0)
        return;
    if (row->section >= 0 && (size_t)row->section < v->lesson->nsections)
        v->section = (size_t)row->section;
    mark_first(v);
    int n = sscanf(row->position, "m%d t%d b%d c%u %n", &marked, &top, &block, &cursor, &used);
    const struct lesson_section *s = lesson_section_at(v);
    if (n >= 2 && marked >= 0 && (size_t)marked < s->nblocks && block_is_active(&s->blocks[marked]))
        v->marked = marked;
    if (n >= 2 && top >= 0)
        v->top = top;
    if (n == 4 && used && row->position[used])
        reopen_step(v, block, cursor, row->position + used);
    free(row);
}

/* -------- moving -------- */

static void to_section(struct lesson_view *v, size_t section, int at_end)
{
    v->section = section;
    v->top = at_end ? 1 << 20 : 0;
    mark_first(v);
    lesson_save_place(v, NULL, 0);
}

static void set_section_done(struct lesson_view *v)
{
    struct err e = {0};
    if (v->ui->store &&
        store_section_set(v->ui->store, v->lesson->id, (int)v->section, STORE_DONE, &e) < 0)
        lesson_say(v, ROLE_BAD, _("not saved: %s"), e.message);
}

/* The lesson after this one, in the order of the list; NULL after the last. */
static const struct lesson *next_lesson(const struct lesson_view *v)
{
    const struct catalogue *all = v->ui->lessons;
    for (size_t i = 0; all && i + 1 < all->nlessons; i++)
        if (all->lessons[i] == v->lesson)
            return all->lessons[i + 1];
    return NULL;
}

/* What was done in it, what it said, what comes next. */
static void lesson_tell_done(struct lesson_view *v)
{
    const struct lesson *next = next_lesson(v);
    struct buf text = {0}, then = {0};
    int questions = 0, right = 0, challenges = 0, solved = 0;
    for (size_t i = 0; i < v->nquizzes; i++) {
        const struct quiz *z = &v->quizzes[i];
        int asks = z->block->kind == LESSON_QUESTION, dares = z->block->kind == LESSON_CHALLENGE;
        questions += asks;
        right += asks && z->answered && z->right;
        challenges += dares;
        solved += dares && z->passed;
    }
    if (questions)
        buf_printf(&text, _("Predicted right: %d of %d. "), right, questions);
    if (challenges)
        buf_printf(&text, _("Challenges solved: %d of %d."), solved, challenges);
    for (size_t i = 0; i < v->nquizzes; i++) {
        const struct lesson_recap *r = v->quizzes[i].block->recap;
        for (size_t k = 0; r && k < r->nsentences; k++)
            buf_printf(&text, "\n● %s", r->sentences[k].text);
    }
    if (next)
        buf_printf(&then, _("Next lesson: %s. Enter goes to the list."), next->title);
    else
        buf_puts(&then, _("Enter goes to the list of lessons."));
    success_push(v->ui, _("Lesson done."), text.data ? text.data : "", then.data);
    buf_fini(&text);
    buf_fini(&then);
}

void lesson_tell_broken(struct lesson_view *v, struct ui *ui, const struct lesson_challenge *c,
                        const char *message)
{
    char *title = xasprintf("%s", c->title.text);
    (void)v;
    success_push(ui, title, message,
                 _("Next: Enter shows the run you made; step through it, or Esc goes back to the "
                   "lesson."));
    free(title);
}

static void finish(struct lesson_view *v)
{
    struct err e = {0};
    set_section_done(v);
    if (v->ui->store && store_lesson_set(v->ui->store, v->lesson->id, STORE_DONE, &e) < 0)
        lesson_say(v, ROLE_BAD, _("not saved: %s"), e.message);
    v->finished = 1;
    lesson_tell_done(v);
}

static void act_lesson_next(struct lesson_view *v, const struct input *in)
{
    (void)in;
    if (v->top + v->text.h < v->lines) {
        v->top += v->page;
        lesson_save_place(v, NULL, 0);
    } else if (v->section + 1 < v->lesson->nsections) {
        set_section_done(v);
        to_section(v, v->section + 1, 0);
    } else
        finish(v);
}

static void act_lesson_prev(struct lesson_view *v, const struct input *in)
{
    (void)in;
    if (v->top > 0)
        v->top = v->top > v->page ? v->top - v->page : 0;
    else if (v->section > 0)
        to_section(v, v->section - 1, 1);
    else
        lesson_say(v, ROLE_DIM, _("this is the beginning; Esc goes to the list of lessons"));
}

/* To the next thing to do in a direction; past the last one the text scrolls, and it returns 0. */
static int move_mark(struct lesson_view *v, int by)
{
    const struct lesson_section *s = lesson_section_at(v);
    int i = v->marked;
    do
        i += by;
    while (i >= 0 && i < (int)s->nblocks && !block_is_active(&s->blocks[i]));
    if (i < 0 || i >= (int)s->nblocks || !v->block_y) {
        v->top += by;
        return 0;
    }
    v->marked = i;
    if (v->block_y[i] < v->top)
        v->top = v->block_y[i];
    if (v->block_y[i + 1] > v->top + v->text.h)
        v->top = v->block_y[i + 1] - v->text.h;
    return 1;
}

static void act_lesson_down(struct lesson_view *v, const struct input *in)
{
    (void)in;
    move_mark(v, 1);
}

static void act_lesson_up(struct lesson_view *v, const struct input *in)
{
    (void)in;
    move_mark(v, -1);
}

static void act_lesson_first(struct lesson_view *v, const struct input *in)
{
    (void)in;
    to_section(v, 0, 0);
}

static void act_lesson_last(struct lesson_view *v, const struct input *in)
{
    (void)in;
    to_section(v, v->lesson->nsections - 1, 0);
}

/* -------- questions and challenges -------- */

static const struct lesson_block *marked_block(struct lesson_view *v)
{
    return v->marked >= 0 ? &lesson_section_at(v)->blocks[v->marked] : NULL;
}

static struct quiz *marked_question(struct lesson_view *v)
{
    const struct lesson_block *b = marked_block(v);
    if (b && b->kind == LESSON_QUESTION)
        return lesson_quiz(v, b);
    lesson_say(v, ROLE_NOTE,
               _("no question is marked: ↓ and ↑ go from one thing to do to the next"));
    return NULL;
}

/* The page may have grown: all of the marked block is to be seen. */
static void show_marked(struct lesson_view *v)
{
    lesson_measure(v);
    int y = v->block_y[v->marked], bottom = v->block_y[v->marked + 1];
    if (bottom > v->top + v->text.h)
        v->top = bottom - v->text.h < y ? bottom - v->text.h : y;
}

static int is_right(const struct lesson_question *q, const struct quiz *z)
{
    for (size_t i = 0; i < q->nchoices; i++)
        if (!q->choices[i].right != !z->picked[i])
            return 0;
    return 1;
}

static void reveal(struct lesson_view *v, struct quiz *z)
{
    const struct lesson_question *q = z->block->question;
    char answer[2 * MAX_PICKS + 1] = "";
    struct err e = {0};
    size_t n = 0;
    for (size_t i = 0; i < MAX_PICKS; i++)
        if (z->picked[i])
            n += (size_t)snprintf(answer + n, sizeof answer - n, n ? " %zu" : "%zu", i + 1);
    z->right = is_right(q, z);
    z->answered = 1;
    if (v->ui->store && n &&
        store_answer_save(v->ui->store, v->lesson->id, q->id, answer, z->right, &e) < 0)
        lesson_say(v, ROLE_BAD, _("the answer is not saved: %s"), e.message);
    show_marked(v);
}

static void act_lesson_digit(struct lesson_view *v, const struct input *in)
{
    struct quiz *z = marked_question(v);
    int i = in->key - '1';
    if (!z)
        return;
    const struct lesson_question *q = z->block->question;
    if (i < 0 || i >= (int)q->nchoices || i >= MAX_PICKS)
        return;
    if (z->answered) { /* once more */
        z->answered = 0;
        memset(z->picked, 0, sizeof z->picked);
    }
    if (q->nright <= 1)
        memset(z->picked, 0, sizeof z->picked);
    z->picked[i] = !z->picked[i];
}

static void act_lesson_show(struct lesson_view *v, const struct input *in)
{
    (void)in;
    struct quiz *z = marked_question(v);
    if (z && !z->answered)
        reveal(v, z);
}

static void act_lesson_open(struct lesson_view *v, const struct input *in)
{
    (void)in;
    const struct lesson_block *b = marked_block(v);
    if (!b) {
        act_lesson_next(v, in);
        return;
    }
    struct quiz *z = lesson_quiz(v, b);
    if (b->kind == LESSON_CHALLENGE && b->challenge->kind != CHALLENGE_BREAK) {
        lesson_open_challenge(v, (size_t)v->marked);
        return;
    }
    if (b->kind != LESSON_QUESTION || (z->answered && b->question->path.nlegs)) {
        lesson_open_step(v, (size_t)v->marked, NULL, 0);
        return;
    }
    int picked = 0;
    for (int i = 0; i < MAX_PICKS; i++)
        picked += z->picked[i];
    if (z->answered) {
        if (!move_mark(v, 1))
            act_lesson_next(v, in);
    } else if (picked)
        reveal(v, z);
    else
        lesson_say(v, ROLE_NOTE, _("predict first: choose with a digit; a reveals without"));
}

static void act_lesson_step(struct lesson_view *v, const struct input *in)
{
    (void)in;
    lesson_open_step(v, SIZE_MAX, NULL, 0);
}

static void act_lesson_hint(struct lesson_view *v, const struct input *in)
{
    (void)in;
    const struct lesson_block *b = marked_block(v);
    if (!b || b->kind != LESSON_CHALLENGE) {
        lesson_say(v, ROLE_NOTE, _("hints belong to challenges; none is marked"));
        return;
    }
    struct quiz *z = lesson_quiz(v, b);
    if (z->hints <= CHALLENGE_HINTS)
        z->hints++;
    if (z->hints == CHALLENGE_HINTS)
        lesson_say(v, ROLE_NOTE, _("these were the hints: i once more shows a solution"));
    show_marked(v);
}

/* -------- the rest -------- */

static void act_lesson_source(struct lesson_view *v, const struct input *in)
{
    (void)in;
    if (v->ui->canvas.cols >= LESSON_BOTH_COLS)
        lesson_say(v, ROLE_NOTE, "%s", _("both stand on the screen: the text and the program"));
    else
        v->show_program = !v->show_program;
}

static void act_lesson_live(struct lesson_view *v, const struct input *in)
{
    (void)in;
    const char *file = lesson_file_of(v, v->marked >= 0 ? (size_t)v->marked : SIZE_MAX);
    if (file)
        lesson_build(v, file, 1, SIZE_MAX, NULL, 0);
    else
        lesson_say(v, ROLE_NOTE, "%s", _("this part has no program to run"));
}

static void act_lesson_notebook(struct lesson_view *v, const struct input *in)
{
    (void)in;
    notebook_push(v->ui, v->lesson);
}

static void act_lesson_manual(struct lesson_view *v, const struct input *in)
{
    (void)in;
    lesson_manual(v);
}

static void act_lesson_present(struct lesson_view *v, const struct input *in)
{
    (void)in;
    lesson_save_place(v, NULL, 0);
    present_push_lesson(v->ui, v->lesson, v->section);
}

static void act_lesson_mouse(struct lesson_view *v, const struct input *in)
{
    const struct lesson_section *s = lesson_section_at(v);
    int line = v->top + in->y - v->text.y;
    if (in->wheel) {
        v->top += 3 * in->wheel;
        return;
    }
    if (in->x < v->text.x || in->x >= v->text.x + v->text.w || in->y < v->text.y)
        return;
    for (size_t i = 0; i < s->nblocks; i++)
        if (block_is_active(&s->blocks[i]) && line >= v->block_y[i] && line < v->block_y[i + 1]) {
            int again = v->marked == (int)i && in->clicks == 2;
            v->marked = (int)i;
            if (again)
                act_lesson_open(v, in);
            return;
        }
}

static void act_lesson_redraw(struct lesson_view *v, const struct input *in)
{
    (void)v;
    (void)in;
    term_redraw();
}

static void act_lesson_help(struct lesson_view *v, const struct input *in)
{
    (void)in;
    help_push(v->ui, SCREEN_LESSON);
}

static void act_lesson_escape(struct lesson_view *v, const struct input *in)
{
    (void)in;
    lesson_save_place(v, NULL, 0);
    ui_pop(v->ui);
}

static void act_lesson_quit(struct lesson_view *v, const struct input *in)
{
    (void)in;
    lesson_save_place(v, NULL, 0);
    ui_leave(v->ui, 0);
}

static void (*const handlers[ACT_COUNT])(struct lesson_view *, const struct input *) = {
#define KEY(id, keys, footer, rank, help) [ACT_##id] = act_##id,
#include "keys_lesson.def"
#undef KEY
};

static void act(void *state, struct ui *ui, enum action action, const struct input *in)
{
    struct lesson_view *v = state;
    int building = lesson_is_building(v);
    v->ui = ui;
    v->message[0] = 0;
    if (v->listing) {
        lesson_list_act(v, action, in);
        return;
    }
    lesson_build_drop(v); /* what comes next may stand elsewhere */
    if (building && action == ACT_lesson_escape) {
        lesson_say(v, ROLE_NOTE, "%s", _("cancelled"));
        return;
    }
    if (handlers[action])
        handlers[action](v, in);
}

static enum screen_id keys(void *state)
{
    const struct lesson_view *v = state;
    return v->listing ? SCREEN_LIST : SCREEN_LESSON;
}

/* Back from the step screen (or the help). */
static void back(void *state, struct ui *ui)
{
    struct lesson_view *v = state;
    v->ui = ui;
    if (v->finished && !ui->leaving) { /* what was achieved is read: to the list, v is gone */
        ui_pop(ui);
        return;
    }
    if (v->program && !ui->leaving) { /* when leaving, the place in the step screen stays */
        lesson_close_step(v);
        lesson_save_place(v, NULL, 0);
    }
}

static void free_view(void *state)
{
    struct lesson_view *v = state;
    lesson_build_fini(v);
    lesson_close_step(v);
    if (v->controlled)
        program_free(v->controlled);
    schedule_fini(&v->start);
    source_fini(&v->source);
    free(v->quizzes);
    free(v->block_y);
    free(v);
}

static int until(void *state, int64_t now, int *fd)
{
    (void)now;
    *fd = lesson_build_fd(state);
    return -1;
}

static void tick(void *state, struct ui *ui)
{
    struct lesson_view *v = state;
    v->ui = ui;
    lesson_build_tick(v);
}

static const struct screen_ops ops = {.draw = lesson_draw,
                                      .keys = keys,
                                      .act = act,
                                      .wait = until,
                                      .tick = tick,
                                      .back = back,
                                      .free = free_view};

static void collect_quizzes(struct lesson_view *v)
{
    size_t n = 0;
    for (size_t i = 0; i < v->lesson->nsections; i++)
        n += v->lesson->sections[i].nblocks;
    v->quizzes = xcalloc(n + 1, sizeof *v->quizzes);
    for (size_t i = 0; i < v->lesson->nsections; i++)
        for (size_t k = 0; k < v->lesson->sections[i].nblocks; k++) {
            const struct lesson_block *b = &v->lesson->sections[i].blocks[k];
            if (block_is_active(b) || b->kind == LESSON_RECAP)
                v->quizzes[v->nquizzes++].block = b;
        }
}

void lesson_push(struct ui *ui, const struct lesson *lesson)
{
    struct lesson_view *v = xcalloc(1, sizeof *v);
    v->ui = ui;
    v->lesson = lesson;
    v->open_block = SIZE_MAX;
    schedule_init(&v->start);
    collect_quizzes(v);
    mark_first(v);
    ui_push(ui, &ops, v);
    if (ui->store) {
        load_answers(v);
        load_attempts(v);
        load_place(v);
    }
    if (!v->build) /* else the step screen will save its place */
        lesson_save_place(v, NULL, 0);
}
