/* The step screen: what can go wrong at this step, and for whom. Some of it may always happen (a
 * wait times out, a signal wakes another waiter); the rest is adversity: it is asked for, looked
 * at, and given up again when nothing of it is taken. */
#include "step_internal.h"

#include "explain.h"

#include <stdio.h>
#include <string.h>

/* What a row of the list does, in the high part of its value; the choice stands below. */
enum what {
    DOES_WAKE = 0x10000,    /* asks whom the signal wakes */
    DOES_TURN = 0x20000,    /* a turn that could be taken anyway */
    DOES_ADVERSE = 0x40000, /* an adverse event */
    DOES_ANSWER = 0x80000   /* a step, and then the bad one of its two answers */
};

static void add(struct step *s, long value, const char *text)
{
    list_add(&s->list, s->list.n + 1 < 10 ? s->list.n + 1 : -1, value, text);
}

/* Whose wait for some time can end now; as sleeping costs no time, so can any sleep. */
static void add_timeouts(struct step *s)
{
    static struct choice choices[MAX_CHOICES];
    const struct world *w = step_world(s);
    int n = step_candidates(s, choices, MAX_CHOICES);
    for (int i = 0; i < n; i++) {
        char row[LIST_TEXT], who[16];
        unsigned task = choices[i].task, kind = (unsigned)choices[i].pending.a;
        if (choices[i].is_alternative || choices[i].adverse || task >= w->ntasks ||
            (kind != EV_COND_TIMEOUT && w->tasks[task].state != TASK_SLEEPING))
            continue;
        task_number(s, task, who, sizeof who);
        if (kind == EV_SLEEP)
            snprintf(row, sizeof row, _("the sleep of %s ends now"), who);
        else
            snprintf(row, sizeof row, _("the wait of %s times out now"), who);
        add(s, DOES_TURN | choices[i].choice, row);
    }
}

static void add_wake(struct step *s)
{
    if (marks_at(&s->marks, s->cursor, EV_CHOICE))
        add(s, DOES_WAKE, _("this signal wakes another waiter (w)"));
}

/* Only these can be asked to fail, or to be interrupted before they have done anything. */
static int may_fail(unsigned kind)
{
    switch (kind) {
    case EV_CALL:
    case EV_SEM_WAIT:
    case EV_SEM_TIMEDWAIT:
    case EV_FD_READ:
    case EV_FD_WRITE:
    case EV_FD_POLL:
    case EV_WAIT:
    case EV_SLEEP:
    case EV_MQ_SEND:
    case EV_MQ_RECEIVE:
        return 1;
    default:
        return 0;
    }
}

/* Let the step be made: does it ask whether it fails? Then back again. */
static void add_answer(struct step *s, const struct choice *c)
{
    struct err e = {0};
    struct choice asked;
    uint32_t at = s->trace->nsteps;
    char row[LIST_TEXT], who[16], what[64];
    task_number(s, c->task, who, sizeof who);
    if (s->port.ops->step(s->port.ctx, c->choice, &e) < 0)
        return;
    const struct event *made = trace_step(s->trace, s->trace->nsteps);
    explain_operation(made ? made : &c->pending, s->trace, s->port.ops->names(s->port.ctx), what,
                      sizeof what);
    int asks = s->port.ops->choices(s->port.ctx, &asked, 1) > 0 && asked.is_alternative &&
               !asked.is_value && *explain_answer(s->trace, 1);
    if (asks) {
        snprintf(row, sizeof row, _("%s, %s: %s"), who, what, explain_answer(s->trace, 1));
        add(s, DOES_ANSWER | c->choice, row);
    }
    if (s->port.ops->rewind(s->port.ctx, at, &e) < 0)
        step_say(s, ROLE_BAD, "%s", e.message);
    step_refresh(s, at);
}

static void add_adverse(struct step *s)
{
    struct choice choices[MAX_TASKS];
    int n = s->port.ops->choices(s->port.ctx, choices, MAX_TASKS);
    for (int i = 0; i < n; i++) {
        char row[LIST_TEXT];
        if (choices[i].is_alternative)
            return;
        if (choices[i].adverse) {
            explain_adverse(step_world(s), choices[i].task, &choices[i].pending, row, sizeof row);
            add(s, DOES_ADVERSE | choices[i].choice, row);
        } else if (may_fail((unsigned)choices[i].pending.a))
            add_answer(s, &choices[i]);
    }
}

/* The run from here on with one more event allowed; 0, or the error (said). */
static int allow(struct step *s)
{
    struct err e = {0};
    uint32_t at = s->cursor;
    step_keep_undo(s);
    int rc = step_at_end(s) ? 0 : s->port.ops->rewind(s->port.ctx, at, &e);
    if (rc == 0)
        rc = s->port.ops->adversity(s->port.ctx, &e);
    step_refresh(s, 0);
    step_seek(s, s->trace->nsteps);
    if (rc < 0) {
        step_undo_quietly(s);
        step_say(s, ROLE_BAD, "%s", e.message);
    }
    return rc;
}

void act_step_adversity(struct step *s, const struct input *in)
{
    struct err e = {0};
    (void)in;
    s->playing = 0;
    if (s->port.ops->control) {
        s->port.ops->step(s->port.ctx, 0, &e); /* it says why not */
        step_say(s, ROLE_NOTE, "%s", e.message);
        return;
    }
    list_clear(&s->list, _("What goes wrong here?"));
    add_wake(s);
    add_timeouts(s);
    s->allowed = 0;
    if (!s->setup.challenge && s->port.ops->adversity) {
        if (allow(s) < 0)
            return;
        s->allowed = 1;
        add_adverse(s);
    }
    if (s->list.n) {
        s->mode = MODE_ADVERSE;
        return;
    }
    step_adverse_close(s);
    if (s->setup.challenge)
        step_say(s, ROLE_NOTE, _("in a challenge the program runs as it is"));
    else
        step_say(s, ROLE_NOTE,
                 _("nothing can go wrong at this step: nobody waits, allocates or has a child"));
}

void step_adverse_close(struct step *s)
{
    if (s->allowed)
        step_undo_quietly(s);
    s->allowed = 0;
}

/* The step of a task and then the second of its answers. */
static void take_answer(struct step *s, uint16_t choice)
{
    struct choice answers[2];
    step_take(s, choice);
    if (s->port.ops->choices(s->port.ctx, answers, 2) == 2 && answers[1].is_alternative)
        step_take(s, answers[1].choice);
}

void step_adverse_take(struct step *s)
{
    const struct list_row row = s->list.rows[s->list.at];
    uint16_t choice = (uint16_t)(row.value & 0xffff);
    if (row.value & DOES_ANSWER)
        take_answer(s, choice);
    else if (row.value & DOES_ADVERSE)
        step_take(s, choice);
    else {
        step_adverse_close(s); /* it needs no adversity */
        if (row.value & DOES_WAKE)
            step_wake_open(s);
        else
            step_take(s, choice);
        return;
    }
    s->allowed = 0;
    step_say(s, ROLE_NOTE, _("%s; u brings the run before back"), row.text);
}
