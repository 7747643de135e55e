/* Switches of an execution: steps by another task although the last one could have gone on. Told by
 * the fold of its trace. Pure; allocates. */
#ifndef LOCKSTEP_SWITCHES_H
#define LOCKSTEP_SWITCHES_H

#include "world.h"

/* Whether step `step` of the view's trace is a switch; seeks the view to the step before. */
int switch_at(struct world_view *v, uint32_t step);

/* One of them, told so that it is known again in another execution: who was to stop after how many
 * steps of its own, and who went on. */
struct a_switch {
    uint32_t step;     /* the first of `to` */
    uint16_t from, to; /* tasks */
    uint32_t made;     /* steps that `from` had made */
};
struct switches {
    struct a_switch *list; /* in order of steps */
    size_t n, cap;
};
/* All of a trace. *out is overwritten; freed with switches_fini. */
void switches_of(const struct trace *t, struct switches *out);
void switches_fini(struct switches *s);

#endif
