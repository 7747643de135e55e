/* What of a program cannot be seen, in sentences: libraries and files that were not compiled for
 * lockstep, files that were optimised. Host; blocks on disk reads. */
#ifndef LOCKSTEP_NOTES_H
#define LOCKSTEP_NOTES_H

#include "base.h"

struct arena;

/* Sentences for the program at path, and the target of *a if not NULL, each with a newline at its
 * end, appended to *out. */
void notes_of(const char *path, const struct arena *a, struct buf *out);

#endif
