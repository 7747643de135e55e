/* What kind of mistake is behind a finding in a fix. Inside lessons/ only. */
#ifndef LOCKSTEP_DIAGNOSE_H
#define LOCKSTEP_DIAGNOSE_H

#include "check.h"
#include "session.h"

/* Whether a plain run of the fix sleeps more often than one of the start did. */
int sleeps_more(struct program *fix, struct program *start, const struct session_options *o);

/* Whether it sleeps less often: the waiting was part of the work. */
int sleeps_less(struct program *fix, struct program *start, const struct session_options *o);

/* The refusal for finding *f of `fix`: sleeping comes first, then the locks held at the two ends of
 * a race tell `locks`, `unlocked` and `race` from each other. What was seen is appended to *why,
 * each sentence ending in "; ". */
enum refusal finding_refusal(struct program *fix, struct program *start,
                             const struct session_options *o, const struct explore_finding *f,
                             struct buf *why);

#endif
