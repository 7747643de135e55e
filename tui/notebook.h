/* The notebook of a lesson: what the learner did in it, from the store. */
#ifndef LOCKSTEP_NOTEBOOK_H
#define LOCKSTEP_NOTEBOOK_H

#include "lesson.h"
#include "ui.h"

struct store;

/* Answers, attempts, bookmarks, sections, when: paragraphs, appended. store may be NULL. */
void notebook_text(struct store *store, const struct lesson *l, struct buf *out);
/* The screen of it, on top. l is borrowed. */
void notebook_push(struct ui *ui, const struct lesson *l);

#endif
