/* Saying in words what happened. Pure functions of (trace, step, names). */
#ifndef LOCKSTEP_EXPLAIN_H
#define LOCKSTEP_EXPLAIN_H

#include "names.h"
#include "trace.h"
#include "world.h"

/* "T1"; "P1.T1" when there are several processes at that step. */
void explain_task_number(const struct world *w, unsigned task, char *out, size_t n);
/* The name of a place as the sentences at `step` have it: "counter"; "counter in P1" when there are
 * several processes and it is memory of that one alone. */
void explain_object(const struct trace *t, uint32_t step, const struct names *names, uint64_t addr,
                    uint32_t size, char *out, size_t n);
/* "T1", with the name when it has one: "T1 (inc)". A name set by the program, else that of the
 * start routine. All functions with (out, n) cut to n bytes and NUL-terminate; those with a buf
 * append. */
void explain_task(const struct world *w, unsigned task, const struct names *names, char *out,
                  size_t n);
/* The operation of an event in a few words, for a table cell: "write counter 0 -> 1",
 * "lock m", "wait for T1". Used for steps and for PENDING (what it will do). */
void explain_operation(const struct event *e, const struct trace *t, const struct names *names,
                       char *out, size_t n);
/* One or more sentences (plain text, one paragraph) for step `step`: what happened and, where it
 * matters, why: who owns, who waits for whom and since which step, who woke whom, which earlier
 * access this one conflicts with and why nothing orders them, which update was lost. */
void explain_step(const struct trace *t, struct world_view *v, uint32_t step,
                  const struct names *names, struct buf *out);
/* Why `task` cannot go on at `step`; empty when it can. */
void explain_blocked(const struct trace *t, struct world_view *v, uint32_t step, unsigned task,
                     const struct names *names, struct buf *out);
/* The sentence of a FINDING event of *t (a learner understands it; names tasks, places, lines).
 * Folds the whole trace: not for every frame. */
void explain_finding(const struct trace *t, const struct event *finding, const struct names *names,
                     struct buf *out);
/* What the last step asks when it leaves a choice: "Who is woken?". */
const char *explain_question(const struct trace *t, int of_values);
/* Its `number`-th answer in words where it is neither a task nor a value; "" otherwise. */
const char *explain_answer(const struct trace *t, unsigned number);
/* The choice of a task that can go on by an adverse event only: "T1 wakes up without a signal",
 * "P1 is killed". pending: what it stands before. */
void explain_adverse(const struct world *w, unsigned task, const struct event *pending, char *out,
                     size_t n);
/* "SIGTERM"; scratch holds what is no constant. */
const char *explain_signal(uint64_t number, char scratch[32]);
/* How the execution ended, from the FINISHED event: "ends with status 0". */
void explain_finish(const struct event *finished, char *out, size_t n);
/* Line of --plain, without newline: `step  task  process  file:line  operation  detail` in columns
 * of at least 4, 4, 3, 18 and 15 characters, two spaces between them, so that words stand under
 * each other and `grep` and `awk` find them: "   8  T1    P0   counter.c:10        write counter 0
 * -> 1". operation is the word of event.def; "-" where the place is unknown; detail may be empty
 * and goes on with what the step set off, each after "; " ("m; T2 ready"). Step 0 has no line. */
void explain_plain_line(const struct trace *t, struct world_view *v, uint32_t step,
                        const struct names *names, struct buf *out);
/* Object of --json for one step, without newline; step 0 has none. Keys, always all of them and in
 * this order, but for "text", which is there when the event has one:
 *   "step" number · "task" "T1" · "name" of the task, may be "" · "process" "P0" · "pid"
 *   as the program sees it, number ·
 *   "file" "" if unknown, "line" 0 if unknown, "function" "" if unknown ·
 *   "operation" word of event.def · "detail" as in the plain line · then the raw values:
 *   "object" spelled place at addr or null · "other" task or null · "addr" "addr2" "pc" "a" "b"
 *   hexadecimal strings (64 bits do not fit a JSON number) · "size" "result" "ref" "flags" numbers
 * · "text" string · "then": what the step set off, in order: objects with "operation", "task",
 * "process", "detail" and the raw values. Their meaning by operation is in event.def. */
void explain_json_line(const struct trace *t, struct world_view *v, uint32_t step,
                       const struct names *names, struct buf *out);

#endif
