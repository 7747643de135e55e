/* Who touched which place of memory at which step, holding which locks: the books behind the view
 * of memory over time. Made from the trace, kept up to date as it grows and is cut; what is asked
 * of it is always asked as of a step. Not thread-safe; allocates. */
#ifndef LOCKSTEP_MEMORY_LOG_H
#define LOCKSTEP_MEMORY_LOG_H

#include "names.h"
#include "world.h"

struct memory_access {
    uint32_t step;
    uint32_t locks; /* number of the set of locks held */
    uint16_t task;
    uint8_t writes, atomic;
};

struct memory_place {
    uint64_t addr;
    uint32_t size; /* of the last access, bytes */
    uint32_t n, cap;
    struct memory_access *list; /* by rising step */
};

struct memory_log;

struct memory_log *memory_log_new(void);
void memory_log_free(struct memory_log *l); /* NULL is allowed */
/* Take in what is new of the view's trace; forgets what was cut. Seeks the view. Costs the new
 * events. */
void memory_log_update(struct memory_log *l, struct world_view *v);
/* Places in the order of their first access. */
uint32_t memory_places(const struct memory_log *l);
const struct memory_place *memory_place(const struct memory_log *l, uint32_t i);
/* How many of its accesses are at or before a step. */
uint32_t memory_until(const struct memory_place *p, uint32_t step);
/* The locks of a set, *n of them; borrowed until the next update. */
const uint64_t *memory_locks(const struct memory_log *l, uint32_t set, uint32_t *n);
int memory_is_write(const struct event *e, uint64_t addr);

/* The rule a program seems to follow for a place, from its accesses up to a step. */
enum memory_rule {
    RULE_ONE_TASK,  /* only one task touches it */
    RULE_READ_ONLY, /* several, and none writes */
    RULE_ATOMIC,    /* every access is atomic */
    RULE_LOCKED,    /* a lock is common to all accesses */
    RULE_DIFFERENT, /* a lock is held at each, but none at all of them */
    RULE_SOMETIMES, /* at some accesses no lock is held */
    RULE_NEVER      /* no lock is ever held */
};

/* What one task did to a place. */
struct memory_toucher {
    uint16_t task;
    uint32_t reads, writes, bare; /* bare: accesses with no lock held */
    uint32_t ncommon;             /* locks held at all of them */
    uint64_t common[16];
};

enum { MEMORY_TOUCHERS = 8, MEMORY_LOOKED = 1024 };

struct memory_summary {
    enum memory_rule rule;
    uint32_t looked; /* accesses looked at: the newest MEMORY_LOOKED at most … */
    int more;        /* … and there are older ones */
    uint32_t reads, writes, bare;
    uint32_t last_read, last_write; /* steps; 0 */
    uint32_t ncommon;
    uint64_t common[16];
    unsigned ntouchers; /* more than MEMORY_TOUCHERS are counted and not kept */
    struct memory_toucher toucher[MEMORY_TOUCHERS];
};

/* Of the accesses up to `step`. */
void memory_summarise(const struct memory_log *l, const struct memory_place *p, uint32_t step,
                      struct memory_summary *s);
/* The rule in words, translated: "always under m", "never the same lock: T1 m, T2 n". */
void memory_rule_words(const struct trace *t, uint32_t step, const struct world *w,
                       const struct names *names, const struct memory_summary *s, char *out,
                       size_t n);
/* All places that were touched up to `step`, a line each: value, who wrote and read it last, the
 * rule. Seeks the view. */
void memory_text(struct memory_log *l, struct world_view *v, const struct names *names,
                 uint32_t step, struct buf *out);

#endif
