/* Which threads and processes of a model stand where: the tree of the Threads panel and the lanes
 * of the timeline, with those folded that there is no room for. Pure but for the memory it keeps.
 */
#ifndef LOCKSTEP_LIVE_ROWS_H
#define LOCKSTEP_LIVE_ROWS_H

#include "live_model.h"

enum { VIEW_PINS = 16 };

struct live_row {
    uint32_t process; /* index */
    uint32_t task;    /* index; LIVE_NONE: the process itself, or those folded of it */
    uint32_t folded;  /* how many threads this row stands for; 0: none */
    int depth;        /* of the process in the tree */
    int alone;        /* the row of a process and of its only thread */
};

struct live_rows {
    struct live_row *tree, *lanes;
    uint32_t ntree, nlanes;
    uint32_t idle;    /* threads folded in the lanes */
    uint32_t cap;     /* of both */
    uint32_t *sorted; /* scratch: tasks by process and number */
    uint8_t *hidden;  /* scratch: tasks */
    uint8_t *gone;    /* scratch: processes */
    uint32_t cap_tasks, cap_processes;
};

struct live_rows_want {
    uint32_t pins[VIEW_PINS]; /* numbers of threads; they are the first lanes, in this order */
    int npins;
    int fold;      /* fold what is idle when there is no room for all */
    int slow;      /* slow motion: who only waits is not idle */
    uint32_t keep; /* number of a thread that is not folded (the chosen one); LIVE_NONE */
    uint64_t from; /* idle: has ended, or has waited, since before this moment */
    int tree_rows, lane_rows; /* how much room there is */
};

/* Fill *r anew. */
void live_rows_make(struct live_rows *r, const struct live_model *m,
                    const struct live_rows_want *want);
void live_rows_fini(struct live_rows *r);
/* The row of the tree of a process; 0 if there is none. */
uint32_t live_rows_tree_of_process(const struct live_rows *r, uint32_t process);
/* The row of the tree, or the lane, in which that task stands (folded: the row that stands for it);
 * 0 if there is none. */
uint32_t live_rows_tree_of(const struct live_rows *r, const struct live_model *m, uint32_t task);
uint32_t live_rows_lane_of(const struct live_rows *r, uint32_t task);

#endif
