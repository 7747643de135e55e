/* Following a lesson's path (`T0 *, T1 @9, T2 *`) in a session. */
#ifndef LOCKSTEP_PATH_H
#define LOCKSTEP_PATH_H

#include "pool.h"
#include "lesson.h"
#include "session.h"

/* Parse text into *p (overwritten), in memory of *mem. -ERR_DATA: *e says what is wrong and at
 * which column, without a file name. Pure. Fuzzed through the lesson reader. */
int path_parse(struct pool *mem, struct lesson_path *p, const char *text, struct err *e);

/* Take the legs, from where the session stands. A leg that cannot be taken (the task is blocked,
 * has ended, or never reaches the line) stops with -ERR_DIVERGED and names the leg; the steps made
 * until then stay. Other errors are the session's. timeout_ms is for each step. Host thread,
 * blocks. */
int path_follow(struct session *s, const struct lesson_path *p, int timeout_ms, struct err *e);

#endif
