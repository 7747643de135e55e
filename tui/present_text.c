/* The presentation: texts, questions with their bars, challenges. */
#include "present_internal.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_COLS = 76, LARGE_COLS = 96 };

/* A pen that goes down the page; with c NULL it only measures. */
struct page {
    struct canvas *c;
    struct rect r;
    int y, top; /* line of the page; the first one shown */
    int loose;  /* there is room for a blank line here and there */
};

static const unsigned run_roles[] = {
    [STYLE_PLAIN] = ROLE_TEXT,
    [STYLE_EMPHASIS] = ROLE_EMPHASIS,
    [STYLE_STRONG] = ROLE_STRONG,
    [STYLE_CODE] = ROLE_CODE_STRING,
};

static void put_spans(struct page *g, int x, unsigned role, const char *text,
                      const struct span *spans, size_t n)
{
    struct rect at = {g->r.x + x, g->r.y + g->y - g->top, g->r.w - x, 0};
    int lines = text_lines(at.w < 1 ? 1 : at.w, text), first = 0;
    if (g->c) {
        if (at.y < g->r.y) {
            first = g->r.y - at.y;
            at.y = g->r.y;
        }
        at.h = g->r.y + g->r.h - at.y;
        if (first < lines && at.h > 0)
            text_wrap(g->c, at, first, role, text, spans, n);
    }
    g->y += lines < 1 ? 1 : lines;
}

static void put(struct page *g, int x, unsigned role, const char *text)
{
    put_spans(g, x, role, text, NULL, 0);
}

static void put_text(struct page *g, int x, unsigned role, const struct lesson_text *t)
{
    struct span spans[256];
    size_t n = t->nruns < 256 ? t->nruns : 256;
    for (size_t i = 0; i < n; i++) {
        unsigned style = run_roles[t->runs[i].style];
        spans[i] = (struct span){t->runs[i].start, t->runs[i].n, style == ROLE_TEXT ? role : style};
    }
    put_spans(g, x, role, t->text ? t->text : "", spans, t->nruns <= 256 ? n : 0);
}

static int on_page(const struct page *g)
{
    return g->c && g->y >= g->top && g->y < g->top + g->r.h;
}

static void put_mark(struct page *g, int x, unsigned role, const char *sign)
{
    if (on_page(g))
        canvas_text(g->c, g->r.x + x, g->r.y + g->y - g->top, role, sign);
}

/* -------- texts -------- */

static void draw_code(struct page *g, const char *code)
{
    struct source s;
    source_set(&s, "", code, strlen(code));
    for (int i = 1; i <= s.nlines; i++, g->y++)
        if (on_page(g))
            source_draw(&s, i, g->c, g->r.x + 3, g->r.y + g->y - g->top, 0, g->r.w - 3);
    source_fini(&s);
}

static void draw_item(struct page *g, const struct lesson_block *b)
{
    char sign[16] = "•";
    int x = 3 * b->depth;
    if (b->number)
        snprintf(sign, sizeof sign, "%d.", b->number);
    put_mark(g, x - 2 < 0 ? 0 : x - 2, ROLE_KEY, sign);
    put_text(g, x + 1, ROLE_TEXT, &b->text);
}

static void draw_recap(struct page *g, const struct lesson_recap *r)
{
    const struct {
        const char *label;
        const struct lesson_text *text;
    } rows[] = {{N_("C"), &r->calls}, {N_("Python"), &r->python}, {N_("Read on"), &r->read}};
    for (size_t i = 0; i < r->nsentences; i++) {
        put_mark(g, 0, ROLE_KEY, "●");
        put_text(g, 2, ROLE_STRONG, &r->sentences[i]);
        g->y += g->loose;
    }
    for (size_t i = 0; i < 3; i++) {
        if (!rows[i].text->text || !*rows[i].text->text)
            continue;
        put(g, 0, ROLE_DIM, _(rows[i].label));
        put_text(g, 2, ROLE_TEXT, rows[i].text);
    }
}

static void draw_block(struct page *g, const struct lesson_block *b)
{
    if (b->kind == LESSON_ITEM) {
        draw_item(g, b);
        g->y += g->loose;
        return;
    }
    if (b->kind == LESSON_CODE)
        draw_code(g, b->code);
    else if (b->kind == LESSON_RECAP)
        draw_recap(g, b->recap);
    else
        put_text(g, 0, b->kind == LESSON_HEADING ? ROLE_HEADING : ROLE_TEXT, &b->text);
    g->y++;
}

static void draw_pages(struct page *g, const struct slide *s)
{
    for (size_t i = 0; i < s->nblocks; i++) {
        if (i && s->blocks[i - 1]->kind == LESSON_ITEM && s->blocks[i]->kind != LESSON_ITEM)
            g->y += !g->loose;
        draw_block(g, s->blocks[i]);
    }
    for (size_t i = 0; !s->nblocks && s->entry && i < s->entry->nsay; i++) {
        put_text(g, 0, ROLE_TEXT, &s->entry->say[i]);
        g->y++;
    }
}

/* -------- questions -------- */

static void draw_bar(struct present *p, struct page *g, size_t i)
{
    const struct hands *h = &present_kept(p)->hands;
    int counting = p->mode == PRESENT_HANDS && p->hand == (int)i, most = hands_most(h);
    int room = g->r.w - 16, width = most && room > 0 ? h->count[i] * room / most : 0;
    char text[32];
    if (on_page(g)) {
        int y = g->r.y + g->y - g->top, x = g->r.x + 4;
        for (int n = 0; n < width; n++)
            canvas_put(g->c, x + n, y, ROLE_RUNNING, L'█');
        snprintf(text, sizeof text, counting ? "%d_" : "%d", h->count[i]);
        canvas_text(g->c, x + width + (width > 0), y,
                    counting ? ROLE_KEY | ATTR_REVERSE : ROLE_STRONG, text);
    }
    g->y++;
}

static void draw_choice(struct present *p, struct page *g, const struct lesson_question *q,
                        size_t i)
{
    char digit[24];
    unsigned role = ROLE_TEXT;
    int counting = p->mode == PRESENT_HANDS && p->hand == (int)i;
    if (p->walk.shown) {
        role = q->choices[i].right ? ROLE_GOOD : ROLE_DIM;
        put_mark(g, 0, role, q->choices[i].right ? "●" : "×");
    } else if (counting)
        put_mark(g, 0, ROLE_KEY, "▶");
    snprintf(digit, sizeof digit, "%zu", i + 1);
    put_mark(g, 2, p->walk.shown ? role : ROLE_KEY, digit);
    put_text(g, 4, role, &q->choices[i].text);
    if (present_kept(p)->hands.counted)
        draw_bar(p, g, i);
    g->y += g->loose;
}

static void draw_question(struct present *p, struct page *g, const struct lesson_question *q)
{
    put_text(g, 0, ROLE_STRONG, &q->ask);
    g->y++;
    for (size_t i = 0; i < q->nchoices; i++)
        draw_choice(p, g, q, i);
    if (p->walk.shown && q->explain.text && *q->explain.text) {
        g->y += !g->loose;
        put_text(g, 0, ROLE_TEXT, &q->explain);
        if (q->is_outcomes) /* lockstep check holds them against the engine */
            put(g, 0, ROLE_DIM, _("Checked: all schedules of this program were searched."));
    }
    int n = hands_all(&present_kept(p)->hands);
    if (n && p->mode != PRESENT_HANDS) {
        char text[96];
        snprintf(text, sizeof text, ngettext("%d hand", "%d hands", (unsigned long)n), n);
        put(g, 0, ROLE_DIM, text);
    }
}

/* -------- challenges -------- */

static void draw_challenge(struct present *p, struct page *g, const struct slide *s)
{
    const struct lesson_challenge *ch = s->challenge;
    char text[96];
    put_text(g, 0, ROLE_HEADING, &ch->title);
    g->y++;
    put_text(g, 0, ROLE_TEXT, &ch->text);
    g->y++;
    if (ch->kind == CHALLENGE_BREAK && ch->least_switches >= 0) {
        snprintf(text, sizeof text, _("Fewest switches needed: %ld."), ch->least_switches);
        put(g, 0, ROLE_DIM, text);
        g->y++;
    }
    for (int i = 0; i < p->walk.hints && i < CHALLENGE_HINTS; i++) {
        snprintf(text, sizeof text, _("Hint %d"), i + 1);
        put(g, 0, ROLE_NOTE, text);
        put_text(g, 2, ROLE_TEXT, &ch->hints[i]);
    }
    if (p->walk.hints <= CHALLENGE_HINTS)
        return;
    if (ch->kind == CHALLENGE_FIND) {
        put(g, 0, ROLE_GOOD, _("It is decided by the last step of"));
        put(g, 2, ROLE_STRONG, ch->decided.text);
        put_text(g, 2, ROLE_TEXT, &ch->explain);
        return;
    }
    put(g, 0, ROLE_GOOD, _("One solution"));
    if (ch->path.nlegs)
        put(g, 2, ROLE_STRONG, ch->path.text);
    if (*s->solution) {
        struct source src;
        source_read(&src, s->solution);
        if (src.text)
            draw_code(g, src.text);
        source_fini(&src);
    }
}

/* -------- the cover, programs that are not open, the end -------- */

static void draw_cover(struct present *p, struct page *g)
{
    const struct plan *plan = p->talk ? p->talk->plan : NULL;
    struct buf wrong = {0};
    char text[96];
    if (!plan)
        return;
    put(g, 0, ROLE_HEADING, plan->title);
    g->y++;
    if (p->talk->minutes) {
        int n = p->talk->minutes;
        snprintf(text, sizeof text, ngettext("%d minute", "%d minutes", (unsigned long)n), n);
        put(g, 0, ROLE_TEXT, text);
        g->y++;
    }
    put(g, 0, ROLE_DIM,
        _("PgDn, space or a click goes on, PgUp back. The clock begins with the first slide."));
    g->y++;
    for (size_t i = 0; i < plan->nproblems; i++)
        buf_printf(&wrong, _("line %d: %s\n"), plan->problems[i].line, plan->problems[i].message);
    if (wrong.len) {
        put(g, 0, ROLE_BAD, _("Left out, the rest is shown:"));
        put(g, 0, ROLE_TEXT, wrong.data);
    }
    buf_fini(&wrong);
}

static void draw_closed(struct present *p, struct page *g, const struct slide *s)
{
    const struct kept *k = present_kept(p);
    struct buf line = {0};
    talk_line(s, &line);
    put(g, 0, ROLE_HEADING, line.data ? line.data : "");
    buf_fini(&line);
    g->y++;
    if (s->text && *s->text->text) {
        put_text(g, 0, ROLE_TEXT, s->text);
        g->y++;
    }
    if (s->goal && *s->goal->text) {
        put_text(g, 0, ROLE_DIM, s->goal);
        g->y++;
    }
    if (k->trouble) {
        put(g, 0, ROLE_BAD, _("This program cannot be shown; the plan goes on without it."));
        put(g, 0, ROLE_TEXT, k->trouble);
    } else if (p->build)
        put(g, 0, ROLE_NOTE, _("compiling …"));
    else if (s->kind == SLIDE_LIVE)
        put(g, 0, ROLE_KEY,
            k->was_left ? _("It has run; on with the plan.")
                        : _("The next click lets it run; one more goes on with the plan."));
}

static void draw_slide(struct present *p, struct page *g)
{
    const struct slide *s = present_slide(p);
    switch (s->kind) {
    case SLIDE_COVER:
        draw_cover(p, g);
        break;
    case SLIDE_TEXT:
        draw_pages(g, s);
        break;
    case SLIDE_QUESTION:
        draw_question(p, g, s->question);
        break;
    case SLIDE_CHALLENGE:
        draw_challenge(p, g, s);
        break;
    case SLIDE_STEP:
    case SLIDE_LIVE:
        draw_closed(p, g, s);
        break;
    default:
        put(g, 0, ROLE_HEADING, s->title);
    }
}

/* So many lines would it take. */
static int measure(struct present *p, struct rect r, int loose)
{
    struct page g = {.r = r, .loose = loose};
    draw_slide(p, &g);
    return g.y;
}

void present_draw_text(struct present *p, struct canvas *c, struct rect r)
{
    int most = r.w > 140 ? LARGE_COLS : TEXT_COLS, margin = r.w >= 60 ? 3 : 1;
    struct page g = {.c = c, .r = {r.x + margin, r.y, r.w - 2 * margin, r.h}};
    if (g.r.w > most) {
        g.r.x += p->talk && present_has(p) == 1 ? (g.r.w - most) / 2 : 0;
        g.r.w = most;
    }
    g.loose = measure(p, g.r, 1) <= g.r.h;
    int lines = measure(p, g.r, g.loose), page = g.r.h > 2 ? g.r.h - 1 : 1;
    p->parts = lines <= g.r.h ? 1 : (lines - g.r.h + page - 1) / page + 1;
    if (p->walk.part >= p->parts)
        p->walk.part = p->parts - 1;
    g.top = p->walk.part * page;
    if (g.top > lines - g.r.h)
        g.top = lines > g.r.h ? lines - g.r.h : 0;
    struct rect before = canvas_clip(c, r);
    draw_slide(p, &g);
    if (p->walk.part + 1 < p->parts)
        canvas_text(c, r.x + r.w - 3, r.y + r.h - 1, ROLE_KEY, "↓");
    c->clip = before;
}
