/* Stepping in plain mode: moving through a run, and on at its end. */
#include "plain_talk.h"

#include "path.h"
#include "switches.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { SLICE_STEPS = 4096, SLICE_MS = 100, LEG_MS = 5000, LOOK_STEPS = 100000 };

/* On by the plain policy, at most n steps (n < 0: to the end), telling nothing. 0, or
 * -1: it was said why. */
static int run_on(struct talk *t, long n)
{
    struct err e = {0};
    struct session *s = t->p->session;
    const struct trace *trace = talk_trace(t);
    int r = 0;
    uint32_t begin = trace->nsteps;
    while (r == 0 && !session_finished(s) && !signal_caught()) {
        uint32_t before = trace->nsteps;
        long want = n < 0 ? SLICE_STEPS : n - (long)(before - begin);
        want = want < SLICE_STEPS ? want : SLICE_STEPS;
        r = session_run(s, want, SLICE_MS, &e);
        while (r == -ERR_BUSY)
            r = session_wait(s, SLICE_MS, &e);
        if (trace->nsteps == before || n == (long)(trace->nsteps - begin))
            break; /* it does not go on, or there are as many as were asked for */
    }
    talk_stand(t, trace->nsteps);
    if (r < 0)
        plain_say("%s", e.message);
    talk_stopped();
    return r < 0 ? -1 : 0;
}

static enum talk_answer say_over(void)
{
    plain_say(_("The run is over: b goes back, a begins again, f looks for a bug, q leaves it."));
    return ANSWER_STAY;
}

enum talk_answer talk_forward(struct talk *t, long n)
{
    uint32_t from = t->at, last = talk_trace(t)->nsteps;
    if (talk_at_end(t) && session_finished(t->p->session))
        return say_over();
    long recorded = last - from;
    if (n <= recorded) {
        talk_stand(t, from + (uint32_t)n);
    } else {
        t->at = last;
        run_on(t, n - recorded);
    }
    talk_tell(t, from + 1, t->at);
    return ANSWER_ON;
}

/* Look at another step: tell it, and where that is. */
static enum talk_answer look_at(struct talk *t, uint32_t step)
{
    talk_stand(t, step);
    return talk_step_repeat(t, "");
}

enum talk_answer talk_step_repeat(void *ctx, const char *rest)
{
    struct talk *t = ctx;
    struct buf out = {0};
    (void)rest;
    if (t->at == 0)
        plain_say(_("At the beginning: nothing has happened yet."));
    talk_spell_step(t, t->at, &out);
    talk_put(&out);
    t->summed = UINT32_MAX;
    return ANSWER_ON;
}

/* -------- to the next step of … -------- */

enum target_kind { TARGET_TASK, TARGET_OBJECT, TARGET_SWITCH, TARGET_FINDING, TARGET_WORDS };
struct target {
    enum target_kind kind;
    unsigned task;
    uint64_t addr;
    const char *words;
};

static int has_finding(const struct trace *trace, uint32_t step)
{
    for (size_t i = trace->step_start[step]; i < trace_step_end(trace, step); i++)
        if (trace->events[i].kind == EV_FINDING)
            return 1;
    return 0;
}

static int has_words(struct talk *t, uint32_t step, const char *words)
{
    struct buf line = {0};
    explain_plain_line(talk_trace(t), t->p->view, step, talk_names(t), &line);
    buf_puts(&line, " ");
    explain_step(talk_trace(t), t->p->view, step, talk_names(t), &line);
    int found = strcasestr(line.data, words) != NULL;
    buf_fini(&line);
    return found;
}

static int is_target(struct talk *t, uint32_t step, const struct target *x)
{
    const struct event *e = trace_step(talk_trace(t), step);
    switch (x->kind) {
    case TARGET_TASK:
        return e->task == x->task;
    case TARGET_OBJECT:
        return e->addr == x->addr || (e->addr2 && e->addr2 == x->addr);
    case TARGET_SWITCH:
        return switch_at(t->p->view, step);
    case TARGET_FINDING:
        return has_finding(talk_trace(t), step);
    case TARGET_WORDS:
        return has_words(t, step, x->words);
    }
    return 0;
}

/* What follows `next` when it is no number. 0, or -1 and it was said. */
static int parse_target(struct talk *t, const char *what, struct target *x)
{
    long task = tolower((unsigned char)*what) == 't' ? talk_number(what + 1) : -1;
    *x = (struct target){.kind = TARGET_TASK, .task = (unsigned)task};
    if (task >= 0 && task < MAX_TASKS) /* it may be created later */
        return 0;
    const struct event *here = trace_step(talk_trace(t), t->at);
    if (strcasecmp(what, "task") == 0 && here) {
        x->task = here->task;
        return 0;
    }
    if (strcasecmp(what, "object") == 0 && here && here->addr) {
        *x = (struct target){.kind = TARGET_OBJECT, .addr = here->addr};
        return 0;
    }
    if (strcasecmp(what, "switch") == 0) {
        x->kind = TARGET_SWITCH;
        return 0;
    }
    if (strcasecmp(what, "finding") == 0) {
        x->kind = TARGET_FINDING;
        return 0;
    }
    x->kind = TARGET_OBJECT;
    x->addr = talk_object_of(t, what);
    if (x->addr)
        return 0;
    plain_say(_("'%.60s' is no number of steps, no task such as T1, no variable or object of this "
                "run, and none of task, object (those of this step), switch, finding."),
              what);
    return -1;
}

/* The nearest step that is meant, among those that have been made; 0 none. */
static uint32_t nearest(struct talk *t, const struct target *x, int by)
{
    const struct trace *trace = talk_trace(t);
    for (int64_t step = (int64_t)t->at + by; step >= 1 && step <= trace->nsteps; step += by) {
        if (signal_caught())
            return 0;
        if (is_target(t, (uint32_t)step, x))
            return (uint32_t)step;
    }
    return 0;
}

/* Not in the run so far: on until it comes. */
static enum talk_answer run_until(struct talk *t, const struct target *x)
{
    uint32_t from = t->at;
    t->at = talk_trace(t)->nsteps;
    for (int i = 0; i < LOOK_STEPS && !session_finished(t->p->session) && !signal_caught(); i++) {
        if (run_on(t, 1) < 0)
            break;
        if (is_target(t, t->at, x))
            break;
    }
    talk_tell(t, from + 1, t->at);
    if (t->at == from || !is_target(t, t->at, x))
        plain_say(_("No such step came."));
    return ANSWER_ON;
}

static enum talk_answer to_target(struct talk *t, const struct target *x, int by)
{
    uint32_t step = nearest(t, x, by);
    if (talk_stopped())
        return ANSWER_STAY;
    if (step)
        return look_at(t, step);
    if (by > 0 && !session_finished(t->p->session))
        return run_until(t, x);
    plain_say(by > 0 ? _("No such step comes after this one.")
                     : _("No such step before this one."));
    return ANSWER_STAY;
}

enum talk_answer talk_step_next(void *ctx, const char *rest)
{
    struct talk *t = ctx;
    struct target x;
    long n = *rest ? talk_number(rest) : 1;
    if (n > 0)
        return talk_forward(t, n);
    return n == 0 || parse_target(t, rest, &x) < 0 ? ANSWER_STAY : to_target(t, &x, 1);
}

enum talk_answer talk_step_back(void *ctx, const char *rest)
{
    struct talk *t = ctx;
    struct target x;
    long n = *rest ? talk_number(rest) : 1;
    if (t->at == 0) {
        plain_say(_("This is the beginning."));
        return ANSWER_STAY;
    }
    if (n >= 0)
        return look_at(t, n < (long)t->at ? t->at - (uint32_t)n : 0);
    return parse_target(t, rest, &x) < 0 ? ANSWER_STAY : to_target(t, &x, -1);
}

enum talk_answer talk_step_goto(void *ctx, const char *rest)
{
    struct talk *t = ctx;
    long n = talk_number(rest);
    if (n < 0) {
        plain_say(_("goto takes the number of a step, such as goto 5."));
        return ANSWER_STAY;
    }
    if (n <= talk_trace(t)->nsteps)
        return look_at(t, (uint32_t)n);
    return talk_forward(t, n - (long)t->at);
}

enum talk_answer talk_step_end(void *ctx, const char *rest)
{
    struct talk *t = ctx;
    uint32_t from = t->at;
    (void)rest;
    if (talk_at_end(t) && session_finished(t->p->session))
        return say_over();
    t->at = talk_trace(t)->nsteps;
    run_on(t, -1);
    talk_tell(t, from + 1, t->at);
    if (!session_finished(t->p->session))
        plain_say(_("Stopped here, before the end; e goes on."));
    return ANSWER_ON;
}

enum talk_answer talk_step_search(void *ctx, const char *rest)
{
    struct talk *t = ctx;
    if (*rest)
        snprintf(t->needle, sizeof t->needle, "%s", rest);
    if (!*t->needle) {
        plain_say(_("search takes words, such as search write counter."));
        return ANSWER_STAY;
    }
    struct target x = {.kind = TARGET_WORDS, .words = t->needle};
    uint32_t step = nearest(t, &x, 1), at = t->at;
    if (!step && !talk_stopped()) {
        t->at = 0;
        step = nearest(t, &x, 1);
        t->at = at;
        if (step)
            plain_say(_("From the beginning:"));
    }
    if (step)
        return look_at(t, step);
    plain_say(_("'%s' stands in no step of this run."), t->needle);
    return ANSWER_STAY;
}

enum talk_answer talk_step_until(void *ctx, const char *rest)
{
    struct talk *t = ctx;
    struct pool memory = {0};
    struct lesson_path path;
    struct err e = {0};
    uint32_t from = t->at;
    if (!*rest || path_parse(&memory, &path, rest, &e) < 0) {
        if (*rest)
            plain_say("%s", e.message);
        plain_say(_("until takes a path, such as T1 @9, or T0 *, T1 3."));
    } else if (talk_at_end(t) || talk_cut(t, t->at) == 0) {
        if (path_follow(t->p->session, &path, LEG_MS, &e) < 0)
            plain_say("%s", e.message);
        talk_stand(t, talk_trace(t)->nsteps);
        if (t->at == from)
            plain_say(_("That took no step."));
        talk_tell(t, from + 1, t->at);
        talk_stopped();
        pool_fini(&memory);
        return ANSWER_ON;
    }
    pool_fini(&memory);
    return ANSWER_STAY;
}
