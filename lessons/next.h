/* Which lesson comes next. Pure. */
#ifndef LOCKSTEP_NEXT_H
#define LOCKSTEP_NEXT_H

#include "lesson.h"

enum next_state { NEXT_NEW, NEXT_BEGUN, NEXT_OVER, NEXT_BARRED }; /* over: done, or skipped */

/* The lesson to suggest: the first new one, core before more before deep, in the order of the
 * catalogue, whose needs are all over (one that the catalogue does not have is); where there is
 * none, the first new one. states: one for each lesson of c. An index, or -1: none is new. */
int next_lesson(const struct catalogue *c, const unsigned char *states);

#endif
