/* The world at step n: a pure fold of the events of steps 0..n. It knows nothing of POSIX rules:
 * the probe states what happens (BLOCKED, READY, WAKE …), the fold only keeps the books.
 *
 * It is the world after step n: the task that made the step is RUNNING when it could go straight
 * on, and BLOCKED or SLEEPING when it has arrived at an operation that makes it wait. Not
 * thread-safe; allocates. */
#ifndef LOCKSTEP_WORLD_H
#define LOCKSTEP_WORLD_H

#include "trace.h"

enum task_state {
    TASK_NEW,     /* created, has not made its first step */
    TASK_READY,   /* could go on */
    TASK_RUNNING, /* made the step under the cursor */
    TASK_BLOCKED,
    TASK_SLEEPING,
    TASK_ZOMBIE, /* ended, not joined */
    TASK_DONE,
    TASK_DEADLOCKED /* blocked, and the execution ended in a deadlock */
};
const char *task_state_word(enum task_state s); /* "new" "ready" "RUNNING" "blocked" … */

enum object_class {
    OBJ_NONE,
    OBJ_PLACE,
    OBJ_MUTEX,
    OBJ_SPIN,
    OBJ_COND,
    OBJ_SEM,
    OBJ_BARRIER,
    OBJ_RWLOCK,
    OBJ_ONCE
};
const char *object_class_word(enum object_class c);

struct world_task {
    int exists; /* 0: not created yet at this step */
    enum task_state state;
    char name[16];        /* "main", a name set by the program, or ""; safe to show */
    uint64_t start_pc;    /* entry of its start routine; 0 for T0 */
    uint16_t parent;      /* who created it, NO_TASK for T0 */
    uint32_t born, ended; /* steps; ended 0 while alive */
    struct event
        pending; /* what it does next (the PENDING event: a = kind); kind EV_NONE when ended */
    struct event last;     /* its last step; kind EV_NONE before the first */
    uint64_t blocked_addr; /* on what, 0 */
    enum block_reason blocked_reason;
    uint16_t blocked_by;    /* holder, or NO_TASK */
    uint32_t blocked_since; /* step since which it waits */
    uint16_t woken_by;      /* who made it ready last, NO_TASK */
    uint32_t woken_step;
    uint64_t asleep_in; /* condition it waits in and has not been woken from, 0 */
    uint32_t nheld;     /* locks held; no more than 16 are kept */
    uint64_t held[16];  /* their addresses, in order of acquisition; a read lock taken
                           twice stands here twice */
};

struct world_object {
    uint64_t addr;
    enum object_class class;
    uint32_t size;  /* places: bytes */
    uint16_t owner; /* locks: holder; NO_TASK */
    uint32_t owner_since;
    int64_t count;  /* recursion depth, semaphore value, barrier arrivals, readers, sleepers in
                       a condition, 1 for a once that is done */
    int64_t limit;  /* barrier: parties */
    uint64_t value; /* places: last value seen */
    uint32_t last_read[4],
        last_write; /* places: steps of the last accesses; last_read newest first */
    uint16_t last_task;
    uint32_t first_step; /* first seen */
    int destroyed;       /* or its memory freed; an init or a new allocation there revives it */
};

struct addr_index; /* finds objects by address; see world_fold.h */

struct world {
    uint32_t step;
    uint32_t ntasks; /* tasks that exist at this step */
    struct world_task *tasks;
    uint32_t nobjects;
    uint32_t cap_objects;
    struct world_object *objects;   /* in order of first use */
    const struct addr_index *index; /* of the view this world belongs to */
    uint16_t running;               /* task of this step, NO_TASK at step 0 */
    uint64_t clock_ns;              /* virtual time */
    int finished;                   /* 1 + enum finish once FINISHED was seen */
    int32_t status;                 /* its result or signal */
    size_t noutput;                 /* bytes of output so far (both streams) */
};

struct world_view; /* holds a world and keyframes for quick seeking */

/* A view of *t (borrowed; must outlive it); folds what is there once, so that seeking is quick. */
struct world_view *world_view_new(const struct trace *t);
void world_view_free(struct world_view *v); /* NULL is allowed */
/* The world at `step` (clamped to 0..nsteps). Borrowed, valid until the next call. Forward costs
 * the events in between; backward at most the distance of keyframes. Events appended to the trace
 * and truncations of it are noticed. */
const struct world *world_at(struct world_view *v, uint32_t step);
/* Drop everything folded so far. Never needed after trace_truncate or trace_clear, only when the
 * trace was changed behind its functions' back. */
void world_view_reset(struct world_view *v);
const struct trace *world_view_trace(const struct world_view *v);

/* The object at addr, or NULL. */
const struct world_object *world_object(const struct world *w, uint64_t addr);
/* All output of stream fd (1, 2; 0 both) up to `step`, appended to *out. */
void world_output(const struct trace *t, uint32_t step, int fd, struct buf *out);

#endif
