/* Stepping in plain mode: the runs before the other turns, to come back to. */
#include "plain_talk.h"

#include "compare.h"

#include <string.h>

static struct talk_past now(const struct talk *t)
{
    struct talk_past p = {.at = t->at};
    schedule_init(&p.schedule);
    schedule_copy(&p.schedule, session_schedule(t->p->session));
    return p;
}

/* The oldest goes when there are too many. */
static void push(struct talk_past *list, int *n, struct talk_past p)
{
    if (*n == TALK_PAST) {
        schedule_fini(&list[0].schedule);
        memmove(&list[0], &list[1], (TALK_PAST - 1) * sizeof *list);
        --*n;
    }
    list[(*n)++] = p;
}

static void clear(struct talk_past *list, int *n)
{
    while (*n > 0)
        schedule_fini(&list[--*n].schedule);
}

void talk_keep_before(struct talk *t)
{
    push(t->undo, &t->nundo, now(t));
    clear(t->redo, &t->nredo);
    trace_copy(&t->before, talk_trace(t));
    t->has_before = 1;
}

void talk_forget_before(struct talk *t)
{
    clear(t->undo, &t->nundo);
    clear(t->redo, &t->nredo);
    trace_clear(&t->before);
    t->has_before = 0;
}

/* Back to the last run of `from`; this one goes to `to`. */
static enum talk_answer swap(struct talk *t, struct talk_past *from, int *nfrom,
                             struct talk_past *to, int *nto, const char *done)
{
    struct talk_past past = from[--*nfrom];
    push(to, nto, now(t));
    trace_copy(&t->before, talk_trace(t));
    t->has_before = 1;
    if (talk_replay(t, &past.schedule) == 0) {
        talk_stand(t, past.at);
        plain_say("%s", done);
    }
    schedule_fini(&past.schedule);
    return talk_step_repeat(t, "");
}

enum talk_answer talk_step_undo(void *ctx, const char *rest)
{
    struct talk *t = ctx;
    (void)rest;
    if (t->nundo)
        return swap(t, t->undo, &t->nundo, t->redo, &t->nredo,
                    _("The run before is back; redo brings the one you came from back."));
    plain_say(t->nredo ? _("There is no run before this one; redo goes on again.")
                       : _("No other turn was taken yet."));
    return ANSWER_STAY;
}

enum talk_answer talk_step_redo(void *ctx, const char *rest)
{
    struct talk *t = ctx;
    (void)rest;
    if (t->nredo)
        return swap(t, t->redo, &t->nredo, t->undo, &t->nundo,
                    _("The run that was undone is back; undo goes back again."));
    plain_say(_("Nothing was undone."));
    return ANSWER_STAY;
}
