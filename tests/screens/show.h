/* Showing a canvas as text, for goldens and for looking. */
#ifndef LOCKSTEP_TESTS_SHOW_H
#define LOCKSTEP_TESTS_SHOW_H

#include "canvas.h"

/* Append the rows as text; trailing blanks are dropped. */
void show_text(const struct canvas *c, struct buf *out);

#endif
