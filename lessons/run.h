/* Single executions of a program, driven for a purpose. Inside lessons/ only. */
#ifndef LOCKSTEP_RUN_H
#define LOCKSTEP_RUN_H

#include "lesson.h"
#include "session.h"

enum { RUN_TIMEOUT_MS = 5000 };

/* By the plain policy to the end, findings or not. 0 or the session's error. */
int run_to_end(struct session *s, struct err *e);
/* Everything printed on standard output so far. */
void run_output(struct session *s, struct buf *out);
/* The first finding of a kind in the trace, FIND_COUNT: of any kind; NULL if there is none. */
const struct event *run_finding(struct session *s, int kind);
/* The goal of a challenge: its finding is in the trace, or this is what it printed. */
int run_reaches(struct session *s, const struct lesson_challenge *c);
/* How many steps of a kind `task` made; NO_TASK: all tasks. */
size_t run_count(struct session *s, unsigned kind, unsigned task);

/* Start routine of `task` as it is spelled in the source; "" unknown, "main" for T0. */
const char *run_routine(struct session *s, unsigned task);
/* Whether `task` wrote `object` (a variable, or a part of it). */
int run_wrote(struct session *s, unsigned task, const char *object);

/* Drive on so that tasks are created as early and end as late as can be; returns 1 when two tasks
 * that started in one of the n routines were under way at the same time, 0 when not, or the
 * session's error. Under way is who has begun its work (an access to the object that work says of
 * its routine; where there is no such row, any step after its start) and has not ended. So a task
 * that starts only to wait for the end of the other is not under way. */
int run_overlaps(struct session *s, const char *const *routines, size_t n,
                 const struct lesson_work *work, size_t nwork, struct err *e);

/* In the same way to the end: 1 when two tasks that run one of the n routines were in the middle of
 * their work at once, each between its first and its last access to the object of its routine. */
int run_works_at_once(struct session *s, const struct lesson_work *work, size_t n, struct err *e);

/* How often the execution so far slept, gave the processor away, or let a wait time out. */
size_t run_sleeps(struct session *s);

/* Follow the choices of another program's schedule as far as they fit, then go on by the plain
 * policy to the end. *fitted: choices taken; when not all, *why says which did not fit. */
int run_foreign(struct session *s, const struct schedule *schedule, size_t *fitted, struct buf *why,
                struct err *e);

#endif
