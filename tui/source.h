/* Source files as lines, with the syntax of C told apart for colouring. */
#ifndef LOCKSTEP_SOURCE_H
#define LOCKSTEP_SOURCE_H

#include "canvas.h"

struct source {
    char *path;
    char *text;   /* NULL: it cannot be read */
    size_t *line; /* line[i], i in 0..nlines: where line i + 1 begins */
    int nlines;
    uint8_t *in_comment; /* per line: it begins inside a comment */
};

/* Read a file; *s is overwritten. Always succeeds: nlines is 0 when it cannot be read. */
void source_read(struct source *s, const char *path);
/* The same from memory. */
void source_set(struct source *s, const char *path, const char *text, size_t n);
void source_fini(struct source *s);
/* Draw line `number` (from 1) without its first `skip` columns, at most width columns. Tabs go to
 * the next multiple of 4; a line cut short ends in an ellipsis. */
void source_draw(const struct source *s, int number, struct canvas *c, int x, int y, int skip,
                 int width);

#endif
