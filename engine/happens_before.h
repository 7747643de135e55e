/* Happens-before over a trace: which step is ordered before which, through what, and where nothing
 * orders two accesses. The order is that of one task's steps, create and start, end and join,
 * unlock and lock, signal and wake-up, post and wait, barriers, once, atomics as acquire and
 * release, processes, descriptors: what the race detector in the target goes by
 * (engine/probe/order.c).
 *
 * It is Lamport's relation (Time, clocks, and the ordering of events, CACM 1978). A clock a task
 * and object would answer for all pairs; one pair needs one component of those clocks only, that of
 * the first step: who has heard of it? That is carried forward, with the way it came. */
#ifndef LOCKSTEP_HAPPENS_BEFORE_H
#define LOCKSTEP_HAPPENS_BEFORE_H

#include "names.h"
#include "world.h"

/* What one step tells another. */
struct order_link {
    uint32_t from,
        to; /* steps: of who tells, and of who learns it; one and the same for a wake-up */
    uint16_t teller, learner; /* tasks */
    uint64_t addr;            /* through this object; 0: directly, as a create does */
};

/* Whether step `first` happens before step `second` (first < second). Costs the events in between
 * at most. */
int order_before(const struct trace *t, uint32_t first, uint32_t second);
/* The same with the way: fills at most max links from the first to the second, in order, and
 * returns how many there are (may be more than max); 0 when they are steps of one task, or when it
 * does not. *ordered says which. */
unsigned order_chain(const struct trace *t, uint32_t first, uint32_t second, struct order_link *out,
                     unsigned max, int *ordered);
/* The last step of `task` before `second` that happens before `second`, 0 if there is none: what
 * second's task can have heard of it. *how is the link by which it was heard. No further back than
 * step `from`. */
uint32_t order_heard(const struct trace *t, unsigned task, uint32_t second, uint32_t from,
                     struct order_link *how);

/* Whether an event tells others what `task` did until then. */
int order_gives(const struct event *e, unsigned task);

/* Whether two steps of different tasks touch the same memory, one of them writing. */
int order_conflict(const struct event *a, const struct event *b, int *both_atomic);

enum { ORDER_LINKS = 12, ORDER_HELD = 16 };

enum order_answer {
    ORDER_NO_ACCESS, /* the step touches no memory, and no race was found before it */
    ORDER_ALONE,     /* no other task's access conflicts with it */
    ORDER_FAR,       /* none within the steps looked at */
    ORDER_BEFORE,    /* the first happens before the second */
    ORDER_ATOMIC,    /* nothing orders them, but both are atomic: no race */
    ORDER_RACE       /* nothing orders them */
};

/* Two accesses of one place by two tasks, at least one a write. */
struct order_pair {
    enum order_answer answer;
    uint32_t first, second; /* steps; only one of them when it is alone */
    uint64_t addr;          /* the place, as the second touches it */
    uint32_t size;
    uint32_t nheld[2]; /* locks held at each */
    uint64_t held[2][ORDER_HELD];
    int relaxed;     /* a race although there is a chain: an atomic in it is of a memory order that
                        orders     nothing, which the trace does not tell, and the race detector knew */
    unsigned nlinks; /* BEFORE, relaxed: the chain, the first ORDER_LINKS of them */
    struct order_link link[ORDER_LINKS];
    uint32_t heard; /* not ordered: order_heard of the first's task */
    struct order_link how;
    uint32_t gives; /* … the first step after `first`, before `second`, at which its task gives what
                       it did to others; 0: none */
};

/* The pair to show at a step: of the race found there; else this access and the last earlier one
 * that conflicts with it, one that nothing orders first of all; else this one and a later one. At
 * a step that is no access: the race found last before it. Seeks the view. */
void order_pair(struct order_pair *p, const struct trace *t, struct world_view *v, uint32_t step);

/* One link as a sentence without its end: "T1 unlocks m at step 6, T2 locks it at step 8". */
void order_link_words(const struct trace *t, struct world_view *v, const struct names *names,
                      const struct order_link *l, char *out, size_t n);
/* Why nothing orders the pair, or what does, as lines: translated sentences. Seeks the view. */
void order_reason(const struct trace *t, struct world_view *v, const struct names *names,
                  const struct order_pair *p, struct buf *out);
/* All of it as lines: both accesses with their places and locks, then the reason. */
void order_text(const struct trace *t, struct world_view *v, const struct names *names,
                const struct order_pair *p, struct buf *out);

#endif
