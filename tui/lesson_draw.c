/* The lesson screen: drawing a page of it. */
#include "lesson_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A pen that goes down the page; with c NULL it only measures. */
struct pen {
    struct lesson_view *v;
    struct canvas *c;
    struct rect r; /* of the text on the screen */
    int y;         /* line of the page */
    int marked;    /* the block being drawn is the marked one */
};

static const unsigned run_roles[] = {
    [STYLE_PLAIN] = ROLE_TEXT,
    [STYLE_EMPHASIS] = ROLE_EMPHASIS,
    [STYLE_STRONG] = ROLE_STRONG,
    [STYLE_CODE] = ROLE_CODE_STRING,
};

static int on_screen(const struct pen *p, int y)
{
    return p->c && y >= p->v->top && y < p->v->top + p->r.h;
}

/* Text from column x on, wrapped; its lines are the pen's. */
static void put_spans(struct pen *p, int x, unsigned role, const char *text,
                      const struct span *spans, size_t n)
{
    struct rect at = {p->r.x + x, p->r.y + p->y - p->v->top, p->r.w - x - 1, 0};
    int lines = text_lines(at.w, text), first = 0;
    if (p->c) {
        if (at.y < p->r.y) { /* begins above the window */
            first = p->r.y - at.y;
            at.y = p->r.y;
        }
        at.h = p->r.y + p->r.h - at.y;
        if (first < lines && at.h > 0)
            text_wrap(p->c, at, first, role, text, spans, n);
    }
    p->y += lines < 1 ? 1 : lines;
}

static void put(struct pen *p, int x, unsigned role, const char *text)
{
    put_spans(p, x, role, text, NULL, 0);
}

static void put_text(struct pen *p, int x, unsigned role, const struct lesson_text *t)
{
    struct span spans[256];
    size_t n = t->nruns < 256 ? t->nruns : 256;
    for (size_t i = 0; i < n; i++) {
        unsigned style = run_roles[t->runs[i].style];
        spans[i] = (struct span){t->runs[i].start, t->runs[i].n, style == ROLE_TEXT ? role : style};
    }
    put_spans(p, x, role, t->text ? t->text : "", spans, t->nruns <= 256 ? n : 0);
}

static void put_mark(struct pen *p, int x, unsigned role, const char *sign)
{
    if (on_screen(p, p->y))
        canvas_text(p->c, p->r.x + x, p->r.y + p->y - p->v->top, role, sign);
}

/* A line that says what Enter does here. */
static void put_button(struct pen *p, const char *text)
{
    if (p->marked) {
        put_mark(p, 0, ROLE_KEY, "▶");
        put_mark(p, 2, ROLE_KEY, _("Enter:"));
        put(p, 3 + utf8_cols(_("Enter:"), strlen(_("Enter:"))), ROLE_STRONG, text);
    } else
        put(p, 2, ROLE_DIM, text);
}

/* -------- blocks -------- */

static void draw_code(struct pen *p, const struct lesson_block *b)
{
    struct source s;
    source_set(&s, "", b->code, strlen(b->code));
    for (int i = 1; i <= s.nlines; i++, p->y++)
        if (on_screen(p, p->y))
            source_draw(&s, i, p->c, p->r.x + 3, p->r.y + p->y - p->v->top, 0, p->r.w - 4);
    source_fini(&s);
}

static void draw_item(struct pen *p, const struct lesson_block *b)
{
    char sign[16];
    int x = 3 * b->depth;
    snprintf(sign, sizeof sign, b->number ? "%d." : "•", b->number);
    put_mark(p, x - 2 < 0 ? 0 : x - 2, ROLE_KEY, sign);
    put_text(p, x + 1, ROLE_TEXT, &b->text);
}

static void draw_choice(struct pen *p, const struct lesson_question *q, const struct quiz *z,
                        size_t i)
{
    char digit[24];
    unsigned role = ROLE_TEXT;
    int picked = i < MAX_PICKS && z->picked[i], right = q->choices[i].right;
    if (z->answered) {
        role = right ? ROLE_GOOD : picked ? ROLE_BAD : ROLE_DIM;
        put_mark(p, 0, role, right ? "●" : picked ? "×" : " ");
    } else
        put_mark(p, 0, ROLE_KEY, picked ? "●" : " ");
    snprintf(digit, sizeof digit, "%zu", i + 1);
    put_mark(p, 2, picked ? ROLE_KEY | ATTR_REVERSE : ROLE_KEY, digit);
    put_text(p, 4, picked && !z->answered ? ROLE_STRONG : role, &q->choices[i].text);
}

static void draw_question(struct pen *p, const struct lesson_block *b)
{
    const struct lesson_question *q = b->question;
    const struct quiz *z = lesson_quiz(p->v, b);
    put_mark(p, 0, ROLE_KEY, p->marked ? "▶" : "?");
    put_text(p, 2, ROLE_STRONG, &q->ask);
    for (size_t i = 0; i < q->nchoices; i++)
        draw_choice(p, q, z, i);
    if (!z->answered) {
        int picked = 0;
        for (size_t i = 0; i < MAX_PICKS; i++)
            picked += z->picked[i];
        if (!picked)
            put(p, 2, ROLE_DIM,
                q->nright > 1 ? _("Choose with digits: more than one can be right.")
                              : _("Choose with a digit."));
        else
            put_button(p, _("is it so?"));
        return;
    }
    put(p, 2, z->right ? ROLE_GOOD : ROLE_BAD,
        z->right ? _("Right.") : _("Not quite; ● marks what is so."));
    if (q->explain.text && *q->explain.text)
        put_text(p, 2, ROLE_TEXT, &q->explain);
    if (q->path.nlegs)
        put_button(p, _("see it happen"));
}

static void draw_challenge(struct pen *p, const struct lesson_block *b)
{
    const struct lesson_challenge *ch = b->challenge;
    const struct quiz *z = lesson_quiz(p->v, b);
    put_mark(p, 0, ROLE_KEY, p->marked ? "▶" : "!");
    put_text(p, 2, ROLE_HEADING, &ch->title);
    put_text(p, 2, ROLE_TEXT, &ch->text);
    if (ch->kind == CHALLENGE_BREAK && ch->least_switches >= 0) {
        char text[96];
        snprintf(text, sizeof text, _("Fewest switches needed: %ld."), ch->least_switches);
        put(p, 2, ROLE_DIM, text);
    }
    for (int i = 0; i < z->hints && i < CHALLENGE_HINTS; i++) {
        char head[24];
        snprintf(head, sizeof head, _("Hint %d"), i + 1);
        put(p, 2, ROLE_NOTE, head);
        put_text(p, 4, ROLE_TEXT, &ch->hints[i]);
    }
    if (z->hints > CHALLENGE_HINTS && ch->kind == CHALLENGE_BREAK && *ch->path.text) {
        put(p, 2, ROLE_NOTE, _("One solution (who steps how far; * until it waits or ends):"));
        put(p, 4, ROLE_STRONG, ch->path.text);
    }
    if (z->hints > CHALLENGE_HINTS && ch->kind == CHALLENGE_FIND) {
        put(p, 2, ROLE_NOTE, _("The way to the step that decides it:"));
        put(p, 4, ROLE_STRONG, ch->decided.text);
    }
    if (z->hints > CHALLENGE_HINTS && ch->kind == CHALLENGE_FIX && ch->solution[0]) {
        char *path = lesson_file(p->v->lesson, ch->solution);
        put(p, 2, ROLE_NOTE, _("One solution is in"));
        put(p, 4, ROLE_STRONG, path);
        free(path);
    }
    if (z->passed)
        put(p, 2, ROLE_GOOD, _("● solved"));
    static const struct {
        const char *first, *again;
    } buttons[] = {
        [CHALLENGE_BREAK] = {N_("you are the scheduler: break it"), N_("do it again")},
        [CHALLENGE_FIX] = {N_("mend it in your editor"), N_("mend it again")},
        [CHALLENGE_FIND] = {N_("look at the run, find it"), N_("look at it again")},
    };
    put_button(p, z->passed ? _(buttons[ch->kind].again) : _(buttons[ch->kind].first));
}

static void draw_recap(struct pen *p, const struct lesson_recap *r)
{
    const struct {
        const char *label;
        const struct lesson_text *text;
    } rows[] = {{"C", &r->calls}, {"Python", &r->python}, {_("Read on"), &r->read}};
    for (size_t i = 0; i < r->nsentences; i++) {
        put_mark(p, 0, ROLE_KEY, "●");
        put_text(p, 2, ROLE_TEXT, &r->sentences[i]);
    }
    for (size_t i = 0; i < 3; i++) {
        if (!rows[i].text->text || !*rows[i].text->text)
            continue;
        p->y += i == 0;
        put_mark(p, 0, ROLE_DIM, rows[i].label);
        put_text(p, 9, ROLE_TEXT, rows[i].text);
    }
}

static void draw_block(struct pen *p, const struct lesson_block *b)
{
    char text[128];
    switch (b->kind) {
    case LESSON_PARAGRAPH:
        put_text(p, 0, ROLE_TEXT, &b->text);
        break;
    case LESSON_HEADING:
        put_text(p, 0, ROLE_HEADING, &b->text);
        break;
    case LESSON_ITEM:
        draw_item(p, b);
        return; /* items stand close together */
    case LESSON_CODE:
        draw_code(p, b);
        break;
    case LESSON_STEP:
        if (b->program->text.text && *b->program->text.text)
            put_text(p, 2, ROLE_TEXT, &b->program->text);
        if (b->program->goal.text && *b->program->goal.text) {
            put(p, 2, ROLE_DIM, _("At the end:"));
            put_text(p, 2, ROLE_DIM, &b->program->goal);
        }
        snprintf(text, sizeof text, _("step %s"), b->program->file);
        put_button(p, text);
        break;
    case LESSON_QUESTION:
        draw_question(p, b);
        break;
    case LESSON_CHALLENGE:
        draw_challenge(p, b);
        break;
    case LESSON_RECAP:
        draw_recap(p, b->recap);
        break;
    case LESSON_PROGRAM:
    case LESSON_CLAIMS:
        return;
    }
    p->y++;
}

/* All of the section; returns its lines and fills v->block_y. */
static int draw_page(struct lesson_view *v, struct canvas *c, struct rect r)
{
    const struct lesson_section *s = lesson_section_at(v);
    struct pen p = {.v = v, .c = c, .r = r};
    if (v->cap_blocks < (int)s->nblocks + 1) {
        v->cap_blocks = (int)s->nblocks + 1;
        v->block_y = xrealloc(v->block_y, (size_t)v->cap_blocks, sizeof *v->block_y);
    }
    for (size_t i = 0; i < s->nblocks; i++) {
        if (i && s->blocks[i - 1].kind == LESSON_ITEM && s->blocks[i].kind != LESSON_ITEM)
            p.y++;
        v->block_y[i] = p.y;
        p.marked = (int)i == v->marked;
        draw_block(&p, &s->blocks[i]);
    }
    v->block_y[s->nblocks] = p.y;
    return p.y;
}

void lesson_measure(struct lesson_view *v)
{
    v->lines = draw_page(v, NULL, v->text);
}

/* -------- the program beside it -------- */

static void draw_program(struct lesson_view *v, struct canvas *c, struct rect box, int focused)
{
    const struct lesson_section *s = lesson_section_at(v);
    size_t block = v->marked >= 0 ? (size_t)v->marked : 0;
    const struct lesson_program *p = lesson_program_at(v->lesson, v->section, block);
    if (!p || !s->nblocks)
        return;
    char *path = lesson_file(v->lesson, p->file);
    if (!v->source.path || strcmp(v->source.path, path) != 0) {
        source_fini(&v->source);
        source_read(&v->source, path);
    }
    free(path);
    canvas_box(c, box, ROLE_BORDER);
    panel_head(c, box, p->file, _("s: step it"), focused);
    struct rect r = panel_inside(box);
    int first = p->first ? p->first : 1, last = p->last ? p->last : v->source.nlines;
    int top = last - first + 1 > r.h ? first : (first + last + 1) / 2 - r.h / 2;
    if (top + r.h > v->source.nlines + 1)
        top = v->source.nlines + 1 - r.h;
    top = top < 1 ? 1 : top;
    struct rect before = canvas_clip(c, r);
    for (int i = 0; i < r.h && top + i <= v->source.nlines; i++) {
        int line = top + i, meant = line >= first && line <= last;
        canvas_printf(c, r.x, r.y + i, meant ? ROLE_KEY : ROLE_LINE_NUMBER, "%3d", line);
        source_draw(&v->source, line, c, r.x + 5, r.y + i, 0, r.w - 5);
        if (!meant)
            canvas_restyle(c, (struct rect){r.x + 5, r.y + i, r.w - 5, 1}, ROLE_DIM);
    }
    if (!v->source.nlines)
        canvas_text(c, r.x + 1, r.y, ROLE_DIM, _("(this file cannot be read)"));
    c->clip = before;
}

/* -------- the screen -------- */

static void draw_text(struct lesson_view *v, struct canvas *c, struct rect box)
{
    char title[160], more[48] = "";
    v->text = panel_inside(box);
    v->text.x++;
    v->text.w--;
    v->page = v->text.h > 2 ? v->text.h - 1 : 1;
    lesson_measure(v);
    if (v->top > v->lines - v->text.h)
        v->top = v->lines - v->text.h;
    if (v->top < 0)
        v->top = 0;
    if (v->top + v->text.h < v->lines)
        snprintf(more, sizeof more, "%s", _("more ↓"));
    canvas_box(c, box, ROLE_BORDER);
    snprintf(title, sizeof title, "%s", lesson_section_at(v)->title);
    panel_head(c, box, title, more, 1);
    struct rect before = canvas_clip(c, v->text);
    draw_page(v, c, v->text);
    c->clip = before;
}

/* Dots for the sections, the current one filled. */
static void draw_sections(struct lesson_view *v, struct canvas *c, int y)
{
    int n = (int)v->lesson->nsections;
    int x = 1 + canvas_printf(c, 1, y, ROLE_DIM, _("part %zu of %d "), v->section + 1, n);
    for (int i = 0; i < n && x < c->cols - 2; i++)
        x += 1 + canvas_put(c, x, y, i == (int)v->section ? ROLE_KEY : ROLE_DIM,
                            i <= (int)v->section ? L'●' : L'·');
}

/* Only what does something here: answers where a question is marked, hints at a challenge. */
static void draw_footer(struct lesson_view *v, struct canvas *c)
{
    const struct lesson_block *b = v->marked >= 0 ? &lesson_section_at(v)->blocks[v->marked] : NULL;
    enum action without[6];
    int n = 0;
    if (!b || b->kind != LESSON_QUESTION) {
        without[n++] = ACT_lesson_digit;
        without[n++] = ACT_lesson_show;
    }
    if (!b || b->kind != LESSON_CHALLENGE)
        without[n++] = ACT_lesson_hint;
    if (!lesson_file_of(v, SIZE_MAX))
        without[n++] = ACT_lesson_step;
    if (!lesson_file_of(v, v->marked >= 0 ? (size_t)v->marked : SIZE_MAX))
        without[n++] = ACT_lesson_live;
    without[n] = ACT_NONE;
    bar_footer_but(c, SCREEN_LESSON, without);
}

void lesson_draw(void *state, struct canvas *c)
{
    struct lesson_view *v = state;
    char right[64];
    int status_y = c->rows >= 12 ? c->rows - 2 : -1;
    int body = c->rows - 2 - (status_y >= 0);
    size_t block = v->marked >= 0 ? (size_t)v->marked : 0;
    int has_program = lesson_program_at(v->lesson, v->section, block) != NULL;
    snprintf(right, sizeof right, _("part %zu/%zu"), v->section + 1, v->lesson->nsections);
    bar_title(c, v->lesson->title, right);
    if (c->cols < LESSON_BOTH_COLS || !has_program) {
        struct rect all = {0, 1, c->cols, body};
        if (v->show_program && has_program)
            draw_program(v, c, all, 1);
        else
            draw_text(v, c, all);
    } else {
        int beside = c->cols * 9 / 20 > 70 ? 70 : c->cols * 9 / 20;
        struct rect left = {0, 1, c->cols - beside + 1, body};
        draw_program(v, c, (struct rect){left.w - 1, 1, beside, body}, 0);
        draw_text(v, c, left);
    }
    if (status_y >= 0)
        draw_sections(v, c, status_y);
    draw_footer(v, c);
    message_draw(c, status_y, v->message_style, v->message);
    if (v->listing)
        list_draw(c, &v->list);
}
