/* Private to explain*.c: spelling of the parts of a sentence, and what the sentences are told. */
#ifndef LOCKSTEP_EXPLAIN_PRIVATE_H
#define LOCKSTEP_EXPLAIN_PRIVATE_H

#include "explain.h"

enum {
    NAME_BYTES = 160,
    TASK_BYTES = 12,
    SCAN_STEPS = 100000 /* no look further back than this */
};

/* How tasks and places are called at a step: with their process when there are several. */
struct spelling {
    const struct names *names;
    const struct trace *t; /* NULL: tasks are called by their numbers alone */
    int forked;            /* there is more than one process */
};
struct spelling spelling_at(const struct trace *t, uint32_t step, const struct names *names);

/* One step being explained. */
struct say {
    const struct trace *t;
    const struct spelling *names;
    struct spelling spelling; /* what `names` points at */
    struct world_view *v;
    const struct world *w;   /* after the step; valid as long as nobody seeks */
    const struct event *e;   /* the step event */
    const struct event *end; /* one past the last event of the step */
    struct buf *out;
    size_t start;          /* length of *out before the first sentence */
    uint16_t owner_before; /* of the object at e->addr, before the step */
    uint32_t owner_since;
    uint32_t race;          /* step of an earlier access that nothing orders with this one, or 0 */
    uint64_t race_held[16]; /* locks held by the other at that step */
    uint32_t nrace_held;
    int end_reads, end_writes; /* the descriptor closed by this step: which ends it was */
    uint32_t last_write;       /* of the place at e->addr, before this step; 0 */
    char task[TASK_BYTES], other[TASK_BYTES]; /* "T1", "P1.T1" */
    char object[NAME_BYTES], object2[NAME_BYTES];
    char error[32]; /* the result of the step as an error */
};

/* Add a sentence, the translation of format; a space goes before it unless it is the first, or the
 * sentence before ends in a wide character. */
void say(struct say *s, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Spelling; all NUL-terminate. */
void spell_task(const struct spelling *names, unsigned task, char out[TASK_BYTES]);
void spell_object(const struct spelling *names, uint64_t addr, uint32_t size, char out[NAME_BYTES]);
void spell_value(const struct spelling *names, const struct event *e, uint64_t value,
                 char out[NAME_BYTES]);
/* "counter.c:10", "" if unknown. `return_pc` is a return address. */
void spell_place(const struct spelling *names, uint64_t return_pc, char out[NAME_BYTES]);
/* Name of the function at an entry address; "" if unknown. */
const char *spell_function(const struct spelling *names, uint64_t pc);
void spell_duration(uint64_t ns, char out[32]);
const char *spell_error(int result, char scratch[32]);
const char *spell_signal(int number, char scratch[32]);
/* "SIGTERM". */
const char *spell_signal_name(uint64_t number, char scratch[32]);
/* "exited with status 1", "was ended by SIGTERM", from a wait status. */
void spell_status(uint32_t status, char out[64]);
/* Whom a wait asks for, whom a kill reaches: "pid 1001", "any child", "its process group". */
void spell_asked(int64_t pid, char out[64]);
void spell_addressee(int64_t pid, char out[64]);
/* What stands before item i of n items of a list: "", ", ", " and ". */
const char *spell_list(unsigned i, unsigned n);
/* "P0", "P0 and P2" for the bits set. */
void spell_processes(uint64_t set, char *out, size_t n);
/* Text of an event in quotes, control characters visible, shortened to some 60 columns. */
void add_quoted(struct buf *b, const struct trace *t, const struct event *e);
/* What went through a pipe: text in quotes, a few bytes in hexadecimal, nothing when it is more. */
void add_content(struct buf *b, const struct trace *t, const struct event *e);
/* Whether a read of a descriptor is an accept: its size is the new descriptor. */
int is_accept(const struct trace *t, const struct event *e);
/* "m", "m and n", "no lock". */
void spell_locks(const struct spelling *names, const uint64_t *held, uint32_t n, struct buf *out);
/* "T1", "T1 and T2", "T1, T2 and T3" for the set bits[0..MAX_TASKS). Returns how many. */
unsigned spell_tasks(const struct spelling *names, const uint8_t *set, char *out, size_t n);

/* The part of explain_operation after the verb: "counter 0 -> 1", "m", "" when there is none. */
/* The word of an operation on screen: "sem wait". */
void explain_verb(unsigned kind, char *out, size_t n);
void explain_detail(const struct event *e, const struct trace *t, const struct spelling *names,
                    struct buf *out);

/* A task that cannot go on, for the sentence that says why. */
struct waiting {
    const struct world_task *k;
    const struct world_object *o; /* what it waits for, may be NULL */
    char who[TASK_BYTES], by[TASK_BYTES];
    char object[NAME_BYTES];
};

/* explain_process.c: processes, signals, cancellation. */
void say_fork(struct say *s);
void say_copy_starts(struct say *s);
void say_wait_child(struct say *s);
void say_exec(struct say *s);
void say_kill(struct say *s);
void say_take_signal(struct say *s);
void say_sigwait(struct say *s);
void say_pause(struct say *s);
void say_timer(struct say *s);
void say_cancel(struct say *s);
void say_cancelled(struct say *s);
void say_processes(struct say *s); /* what the step did to processes */
void say_child_wait(struct say *s, const struct waiting *x);
void say_signal_wait(struct say *s, const struct waiting *x);
void say_stopped(struct say *s, const struct waiting *x);
/* For the end of which process a task in a wait for a child waits; NO_PROCESS: for any of several.
 */
unsigned child_waited_for(const struct world *w, const struct world_task *k);
/* explain_fd.c: pipes, sockets, message queues. */
void say_pipe(struct say *s);
void say_fd_read(struct say *s);
void say_fd_write(struct say *s);
void say_fd_close(struct say *s);
void say_fd_dup(struct say *s);
void say_poll(struct say *s);
void say_queue(struct say *s);
void say_read_wait(struct say *s, const struct waiting *x);
void say_write_wait(struct say *s, const struct waiting *x);
void say_poll_wait(struct say *s, const struct waiting *x);

/* Sentences of the parts that have files of their own. */
void say_access(struct say *s);       /* explain_access.c: reads, writes, races, lost updates */
void find_race(struct say *s);        /* seeks; call before s->w is taken */
void say_consequences(struct say *s); /* explain_why.c */
void say_blocked(struct say *s, unsigned task);
void say_wait(struct say *s, unsigned task); /* one sentence: why this blocked task waits */
void say_finding(struct say *s, const struct event *finding); /* explain_find.c */
/* explain_deadlock.c */
void say_deadlock(struct say *s, const struct event *finding);
void say_lost_wakeup(struct say *s, const struct event *finding);
void say_others(struct say *s, const uint8_t *told); /* why the other blocked tasks wait */
/* The step in which `task` (NO_TASK: anybody) took what is at addr last; NULL if none is known. */
const struct event *taken(const struct say *s, unsigned task, uint64_t addr);
int is_read(unsigned kind); /* a lock for reading */
/* "in x.c:9 at step 4", "at step 4" where the place is unknown. */
enum { WHEN_BYTES = NAME_BYTES + 64 };
void spell_when(const struct say *s, uint64_t pc, uint32_t step, char out[WHEN_BYTES]);
/* A finding after which nobody can go on: it says already who waits for what. */
int is_stuck_kind(unsigned kind);
/* A task of the world; one that does not exist is no reason to stumble. */
const struct world_task *task_at(const struct say *s, unsigned task);
int is_blocked(const struct world_task *k);
/* For whom a blocked task waits, NO_TASK if for nobody in particular. */
unsigned blocker(const struct say *s, unsigned task);
/* "It had waited since step 4, until T2's step 9." */
void say_waited(struct say *s);
/* Fill everything of *s for a step; seeks the view. step >= 1. */
void say_init(struct say *s, const struct trace *t, struct world_view *v, uint32_t step,
              const struct names *names, struct buf *out);
int access_is_write(const struct event *e);
int is_access(unsigned kind);
int is_atomic(unsigned kind);

#endif
