/* The target process: started under the probe with an arena of its own, watched, and ended with
 * everything it started. Shared by the session and the search; nothing above engine/ uses it. */
#ifndef LOCKSTEP_TARGET_H
#define LOCKSTEP_TARGET_H

#include "arena.h"
#include "base.h"
#include "keeper.h"
#include "program.h"

struct target {
    struct arena *arena;    /* mapped here; stays readable after the target died */
    int arena_fd, event_fd; /* event_fd becomes readable when the target stops or finishes */
    struct keeper keeper;   /* its parent, which ends it and all it started */
    pid_t pid;              /* leader of a process group of its own; 0 when it is gone */
    int status;             /* wait status once reaped */
    uint32_t stuck_ms;
    uint64_t last_heartbeat, last_moved_ns; /* the watchdog's */
    int nudged;                             /* it was told that it is stuck */
    uint64_t last_looked_ns;                /* at its memory */
    char why[200];                          /* why it was ended, if it was */
};

/* Make the arena, with options for *t->arena left to the caller. -ERR_NOMEM, -ERR_COMPILER. */
int target_prepare(struct target *t, struct err *e);
/* Start the program; the arena's options must be set. Its standard input is p->stdin_path or
 * empty; what it writes past the probe goes nowhere. */
int target_start(struct target *t, const struct program *p, struct err *e);
/* Kill it with all its children; the arena stays, and nobody changes it any more. */
void target_stop(struct target *t);
/* Kill it with all its children and forget the arena. *t may be zero. */
void target_end(struct target *t);

/* Wait until the event descriptor rings, it died, or the time is over (-1: no limit). Nudges a task
 * that makes no step. 1 rang, 0 time over, -ERR_TARGET_GONE. */
int target_wait(struct target *t, int timeout_ms);
/* Is what the arena says within its bounds? A program may write anywhere. 0, or -ERR_TARGET_GONE.
 */
int target_check(const struct arena *a, struct err *e);
/* Why it is gone or refuses, for the user. Returns the error's negative code. */
int target_why(struct target *t, struct err *e);
/* Read its memory, that of one of its processes (index); it must be stopped. 0, or -1. */
int target_read(struct target *t, unsigned process, uint64_t addr, void *out, size_t n);

#endif
