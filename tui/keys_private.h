/* Private to keys*.c: the table that is bound. */
#ifndef LOCKSTEP_KEYS_PRIVATE_H
#define LOCKSTEP_KEYS_PRIVATE_H

#include "keys.h"

/* The row of an action, to be changed. */
struct key_row *keys_row_bound(enum action action);

#endif
