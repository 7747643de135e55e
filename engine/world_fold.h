/* Private to world*.c: one event folded into a world, and the index of objects. */
#ifndef LOCKSTEP_WORLD_FOLD_H
#define LOCKSTEP_WORLD_FOLD_H

#include "world.h"

/* Numbers addresses in the order they were first met. The order is a function of the trace, so the
 * objects of an earlier world are a prefix of it, and one index serves every step of a view: an
 * entry with a number >= world.nobjects does not exist yet at that step. */
struct addr_index {
    uint64_t *addrs; /* n of them: the address of each number */
    uint32_t n, cap;
    uint32_t *slots; /* open addressing; number + 1, 0 free */
    uint32_t nslots; /* a power of two, at least 2 * n; 0 at first */
};

/* Number of addr, or UINT32_MAX. */
uint32_t addr_index_find(const struct addr_index *ix, uint64_t addr);
/* Number of addr, added at the end if it is new. */
uint32_t addr_index_add(struct addr_index *ix, uint64_t addr);
/* Forget the numbers from n on. */
void addr_index_truncate(struct addr_index *ix, uint32_t n);
void addr_index_fini(struct addr_index *ix);

enum { FIRST_PID = 1000 /* of P0, when no event says otherwise */ };

/* Make *w the world before any event: room for MAX_TASKS tasks and all processes, no objects. */
void world_init(struct world *w, const struct addr_index *ix);
/* The same for a world in use: it keeps its memory. */
void world_begin(struct world *w);
void world_fini(struct world *w);
/* Fold the next event of *t into *w. */
void world_fold(struct world *w, struct addr_index *ix, const struct trace *t,
                const struct event *e);

/* What several files of the fold share. */
struct fold {
    struct world *w;
    struct addr_index *ix;
    const struct trace *t;
    enum object_class class; /* of the object at e->addr, from the table of rules */
};
struct world_object *fold_touch(struct fold *f, const struct event *e, uint64_t addr,
                                enum object_class class);
struct world_task *fold_task(struct fold *f, unsigned task, uint32_t step);
/* It waits no longer for anything. */
void fold_unblock(struct world_task *k);
int fold_is_over(const struct world_task *k);
/* Undo its sleep in a condition. */
void fold_wake_up(struct fold *f, unsigned task);

/* Process `index`, which begins now if nothing told of it before. */
struct world_process *fold_known_process(struct fold *f, unsigned index, uint32_t step);

/* world_process.c: what the kinds of processes and descriptors do. */
void fold_fork(struct fold *f, const struct event *e);
void fold_exec(struct fold *f, const struct event *e);
void fold_process(struct fold *f, const struct event *e);
void fold_process_end(struct fold *f, const struct event *e);
void fold_process_state(struct fold *f, const struct event *e);
void fold_pipe(struct fold *f, const struct event *e);
void fold_fd_read(struct fold *f, const struct event *e);
void fold_fd_write(struct fold *f, const struct event *e);
void fold_fd_close(struct fold *f, const struct event *e);
void fold_fd_dup(struct fold *f, const struct event *e);
void fold_queue(struct fold *f, const struct event *e);
/* The execution is over: what still ran ends with it. */
void fold_all_processes_end(struct fold *f, const struct event *e);

#endif
