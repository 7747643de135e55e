/* The step screen: taking steps, other turns, and what a challenge says to them. */
#include "step_goal.h"
#include "step_internal.h"

#include "explain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* -------- goals -------- */

static int has_finding(const struct step *s, int kind)
{
    for (size_t i = 0; i < s->marks.n; i++) {
        const struct mark *m = &s->marks.list[i];
        if (m->kind == EV_FINDING && s->trace->events[m->event].a == (uint64_t)kind)
            return 1;
    }
    return 0;
}

static int printed(const struct step *s, const struct claim_string *want)
{
    struct buf out = {0};
    world_output(s->trace, s->trace->nsteps, 1, &out);
    int same = out.len == want->n && (!want->n || !memcmp(out.data, want->bytes, want->n));
    buf_fini(&out);
    return same;
}

static void tell_reached(struct step *s, int passed)
{
    struct buf token = {0};
    struct buf goal = {0};
    int depth = s->ui ? s->ui->depth : 0;
    step_goal_words(s->setup.challenge, s->trace, &goal);
    if (passed)
        step_say(s, ROLE_GOOD, _("You did it! %s The schedule that shows it is kept."), goal.data);
    else
        step_say(s, ROLE_NOTE,
                 _("Not this time. Go back with ← and take another turn, or i: a hint"));
    schedule_format(s->port.ops->schedule(s->port.ctx), &token);
    if (s->setup.reached)
        s->setup.reached(s->setup.ctx, s->ui, passed, token.data ? token.data : "", s->message);
    if (s->ui && s->ui->depth > depth)
        *s->message = 0; /* a screen of its own says it */
    buf_fini(&token);
    buf_fini(&goal);
}

void step_check_goal(struct step *s)
{
    if (!s->found_run && s->port.ops->finished(s->port.ctx))
        outcome_set_add(&s->seen, s->trace);
    const struct lesson_challenge *ch = s->setup.challenge;
    if (!ch || ch->kind != CHALLENGE_BREAK || s->reached)
        return;
    int finished = s->port.ops->finished(s->port.ctx);
    if (ch->goal_finding >= 0)
        s->reached = has_finding(s, ch->goal_finding);
    else
        s->reached = finished && printed(s, &ch->goal_outcome);
    if (s->reached || finished)
        tell_reached(s, s->reached);
}

/* -------- one step -------- */

/* The target was let run from step `from` with that result: 0, or the error (said already). */
static int after_running(struct step *s, uint32_t from, int rc, const struct err *e)
{
    if (rc == -ERR_BUSY) {
        s->busy = 1;
        step_say(s, ROLE_NOTE, _("the program is on its way …"));
        rc = 0;
    }
    if (rc < 0)
        step_say(s, ROLE_BAD, "%s", e->message[0] ? e->message : err_text(rc));
    step_refresh(s, from);
    return rc;
}

/* Make the choice at the end; 0, or the error (said already). */
static int make_step(struct step *s, uint16_t choice)
{
    struct err e = {0};
    uint32_t from = s->trace->nsteps;
    int rc = s->port.ops->step(s->port.ctx, choice, &e);
    return after_running(s, from, rc, &e);
}

static void say_over(struct step *s)
{
    if (s->port.ops->control)
        step_say(s, ROLE_NOTE,
                 _("the recording ends here: ← goes back, f searches the program under control"));
    else
        step_say(s, ROLE_NOTE,
                 s->setup.challenge || s->setup.text
                     ? _("the run is over: ← goes back, r runs it again, Esc leaves it")
                     : _("the run is over: ← goes back, r runs it again, f finds a bug"));
}

void step_forward(struct step *s)
{
    if (s->port.ops->finished(s->port.ctx)) {
        say_over(s);
        return;
    }
    int choice = s->port.ops->default_choice(s->port.ctx);
    if (choice < 0)
        return;
    make_step(s, (uint16_t)choice);
    step_seek(s, s->trace->nsteps);
    step_check_goal(s);
}

void step_run_on(struct step *s)
{
    struct err e = {0};
    uint32_t before = s->trace->nsteps;
    if (s->port.ops->finished(s->port.ctx)) {
        say_over(s);
        return;
    }
    if (after_running(s, before, s->port.ops->run(s->port.ctx, &e), &e) == 0 && !s->busy &&
        !s->port.ops->finished(s->port.ctx))
        step_say(s, ROLE_NOTE, _("stopped here, as something was found; G goes on"));
    step_seek(s, s->trace->nsteps);
    step_check_goal(s);
}

static int rewind_to(struct step *s, uint32_t step)
{
    struct err e = {0};
    step_keep_undo(s);
    int rc = s->port.ops->rewind(s->port.ctx, step, &e);
    step_refresh(s, step);
    if (rc < 0)
        step_say(s, ROLE_BAD, "%s", e.message);
    return rc;
}

void step_take(struct step *s, uint16_t choice)
{
    int branched = !step_at_end(s);
    uint32_t replaced = s->trace->nsteps - s->cursor;
    if (branched && trace_step(s->trace, s->cursor + 1)->task == choice) {
        step_seek(s, (int64_t)s->cursor + 1); /* that is what happened anyway */
        return;
    }
    if (branched && rewind_to(s, s->cursor) < 0)
        return;
    if (make_step(s, choice) < 0) {
        char why[sizeof s->message];
        memcpy(why, s->message, sizeof why);
        if (branched)
            step_undo_quietly(s);
        step_say(s, ROLE_BAD, "%s", why);
        return;
    }
    step_seek(s, s->trace->nsteps);
    if (branched && !s->busy)
        step_say(s, ROLE_NOTE,
                 ngettext("another turn from here: %u step replaced; u brings it back",
                          "another turn from here: %u steps replaced; u brings them back",
                          replaced),
                 replaced);
    step_check_goal(s);
}

/* -------- who can go -------- */

int step_candidates(struct step *s, struct choice *out, int max)
{
    int n = 0;
    if (step_at_end(s))
        return s->port.ops->choices(s->port.ctx, out, max);
    const struct world *w = step_world(s);
    for (unsigned i = 0; i < w->ntasks && n < max; i++)
        if (world_can_go(&w->tasks[i]))
            out[n++] = (struct choice){
                .choice = (uint16_t)i, .task = (uint16_t)i, .pending = w->tasks[i].pending};
    return n;
}

static void say_why_not(struct step *s, unsigned task)
{
    const struct world *w = step_world(s);
    if (task >= w->ntasks || !w->tasks[task].exists) {
        step_say(s, ROLE_NOTE, _("there is no T%u at this step"), task);
        return;
    }
    struct buf why = {0};
    char who[16];
    task_number(s, task, who, sizeof who);
    explain_blocked(s->trace, s->view, s->cursor, task, s->port.ops->names(s->port.ctx), &why);
    if (why.len)
        step_say(s, ROLE_NOTE, "%s", why.data);
    else
        step_say(s, ROLE_NOTE, _("%s cannot go on: it has ended, or the run is over"), who);
    buf_fini(&why);
}

void step_digit_pick(struct step *s, int digit)
{
    static struct choice choices[MAX_CHOICES];
    int n = step_candidates(s, choices, MAX_CHOICES);
    for (int i = 0; i < n; i++)
        if (choices[i].task == digit) {
            step_take(s, choices[i].choice);
            return;
        }
    say_why_not(s, (unsigned)digit);
}

/* "T1 inc       write counter 0 -> 1": names in a column of their own. */
static void choice_row(const char *who, const char *what, char *out, size_t n)
{
    int gap = 12 - utf8_cols(who, strlen(who));
    snprintf(out, n, "%s%*s %s", who, gap > 0 ? gap : 0, "", what);
}

static void list_choices(struct step *s, const char *title)
{
    static struct choice choices[MAX_CHOICES];
    const struct names *names = s->port.ops->names(s->port.ctx);
    int n = step_candidates(s, choices, MAX_CHOICES);
    const struct world *w = step_world(s);
    if (n && choices[0].is_alternative && (choices[0].is_value || *explain_answer(s->trace, 0)))
        title = explain_question(s->trace, choices[0].is_value);
    list_clear(&s->list, title);
    for (int i = 0; i < n; i++) {
        char who[32], what[64], row[LIST_TEXT];
        task_label(w, choices[i].task, names, who, sizeof who);
        explain_operation(&choices[i].pending, s->trace, names, what, sizeof what);
        const char *answer =
            choices[i].is_alternative ? explain_answer(s->trace, choices[i].task) : "";
        if (choices[i].adverse)
            explain_adverse(w, choices[i].task, &choices[i].pending, row, sizeof row);
        else if (*answer)
            snprintf(row, sizeof row, "%s", answer);
        else if (choices[i].is_value)
            snprintf(row, sizeof row, _("the value %lld"), (long long)choices[i].value);
        else
            choice_row(who, what, row, sizeof row);
        list_add(&s->list, choices[i].task < 10 ? choices[i].task : -1, choices[i].choice, row);
    }
    if (!n) {
        step_say(s, ROLE_NOTE,
                 _("nobody can go on: the run is over; ← goes back, r runs it again"));
        return;
    }
    s->mode = MODE_CHOOSE;
}

static int asks_whom_to_wake(struct step *s)
{
    struct choice one;
    return step_at_end(s) && s->port.ops->choices(s->port.ctx, &one, 1) > 0 && one.is_alternative;
}

void step_choose_open(struct step *s)
{
    list_choices(s, asks_whom_to_wake(s) ? _("Whom does it wake?") : _("Who goes next?"));
}

void step_wake_open(struct step *s)
{
    const struct event *e = trace_step(s->trace, s->cursor);
    if (!asks_whom_to_wake(s)) {
        if (!e || !marks_at(&s->marks, s->cursor, EV_CHOICE)) {
            step_say(s, ROLE_NOTE, _("this step does not choose among waiters"));
            return;
        }
        uint16_t task = e->task;
        if (rewind_to(s, s->cursor - 1) < 0 || make_step(s, task) < 0)
            return;
        step_seek(s, s->trace->nsteps);
    }
    list_choices(s, _("Whom does it wake?"));
}

void step_chosen(struct step *s)
{
    step_take(s, (uint16_t)s->list.rows[s->list.at].value);
}

void step_restart(struct step *s)
{
    s->playing = 0;
    if (rewind_to(s, 0) < 0)
        return;
    step_seek(s, 0);
    step_say(s, ROLE_NOTE, _("from the beginning; u brings the run before back"));
}

/* -------- hints -------- */

void step_hint_next(struct step *s)
{
    const struct lesson_challenge *ch = s->setup.challenge;
    if (!ch) {
        step_say(s, ROLE_NOTE, _("hints are for challenges; f finds a failing schedule"));
        return;
    }
    if (s->hints < CHALLENGE_HINTS) {
        s->hints++;
        step_say(s, ROLE_NOTE, _("hint %d of %d: %s"), s->hints, CHALLENGE_HINTS,
                 ch->hints[s->hints - 1].text ? ch->hints[s->hints - 1].text : "");
        return;
    }
    if (s->hints++ == CHALLENGE_HINTS || !ch->path.nlegs) {
        step_say(s, ROLE_NOTE, "%s",
                 ch->path.nlegs ? _("i once more shows the solution")
                                : _("these were all the hints"));
        return;
    }
    struct err e = {0};
    step_keep_undo(s);
    int rc = s->port.ops->follow(s->port.ctx, &ch->path, &e);
    s->reached = 1; /* shown, not found: it does not count */
    step_refresh(s, 0);
    step_seek(s, 0);
    if (rc < 0)
        step_say(s, ROLE_BAD, "%s", e.message);
    else
        step_say(s, ROLE_NOTE, _("the solution, from its beginning: → steps through it"));
}

/* -------- actions: who goes next -------- */

void act_step_digit(struct step *s, const struct input *in)
{
    step_digit_pick(s, in->key - '0');
}

void act_step_choose(struct step *s, const struct input *in)
{
    (void)in;
    step_choose_open(s);
}

void act_step_wake(struct step *s, const struct input *in)
{
    (void)in;
    step_wake_open(s);
}

void act_step_again(struct step *s, const struct input *in)
{
    (void)in;
    step_restart(s);
}

void act_step_hint(struct step *s, const struct input *in)
{
    (void)in;
    if (s->setup.challenge || !s->setup.text)
        step_hint_next(s);
    else
        s->focus = s->focus == PANEL_GOAL ? PANEL_TIMELINE : PANEL_GOAL;
}
