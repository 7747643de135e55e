/* Who waits for whom at a step: a graph of the tasks that cannot go on, what each waits at and who
 * could end that, with the circles in it. Pure: a function of the world.
 *
 * The model is that of resource allocation graphs (Holt: Some deadlock properties of computer
 * systems, ACM Computing Surveys 1972). A wait for a lock, a join or an initialiser names tasks
 * each of which has to act first; a pipe or a child names tasks of which one has to; a condition, a
 * semaphore or a barrier names nobody. Only circles of waits that name tasks are circles here. */
#ifndef LOCKSTEP_WAIT_FOR_H
#define LOCKSTEP_WAIT_FOR_H

#include "names.h"
#include "world.h"

enum wait_need {
    NEED_EACH,   /* each of `by` has to act */
    NEED_ONE,    /* one of `by` would do */
    NEED_ANYBODY /* nobody is named; `by` are all others that can go on */
};

enum wait_hope {
    HOPE_SOME,   /* somebody who can go on may end it */
    HOPE_BEHIND, /* it waits for one that waits for ever, as things are */
    HOPE_LOOSE,  /* in a circle that a signal or a cancellation could still open */
    HOPE_CIRCLE, /* in a circle that nothing opens: a deadlock */
    HOPE_NOBODY  /* nobody is left who could end it */
};

enum { WAIT_WORDS = MAX_TASKS / 64 };

struct wait_edge {
    uint16_t task;  /* who waits */
    uint16_t next;  /* the one of `by` to follow: the next in its circle; NO_TASK: none is named */
    uint8_t reason; /* enum block_reason */
    uint8_t need, hope;
    uint64_t addr;           /* at what; 0: a join, a child, a signal */
    uint32_t since;          /* step since which it waits */
    uint32_t held_since;     /* of a lock or an initialiser: since when `next` has it; 0 unknown */
    uint64_t by[WAIT_WORDS]; /* tasks, as bits */
};

/* Edges in the order to draw them: the closed circles first, each begun at its lowest task; in any
 * chain a task is followed by the one it waits for, unless that stands above or does not wait. */
struct wait_graph {
    uint32_t step;
    unsigned n;
    unsigned ncircles, nclosed; /* closed: those that are deadlocks */
    struct wait_edge edge[MAX_TASKS];
    uint16_t edge_of[MAX_TASKS]; /* of each task, its place in edge[]; NO_TASK: it does not wait */
    uint16_t circle_of[MAX_TASKS]; /* of each edge: its circle, from 0; NO_TASK */
};

/* The graph of a world (borrowed). Allocates nothing. */
void wait_for(struct wait_graph *g, const struct world *w);
int wait_by(const struct wait_edge *e, unsigned task);
/* How many tasks `by` names. */
unsigned wait_nby(const struct wait_edge *e);

/* In words, translated. `w` is the world the graph was made from. */
struct wait_words {
    const struct world *w;
    const struct trace *t;
    const struct names *names;
};
/* What a task waits for: "waits for m since step 9". */
void wait_what(const struct wait_words *x, const struct wait_edge *e, char *out, size_t n);
/* Who or what could end it: "T2 holds it since step 6", "somebody has to post it: T0, T3". */
void wait_who(const struct wait_words *x, const struct wait_edge *e, char *out, size_t n);
/* The whole in one line: "deadlock: T1 → m → T2 → n → T1"; "nobody waits". */
void wait_summary(const struct wait_words *x, const struct wait_graph *g, char *out, size_t n);
/* All of it as lines: the summary, then a sentence an edge. */
void wait_text(const struct wait_words *x, const struct wait_graph *g, struct buf *out);

#endif
