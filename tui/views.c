/* What the views of the step screen keep from one frame to the next. */
#include "views.h"

#include <stdlib.h>

struct views *views_of(struct step *s)
{
    if (!s->views)
        s->views = xcalloc(1, sizeof *s->views);
    return s->views;
}

static int is_in(const struct rect *r, const struct input *in)
{
    return in->x >= r->x && in->x < r->x + r->w && in->y >= r->y && in->y < r->y + r->h;
}

void views_click(struct step *s, enum panel p, const struct input *in)
{
    struct views *v = s->views;
    if (!v)
        return;
    if (p == PANEL_ORDER && v->has_pair)
        for (int i = 0; i < 2; i++)
            if (is_in(&v->cards[i], in))
                step_seek(s, i ? v->pair.second : v->pair.first);
    if (p != PANEL_MEMORY || in->y < v->memory_cells.y ||
        in->y >= v->memory_cells.y + v->memory_cells.h)
        return;
    s->scroll[PANEL_MEMORY] = v->memory_top + (in->y - v->memory_cells.y) / v->memory_each;
    if (is_in(&v->memory_cells, in))
        step_seek(s, (int64_t)v->memory_first + (in->x - v->memory_cells.x) / v->memory_scale);
}

void views_free(struct views *v)
{
    if (v)
        memory_log_free(v->memory);
    free(v);
}
