/* Saying in words what happened. Pure functions of (trace, step, names). */
#ifndef LOCKSTEP_EXPLAIN_H
#define LOCKSTEP_EXPLAIN_H

#include "names.h"
#include "trace.h"
#include "world.h"

/* "T1", with the name when it has one: "T1 (inc)". */
void explain_task(const struct world *w, unsigned task, const struct names *names, char *out, size_t n);
/* The operation of an event in a few words, for a table cell: "write counter 0 -> 1",
 * "lock m", "wait for T1". Used for steps and for PENDING (what it will do). */
void explain_operation(const struct event *e, const struct trace *t, const struct names *names, char *out, size_t n);
/* One or more sentences for step `step`: what happened and, where it matters, why: who owns, who
 * waits for whom and since which step, who woke whom, which earlier access this one conflicts
 * with and why nothing orders them, which update was lost. */
void explain_step(const struct trace *t, struct world_view *v, uint32_t step, const struct names *names, struct buf *out);
/* Why `task` cannot go on at `step`; empty when it can. */
void explain_blocked(const struct trace *t, struct world_view *v, uint32_t step, unsigned task, const struct names *names, struct buf *out);
/* The sentence of a FINDING event (a learner understands it; names tasks, places, lines). */
void explain_finding(const struct trace *t, const struct event *finding, const struct names *names, struct buf *out);
/* How the execution ended, from the FINISHED event: "ends with status 0". */
void explain_finish(const struct event *finished, char *out, size_t n);
/* Line of --plain: `step  task  process  file:line  operation  detail`, without newline. */
void explain_plain_line(const struct trace *t, struct world_view *v, uint32_t step, const struct names *names, struct buf *out);
/* Object of --json for one step: same fields and the values, without newline. */
void explain_json_line(const struct trace *t, struct world_view *v, uint32_t step, const struct names *names, struct buf *out);

#endif
