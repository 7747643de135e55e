/* The learner's place, saved beside the loop: it changes with nearly every key, and a home folder
 * on a server may take its time. Only the newest place of those waiting is written. All else that
 * is saved (answers, attempts, notes) is on the disk when the screen says so: see data/store.h. */
#ifndef LOCKSTEP_SAVER_H
#define LOCKSTEP_SAVER_H

#include "base.h"

struct saver;
struct store;

/* For the learner of that store, which is borrowed; it is written through a connection of its own,
 * or, when the store has no file, at once. NULL: nothing is saved. */
struct saver *saver_new(struct store *store);
/* As store_place_save (data/store.h), soon. 0, or the error of an earlier one that was not told
 * yet. */
int saver_place(struct saver *s, const char *lesson, int section, const char *position,
                struct err *e);
/* Until all is written: before places are read, and at the end. e NULL: an error is told later. */
int saver_flush(struct saver *s, struct err *e);
void saver_free(struct saver *s);

#endif
