/* Settings: those of tui/config.h, changed on the screen, at once in force and kept in the file;
 * and the keys of every action. */
#ifndef LOCKSTEP_SETTINGS_SCREEN_H
#define LOCKSTEP_SETTINGS_SCREEN_H

#include "ui.h"

void settings_push(struct ui *ui);
/* The key bindings, on top. */
void bindings_push(struct ui *ui);

#endif
