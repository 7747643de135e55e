/* Private to explore*.c: from the arena of a search to its result. */
#ifndef LOCKSTEP_EXPLORE_PRIVATE_H
#define LOCKSTEP_EXPLORE_PRIVATE_H

#include "explore.h"
#include "symbols.h"
#include "target.h"

/* The outcomes, findings and kept schedules of the arena that *r does not have yet, or not as they
 * are now, copied into *r; the search may be under way, and its target may write anything anywhere.
 * *r is empty at first, and then what the call before left. Findings get no words. */
void take_results(const struct arena *a, const struct program *p, struct explore_result *r);
void finding_fini(struct explore_finding *f);
/* File and line of a finding; those of all that have no words yet, which get the words of their
 * kind. *symbols: of the program, opened when they are needed; the caller's. */
void place_finding(struct explore_finding *f, const struct names *names);
void place_findings(const struct arena *a, const struct program *p, struct symbols **symbols,
                    struct explore_result *r);

enum halt { HALT_NO, HALT_TIME, HALT_USER, HALT_GONE };
/* Why it is not complete, "" when it is; the caller frees it. seconds: the bound; gone: what ended
 * the target. said: for people, translated; else as JSON has it. */
char *say_why_not(const struct program *p, const struct arena *a, enum halt halt, double seconds,
                  const char *gone, int said);

#endif
