/* The screen of own programs and recordings as it is drawn. */
#include "own_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Programs, a heading, recordings: which line a row stands on, from 0. */
static int line_of(const struct own *o, int row)
{
    return row < o->nrecent ? 1 + row : 3 + row + (o->nrecent ? 0 : 1);
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static void draw_program(struct canvas *c, struct rect r, int y, const char *path)
{
    int width = r.w >= 60 ? 28 : r.w / 2;
    canvas_fit(c, r.x + 2, y, width, ROLE_TEXT, base_name(path));
    char *folder = xasprintf("%.*s", (int)(base_name(path) - path), path);
    canvas_fit(c, r.x + 3 + width, y, r.w - width - 4, ROLE_DIM, folder);
    free(folder);
}

static void draw_recording(struct canvas *c, struct rect r, int y, const struct store_recording *x)
{
    int width = r.w >= 60 ? 28 : r.w / 2, at = r.x + 3 + width;
    char day[32] = "";
    time_t seconds = (time_t)(x->created_ms / 1000);
    struct tm tm;
    if (localtime_r(&seconds, &tm))
        strftime(day, sizeof day, "%Y-%m-%d", &tm);
    canvas_fit(c, r.x + 2, y, width, ROLE_TEXT, x->name);
    if (r.w >= 60) {
        at += canvas_fit(c, at, y, 10, ROLE_DIM, day) + 2;
        int used = canvas_fit(c, at, y, 14, ROLE_BAD, x->finding);
        at += used ? used + 2 : 0;
    }
    canvas_fit(c, at, y, r.x + r.w - at - 1, ROLE_DIM, *x->program ? x->program : x->path);
}

static void draw_none(struct canvas *c, struct rect r, int y)
{
    char text[160];
    snprintf(text, sizeof text, _("none yet; %s opens a file by its path"),
             keys_first(ACT_own_path));
    canvas_fit(c, r.x + 2, y, r.w - 3, ROLE_DIM, text);
}

static void draw_line(const struct own *o, struct canvas *c, struct rect r, int y, int line)
{
    int second = line_of(o, o->nrecent) - 1;
    if (line == 0 || line == second)
        canvas_fit(c, r.x + 1, y, r.w - 2, ROLE_HEADING,
                   line ? _("Recordings") : _("Programs opened here"));
    if (line == 1 && !o->nrecent)
        draw_none(c, r, y);
    if (line == second + 1 && !o->nrecordings)
        canvas_fit(c, r.x + 2, y, r.w - 3, ROLE_DIM,
                   _("none yet; one opened by its path is kept here"));
    for (int row = 0; row < own_rows(o); row++) {
        if (line_of(o, row) != line)
            continue;
        if (own_path_at(o, row))
            draw_program(c, r, y, own_path_at(o, row));
        else
            draw_recording(c, r, y, own_recording_at(o, row));
        if (row == o->at)
            canvas_restyle(c, (struct rect){r.x, y, r.w, 1}, ATTR_REVERSE);
    }
}

static void draw_lines(struct own *o, struct canvas *c, struct rect r)
{
    int marked = own_rows(o) ? line_of(o, o->at) : 0;
    o->rect = r;
    o->page = r.h > 3 ? r.h - 3 : 1;
    if (marked < o->top + 1) /* the heading above it too */
        o->top = marked > 0 ? marked - 1 : 0;
    if (marked >= o->top + r.h)
        o->top = marked - r.h + 1;
    for (int i = 0; i < r.h; i++)
        draw_line(o, c, r, r.y + i, o->top + i);
}

void own_draw(void *state, struct canvas *c)
{
    struct own *o = state;
    struct rect box = {0, 1, c->cols, c->rows - 2};
    bar_title(c, _("programs of your own"), o->job ? _("compiling …") : "");
    panel_box(c, box, _("Programs and recordings"), "", 1);
    struct rect before = canvas_clip(c, panel_inside(box));
    draw_lines(o, c, panel_inside(box));
    c->clip = before;
    if (o->typing) {
        edit_draw(c, c->rows - 1, o->typing == TYPE_PATH ? _("open the file") : _("new name"),
                  &o->edit);
        if (c->rows > 2 && *o->message) {
            canvas_fill(c, (struct rect){0, c->rows - 2, c->cols, 1}, ROLE_TEXT);
            canvas_fit(c, 1, c->rows - 2, c->cols - 2, o->style, o->message);
        }
        return;
    }
    bar_footer(c, SCREEN_OWN, ACT_NONE);
    message_draw(c, -1, o->style, o->message);
}
