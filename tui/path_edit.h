/* Typing the path of a file: Tab completes it. */
#ifndef LOCKSTEP_PATH_EDIT_H
#define LOCKSTEP_PATH_EDIT_H

#include "widgets.h"

/* Complete what is typed as far as it is certain; a folder gets its slash. What it can go on with,
 * when there are several, is appended to *choices, separated by blanks, names of files alone, at
 * most some dozen. Reads the folder; names that begin with a dot only when a dot was typed. Returns
 * how many names fit. */
int path_complete(struct line_edit *l, struct buf *choices);
/* The path as the system knows it: "~/" is the home folder. To free(). */
char *path_typed(const char *text);

#endif
