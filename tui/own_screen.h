/* Programs of one's own and recordings: the recent ones, and any file by its path. */
#ifndef LOCKSTEP_OWN_SCREEN_H
#define LOCKSTEP_OWN_SCREEN_H

#include "ui.h"

void own_push(struct ui *ui);

#endif
