/* The learner's own copy of a program to be mended: a file in a folder of theirs, which they edit
 * with whatever they like. What is there is never overwritten. Host thread; blocks for the disk. */
#ifndef LOCKSTEP_COPY_H
#define LOCKSTEP_COPY_H

#include "lesson.h"

/* DATA/work/UNIT/LESSON/FILE; of a second fix challenge of a lesson (its id is not "fix")
 * DATA/work/UNIT/LESSON/ID/FILE. data: folder of what lockstep keeps. To be freed. */
char *copy_path(const char *data, const struct lesson *l, const struct lesson_challenge *c);

/* Make sure that there is a file at path, with its folders; text (n bytes): what goes in when there
 * is none. 1 it was made, 0 it was there. -ERR_CREATE, -ERR_WRITE (then nothing is left there). */
int copy_make(const char *path, const char *text, size_t n, struct err *e);

/* Begin again: what is at path is kept as NAME.1.c, NAME.2.c … beside it, the first free one, whose
 * path is *kept (to be freed; NULL when there was nothing), and a new file is made. */
int copy_reset(const char *path, const char *text, size_t n, char **kept, struct err *e);

/* A file as text, at most max bytes: 0 with *out filled, or -ERR_OPEN, -ERR_DATA (longer, or no
 * file). */
int copy_read(const char *path, size_t max, struct buf *out, struct err *e);

/* What changed from one text to the other, line by line, with as many lines in common as can be. A
 * line for each: a sign (' ' both, '-' old only, '+' new only), then the line, then '\n'. Returns
 * how many lines differ; -1, and nothing appended, when one has more than 500 lines. Pure. */
int copy_diff(const char *before, const char *after, struct buf *out);

#endif
