/* The step screen: views, panels, scrolling, the mouse. */
#include "step_internal.h"

#include <stdio.h>

void step_show_view(struct step *s, enum panel view)
{
    s->main_view = view;
    s->zoomed = 0;
    s->focus = view == PANEL_COUNT ? PANEL_TIMELINE : view;
}

void act_step_view(struct step *s, const struct input *in)
{
    (void)in;
    list_clear(&s->list, _("Which view?"));
    list_add(&s->list, 0, PANEL_COUNT, _("panels: threads, source and timeline"));
    int n = 0;
    for (int p = 0; p < PANEL_COUNT; p++) {
        char row[LIST_TEXT];
        if (!panel_is_view((enum panel)p))
            continue;
        snprintf(row, sizeof row, _("%s: %s"), panel_title((enum panel)p),
                 panel_help((enum panel)p));
        list_add(&s->list, ++n, p, row);
    }
    list_add(&s->list, ++n, PANEL_COUNT + 1 + VIEW_OUTCOMES,
             _("Outcomes: all the ways it can end (a search, as F)"));
    list_add(&s->list, ++n, PANEL_COUNT + 1 + VIEW_TREE,
             _("Tree of schedules: where those of a search part"));
    step_open_mode(s, MODE_VIEW);
}

void step_view_take(struct step *s)
{
    long view = s->list.rows[s->list.at].value;
    if (view > PANEL_COUNT)
        step_explore(s, (int)view - PANEL_COUNT - 1);
    else
        step_show_view(s, (enum panel)view);
}

static void next_panel(struct step *s, int by)
{
    struct layout_want want = step_want(s);
    s->focus = layout_next(s->ui->canvas.cols, s->ui->canvas.rows, &want, s->focus, by);
}

void act_step_panel(struct step *s, const struct input *in)
{
    (void)in;
    next_panel(s, 1);
}

void act_step_panel_back(struct step *s, const struct input *in)
{
    (void)in;
    next_panel(s, -1);
}

void act_step_zoom(struct step *s, const struct input *in)
{
    (void)in;
    s->zoomed = !s->zoomed;
}

static void scroll(struct step *s, enum panel p, int by)
{
    if (p == PANEL_THREADS) {
        int ntasks = (int)step_world(s)->ntasks;
        step_order(s);
        int to = s->place[s->selected] + by;
        s->selected = s->order[to < 0 ? 0 : to >= ntasks ? ntasks - 1 : to];
        return;
    }
    if (p == PANEL_STEPS || p == PANEL_COMPARE) {
        step_seek(s, (int64_t)s->cursor + by);
        return;
    }
    if (p == PANEL_TIMELINE)
        s->scroll[p] = s->lane_top; /* from where it is seen */
    s->scroll[p] += by;
    if (s->scroll[p] < 0 && p != PANEL_SOURCE && p != PANEL_OUTPUT)
        s->scroll[p] = 0;
}

void act_step_up(struct step *s, const struct input *in)
{
    (void)in;
    scroll(s, s->focus, -1);
}

void act_step_down(struct step *s, const struct input *in)
{
    (void)in;
    scroll(s, s->focus, 1);
}

static void page(struct step *s, int by)
{
    struct rect r = s->layout.at[s->focus];
    if (s->focus == PANEL_TIMELINE)
        step_seek(s, (int64_t)s->cursor + (int64_t)by * (s->lane_cells.w / s->scale));
    else
        scroll(s, s->focus, by * (r.h > 3 ? r.h - 3 : 1));
}

void act_step_page_up(struct step *s, const struct input *in)
{
    (void)in;
    page(s, -1);
}

void act_step_page_down(struct step *s, const struct input *in)
{
    (void)in;
    page(s, 1);
}

void act_step_scale(struct step *s, const struct input *in)
{
    (void)in;
    static const int next[] = {[1] = 2, [2] = 4, [3] = 4, [4] = 1};
    s->scale = next[s->scale];
    s->scale_fixed = 1;
    step_say(
        s, ROLE_NOTE,
        ngettext("Timeline: %d cell a step", "Timeline: %d cells a step", (unsigned long)s->scale),
        s->scale);
}

void act_step_wakes(struct step *s, const struct input *in)
{
    (void)in;
    s->all_wakes = !s->all_wakes;
    step_say(s, ROLE_NOTE, "%s",
             s->all_wakes ? _("Timeline: all wake-ups")
                          : _("Timeline: wake-ups of this step only"));
}

/* A click in the timeline or the table is a seek; on a thread it selects. */
static void click(struct step *s, enum panel p, const struct input *in)
{
    struct rect r = s->lane_cells;
    s->focus = p;
    if (p == PANEL_TIMELINE && in->x >= r.x && in->x < r.x + r.w)
        step_seek(s, (int64_t)s->first + (in->x - r.x) / s->scale);
    else if ((p == PANEL_STEPS || p == PANEL_COMPARE) && in->y > s->layout.at[p].y + 1)
        step_seek(s, (int64_t)s->table_first + in->y - s->layout.at[p].y - 2);
    else if (p == PANEL_THREADS) {
        int row = in->y - s->layout.at[p].y - 1 + s->scroll[PANEL_THREADS];
        if (row >= 0 && row < (int)step_world(s)->ntasks)
            s->selected = s->order[row];
    } else
        views_click(s, p, in);
    if (in->clicks == 2 && p != PANEL_TIMELINE && p != PANEL_STEPS && p != PANEL_COMPARE)
        s->zoomed = !s->zoomed;
}

void act_step_mouse(struct step *s, const struct input *in)
{
    int p = layout_hit(&s->layout, in->x, in->y);
    if (p < 0)
        return;
    if (!in->wheel)
        click(s, (enum panel)p, in);
    else if (p == PANEL_TIMELINE)
        step_seek(s, (int64_t)s->cursor + in->wheel);
    else
        scroll(s, (enum panel)p,
               p == PANEL_THREADS || p == PANEL_STEPS || p == PANEL_COMPARE ? in->wheel
                                                                            : 3 * in->wheel);
}
