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

/* Make *w the world before any event: room for MAX_TASKS tasks, no objects. */
void world_init(struct world *w, const struct addr_index *ix);
void world_fini(struct world *w);
/* Fold the next event of *t into *w. */
void world_fold(struct world *w, struct addr_index *ix, const struct trace *t,
                const struct event *e);

#endif
