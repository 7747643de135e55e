/* The step screen: the runs before other turns were taken, and back to them. */
#include "step_internal.h"

#include <string.h>

static void push(struct step_past *stack, int *n, struct step_past one)
{
    if (*n == UNDO_LEVELS) { /* the oldest goes */
        schedule_fini(&stack[0].schedule);
        memmove(stack, stack + 1, (UNDO_LEVELS - 1) * sizeof *stack);
        --*n;
    }
    stack[(*n)++] = one;
}

static void clear(struct step_past *stack, int *n)
{
    while (*n)
        schedule_fini(&stack[--*n].schedule);
}

static struct step_past now(struct step *s)
{
    struct step_past p = {.cursor = s->cursor};
    schedule_init(&p.schedule);
    schedule_copy(&p.schedule, s->port.ops->schedule(s->port.ctx));
    return p;
}

void step_keep_undo(struct step *s)
{
    step_compare_keep(s);
    push(s->undo, &s->nundo, now(s));
    clear(s->redo, &s->nredo);
}

void step_undo_free(struct step *s)
{
    clear(s->undo, &s->nundo);
    clear(s->redo, &s->nredo);
}

/* The run becomes that one again. */
static int go_to(struct step *s, const struct step_past *p)
{
    struct err e = {0};
    int rc = s->port.ops->replay(s->port.ctx, &p->schedule, &e);
    if (rc == -ERR_BUSY) {
        s->busy = 1;
        rc = 0;
    }
    if (rc < 0)
        step_say(s, ROLE_BAD, "%s", e.message);
    step_refresh(s, 0);
    step_seek(s, p->cursor);
    return rc;
}

int step_undo_quietly(struct step *s)
{
    struct step_past p = s->undo[--s->nundo];
    int rc = go_to(s, &p);
    schedule_fini(&p.schedule);
    return rc;
}

/* From one stack to the run, the run to the other one. */
static int swap(struct step *s, struct step_past *from, int *nfrom, struct step_past *to, int *nto)
{
    struct step_past here = now(s), p = from[--*nfrom];
    s->playing = 0;
    step_compare_keep(s);
    int rc = go_to(s, &p);
    schedule_fini(&p.schedule);
    if (rc < 0)
        schedule_fini(&here.schedule);
    else
        push(to, nto, here);
    return rc;
}

void step_undo_turn(struct step *s)
{
    if (!s->nundo) {
        step_say(s, ROLE_NOTE,
                 s->nredo ? _("there is no run before this one; U goes on again")
                          : _("nothing to undo, no turn was taken anew yet; ← goes back a step"));
        return;
    }
    if (swap(s, s->undo, &s->nundo, s->redo, &s->nredo) == 0)
        step_say(s, ROLE_NOTE,
                 s->nundo ? _("the run before is back; u: the one before that, U: the one you came "
                              "from")
                          : _("the run before is back; U: the one you came from"));
}

void act_step_undo(struct step *s, const struct input *in)
{
    (void)in;
    step_undo_turn(s);
}

void act_step_redo(struct step *s, const struct input *in)
{
    (void)in;
    if (!s->nredo)
        step_say(s, ROLE_NOTE, _("nothing was undone"));
    else if (swap(s, s->redo, &s->nredo, s->undo, &s->nundo) == 0)
        step_say(s, ROLE_NOTE, _("the run that was undone is back; u: the other one"));
}
