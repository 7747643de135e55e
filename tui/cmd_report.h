/* What a search found, for people. Pure functions of the result. */
#ifndef LOCKSTEP_CMD_REPORT_H
#define LOCKSTEP_CMD_REPORT_H

#include "cmd.h"
#include "explore.h"

/* The whole report: how far the search went, outcomes, findings, verdict. */
void report_search(struct buf *out, const struct given *g, const struct program *p,
                   const struct explore_result *r);
/* A finding: its kind and place, its sentence, its replay line. */
void report_finding(struct buf *out, const struct given *g, const struct explore_finding *f);
/* One sentence that says how much the search proves: complete, or why not, never more. */
void report_verdict(struct buf *out, const struct explore_result *r);

#endif
