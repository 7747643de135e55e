/* How the states of threads and processes look: a colour and a shape each (and their word, which
 * engine/world.h has). Pure. */
#ifndef LOCKSTEP_LOOKS_H
#define LOCKSTEP_LOOKS_H

#include "theme.h"

#include <wchar.h>

unsigned state_role(unsigned state); /* of an enum task_state */
wchar_t state_glyph(unsigned state);
unsigned process_role(unsigned state); /* of an enum process_state */
wchar_t process_glyph(unsigned state);

#endif
