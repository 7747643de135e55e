/* The presentation and its notes as plain lines, and its rehearsal. Append-only. Host thread;
 * blocks on standard input. */
#ifndef LOCKSTEP_PRESENT_PLAIN_H
#define LOCKSTEP_PRESENT_PLAIN_H

#include "talk.h"

struct store;

/* Show a talk (handed over) from slide `first` on, a line of input a step. 0, -ERR_WRITE,
 * -ERR_INTERRUPTED. */
int present_plain(struct talk *talk, struct store *store, size_t first, struct err *e);
/* Rehearse it (handed over): a line a slide, every program built and stepped where the plan wants
 * it. Exit status: 0 all is well, 1 something is not. */
int present_check(struct talk *talk, struct err *e);

#endif
