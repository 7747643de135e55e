#include "success.h"

#include "widgets.h"

#include <stdlib.h>
#include <string.h>

struct success {
    char *title, *text, *next;
    int top, page, more; /* first line shown, where not all fit; of the last frame */
};

static void draw(void *state, struct canvas *c)
{
    struct success *s = state;
    int width = c->cols - 2 < 72 ? c->cols - 2 : 72, inner = width - 4;
    inner = inner > 0 ? inner : 1;
    struct buf all = {0};
    buf_printf(&all, *s->next ? "%s\n\n%s" : "%s", s->text, s->next);
    size_t split = strlen(s->text), whole = strlen(all.data);
    const struct span spans[] = {{0, split, ROLE_TEXT}, {split, whole - split, ROLE_STRONG}};
    int lines = text_lines(inner, all.data);
    int height = lines + 3, room = c->rows - 2;
    height = height < room ? height : room;
    struct rect box = {(c->cols - width) / 2, 1 + (room - height) / 3, width, height};
    struct rect in = {box.x + 2, box.y + 2, inner, box.h - 3};
    if (lines <= in.h)
        s->top = 0;
    s->page = in.h > 0 ? in.h : 1;
    s->more = lines - s->top > in.h;
    bar_title(c, s->title, "");
    canvas_box(c, box, ROLE_GOOD);
    panel_head(c, box, _("Done"), s->more ? _("more ↓") : "", 1);
    canvas_put(c, in.x, box.y + 1, ROLE_GOOD, L'●');
    canvas_fit(c, in.x + 2, box.y + 1, inner - 2, ROLE_GOOD, s->title);
    if (in.h > 0)
        text_wrap(c, in, s->top, ROLE_TEXT, all.data, spans, 2);
    buf_fini(&all);
    bar_footer(c, SCREEN_SUCCESS, ACT_NONE);
}

static enum screen_id keys(void *state)
{
    (void)state;
    return SCREEN_SUCCESS;
}

static void act(void *state, struct ui *ui, enum action action, const struct input *in)
{
    struct success *s = state;
    (void)in;
    switch (action) {
    case ACT_success_redraw:
        term_redraw();
        break;
    case ACT_success_help:
        help_push(ui, SCREEN_SUCCESS);
        break;
    case ACT_success_quit:
        ui_leave(ui, 0);
        break;
    default:
        s->top += s->page;
        if (!s->more)
            ui_pop(ui);
    }
}

static void free_it(void *state)
{
    struct success *s = state;
    free(s->title);
    free(s->text);
    free(s->next);
    free(s);
}

void success_push(struct ui *ui, const char *title, const char *text, const char *next)
{
    static const struct screen_ops ops = {.draw = draw, .keys = keys, .act = act, .free = free_it};
    struct success *s = xcalloc(1, sizeof *s);
    s->title = xstrdup(title);
    s->text = xstrdup(text);
    s->next = xstrdup(next);
    ui_push(ui, &ops, s);
}
