/* The screen of a fix challenge: the learner's own copy of the program, edited with any editor,
 * compiled and searched as soon as it is saved. */
#ifndef LOCKSTEP_FIX_SCREEN_H
#define LOCKSTEP_FIX_SCREEN_H

#include "lesson.h"
#include "schedule.h"
#include "ui.h"

/* What the lesson is told: it was solved. */
typedef void fix_solved_fn(void *ctx);

/* On top. l and c are borrowed, and *hints, how many were shown: CHALLENGE_HINTS + 1 after the
 * solution was, and then an answer does not count. -ERR_* when there can be no copy of the program
 * (then nothing is pushed). */
int fix_push(struct ui *ui, const struct lesson *l, const struct lesson_challenge *c, int *hints,
             fix_solved_fn *solved, void *ctx, struct err *e);

/* The schedules by which the learner broke the program of c before, to schedule_fini; how many. A
 * store of NULL has none. */
enum { FIX_OWN = 3 };
size_t fix_own_schedules(struct store *s, const struct lesson *l, const struct lesson_challenge *c,
                         struct schedule out[FIX_OWN]);

#endif
