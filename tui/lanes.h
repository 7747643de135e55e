/* The picture of the threads over time: for each step the state of every task, kept for the steps
 * lately shown so that a frame costs the new ones only. */
#ifndef LOCKSTEP_LANES_H
#define LOCKSTEP_LANES_H

#include "world.h"

struct lane {
    uint64_t addr;  /* blocked: on what */
    uint16_t by;    /* blocked: holder or the one waited for, NO_TASK */
    uint8_t state;  /* enum task_state */
    uint8_t reason; /* blocked: enum block_reason */
    uint8_t letter; /* of the operation, for the task that made the step; else 0 */
    uint8_t exists;
    uint8_t orphaned; /* at this step its process lost its parent */
};

enum { LANES_KEPT = 1024 };
struct lanes {
    struct world_view *view; /* borrowed */
    const struct trace *trace;
    struct lane_column {
        uint32_t step; /* + 1; 0: nothing here */
        uint16_t ntasks, cap;
        struct lane *lanes;
    } kept[LANES_KEPT];
};

void lanes_init(struct lanes *l, struct world_view *view, const struct trace *trace);
void lanes_fini(struct lanes *l);
/* What is known of `step` and later steps may have changed. */
void lanes_forget(struct lanes *l, uint32_t step);
/* The tasks at `step` (<= trace->nsteps); *n of them. Valid until the next call. */
const struct lane *lanes_at(struct lanes *l, uint32_t step, unsigned *n);
/* The letter that stands for a kind of event in the timeline, and what it means ("read"). */
char lanes_letter(unsigned kind);
/* The legend: i-th letter and its meaning; NULL past the end. */
const char *lanes_legend(int i, char *letter);

#endif
