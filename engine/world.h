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
    TASK_DEADLOCKED, /* blocked, and the execution ended in a deadlock */
    TASK_STOPPED,    /* its process was stopped by a signal */
    TASK_FREE        /* its process runs another program, which is not under control */
};
const char *task_state_word(enum task_state s); /* of the contract */
const char *task_state_name(enum task_state s); /* the same translated, for people */

enum object_class {
    OBJ_NONE,
    OBJ_PLACE,
    OBJ_MUTEX,
    OBJ_SPIN,
    OBJ_COND,
    OBJ_SEM,
    OBJ_BARRIER,
    OBJ_RWLOCK,
    OBJ_ONCE,
    OBJ_PIPE,
    OBJ_SOCKET,  /* a pair of connected sockets: bytes go both ways */
    OBJ_EVENTFD, /* a counter behind a descriptor */
    OBJ_CHANNEL, /* anything else that is read and written through descriptors */
    OBJ_QUEUE    /* a message queue */
};
const char *object_class_word(enum object_class c); /* of the contract */
const char *object_class_name(enum object_class c); /* the same translated, for people */
/* Whether it is read and written through descriptors. */
int object_is_channel(enum object_class c);

enum process_state {
    PROC_RUNNING,
    PROC_STOPPED, /* by a signal, until it is continued */
    PROC_FREE,    /* runs another program, which is not under control */
    PROC_ZOMBIE,  /* ended; nobody has waited for it */
    PROC_REAPED,  /* ended, and its parent has waited for it */
    PROC_ENDED    /* ended, and nobody has to wait for it */
};
const char *process_state_word(enum process_state s); /* of the contract */
const char *process_state_name(enum process_state s); /* the same translated, for people */

enum { NO_PROCESS = 0xffff };

struct world_process {
    int exists; /* 0: not begun at this step */
    enum process_state state;
    int64_t pid, parent_pid; /* as the program sees them: the same in every execution */
    uint16_t parent;         /* index; NO_PROCESS: init, or who started the program */
    uint16_t first_task;     /* NO_TASK while unknown */
    uint32_t began, ended;   /* steps; ended 0 while alive */
    int by_signal;           /* ended by one: status is its number, else the exit status */
    int32_t status;
    uint16_t forked_by;         /* index of who made it, also after that one ended; NO_PROCESS */
    uint32_t orphaned;          /* step at which its parent ended before it; 0 */
    uint32_t program, nprogram; /* what it runs since an exec: in the text pool of the trace */
};

struct world_task {
    int exists; /* 0: not created yet at this step */
    enum task_state state;
    char name[16];        /* "main", a name set by the program, or ""; safe to show */
    uint64_t start_pc;    /* entry of its start routine; 0 for T0 */
    uint16_t parent;      /* who created it, NO_TASK for T0 */
    uint16_t process;     /* index */
    int is_copy;          /* it began as the copy of its parent, by a fork */
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
                       a condition, 1 for a once that is done;
                       pipes: bytes in it; queues: messages in it; eventfd: its value */
    int64_t limit;  /* barrier: parties; pipes: capacity in bytes, 0 unknown */
    uint64_t value; /* places: last value seen */
    uint32_t last_read[4],
        last_write; /* places: steps of the last accesses; last_read newest first */
    uint16_t last_task;
    uint32_t first_step; /* first seen */
    int destroyed;       /* or its memory freed; an init or a new allocation there revives it */
};

/* A descriptor that stands for a pipe or the like. */
struct world_fd {
    uint64_t addr; /* the object */
    uint16_t process;
    uint8_t reads, writes; /* which ends it is */
    int32_t number;
};

struct addr_index; /* finds objects by address; see world_fold.h */

struct world {
    uint32_t step;
    uint32_t ntasks; /* tasks that exist at this step */
    struct world_task *tasks;
    uint32_t nobjects;
    uint32_t cap_objects;
    struct world_object *objects; /* in order of first use */
    uint32_t nprocesses;          /* of this step, at least 1: P0 is there from the start */
    struct world_process *processes;
    uint32_t nfds, cap_fds;
    struct world_fd *fds;           /* those that are open, the oldest first */
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
/* Whether a task could make the next step by itself: what only an adverse event would wake cannot.
 */
int world_can_go(const struct world_task *t);
/* The index of the process with that pid, NO_PROCESS if there is none. */
unsigned world_process_of_pid(const struct world *w, int64_t pid);
/* Processes that have an end of this pipe open, as bits; `writing`: the end for writing. */
uint64_t world_ends(const struct world *w, uint64_t addr, int writing);
/* All output of stream fd (1, 2; 0 both) up to `step`, appended to *out. */
void world_output(const struct trace *t, uint32_t step, int fd, struct buf *out);

#endif
