#include "trace.h"

#include <stdlib.h>
#include <string.h>

/* Grow an array of `size`-byte elements to hold at least `need`. */
static void *grow(void *p, size_t *cap, size_t need, size_t size)
{
    if (need <= *cap)
        return p;
    size_t n = *cap ? *cap : 16;
    while (n < need)
        n *= 2;
    *cap = n;
    return xrealloc(p, n, size);
}

static void set_step_start(struct trace *t, uint32_t step, size_t index)
{
    t->step_start = grow(t->step_start, &t->cap_steps, (size_t)step + 1, sizeof *t->step_start);
    t->step_start[step] = index;
}

/* Remember that everything from event t->nevents on was dropped. */
static void log_cut(struct trace *t)
{
    t->cuts = grow(t->cuts, &t->cap_cuts, t->ncuts + 1, sizeof *t->cuts);
    t->cuts[t->ncuts++] = t->nevents;
}

void trace_init(struct trace *t)
{
    *t = (struct trace){0};
    set_step_start(t, 0, 0);
}

void trace_fini(struct trace *t)
{
    free(t->events);
    free(t->step_start);
    free(t->outputs);
    free(t->cuts);
    buf_fini(&t->text);
    *t = (struct trace){0};
}

void trace_clear(struct trace *t)
{
    t->nevents = 0;
    t->nsteps = 0;
    t->noutputs = 0;
    t->text.len = 0;
    t->forked = 0;
    memset(t->process_of, 0, sizeof t->process_of);
    memset(t->copy_of, 0, sizeof t->copy_of);
    set_step_start(t, 0, 0);
    log_cut(t);
}

static int task_is_valid(unsigned task, int may_be_none)
{
    return task < MAX_TASKS || (may_be_none && task == NO_TASK);
}

static int event_fits(const struct trace *t, const struct event *e)
{
    int step = event_is_step(e->kind);
    if (e->kind == EV_NONE || e->kind >= EV_COUNT)
        return 0;
    if (e->step != t->nsteps + (step ? 1u : 0u) || (step && e->step == 0))
        return 0;
    return task_is_valid(e->task, !step) && task_is_valid(e->other, 1) &&
           e->process < MAX_PROCESSES;
}

static void note_process(struct trace *t, const struct event *e)
{
    if (e->task >= MAX_TASKS)
        return;
    t->process_of[e->task] = e->process;
    if (e->kind == EV_CREATE && e->other < MAX_TASKS && e->result == 0)
        t->process_of[e->other] = e->process;
    t->copy_of[e->task] = e->kind == EV_PROCESS && e->other < MAX_TASKS ? (uint16_t)(e->other + 1)
                                                                        : t->copy_of[e->task];
    if (e->process > 0 && !t->forked)
        t->forked = e->step + 1;
}

int trace_append(struct trace *t, const struct event *e, const char *text)
{
    if (!event_fits(t, e) || (e->ntext && !text))
        return -ERR_DATA;
    if (t->text.len + e->ntext > UINT32_MAX)
        return -ERR_LIMIT;
    t->events = grow(t->events, &t->cap_events, t->nevents + 1, sizeof *t->events);
    struct event *copy = &t->events[t->nevents];
    *copy = *e;
    copy->text = e->ntext ? (uint32_t)t->text.len : 0;
    if (e->ntext)
        buf_add(&t->text, text, e->ntext);
    if (!t->step_start)
        set_step_start(t, 0, 0);
    if (event_is_step(e->kind)) {
        set_step_start(t, e->step, t->nevents);
        t->nsteps = e->step;
    }
    if (e->kind == EV_OUTPUT || e->kind == EV_FREE_OUTPUT) {
        t->outputs = grow(t->outputs, &t->cap_outputs, t->noutputs + 1, sizeof *t->outputs);
        t->outputs[t->noutputs++] = t->nevents;
    }
    note_process(t, copy);
    t->nevents++;
    return 0;
}

void trace_truncate(struct trace *t, uint32_t step)
{
    if (step >= t->nsteps)
        return;
    t->nevents = trace_step_end(t, step);
    t->nsteps = step;
    while (t->noutputs && t->outputs[t->noutputs - 1] >= t->nevents)
        t->noutputs--;
    size_t len = 0; /* texts were appended in order: the last kept one ends the pool */
    for (size_t i = t->nevents; i-- > 0;) {
        const struct event *e = &t->events[i];
        if (e->ntext) {
            len = (size_t)e->text + e->ntext;
            break;
        }
    }
    t->text.len = len;
    if (t->forked > step + 1)
        t->forked = 0;
    log_cut(t);
}

int trace_is_forked(const struct trace *t, uint32_t step)
{
    return t->forked && t->forked <= step + 1;
}

unsigned trace_process(const struct trace *t, unsigned task)
{
    return task < MAX_TASKS ? t->process_of[task] : 0;
}

unsigned trace_copy_of(const struct trace *t, unsigned task)
{
    return task < MAX_TASKS && t->copy_of[task] ? t->copy_of[task] - 1u : NO_TASK;
}

const struct event *trace_step(const struct trace *t, uint32_t step)
{
    return step >= 1 && step <= t->nsteps ? &t->events[t->step_start[step]] : NULL;
}

size_t trace_step_end(const struct trace *t, uint32_t step)
{
    return step < t->nsteps ? t->step_start[step + 1] : t->nevents;
}

const char *trace_text(const struct trace *t, const struct event *e)
{
    return e->ntext && t->text.data ? t->text.data + e->text : "";
}

const struct event *trace_find_back(const struct trace *t, uint32_t step, unsigned kind)
{
    for (size_t i = trace_step_end(t, step); i-- > 0;)
        if (t->events[i].kind == kind)
            return &t->events[i];
    return NULL;
}
