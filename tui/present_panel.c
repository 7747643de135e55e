/* The presentation: which panel is shown, and how far it is scrolled. */
#include "present_internal.h"

static void to_panel(struct present *p, enum present_panel panel)
{
    p->panel = panel;
}

void act_present_digit(struct present *p, const struct input *in)
{
    const struct slide *s = present_slide(p);
    int n = in->key - '0';
    if (s && s->kind == SLIDE_QUESTION && n >= 1) {
        present_hands_begin(p, n - 1);
        return;
    }
    unsigned has = present_has(p);
    for (int panel = 0; panel < SHOW_PANELS; panel++)
        if (((has >> panel) & 1) && --n == 0)
            to_panel(p, (enum present_panel)panel);
}

static void next_panel(struct present *p, int by)
{
    struct present_want want = present_wanted(p);
    int panel = (int)want.panel;
    do
        panel = (panel + by + SHOW_PANELS) % SHOW_PANELS;
    while (!((want.has >> panel) & 1));
    to_panel(p, (enum present_panel)panel);
}

void act_present_panel(struct present *p, const struct input *in)
{
    (void)in;
    next_panel(p, 1);
}

void act_present_panel_back(struct present *p, const struct input *in)
{
    (void)in;
    next_panel(p, -1);
}

void act_present_split(struct present *p, const struct input *in)
{
    (void)in;
    p->single = !p->single;
}

static void scroll(struct present *p, int by)
{
    struct present_want want = present_wanted(p);
    if (want.panel == SHOW_TEXT && p->parts > 1) {
        p->walk.part += by;
        p->walk.part = p->walk.part < 0 ? 0 : p->walk.part;
        return;
    }
    p->scroll[want.panel] += by;
}

void act_present_down(struct present *p, const struct input *in)
{
    (void)in;
    scroll(p, 1);
}

void act_present_up(struct present *p, const struct input *in)
{
    (void)in;
    scroll(p, -1);
}

void act_present_mouse(struct present *p, const struct input *in)
{
    if (in->wheel)
        scroll(p, in->wheel);
    else
        present_on(p);
}
