/* The step screen: moving in the run that is there. */
#include "step_internal.h"

#include <stdlib.h>

void act_step_next(struct step *s, const struct input *in)
{
    (void)in;
    if (step_at_end(s))
        step_forward(s);
    else
        step_seek(s, (int64_t)s->cursor + 1);
}

void act_step_back(struct step *s, const struct input *in)
{
    (void)in;
    if (!s->cursor)
        step_say(s, ROLE_DIM, _("this is the beginning"));
    step_seek(s, (int64_t)s->cursor - 1);
}

void act_step_first(struct step *s, const struct input *in)
{
    (void)in;
    step_seek(s, 0);
}

void act_step_last(struct step *s, const struct input *in)
{
    (void)in;
    if (step_at_end(s))
        step_run_on(s);
    else
        step_seek(s, s->trace->nsteps);
}

static void to_own_step(struct step *s, int by)
{
    int64_t last = s->trace->nsteps;
    for (int64_t n = (int64_t)s->cursor + by; n >= 1 && n <= last; n += by)
        if (trace_step(s->trace, (uint32_t)n)->task == s->selected) {
            step_seek(s, n);
            return;
        }
    char who[16];
    task_number(s, s->selected, who, sizeof who);
    step_say(s, ROLE_DIM, by > 0 ? _("no later step of %s") : _("no earlier step of %s"), who);
}

void act_step_next_own(struct step *s, const struct input *in)
{
    (void)in;
    to_own_step(s, 1);
}

void act_step_prev_own(struct step *s, const struct input *in)
{
    (void)in;
    to_own_step(s, -1);
}

static void to_mark(struct step *s, int by)
{
    uint32_t finding = marks_next(&s->marks, s->cursor, by);
    uint32_t bookmark = step_bookmark_next(s, s->cursor, by);
    uint32_t to = finding;
    if (bookmark && (!finding || (by > 0 ? bookmark < finding : bookmark > finding)))
        to = bookmark;
    if (to)
        step_seek(s, to);
    else
        step_say(s, ROLE_DIM,
                 by > 0 ? _("no mark ahead; b sets a bookmark")
                        : _("no mark before; b sets a bookmark"));
}

void act_step_next_mark(struct step *s, const struct input *in)
{
    (void)in;
    to_mark(s, 1);
}

void act_step_prev_mark(struct step *s, const struct input *in)
{
    (void)in;
    to_mark(s, -1);
}

/* -------- the same object -------- */

static int touches(const struct event *e, uint64_t addr)
{
    return e->addr == addr || (e->addr2 && e->addr2 == addr);
}

static void to_same_object(struct step *s, int by)
{
    const struct event *here = trace_step(s->trace, s->cursor);
    int64_t last = s->trace->nsteps;
    uint64_t addr = here ? here->addr : 0;
    char name[64];
    if (!addr || here->kind == EV_CREATE || here->kind == EV_START) {
        step_say(s, ROLE_DIM, _("this step is at no object or variable"));
        return;
    }
    object_name(s, addr, here->size, name, sizeof name);
    for (int64_t n = (int64_t)s->cursor + by; n >= 1 && n <= last; n += by)
        if (touches(trace_step(s->trace, (uint32_t)n), addr)) {
            step_seek(s, n);
            step_say(s, ROLE_NOTE, _("at %s, too   o next, O previous"), name);
            return;
        }
    step_say(s, ROLE_DIM, by > 0 ? _("no later step at %s") : _("no earlier step at %s"), name);
}

void act_step_next_object(struct step *s, const struct input *in)
{
    (void)in;
    to_same_object(s, 1);
}

void act_step_prev_object(struct step *s, const struct input *in)
{
    (void)in;
    to_same_object(s, -1);
}

/* -------- going to a step -------- */

void act_step_goto(struct step *s, const struct input *in)
{
    (void)in;
    step_open_mode(s, MODE_GOTO);
}

void step_goto_take(struct step *s)
{
    char *end;
    long n = strtol(s->edit.text, &end, 10);
    if (!s->edit.n)
        return;
    if (*end || end == s->edit.text) {
        step_until_begin(s, s->edit.text);
        return;
    }
    int relative = s->edit.text[0] == '+' || s->edit.text[0] == '-';
    int64_t to = relative ? (int64_t)s->cursor + n : n;
    if (to > s->trace->nsteps)
        step_say(s, ROLE_NOTE, _("this run has %u steps so far"), s->trace->nsteps);
    step_seek(s, to);
}
