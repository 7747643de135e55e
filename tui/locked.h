/* Which lessons are locked here: what the files of lessons/locks.h say, beside what the learner has
 * done. Host thread; reads two small files and the store. */
#ifndef LOCKSTEP_LOCKED_H
#define LOCKSTEP_LOCKED_H

#include "lesson.h"
#include "locks.h"
#include "store.h"

struct locked {
    struct locks locks;
    struct store_lesson *lessons; /* not new */
    int nlessons;
    char today[16];
};

/* Read them: /etc/lockstep/locks, and `locks` beside the configuration. store may be NULL. */
void locked_init(struct locked *l, struct store *store);
void locked_fini(struct locked *l);
/* What locks a lesson, NULL: nothing. */
const struct lock *locked_by(const struct locked *l, const struct lesson *lesson);
/* The same in one call: 1 with the reason appended to *why, or 0. */
int locked_why(struct store *store, const struct lesson *lesson, struct buf *why);

#endif
