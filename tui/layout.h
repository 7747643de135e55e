/* Where the panels of the step screen stand, for every size of terminal. Pure. */
#ifndef LOCKSTEP_LAYOUT_H
#define LOCKSTEP_LAYOUT_H

#include "canvas.h"

enum panel {
    PANEL_THREADS,
    PANEL_SOURCE,
    PANEL_TIMELINE,
    PANEL_STEPS, /* the table: a row a step */
    PANEL_WHY,
    PANEL_OUTPUT,
    PANEL_VARIABLES,
    PANEL_OBJECTS,
    PANEL_GOAL, /* the lesson's words, or what a challenge asks for */
    PANEL_COUNT
};
const char *panel_title(enum panel p);

struct layout_want {
    enum panel focus;
    int zoomed;
    int table; /* PANEL_STEPS in place of the picture */
    int lanes; /* rows the timeline would like, its ruler included */
    int goal;  /* there is a PANEL_GOAL */
};

struct layout {
    struct rect at[PANEL_COUNT]; /* with borders, which neighbours share; w 0: not shown */
    int single;                  /* one panel at a time: there is no room for more */
    int status_y;                /* -1: no status row */
};

/* cols, rows of the whole screen, 1 and more; row 0 is the title's, the last one the footer's. */
void layout_step(struct layout *l, int cols, int rows, const struct layout_want *want);
/* The panel after (by 1 or -1) `from` that can be shown at this size, zoomed or not. */
enum panel layout_next(int cols, int rows, const struct layout_want *want, enum panel from, int by);
/* The panel at a cell, -1 none. */
int layout_hit(const struct layout *l, int x, int y);

#endif
