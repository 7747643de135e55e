/* Where the panels of the live screen stand, for every size of terminal. Pure. */
#ifndef LOCKSTEP_LIVE_LAYOUT_H
#define LOCKSTEP_LIVE_LAYOUT_H

#include "canvas.h"

/* In the order of their numbers, which are keys: 1 is the first. */
enum live_panel {
    VIEW_THREADS,
    VIEW_TIMELINE,
    VIEW_OBJECTS,
    VIEW_WORDS,
    VIEW_OUTPUT,
    VIEW_VARIABLES,
    VIEW_PANELS
};
const char *live_panel_title(enum live_panel p); /* "2 Timeline" */

struct live_layout {
    struct rect at[VIEW_PANELS]; /* with borders, which neighbours share; w 0: not shown */
    int single;                  /* one panel at a time: there is no room for more */
    int status_y;                /* row of counters and messages; -1 none */
};

/* cols, rows of the whole screen, 1 and more; row 0 is the title's, the last one the footer's. At
 * 80x24 the variables stand in the objects' place while they have the focus. tree, lanes: rows that
 * the threads and the timeline would like, the ruler included. */
void live_layout_for(struct live_layout *l, int cols, int rows, enum live_panel focus, int zoomed,
                     int tree, int lanes);
/* The panel at a cell, -1 none. */
int live_layout_hit(const struct live_layout *l, int x, int y);

#endif
