/* A run told as it goes, in lines or in JSON: what changes state for longer than some milliseconds,
 * births, ends, long waits, hangs, output; and a summary. Pure but for the memory it keeps: the
 * text is appended to a buffer. */
#ifndef LOCKSTEP_LIVE_TELL_H
#define LOCKSTEP_LIVE_TELL_H

#include "live_model.h"

struct live_tell;

/* json: an object a line; else lines of text. */
struct live_tell *live_tell_new(int json);
void live_tell_free(struct live_tell *t);
/* The first line: JSON has the schema, text what the columns are. */
void live_tell_begin(struct live_tell *t, const char *program, char *const *args, int nargs,
                     struct buf *out);
/* What is new in *m since the last call. output: all that the program printed, `dropped` bytes of
 * which are gone. */
void live_tell_look(struct live_tell *t, const struct live_model *m, const struct names *names,
                    const struct buf *output, uint64_t dropped, struct buf *out);
/* It hangs: who waits for whom. Once. */
void live_tell_hang(struct live_tell *t, const struct live_model *m, const struct names *names,
                    struct buf *out);
/* How a run ended: status as of waitpid, or why we ended it ("" if we did not). */
struct live_told_end {
    int status;
    int hung;
    const char *why;
};
/* A line of output that was begun, then the summary. */
void live_tell_end(struct live_tell *t, const struct live_model *m, const struct names *names,
                   const struct live_told_end *end, struct buf *out);

#endif
