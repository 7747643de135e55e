/* Private to the views of the step screen: what they keep from one frame to the next. */
#ifndef LOCKSTEP_VIEWS_H
#define LOCKSTEP_VIEWS_H

#include "happens_before.h"
#include "memory_log.h"
#include "step_internal.h"

struct views {
    int has_pair; /* of draw_order.c: of this step and state of the trace */
    uint32_t pair_step;
    size_t pair_events, pair_cuts;
    struct order_pair pair;
    struct memory_log *memory; /* of draw_memory.c */
    struct rect memory_cells;  /* … of the last frame, for the mouse: the rows along the steps */
    uint32_t memory_first;
    int memory_scale, memory_top, memory_each;
    struct rect cards[2]; /* of draw_order.c: where the two accesses stood in the last frame */
};

/* Those of this screen; made at the first call. */
struct views *views_of(struct step *s);

#endif
