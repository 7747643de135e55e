/* The trace: the list of events of one execution, with their texts. The single source of truth;
 * every view is a pure function of (program text, trace, n). Not thread-safe; allocates. */
#ifndef LOCKSTEP_TRACE_H
#define LOCKSTEP_TRACE_H

#include "base.h"
#include "event.h"

struct trace {
    struct event *events; /* nevents of them; owned */
    size_t nevents, cap_events;
    size_t *step_start; /* step_start[s], s in 0..nsteps: index of the first event of step s */
    uint32_t nsteps;    /* number of the last step; 0 when only events before step 1 are there */
    size_t cap_steps;
    struct buf text; /* the text pool events point into */
    size_t *outputs; /* indices of the OUTPUT events */
    size_t noutputs, cap_outputs;
    size_t *cuts; /* log of truncations: nevents after each, so that views know what is stale */
    size_t ncuts, cap_cuts;
    uint16_t process_of[MAX_TASKS]; /* of each task met so far; kept when truncated: a later event
                                       of that task tells it anew */
    uint16_t copy_of[MAX_TASKS];    /* 1 + the task whose fork made it, 0 none; kept likewise */
    uint32_t forked;                /* 1 + the step of the first event of a second process, or 0 */
};

void trace_init(struct trace *t);
void trace_fini(struct trace *t);
/* Forget all events; keeps the memory. */
void trace_clear(struct trace *t);
/* Append a copy of *e; its text is set anew: ntext > 0 copies that many bytes of `text` into the
 * pool (text may be NULL only when ntext is 0). A step kind must carry step nsteps + 1 and a task
 * below MAX_TASKS; any other kind step nsteps and a task below MAX_TASKS or NO_TASK; `other` is
 * below MAX_TASKS or NO_TASK, `process` below MAX_PROCESSES. -ERR_DATA otherwise; -ERR_LIMIT when
 * the pool is full (4 GiB); on error *t is unchanged. */
int trace_append(struct trace *t, const struct event *e, const char *text);
/* Forget every step after `step`. */
void trace_truncate(struct trace *t, uint32_t step);
/* The step event of `step` (1..nsteps); NULL for any other number. Borrowed until the next append,
 * as all events. */
const struct event *trace_step(const struct trace *t, uint32_t step);
/* Index one past the last event of `step`; nevents for steps past the last. */
size_t trace_step_end(const struct trace *t, uint32_t step);
/* The text of an event of *t; not NUL-terminated, e->ntext bytes; never NULL. */
const char *trace_text(const struct trace *t, const struct event *e);
/* Whether there is more than one process at `step`: then tasks and places are told apart by it. */
int trace_is_forked(const struct trace *t, uint32_t step);
/* Index of the process of a task; 0 when it was not met. */
unsigned trace_process(const struct trace *t, unsigned task);
/* The task that this one began as the copy of, NO_TASK if it was not forked. */
unsigned trace_copy_of(const struct trace *t, unsigned task);
/* The last event of `kind` at or before step, or NULL. */
const struct event *trace_find_back(const struct trace *t, uint32_t step, unsigned kind);

#endif
