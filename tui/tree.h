/* The processes of a world as a tree, and their tasks in that order. Pure. */
#ifndef LOCKSTEP_TREE_H
#define LOCKSTEP_TREE_H

#include "world.h"

struct tree_row {
    uint16_t process, task; /* task NO_TASK: the row of the process itself */
    uint16_t only;          /* the task that has no row of its own, or NO_TASK */
    int depth;              /* of the process: 0 the first */
};
enum { TREE_ROWS = MAX_TASKS + MAX_PROCESSES };

/* The rows of the threads' panel; returns how many. With one process a row a task. With several
 * each process has a row, under it its tasks as long as it lives; children follow their parent.
 * When that would be more than `room`, a process with one task has one row for both: that of the
 * process, with the task in `only`. */
int tree_rows(const struct world *w, int room, struct tree_row rows[TREE_ROWS]);
/* All tasks in the order of the tree: by number when there is one process. Returns how many. */
int tree_tasks(const struct world *w, uint16_t order[MAX_TASKS]);
/* Whether the rows of a process's tasks are left out: it has ended. */
int tree_is_folded(const struct world *w, unsigned process);

#endif
