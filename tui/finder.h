/* Searching the schedules of the program on a step screen: the search beside the loop, and the
 * screen that shows what it finds. Belongs to a step screen and ends with it. Host thread only. */
#ifndef LOCKSTEP_FINDER_H
#define LOCKSTEP_FINDER_H

#include "ui.h"

struct finder;
struct step;
struct explore_result;

struct finder *finder_new(struct step *s);
/* Stops what is at work and waits for that. NULL is allowed. */
void finder_free(struct finder *x);

/* Begin a search from nothing. hunt: as the key f wants it, first a short look at everything, which
 * finds what is easiest to explain, then on until the first finding. 0, or -1: no thread. */
int finder_begin(struct finder *x, int hunt);
/* 1 while work of the engine is going on, of whatever kind: no session may be touched. */
int finder_busy(const struct finder *x);
/* It is to end soon; what was found until then stays. */
void finder_stop(struct finder *x);
/* Readable when there is news, -1 when nothing is at work; then finder_tick is due. */
int finder_fd(const struct finder *x);
/* Take the news; 1 when a search has just ended. */
int finder_tick(struct finder *x);

/* Of the last search that ended: what it found, NULL when it could not run (then *message says why)
 * or there was none. Borrowed until the next search. */
const struct explore_result *finder_result(const struct finder *x, const char **message);
/* Whether it was stopped by the learner. */
int finder_was_stopped(const struct finder *x);
/* How far the search under way has come. */
void finder_progress(const struct finder *x, uint64_t *executions, double *seconds);

/* Its lists. */
enum finder_view { VIEW_OUTCOMES, VIEW_FINDINGS, VIEW_TREE, FINDER_VIEWS };
/* Put its screen on top, on that list; -1: the one it was on. */
void finder_push(struct finder *x, struct ui *ui, int view);

#endif
