/* The presentation as a whole: bars, tabs, which panel where, what lies on top. */
#include "present_internal.h"

#include <stdio.h>
#include <string.h>

static void (*const draw_panel[SHOW_PANELS])(struct present *, struct canvas *, struct rect) = {
#define PRESENT_PANEL(id, word, title, draw) draw,
#include "present_panels.def"
#undef PRESENT_PANEL
};

/* "12 min, 33 left": small, for the speaker. */
static void clock_words(const struct present *p, char *out, size_t n)
{
    struct talk_time t = talk_clock(p->talk, &p->walk, p->ui->now);
    out[0] = 0;
    if (!p->walk.begun)
        return;
    if (t.over)
        snprintf(out, n, _("%d min, %d behind"), t.gone, t.over);
    else if (t.of > t.gone)
        snprintf(out, n, _("%d min, %d left"), t.gone, t.of - t.gone);
    else
        snprintf(out, n, _("%d min"), t.gone);
}

static void draw_title(struct present *p, struct canvas *c)
{
    const struct slide *s = present_slide(p);
    char what[160], right[96] = "", clock[48] = "";
    if (s && s->kind != SLIDE_COVER && s->kind != SLIDE_END)
        snprintf(what, sizeof what, "%zu/%zu  %s", p->walk.at, p->talk->nslides - 2, s->title);
    else
        snprintf(what, sizeof what, "%s", s ? p->talk->plan->title : p->step->setup.title);
    if (p->talk)
        clock_words(p, clock, sizeof clock);
    if (p->step && *clock)
        snprintf(right, sizeof right, _("step %u   %s"), p->step->cursor, clock);
    else if (p->step)
        snprintf(right, sizeof right, _("step %u"), p->step->cursor);
    else
        snprintf(right, sizeof right, "%s", clock);
    bar_title(c, what, right);
}

/* "2 threads": digits count hands at a question. */
static void tab_words(const struct present *p, enum present_panel panel, int n, char *out,
                      size_t size)
{
    if (p->talk && present_slide(p)->kind == SLIDE_QUESTION)
        snprintf(out, size, " %s ", present_panel_title(panel));
    else
        snprintf(out, size, " %d %s ", n, present_panel_title(panel));
}

/* The panels there are, those shown in reverse; where there is no room for all, these alone. */
static void draw_tabs(const struct present *p, struct canvas *c, const struct present_layout *l,
                      const struct present_want *w)
{
    char text[64];
    int x = 1, n = 0, width = 1;
    for (int i = 0; i < SHOW_PANELS; i++)
        if ((w->has >> i) & 1) {
            tab_words(p, (enum present_panel)i, ++n, text, sizeof text);
            width += utf8_cols(text, strlen(text)) + 1;
        }
    int narrow = width > c->cols, all = n;
    n = 0;
    for (int i = 0; i < SHOW_PANELS; i++) {
        if (!((w->has >> i) & 1))
            continue;
        n++;
        int shown = l->at[i].w > 0;
        if (narrow && !shown)
            continue;
        tab_words(p, (enum present_panel)i, n, text, sizeof text);
        x += canvas_text(c, x, l->tabs_y, shown ? ROLE_STRONG | ATTR_REVERSE : ROLE_DIM, text) + 1;
    }
    snprintf(text, sizeof text, _("of %d  Tab: next"), all);
    if (narrow)
        canvas_fit(c, x, l->tabs_y, c->cols - x - 1, ROLE_DIM, text);
}

static void draw_black(const struct present *p, struct canvas *c)
{
    int light = p->look ? p->look == 1 : p->ui->options->theme == TUI_LIGHT;
    canvas_fill(c, (struct rect){0, 0, c->cols, c->rows},
                light ? ROLE_TEXT | ATTR_REVERSE : ROLE_TEXT);
}

void present_draw_caption(struct present *p, struct canvas *c, struct rect r)
{
    struct buf text = {0};
    int bad;
    for (int x = 0; x < r.w; x++)
        canvas_put(c, r.x + x, r.y, ROLE_BORDER, L'─');
    if (p->step->cursor)
        why_text(p->step, &text, &bad);
    else
        buf_puts(&text, _("Nothing has happened yet."));
    struct rect in = {r.x + 2, r.y + 1, r.w - 4, r.h - 1};
    int lines = text_wrap(c, in, 0, ROLE_STRONG, text.data ? text.data : "", NULL, 0);
    if (lines > in.h)
        canvas_text(c, r.x + r.w - 3, r.y + r.h - 1, ROLE_KEY, "…");
    buf_fini(&text);
}

static void draw_panels(struct present *p, struct canvas *c)
{
    struct present_want want = present_wanted(p);
    struct present_layout l;
    present_layout(&l, c->cols, c->rows, &want);
    if (p->step)
        step_order(p->step);
    for (int i = 0; i < SHOW_PANELS; i++)
        if (l.at[i].w > 0) {
            struct rect before = canvas_clip(c, l.at[i]);
            draw_panel[i](p, c, l.at[i]);
            c->clip = before;
        }
    if (l.caption.w)
        present_draw_caption(p, c, l.caption);
    if (l.tabs_y >= 0)
        draw_tabs(p, c, &l, &want);
}

void present_draw(void *state, struct canvas *c)
{
    struct present *p = state;
    const struct slide *s = present_slide(p);
    const enum action without[] = {
        s && s->kind == SLIDE_QUESTION ? ACT_present_panel : ACT_present_answer,
        s && s->kind == SLIDE_CHALLENGE ? ACT_NONE : ACT_present_hint, ACT_NONE};
    if (p->walk.black) {
        draw_black(p, c);
        return;
    }
    draw_title(p, c);
    draw_panels(p, c);
    if (c->rows >= 8)
        bar_footer_but(c,
                       p->mode == PRESENT_NORMAL  ? SCREEN_PRESENT
                       : p->mode == PRESENT_HANDS ? SCREEN_HANDS
                                                  : SCREEN_LIST,
                       p->mode == PRESENT_NORMAL ? without : without + 2);
    if (p->mode == PRESENT_LIST || p->mode == PRESENT_CHOOSE)
        list_draw(c, &p->list);
    else
        message_draw(c, c->rows >= 12 ? c->rows - 2 : -1, p->message_style, p->message);
}
