/* Where things stand in the presentation, for every size of terminal. Pure. */
#ifndef LOCKSTEP_PRESENT_LAYOUT_H
#define LOCKSTEP_PRESENT_LAYOUT_H

#include "canvas.h"

enum present_panel {
#define PRESENT_PANEL(id, word, title, draw) SHOW_##id,
#include "present_panels.def"
#undef PRESENT_PANEL
    SHOW_PANELS
};
/* The word in plans and the title (translated). -1 when the word is none. */
const char *present_panel_word(enum present_panel p);
const char *present_panel_title(enum present_panel p);
int present_panel_find(const char *word);

struct present_want {
    unsigned has; /* bits of the panels the slide has */
    enum present_panel panel;
    int run;   /* a program is stepped: a sentence stands below */
    int split; /* two panels where there is room */
    int lanes; /* rows the threads need to be seen whole */
    int lines; /* of the source */
};

struct present_layout {
    struct rect at[SHOW_PANELS]; /* w 0: not shown */
    struct rect caption;         /* the Why sentence below a panel; w 0: none */
    int tabs_y, footer_y;        /* -1: none */
};

/* cols, rows of the whole screen, 1 and more; row 0 is the title's. */
void present_layout(struct present_layout *l, int cols, int rows, const struct present_want *want);

#endif
