/* The stepping conversation of plain mode: telling, and the loop that asks. */
#include "plain_talk.h"

#include "switches.h"

#include <ctype.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { TOLD_AT_ONCE = 60, TOLD_OF_MANY = 20 };

/* -------- where we stand -------- */

const struct trace *talk_trace(const struct talk *t)
{
    return session_trace(t->p->session);
}

const struct names *talk_names(const struct talk *t)
{
    return session_names(t->p->session);
}

const struct world *talk_world(struct talk *t)
{
    return world_at(t->p->view, t->at);
}

int talk_at_end(const struct talk *t)
{
    return t->at >= talk_trace(t)->nsteps;
}

void talk_stand(struct talk *t, uint32_t step)
{
    uint32_t last = talk_trace(t)->nsteps;
    t->at = step < last ? step : last;
    t->p->told = last;
    t->moved = 1;
}

/* -------- spelling -------- */

void talk_task(struct talk *t, unsigned task, char *out, size_t n)
{
    explain_task(talk_world(t), task, talk_names(t), out, n);
}

void talk_place(struct talk *t, const struct event *e, char *out, size_t n)
{
    struct place place = {"", "", 0};
    if (e->pc)
        talk_names(t)->place(talk_names(t)->ctx, e->kind == EV_START ? e->pc : e->pc - 1, &place);
    *out = '\0';
    if (place.line && t->p->program->nsources == 1)
        snprintf(out, n, _(", line %d"), place.line);
    else if (place.line)
        snprintf(out, n, ", %s:%d", place.file, place.line);
}

/* "Step 5, line 9 (a switch from T1)" */
static void step_head(struct talk *t, uint32_t step, const struct event *e, struct buf *out)
{
    char place[200];
    talk_place(t, e, place, sizeof place);
    const struct event *last = trace_step(talk_trace(t), step - 1);
    if (switch_at(t->p->view, step))
        buf_printf(out, _("Step %u%s, a switch from T%u: "), step, place, last->task);
    else
        buf_printf(out, _("Step %u%s: "), step, place);
}

/* The same kind at the same place was told already: one race shows at several accesses. */
static int is_repeated(const struct trace *t, size_t index)
{
    const struct event *f = &t->events[index];
    for (size_t i = 0; i < index; i++)
        if (t->events[i].kind == EV_FINDING && t->events[i].a == f->a &&
            t->events[i].addr == f->addr)
            return 1;
    return 0;
}

/* What was found; the sentences of the step (`told`) mostly tell it already. */
static void spell_finding(struct talk *t, const struct event *f, const char *told, struct buf *out)
{
    struct buf line = {0}, sentence = {0};
    explain_finding(talk_trace(t), f, talk_names(t), &sentence);
    int is_race = f->a == FIND_DATA_RACE; /* told the other way round */
    int is_told = is_race || (sentence.len && strstr(told, sentence.data));
    buf_printf(&line, _("Found here: %s."), finding_name((unsigned)f->a));
    if (!is_told && sentence.len)
        buf_printf(&line, " %s", sentence.data);
    plain_wrap(out, line.data, NULL, 0);
    buf_fini(&sentence);
    buf_fini(&line);
}

void talk_spell_step(struct talk *t, uint32_t step, struct buf *out)
{
    const struct trace *trace = talk_trace(t);
    const struct event *e = trace_step(trace, step);
    if (!e)
        return;
    struct buf line = {0};
    step_head(t, step, e, &line);
    explain_step(trace, t->p->view, step, talk_names(t), &line);
    plain_wrap(out, line.data, NULL, 0);
    for (size_t i = trace->step_start[step]; i < trace_step_end(trace, step); i++)
        if (trace->events[i].kind == EV_FINDING && !is_repeated(trace, i))
            spell_finding(t, &trace->events[i], line.data, out);
    buf_fini(&line);
}

void talk_put(struct buf *out)
{
    out_buf(out);
    buf_fini(out);
}

void talk_tell(struct talk *t, uint32_t first, uint32_t last)
{
    struct buf out = {0};
    if (last > first && last - first >= TOLD_AT_ONCE) {
        plain_say(_("Steps %u to %u are not told; steps tells them."), first, last - TOLD_OF_MANY);
        first = last - TOLD_OF_MANY + 1;
    }
    for (uint32_t step = first ? first : 1; step <= last; step++) {
        talk_spell_step(t, step, &out);
        if (out_buf(&out) < 0)
            break;
    }
    buf_fini(&out);
}

int talk_stopped(void)
{
    if (signal_caught() != SIGINT)
        return 0;
    signal_forget();
    plain_say(_("Stopped."));
    return 1;
}

/* -------- reading what was typed -------- */

long talk_number(const char *s)
{
    char *end;
    if (!isdigit((unsigned char)*s))
        return -1;
    unsigned long n = strtoul(s, &end, 10);
    return *end || n > 100000000 ? -1 : (long)n;
}

int talk_range(const char *s, uint32_t *first, uint32_t *last)
{
    char *end;
    if (!*s)
        return 0;
    unsigned long a = strtoul(s, &end, 10), b = a;
    if (end == s || *s == '-')
        return -1;
    s = end + strspn(end, " \t");
    if (*s) {
        b = strtoul(s, &end, 10);
        if (end == s || *end || *s == '-')
            return -1;
    }
    *first = a > UINT32_MAX ? UINT32_MAX : (uint32_t)a;
    *last = b > UINT32_MAX ? UINT32_MAX : (uint32_t)b;
    return 0;
}

int talk_task_of(struct talk *t, const char *s)
{
    long n = tolower((unsigned char)*s) == 't' ? talk_number(s + 1) : -1;
    const struct world *w = world_at(t->p->view, talk_trace(t)->nsteps);
    return n >= 0 && n < w->ntasks && w->tasks[n].exists ? (int)n : -1;
}

uint64_t talk_object_of(struct talk *t, const char *name)
{
    const struct trace *trace = talk_trace(t);
    const struct world *w = world_at(t->p->view, trace->nsteps);
    for (unsigned i = 0; i < w->nobjects; i++) {
        char spelled[200];
        explain_object(trace, trace->nsteps, talk_names(t), w->objects[i].addr, w->objects[i].size,
                       spelled, sizeof spelled);
        if (strcmp(spelled, name) == 0)
            return w->objects[i].addr;
    }
    return 0;
}

/* -------- the end -------- */

static void list_findings(const struct trace *t, struct buf *out)
{
    for (size_t i = 0; i < t->nevents; i++) {
        const struct event *f = &t->events[i];
        if (f->kind != EV_FINDING || is_repeated(t, i))
            continue;
        char *line = xasprintf(_("Found in this run: %s, at step %u."),
                               finding_name((unsigned)f->a), f->step);
        plain_wrap(out, line, NULL, 0);
        free(line);
    }
}

static void tell_end(struct talk *t)
{
    const struct trace *trace = talk_trace(t);
    outcome_set_add(&t->seen, trace);
    const struct event *end = trace_find_back(trace, trace->nsteps, EV_FINISHED);
    char how[200] = "";
    struct buf out = {0}, text = {0}, shown = {0};
    if (end)
        explain_finish(end, how, sizeof how);
    char *line = xasprintf(_("The end: the program %s, after %u steps."), how, trace->nsteps);
    plain_wrap(&out, line, NULL, 0);
    free(line);
    world_output(trace, trace->nsteps, 0, &text);
    buf_visible(&shown, text.data ? text.data : "", text.len < 2000 ? text.len : 2000);
    line = text.len ? xasprintf(_("Its output: \"%s\"."), shown.data)
                    : xstrdup(_("It printed nothing."));
    plain_wrap(&out, line, NULL, 0);
    free(line);
    list_findings(trace, &out);
    buf_fini(&text);
    buf_fini(&shown);
    talk_put(&out);
}

/* -------- the loop -------- */

static enum talk_answer answer_to(struct talk *t, const char *line)
{
    line += strspn(line, " \t");
    if (!*line)
        return talk_forward(t, 1);
    if (isdigit((unsigned char)*line))
        return talk_pick(t, line);
    return talk_run(TALK_STEP, t, line);
}

/* Where we are now: the end, once, or who could go on. 1: the goal was reached. */
static int tell_where(struct talk *t, int choices)
{
    uint32_t last = talk_trace(t)->nsteps;
    int over = session_finished(t->p->session) && talk_at_end(t);
    if (over && t->summed != last)
        tell_end(t);
    t->summed = over ? last : UINT32_MAX;
    if (t->setup->reached && t->moved && t->setup->reached(t->setup->ctx, t->p))
        return 1;
    if (choices && !over && (!t->brief || talk_is_question(t)))
        talk_say_choices(t);
    return 0;
}

static void talk_fini(struct talk *t)
{
    talk_forget_before(t);
    trace_fini(&t->before);
    if (t->has_found)
        explore_result_fini(&t->found);
    outcome_set_fini(&t->seen);
}

/* Asks until the conversation ends: ANSWER_BACK or ANSWER_EXIT. */
static enum talk_answer converse(struct talk *t)
{
    enum talk_answer answer = ANSWER_ON;
    char *line = NULL;
    size_t cap = 0;
    while (answer == ANSWER_ON || answer == ANSWER_STAY) {
        struct buf prompt = {0};
        if (tell_where(t, answer == ANSWER_ON)) {
            answer = ANSWER_BACK;
            break;
        }
        t->moved = 0;
        talk_prompt(t, &prompt);
        int asked = plain_ask(prompt.data, &line, &cap);
        buf_fini(&prompt);
        if (!asked)
            answer = ANSWER_EXIT;
        else
            answer = answer_to(t, line);
    }
    free(line);
    return answer;
}

/* -------- in few words -------- */

static const char brief_key[] = "plain.brief"; /* of the store */

static int is_brief(const struct talk *t)
{
    char *value = NULL;
    int brief = t->setup->store && store_setting_get(t->setup->store, brief_key, &value, NULL) > 0;
    free(value);
    return brief;
}

enum talk_answer talk_step_brief(void *ctx, const char *rest)
{
    struct talk *t = ctx;
    struct err e = {0};
    (void)rest;
    t->brief = !t->brief;
    if (t->setup->store)
        reading_saved(store_setting_set(t->setup->store, brief_key, t->brief ? "yes" : NULL, &e),
                      &e);
    plain_say(t->brief ? _("In few words: tasks tells who could go next.")
                       : _("In full: who could go next is told at every step."));
    return ANSWER_STAY;
}

int plain_show(struct plain *p, struct err *e)
{
    static const struct talk_setup nothing;
    struct talk t = {.p = p, .setup = &nothing};
    trace_init(&t.before);
    p->muted = 1;
    int r = plain_finish(p, e);
    talk_stand(&t, talk_trace(&t)->nsteps);
    talk_tell(&t, 1, t.at);
    if (r == 0)
        tell_end(&t);
    talk_fini(&t);
    return r;
}

int plain_converse(struct plain *p, const struct talk_setup *setup, struct err *e)
{
    static const struct talk_setup nothing;
    struct talk t = {.p = p, .setup = setup ? setup : &nothing, .summed = UINT32_MAX, .moved = 1};
    trace_init(&t.before);
    t.brief = is_brief(&t);
    t.at = p->told = session_trace(p->session)->nsteps;
    p->muted = 1; /* the steps are told here, in sentences */
    if (t.at)
        talk_tell(&t, 1, t.at);
    else
        plain_say(_("At the beginning: nothing has happened yet. ? lists what you can answer."));
    enum talk_answer answer = converse(&t);
    talk_fini(&t);
    if (out_flush() < 0)
        return err_set(e, ERR_WRITE, _("standard output cannot be written"));
    if (signal_caught())
        return err_set(e, ERR_INTERRUPTED, _("interrupted"));
    return answer == ANSWER_EXIT;
}
