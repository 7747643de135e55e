/* What a break challenge asks, in one line: what must be shown, how many switches the best needs,
 * how many this run has. */
#ifndef LOCKSTEP_STEP_GOAL_H
#define LOCKSTEP_STEP_GOAL_H

#include "lesson.h"
#include "trace.h"

/* Appended. c is a break challenge; t the run so far. */
void step_goal_words(const struct lesson_challenge *c, const struct trace *t, struct buf *out);

#endif
