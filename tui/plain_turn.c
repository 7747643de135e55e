/* Stepping in plain mode: who goes next, and other turns. */
#include "plain_talk.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { SLICE_MS = 100, FEW_CHOICES = 6 };

/* Until the target stands; a task that makes no steps is ended by the session itself. */
static int settled(struct talk *t, int r, struct err *e)
{
    while (r == -ERR_BUSY)
        r = session_wait(t->p->session, SLICE_MS, e);
    return r;
}

/* -------- other turns -------- */

int talk_cut(struct talk *t, uint32_t step)
{
    struct err e = {0};
    talk_keep_before(t);
    int r = settled(t, session_rewind(t->p->session, step, SLICE_MS, &e), &e);
    world_view_reset(t->p->view);
    talk_stand(t, step);
    if (r < 0)
        plain_say("%s", e.message);
    return r < 0 ? -1 : 0;
}

int talk_replay(struct talk *t, const struct schedule *s)
{
    struct err e = {0};
    t->summed = UINT32_MAX; /* another end, though it may have the same number */
    int r = settled(t, session_replay(t->p->session, s, SLICE_MS, &e), &e);
    world_view_reset(t->p->view);
    talk_stand(t, talk_trace(t)->nsteps);
    if (r < 0)
        plain_say("%s", e.message);
    return r < 0 ? -1 : 0;
}

/* -------- who can go -------- */

static int can_go(const struct world_task *k)
{
    return k->exists && k->pending.kind != EV_NONE &&
           (k->state == TASK_NEW || k->state == TASK_READY || k->state == TASK_RUNNING ||
            k->state == TASK_SLEEPING);
}

int talk_candidates(struct talk *t, struct choice *out, int max)
{
    if (talk_at_end(t))
        return session_choices(t->p->session, out, max);
    const struct world *w = talk_world(t);
    int n = 0;
    for (unsigned i = 0; i < w->ntasks && n < max; i++)
        if (can_go(&w->tasks[i]))
            out[n++] = (struct choice){
                .choice = (uint16_t)i, .task = (uint16_t)i, .pending = w->tasks[i].pending};
    return n;
}

/* The choice that Enter takes: the one of this run, or of the plain policy; -1 none. */
static int usual_choice(struct talk *t)
{
    const struct event *next = trace_step(talk_trace(t), t->at + 1);
    return next ? next->task : session_default_choice(t->p->session);
}

static void spell_choice(struct talk *t, const struct choice *c, struct buf *out)
{
    const struct trace *trace = talk_trace(t);
    const char *answer = c->is_alternative ? explain_answer(trace, c->task) : "";
    char task[80], operation[160], place[200];
    if (c->is_value) {
        buf_printf(out, _("the value %lld"), (long long)c->value);
    } else if (*answer) {
        buf_puts(out, answer);
    } else if (c->adverse) {
        explain_adverse(talk_world(t), c->task, &c->pending, operation, sizeof operation);
        buf_puts(out, operation);
    } else if (c->is_alternative) {
        talk_task(t, c->task, task, sizeof task);
        buf_puts(out, task);
    } else {
        talk_task(t, c->task, task, sizeof task);
        explain_operation(&c->pending, trace, talk_names(t), operation, sizeof operation);
        talk_place(t, &c->pending, place, sizeof place);
        buf_printf(out, _("%s: %s%s"), task, operation, place);
    }
}

static const char *question(struct talk *t, const struct choice *c, int n)
{
    if (c[0].is_alternative)
        return explain_question(talk_trace(t), c[0].is_value);
    return n == 1 ? _("Only one can go on:") : _("Who goes next?");
}

int talk_is_question(struct talk *t)
{
    struct choice one;
    return talk_at_end(t) && session_choices(t->p->session, &one, 1) > 0 && one.is_alternative;
}

void talk_say_choices(struct talk *t)
{
    struct choice *c = xcalloc(TALK_CHOICES, sizeof *c);
    struct buf out = {0};
    int n = talk_candidates(t, c, TALK_CHOICES), usual = usual_choice(t);
    if (n > 0)
        plain_wrap(&out, question(t, c, n), NULL, 0);
    for (int i = 0; i < n; i++) {
        struct buf line = {0};
        char lead[16];
        snprintf(lead, sizeof lead, "  %u. ", c[i].task);
        spell_choice(t, &c[i], &line);
        if (c[i].choice == usual)
            buf_puts(&line, talk_at_end(t) ? _(" (Enter)") : _(" (Enter: as it went)"));
        plain_wrap(&out, line.data, lead, 5);
        buf_fini(&line);
    }
    talk_put(&out);
    free(c);
}

/* "0, 1 or 2" */
static void list_numbers(const struct choice *c, int n, struct buf *out)
{
    for (int i = 0; i < n; i++) {
        if (i > 0)
            buf_puts(out, i + 1 < n ? ", " : _(" or "));
        buf_printf(out, "%u", c[i].task);
    }
}

void talk_prompt(struct talk *t, struct buf *out)
{
    struct choice *c = xcalloc(TALK_CHOICES, sizeof *c);
    uint32_t last = talk_trace(t)->nsteps;
    int n = talk_candidates(t, c, TALK_CHOICES);
    struct buf numbers = {0};
    if (n > FEW_CHOICES)
        buf_puts(&numbers, _("a number"));
    else
        list_numbers(c, n, &numbers);
    if (t->at < last)
        buf_printf(out, _("Step %u of %u. Enter, %s, ? or q > "), t->at, last, numbers.data);
    else if (n == 0)
        buf_printf(out, _("Step %u, the end. b goes back; ? or q > "), t->at);
    else
        buf_printf(out, _("Step %u. Enter, %s, ? or q > "), t->at, numbers.data);
    buf_fini(&numbers);
    free(c);
}

static void say_why_not(struct talk *t, long task)
{
    const struct world *w = talk_world(t);
    if (task >= w->ntasks || !w->tasks[task].exists) {
        plain_say(_("There is no T%ld at this step."), task);
        return;
    }
    struct buf why = {0};
    explain_blocked(talk_trace(t), t->p->view, t->at, (unsigned)task, talk_names(t), &why);
    if (why.len)
        plain_say(_("T%ld cannot go on now. %s"), task, why.data);
    else if (talk_world(t)->tasks[task].pending.kind == EV_NONE)
        plain_say(_("T%ld cannot go on: it has ended."), task);
    else
        plain_say(_("T%ld cannot go on now."), task);
    buf_fini(&why);
}

/* -------- one step -------- */

static enum talk_answer make_step(struct talk *t, uint16_t choice, uint32_t replaced)
{
    struct err e = {0};
    uint32_t from = t->at;
    if (settled(t, session_step(t->p->session, choice, SLICE_MS, &e), &e) < 0)
        plain_say("%s", e.message);
    talk_stand(t, talk_trace(t)->nsteps);
    talk_tell(t, from + 1, t->at);
    if (replaced)
        plain_say(
            ngettext("Another turn: %u step that came after is replaced; undo brings it back.",
                     "Another turn: %u steps that came after are replaced; undo brings them "
                     "back.",
                     replaced),
            replaced);
    return ANSWER_ON;
}

static enum talk_answer take(struct talk *t, uint16_t choice)
{
    uint32_t replaced = talk_trace(t)->nsteps - t->at;
    if (replaced && usual_choice(t) == choice)
        return talk_forward(t, 1);
    if (replaced && talk_cut(t, t->at) < 0)
        return ANSWER_ON;
    return make_step(t, choice, replaced);
}

enum talk_answer talk_pick(struct talk *t, const char *digits)
{
    long number = talk_number(digits);
    if (number < 0) {
        plain_say(_("'%.60s' is no number of a task; ? lists what you can answer."), digits);
        return ANSWER_STAY;
    }
    struct choice *c = xcalloc(TALK_CHOICES, sizeof *c);
    int n = talk_candidates(t, c, TALK_CHOICES), found = -1;
    for (int i = 0; i < n && found < 0; i++)
        if (c[i].task == number)
            found = c[i].choice;
    int asks = n > 0 && c[0].is_alternative;
    free(c);
    if (found >= 0)
        return take(t, (uint16_t)found);
    if (asks)
        plain_say(_("'%ld' is none of the answers."), number);
    else
        say_why_not(t, number);
    return ANSWER_STAY;
}

/* -------- commands -------- */

static void spell_task_state(struct talk *t, unsigned task, struct buf *out)
{
    const struct world_task *k = &talk_world(t)->tasks[task];
    char who[80], operation[160], place[200];
    struct buf why = {0};
    talk_task(t, task, who, sizeof who);
    if (k->pending.kind == EV_NONE) {
        buf_printf(out, _("%s has ended, at step %u."), who, k->ended);
        return;
    }
    struct event pending = k->pending;
    const char *state = k->state == TASK_RUNNING ? _("going") : task_state_name(k->state);
    explain_operation(&pending, talk_trace(t), talk_names(t), operation, sizeof operation);
    talk_place(t, &pending, place, sizeof place);
    explain_blocked(talk_trace(t), t->p->view, t->at, task, talk_names(t), &why);
    if (why.len)
        buf_puts(out, why.data);
    else
        buf_printf(out, _("%s, %s: its next step is %s%s."), who, state, operation, place);
    buf_fini(&why);
}

enum talk_answer talk_step_who(void *ctx, const char *rest)
{
    struct talk *t = ctx;
    struct buf out = {0};
    unsigned n = talk_world(t)->ntasks;
    (void)rest;
    for (unsigned i = 0; i < n; i++) {
        struct buf line = {0};
        if (!talk_world(t)->tasks[i].exists)
            continue;
        spell_task_state(t, i, &line);
        plain_wrap(&out, line.data, NULL, 2);
        buf_fini(&line);
    }
    talk_put(&out);
    return ANSWER_STAY;
}

enum talk_answer talk_step_wake(void *ctx, const char *rest)
{
    struct talk *t = ctx;
    const struct trace *trace = talk_trace(t);
    const struct event *e = trace_step(trace, t->at);
    int asks = 0;
    (void)rest;
    for (size_t i = e ? trace->step_start[t->at] : 0; e && i < trace_step_end(trace, t->at); i++)
        asks |= trace->events[i].kind == EV_CHOICE && trace->events[i].b > 1;
    if (!asks) {
        plain_say(_("This step does not choose among waiters."));
        return ANSWER_STAY;
    }
    uint16_t task = e->task;
    return talk_cut(t, t->at - 1) < 0 ? ANSWER_ON : make_step(t, task, 0);
}

enum talk_answer talk_step_again(void *ctx, const char *rest)
{
    struct talk *t = ctx;
    (void)rest;
    if (talk_trace(t)->nsteps && talk_cut(t, 0) < 0)
        return ANSWER_ON;
    plain_say(_("From the beginning; undo brings the run before back."));
    return ANSWER_ON;
}

enum talk_answer talk_step_adversity(void *ctx, const char *rest)
{
    struct talk *t = ctx;
    struct plain *p = t->p;
    struct err e = {0};
    long n = *rest ? talk_number(rest) : 1;
    if (t->setup->challenge) {
        plain_say(_("In a challenge the program runs as it is."));
        return ANSWER_STAY;
    }
    if (n < 1 || n > 99) {
        plain_say(_("'%s' is no number from 1 to 99."), rest);
        return ANSWER_STAY;
    }
    if (!talk_at_end(t) && talk_cut(t, t->at) < 0)
        return ANSWER_ON;
    int r = settled(t, session_adversity(p->session, p->program, (unsigned)n, SLICE_MS, &e), &e);
    p->changed = *p->given;
    p->changed.how.adversity = p->program->adversity_list;
    p->given = &p->changed;
    world_view_reset(p->view);
    talk_forget_before(t); /* those runs are of another program */
    talk_stand(t, talk_trace(t)->nsteps);
    if (r < 0)
        plain_say("%s", e.message);
    plain_say(_("From here on something may go wrong (--adversity %s). The same choices again lead "
                "to step %u."),
              p->program->adversity_list, t->at);
    return ANSWER_ON;
}
