/* Is a claim true of what a search found? Pure: claims and results in, a verdict in words out.
 * Inside lessons/ only. */
#ifndef LOCKSTEP_VERIFY_H
#define LOCKSTEP_VERIFY_H

#include "explore.h"
#include "lesson.h"

/* Decide claim *c (any kind but CLAIM_STEPS and CLAIM_LEAST, which single executions decide: see
 * least.h) from a dpor search of its program. `file` is named in replay lines. 1 true, 0 false; a
 * sentence of what was seen is appended to *why. */
int claim_verify(const struct claim *c, const struct explore_result *r, const char *file,
                 struct buf *why);

/* The outcome with exactly this on standard output, and the finding of this kind (at `line`, 0:
 * anywhere) with the fewest switches; NULL if there is none. */
const struct explore_outcome *result_outcome(const struct explore_result *r,
                                             const struct claim_string *out);
const struct explore_finding *result_finding(const struct explore_result *r, int kind, int line);
/* The first outcome that is none of these strings; NULL if all are. */
const struct explore_outcome *result_stranger(const struct explore_result *r,
                                              const struct claim_string *strings, size_t n);

/* "`lockstep replay TOKEN FILE`", appended. */
void replay_line(const struct schedule *s, const char *file, struct buf *out);
/* What kind, where, what happened, and the replay line, appended. */
void finding_line(const struct explore_finding *f, const char *file, struct buf *out);
/* The bytes in quotes with C escapes, shortened when long, appended. */
void quoted(const char *s, size_t n, struct buf *out);

#endif
