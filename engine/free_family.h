/* What the kernel says of the processes and tasks of a run: engine/free.c only. */
#ifndef LOCKSTEP_FREE_FAMILY_H
#define LOCKSTEP_FREE_FAMILY_H

#include "free.h"

#define FREE_PROCESSES   256
#define FREE_THREADS_MAX 8192u
#define FREE_MEMORY_MAX  (3ull << 30)

struct free_family {
    unsigned processes, threads;
    unsigned waiting;    /* threads that are neither ready nor running */
    int blocked;         /* no thread can go on by itself: each waits without a limit of time */
    unsigned long moves; /* context switches of all */
    uint64_t resident; /* bytes of memory that are its alone; only where it is more than a little */
};
/* Look at all of them now. */
void free_family(const struct free_run *r, struct free_family *f);
/* The children of a process, at most max; how many. */
int free_children(pid_t pid, pid_t *out, int max);

#endif
