/* Private to minimise*.c. */
#ifndef LOCKSTEP_MINIMISE_INSIDE_H
#define LOCKSTEP_MINIMISE_INSIDE_H

#include "minimise.h"

/* An execution as it can be run again in another order. */
struct walk {
    struct schedule schedule;
    struct walk_step {
        uint32_t at; /* index of its choice; the answers it gave follow until the next step's */
        uint16_t task;
        uint8_t adverse; /* it was an event that was asked for */
    } * steps;           /* steps[1..nsteps] */
    uint32_t nsteps;
    struct switches switches;
};
void walk_fini(struct walk *w);

struct minimising {
    struct session *s;
    const struct minimise_options *o;
    const struct minimise_goal *goal;
    struct minimise_result *r;
    struct walk best; /* shows the goal */
    size_t *origin;   /* of each of its switches: which of the given ones it was */
    double until;     /* by minimising_now_s: then -ERR_LIMIT */
    struct err *e;
};

double minimising_now_s(void); /* monotonic */
/* Begin again and take the first n choices of a schedule. Errors of the session; -ERR_INTERRUPTED
 * when progress asks to stop, -ERR_LIMIT when the time is over. */
int minimising_begin(struct minimising *m, const struct schedule *s, size_t n);
/* One more choice; on to the end by the plain policy. */
int minimising_step(struct minimising *m, uint16_t choice);
int minimising_run_on(struct minimising *m);
/* The execution of the session is the best from now on. */
void minimising_adopt(struct minimising *m);
/* Run every execution with fewer switches than the best, few first; the first one that shows the
 * goal becomes the best. r->fewest is set when all were run, or one was found so. */
int minimising_fewer(struct minimising *m);

#endif
