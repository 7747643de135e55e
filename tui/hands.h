/* A show of hands: counts for the choices of a question, kept in the store with the date. */
#ifndef LOCKSTEP_HANDS_H
#define LOCKSTEP_HANDS_H

#include "store.h"
#include "talk.h"

enum { MAX_HANDS = 9, HANDS_MOST = 9999 };

struct hands {
    int count[MAX_HANDS]; /* by choice */
    int counted;          /* counting has begun */
    char when[32];        /* "2026-11-21 10:15", local time of the first count; "" not kept yet */
};

int hands_all(const struct hands *h);
int hands_most(const struct hands *h);
/* Keep the counts of a question's slide; the same `when` replaces them. Stored as a setting
 * "hands LESSON QUESTION WHEN" (own questions: their words), its value the counts with blanks
 * between. Errors of store_setting_set. store NULL: nothing is kept. */
int hands_save(struct store *store, const struct slide *s, struct hands *h, struct err *e);
/* What was counted for the same question at other times, the newest first, a line each:
 * "2026-11-14 10:20: 3 12 5". */
void hands_before(struct store *store, const struct slide *s, const struct hands *h,
                  struct buf *out);

#endif
