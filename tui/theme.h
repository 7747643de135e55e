/* What a cell can mean, and how each theme shows it. Screens name roles, never colours. */
#ifndef LOCKSTEP_THEME_H
#define LOCKSTEP_THEME_H

#include "tui.h"

/* A style is a role with attributes on top: ROLE_CODE | ATTR_BOLD. */
enum role {
#define ROLE(id, d256, l256, c16, attrs, mono) ROLE_##id,
#include "theme.def"
#undef ROLE
    ROLE_COUNT
};
enum {
    ROLE_MASK = 0xff,
    ATTR_BOLD = 0x100,
    ATTR_REVERSE = 0x200,
    ATTR_UNDERLINE = 0x400,
    ATTR_DIM = 0x800
};

struct look {
    int fg;         /* number of a colour of the palette; -1: the terminal's own */
    unsigned attrs; /* ATTR_* */
};

/* How a style looks with `colours` colours (0 and below 8: none). Attributes of the style are
 * added; two reverses do not cancel out. */
struct look theme_look(enum tui_theme theme, int colours, unsigned style);

#endif
