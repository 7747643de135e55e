/* The presentation: one thing at a time, large and plain, for a projector and a clicker. */
#ifndef LOCKSTEP_PRESENT_H
#define LOCKSTEP_PRESENT_H

#include "step.h"
#include "talk.h"
#include "ui.h"

struct present;

/* Put the slides of a talk on top (handed over), beginning with slide `first`. */
struct present *present_push(struct ui *ui, struct talk *talk, size_t first);
/* *at becomes the slide it shows when it is left. */
void present_tell(struct present *p, size_t *at);
/* Show the run of a step screen, at the step it stands at. It stays the step screen's. */
void present_push_run(struct ui *ui, struct step *s);
/* A lesson, from one of its sections on. */
void present_push_lesson(struct ui *ui, const struct lesson *l, size_t section);
/* The plans that are found, to choose from. */
void plans_push(struct ui *ui);

#endif
