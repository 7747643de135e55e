/* The screen after something was achieved: what was done, on what it rests, what comes next. It
 * stays until a key is pressed. */
#ifndef LOCKSTEP_SUCCESS_H
#define LOCKSTEP_SUCCESS_H

#include "ui.h"

/* On top of the screen. Copied: title one line; text paragraphs with '\n' between; next what comes
 * next, one sentence, "" for nothing. */
void success_push(struct ui *ui, const char *title, const char *text, const char *next);

#endif
