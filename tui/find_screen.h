/* The screen of a find challenge: a run that ended badly, step by step; the learner marks the step
 * that decided it and the switches that were needed. */
#ifndef LOCKSTEP_FIND_SCREEN_H
#define LOCKSTEP_FIND_SCREEN_H

#include "lesson.h"
#include "ui.h"

/* On top. l and c are borrowed, and *hints, how many were shown: CHALLENGE_HINTS + 1 after the
 * solution was, and then it does not count. solved(ctx) is called when it was found. */
void find_push(struct ui *ui, const struct lesson *l, const struct lesson_challenge *c, int *hints,
               void (*solved)(void *ctx), void *ctx);

#endif
