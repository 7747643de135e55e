/* What many free runs showed, beside what a search found, for people. Pure functions. */
#ifndef LOCKSTEP_CMD_RUNS_REPORT_H
#define LOCKSTEP_CMD_RUNS_REPORT_H

#include "cmd.h"
#include "runs.h"

struct runs_report {
    const struct given *given;
    const struct program *program;
    const char *why;   /* why nothing was explored; "" when it was */
    int processors;    /* how many the runs could use */
    uint64_t load;     /* busy processes beside them */
    const char *noise; /* "yield", "sleep"; NULL: none */
    double limit_s;    /* of a run */
    int optimised;     /* the level; 0: as it is searched */
    int ascii;
};

/* The whole report: an outcome after the other, how often it was seen and how it is possible, then
 * what follows. At most 80 columns, replay lines and what compilers said aside. */
void report_runs(struct buf *out, const struct runs_report *how, const struct runs *r);
/* 1234567 as "1,234,567". */
void report_count(struct buf *out, uint64_t n);

#endif
