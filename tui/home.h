/* The home screen: all lessons by unit, how far the learner is, where they left off. */
#ifndef LOCKSTEP_HOME_H
#define LOCKSTEP_HOME_H

#include "lesson.h"
#include "ui.h"

void home_push(struct ui *ui);

#endif
