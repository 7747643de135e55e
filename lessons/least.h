/* How many switches an ending needs: by running every execution with few switches, one by one.
 * Slow against the search (a step is a round trip to the target), but exact, and few switches mean
 * few executions. Iterative context bounding: Musuvathi and Qadeer, PLDI 2007, section 3.
 * Inside lessons/ only. */
#ifndef LOCKSTEP_LEAST_H
#define LOCKSTEP_LEAST_H

#include "lesson.h"
#include "program.h"
#include "schedule.h"

struct least_result {
    int reached;
    uint64_t executions;
    struct schedule schedule; /* when reached: the way; to be freed with schedule_fini */
};

/* Whether an execution of *p with at most `switches` switches reaches what the CLAIM_LEAST *goal is
 * about: its output as a whole, or its kind of finding. -ERR_LIMIT when `seconds` passed before all
 * of them were run; session errors. *r is initialised here. Host thread, blocks. */
int least_reaches(struct program *p, const struct claim *goal, long switches, double seconds,
                  struct least_result *r, struct err *e);

#endif
