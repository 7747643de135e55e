/* The presentation: walking through slides and steps. */
#include "present_internal.h"

#include <stdlib.h>
#include <string.h>

static void arrived(struct present *p)
{
    p->message[0] = 0;
    p->asked = 0;
    memset(p->scroll, 0, sizeof p->scroll);
    if (present_slide(p)->kind == SLIDE_STEP)
        p->walk.part = 0; /* its pages are its steps */
    struct buf before = {0};
    hands_before(p->ui->store, present_slide(p), &present_kept(p)->hands, &before);
    free(p->before);
    p->before = before.data;
    present_enter(p);
}

/* Go where the walking functions have brought w. */
void present_go(struct present *p, const struct walk *w, int moved)
{
    if (moved)
        present_leave(p);
    p->walk = *w;
    if (moved)
        arrived(p);
}

void present_go_entry(struct present *p, int by)
{
    struct walk w = p->walk;
    int moved = p->talk && walk_entry(&w, p->talk, by, p->ui->now);
    if (p->talk)
        present_go(p, &w, moved);
    else
        present_say(p, ROLE_NOTE, _("there is no plan here: the run of the step screen is shown"));
}

/* Whether the run has a step more for the clicker. */
static int has_step(const struct present *p)
{
    const struct step *s = p->step;
    const struct slide *sl = present_slide(p);
    if (s->cursor < s->trace->nsteps)
        return 1;
    if (s->port.ops->finished(s->port.ctx) || present_kept(p)->trouble)
        return 0;
    int told = sl && (sl->from_start || (sl->then && sl->then->nlegs));
    return !told || present_kept(p)->own_way;
}

/* What a step of the program has gone wrong with is said, and the plan goes on from there. */
void present_take_trouble(struct present *p)
{
    struct step *s = p->step;
    if (!s->message[0])
        return;
    if (s->message_style == ROLE_BAD) {
        struct kept *k = present_kept(p);
        free(k->trouble);
        k->trouble = xstrdup(s->message);
    }
    present_say(p, s->message_style, "%s", s->message);
    s->message[0] = 0;
}

static void step_on(struct present *p)
{
    struct step *s = p->step;
    s->message[0] = 0;
    memset(p->scroll, 0, sizeof p->scroll);
    if (step_at_end(s))
        step_forward(s);
    else
        step_seek(s, (int64_t)s->cursor + 1);
    present_take_trouble(p);
}

void present_on(struct present *p)
{
    if (p->walk.black) {
        p->walk.black = 0;
        return;
    }
    if (p->step && p->step->busy) {
        present_say(p, ROLE_NOTE, _("the program is on its way to its next step …"));
        return;
    }
    if (p->step && has_step(p)) {
        step_on(p);
        return;
    }
    if (p->build && present_slide(p)->kind == SLIDE_STEP) {
        present_say(p, ROLE_NOTE, _("still compiling; ] goes on without it"));
        return;
    }
    if (!p->talk) {
        present_say(p, ROLE_NOTE, _("the run is over; p goes back to the step screen"));
        return;
    }
    if (present_slide(p)->kind == SLIDE_LIVE && !present_kept(p)->was_left) {
        present_kept(p)->was_left = 1;
        present_enter(p);
        return;
    }
    if (p->walk.at + 1 == p->talk->nslides && p->walk.part + 1 >= p->parts)
        present_say(p, ROLE_NOTE, _("this was the last of the plan; q leaves"));
    struct walk w = p->walk;
    int moved = walk_on(&w, p->talk, p->step ? 1 : p->parts, p->ui->now);
    present_go(p, &w, moved);
}

void present_back(struct present *p)
{
    uint32_t first = p->talk ? present_kept(p)->start : 0;
    if (p->walk.black) {
        p->walk.black = 0;
        return;
    }
    if (p->step && p->step->busy)
        return;
    if (p->step && p->step->cursor > first) {
        memset(p->scroll, 0, sizeof p->scroll);
        step_seek(p->step, (int64_t)p->step->cursor - 1);
        return;
    }
    if (!p->talk || !p->walk.at) {
        present_say(p, ROLE_NOTE, _("this is the beginning"));
        return;
    }
    struct walk w = p->walk;
    int moved = walk_back(&w, p->talk, p->ui->now);
    present_go(p, &w, moved);
}
