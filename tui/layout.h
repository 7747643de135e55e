/* Where the panels of the step screen stand, for every size of terminal. Pure. */
#ifndef LOCKSTEP_LAYOUT_H
#define LOCKSTEP_LAYOUT_H

#include "canvas.h"

enum panel {
#define PANEL(id, draw, title, place, help) PANEL_##id,
#include "panels.def"
#undef PANEL
    PANEL_COUNT
};
const char *panel_title(enum panel p); /* translated */
/* 1 for a view: it takes the place of threads, source and timeline. */
int panel_is_view(enum panel p);
/* What a view shows, for the list of views; translated. */
const char *panel_help(enum panel p);

struct layout_want {
    enum panel focus;
    int zoomed;
    enum panel view; /* in place of the picture; PANEL_COUNT: none */
    int lanes;       /* rows the timeline would like, its ruler included */
    int goal;        /* there is a PANEL_GOAL */
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
