/* Where something remarkable is in a trace: findings and choices of whom to wake. Kept up to date
 * as the trace grows and is cut. */
#ifndef LOCKSTEP_MARKS_H
#define LOCKSTEP_MARKS_H

#include "trace.h"

struct marks {
    size_t seen; /* events looked at */
    size_t cuts; /* cuts of the trace looked at */
    struct mark {
        size_t event;
        uint32_t step;
        uint8_t kind; /* EV_FINDING, EV_CHOICE, EV_FINISHED */
    } * list;
    size_t n, cap;
};

void marks_fini(struct marks *m);
void marks_update(struct marks *m, const struct trace *t);
/* The first mark of `kind` at `step`, NULL none. */
const struct mark *marks_at(const struct marks *m, uint32_t step, unsigned kind);
/* The nearest finding after (by 1) or before (by -1) step; 0 none. */
uint32_t marks_next(const struct marks *m, uint32_t step, int by);

#endif
