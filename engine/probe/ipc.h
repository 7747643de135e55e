/* What the models of communication by names share: an area of memory at a fixed address, one in
 * all processes of an execution, and tables that begin empty with each execution. */
#ifndef LOCKSTEP_IPC_H
#define LOCKSTEP_IPC_H

#include "probe.h"

#pragma GCC visibility push(hidden)

/* ipc.c */
/* Storage of n bytes in the area; 0: it is full. Named semaphores lie there, and what has no
 * address in the program has its own here. */
uint64_t ipc_place(uint64_t nbytes);
/* -1, with errno set. */
int ipc_fail(int error);
/* The running task stands before a call on what names of some kind say; back when it is its turn.
 */
void ipc_name_step(const char *call, struct here h);
struct event *ipc_tell(int result);
/* What is at `addr` is called so, with a number, where it has no name in the program. */
void ipc_call_it(uint64_t addr, const char *word);

/* The name of shared memory or a semaphore without its slashes; NULL with errno set. */
const char *ipc_plain_name(const char *name, size_t longest);
void shared_fork(unsigned parent, unsigned child); /* shm.c */
/* What SIGEV_THREAD asks for: a detached thread of the running task's process, begun by it. */
void thread_from_event(const struct sigevent *event, struct here h);

#pragma GCC visibility pop

#endif
