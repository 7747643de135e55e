/* What a teacher has locked: a file of lines
 *
 *     lock LESSON|UNIT|all [until YYYY-MM-DD | until LESSON] [because WORDS…]
 *
 * LESSON is an id (race/lost-update), UNIT the name of its folder (race). Without `until` it stays
 * locked; with a lesson, until that one is done. Empty lines and lines that begin with # are
 * comments. Without such a file nothing is locked.
 *
 * Pure, but for locks_read. */
#ifndef LOCKSTEP_LOCKS_H
#define LOCKSTEP_LOCKS_H

#include "lesson.h"

enum { LOCKS_BYTES_MAX = 256 * 1024, LOCKS_MAX = 10000 };

struct lock {
    char *what;  /* a lesson, a unit, or "all" */
    char *until; /* a date or a lesson; "" for ever */
    int is_date;
    char *because; /* "" when the file does not say */
    char *file;
    int line;
};
struct locks {
    struct lock *rows;
    size_t n;
    struct err problem; /* the first line that is wrong, with file and line; code 0: none */
};

/* Add the rows of a text; what is wrong goes to l->problem, the other lines hold. *l must be
 * initialised (zero), and needs locks_fini. Fuzzed. */
void locks_parse(struct locks *l, const char *file, const char *text, size_t nbytes);
/* The same of a file; a missing one is none, one that cannot be read is a problem. */
void locks_read(struct locks *l, const char *path);
void locks_fini(struct locks *l);

/* A row that names neither a lesson nor a unit of the catalogue, or waits for a lesson it does not
 * have, locks nothing, or for ever: a problem, unless there is one already. */
void locks_check(struct locks *l, const struct catalogue *c);

/* The first row that locks the lesson `id` of `unit` on the day `today` ("2026-11-21"), NULL: it is
 * open. done(ctx, id) says whether the learner has done a lesson. */
const struct lock *locks_find(const struct locks *l, const char *id, const char *unit,
                              const char *today, int (*done)(void *ctx, const char *id), void *ctx);
/* Why, as a sentence or two: until when, what the teacher says, which file. Appended. */
void locks_say(const struct lock *lock, struct buf *out);

#endif
