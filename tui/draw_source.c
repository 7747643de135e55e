/* Panel of the step screen: the source, with the line of this step and where each thread stands. */
#include "step_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct source *step_source(struct step *s, const char *file)
{
    for (int i = 0; i < s->nsources; i++)
        if (!strcmp(s->sources[i].path, file))
            return &s->sources[i];
    if (s->nsources == MAX_SOURCES)
        source_fini(&s->sources[--s->nsources]);
    source_read(&s->sources[s->nsources], file);
    return &s->sources[s->nsources++];
}

static struct place place_of(struct step *s, uint64_t pc)
{
    const struct names *names = s->port.ops->names(s->port.ctx);
    struct place place = {"", "", 0};
    if (pc)
        names->place(names->ctx, pc - 1, &place);
    if (!place.file)
        place.file = "";
    return place;
}

/* How many steps back the last known place is looked for. */
enum { PLACE_STEPS = 64 };

/* The place to show: of the step under the cursor; where none is known, where the selected thread
 * stands; where that is not known either, any thread that stands somewhere; at the end of the
 * program, when nobody stands anywhere, where it was last. */
struct place step_place(struct step *s)
{
    const struct world *w = step_world(s);
    const struct event *e = trace_step(s->trace, s->cursor);
    struct place p = place_of(s, e ? e->pc : 0);
    if (!p.line && s->selected < w->ntasks)
        p = place_of(s, w->tasks[s->selected].pending.pc);
    for (uint32_t i = 0; i < w->ntasks && !p.line; i++)
        p = place_of(s, w->tasks[i].pending.pc);
    for (uint32_t n = s->cursor; n > 0 && s->cursor - n < PLACE_STEPS && !p.line; n--)
        p = place_of(s, trace_step(s->trace, n)->pc);
    return p;
}

/* Where a thread stands: the line of what it does next; ended ones nowhere. */
static struct place stands(struct step *s, const struct world_task *t)
{
    return place_of(s, t->exists && t->pending.kind != EV_NONE ? t->pending.pc : 0);
}

/* Looking up a place costs something, so each thread's is looked up once a frame. */
static struct place standing[MAX_TASKS];

static void find_standing(struct step *s)
{
    const struct world *w = step_world(s);
    for (uint32_t i = 0; i < w->ntasks && i < MAX_TASKS; i++)
        standing[i] = stands(s, &w->tasks[i]);
}

/* "◀ T1 T2" for the threads whose next operation is on this line. */
static void draw_tags(struct step *s, struct canvas *c, struct rect r, int y, int line,
                      const char *file)
{
    const struct world *w = step_world(s);
    char tag[64] = "";
    size_t n = 0;
    unsigned role = ROLE_DIM;
    for (uint32_t i = 0; i < w->ntasks && n + 12 < sizeof tag; i++) {
        char who[16];
        if (standing[i].line != line || strcmp(standing[i].file, file) != 0)
            continue;
        if (!n || w->tasks[i].state == TASK_RUNNING)
            role = state_role(w->tasks[i].state);
        task_number(s, i, who, sizeof who);
        n += (size_t)snprintf(tag + n, sizeof tag - n, " %s", who);
    }
    if (!n)
        return;
    int x = r.x + r.w - (int)n - 1;
    canvas_put(c, x - 1, y, ROLE_TEXT, L' ');
    canvas_put(c, x, y, role, L'◀');
    canvas_text(c, x + 1, y, role | ATTR_BOLD, tag);
}

static void draw_line(struct step *s, struct canvas *c, struct rect r, int y,
                      const struct source *src, int line, int is_now)
{
    int gutter = src->nlines > 999 ? 9 : 7;
    if (is_now)
        canvas_text(c, r.x, y, ROLE_RUNNING | ATTR_BOLD, ">>");
    canvas_printf(c, r.x + 2, y, is_now ? ROLE_RUNNING | ATTR_BOLD : ROLE_LINE_NUMBER, "%*d",
                  gutter - 4, line);
    source_draw(src, line, c, r.x + gutter, y, 0, r.w - gutter);
    if (is_now)
        canvas_restyle(c, (struct rect){r.x + gutter, y, r.w - gutter, 1}, ATTR_BOLD);
    draw_tags(s, c, r, y, line, src->path);
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

void draw_source(struct step *s, struct canvas *c, struct rect r)
{
    struct place p = step_place(s);
    const struct event *e = trace_step(s->trace, s->cursor);
    int now = e ? place_of(s, e->pc).line : 0;
    char title[128];
    struct source *src = p.line ? step_source(s, p.file) : NULL;
    snprintf(title, sizeof title, "%s %s", panel_title(PANEL_SOURCE), src ? base_name(p.file) : "");
    find_standing(s);
    if (src && src->nlines) {
        int *by = &s->scroll[PANEL_SOURCE];
        int top = p.line - r.h / 2 + *by, last = src->nlines - r.h + 1;
        int kept = top > last ? last : top;
        kept = kept < 1 ? 1 : kept;
        *by += (*by > 0) == (kept < top) ? kept - top : 0;
        for (int i = 0; i < r.h && kept + i <= src->nlines; i++)
            draw_line(s, c, r, r.y + i, src, kept + i, kept + i == now);
    } else if (src)
        canvas_printf(c, r.x + 1, r.y, ROLE_DIM, _("%s:%d (this file cannot be read)"), p.file,
                      p.line);
    else
        canvas_text(c, r.x + 1, r.y, ROLE_DIM, _("(no source is known for this step)"));
    struct rect clip = canvas_clip(c, s->layout.at[PANEL_SOURCE]);
    panel_head(c, s->layout.at[PANEL_SOURCE], title,
               r.w >= 60 ? _(">> this step   ◀ goes on here") : _(">> now  ◀ next"),
               s->focus == PANEL_SOURCE);
    c->clip = clip;
}
