/* The guard: what no program under study may do to processes and terminals that are not its own. A
 * filter in the kernel (seccomp, no privileges needed) stops the few calls that reach out, such as
 * kill, ptrace and fork, until the keeper has looked at them; all others cost nothing. */
#ifndef LOCKSTEP_GUARD_H
#define LOCKSTEP_GUARD_H

#include <stddef.h>

/* In the target before exec: install the filter, hand it over through the socket `line`. Where the
 * kernel cannot do it, there is no guard. Allocates. */
void guard_install(int line);
/* The same for a program that runs free: its threads come, and its programs begin, unlooked at, so
 * that they cost what they cost without a guard. */
void guard_install_free(int line);
/* In the keeper: the filter's descriptor from the other end of that socket, -1 when there is none.
 * Blocks until the target has sent it or is gone. */
int guard_take(int line);
/* Remember the terminals on descriptors 0 to 2 as those to protect. */
void guard_note_terminals(void);
/* Answer the call that waits, as the keeper of this process. 1 when the program as a whole cannot
 * be let go on: why is in text. Does not block. */
int guard_answer(int guard, char *text, size_t n);

#endif
