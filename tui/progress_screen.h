/* Progress: by unit and lesson, attempts, what to repeat; export; learners. */
#ifndef LOCKSTEP_PROGRESS_SCREEN_H
#define LOCKSTEP_PROGRESS_SCREEN_H

#include "ui.h"

void progress_push(struct ui *ui);

#endif
