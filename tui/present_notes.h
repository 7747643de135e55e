/* The speaker's notes in a second terminal: follow a presentation that runs. */
#ifndef LOCKSTEP_PRESENT_NOTES_H
#define LOCKSTEP_PRESENT_NOTES_H

#include "present_link.h"
#include "ui.h"

/* The screen; pid 0: the newest presentation. */
struct notes;
struct notes *notes_push(struct ui *ui, int pid);
/* What it shows, for tests without a socket: taken over, as if it had been received. */
void notes_show(struct notes *n, const struct wire_state *s);

/* What the notes say, in lines: of `before` only what is another one; before NULL: all. */
void notes_lines(const struct wire_state *before, const struct wire_state *now, struct buf *out);
/* The notes as plain lines; requests are lines of standard input. Exit status. */
int notes_plain(int pid);
/* The command: which is NULL or a pid in words. Exit status; -ERR_USAGE. */
int present_notes(const char *which, int plain, struct err *e);

#endif
