/* The lesson screen: a section a page, the program beside it, questions and challenges. */
#ifndef LOCKSTEP_LESSON_SCREEN_H
#define LOCKSTEP_LESSON_SCREEN_H

#include "lesson.h"
#include "ui.h"

/* Open a lesson (borrowed) where the learner left it. */
void lesson_push(struct ui *ui, const struct lesson *lesson);

#endif
