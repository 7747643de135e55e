/* The tree of the schedules that a search ran: where they part, who went on there, how many
 * executions went each way and how they ended. A prefix tree with chains folded (a radix tree,
 * Morrison, JACM 1968): a node is a stretch of choices that all executions through it share; where
 * it ends they part. Of what explore_result.kept holds, so of a sample where that is one: counts
 * are then of the sample. Pure, but for memory. */
#ifndef LOCKSTEP_SCHEDULE_TREE_H
#define LOCKSTEP_SCHEDULE_TREE_H

#include "explore.h"

#define TREE_NONE UINT32_MAX
enum { TREE_OUTCOMES = 4 };

struct tree_node {
    uint32_t parent, child, last_child, sibling; /* nodes; TREE_NONE. Siblings as they were tried */
    uint32_t example;                            /* a kept schedule through here */
    uint32_t from, to;                           /* its choices that belong here, to excluded */
    uint32_t step;                               /* steps made before `from` */
    uint32_t executions;                         /* kept ones that go through */
    uint32_t ends;                               /* of these, end here: a leaf has all of them */
    uint32_t wrong; /* of them, whose end is a finding: deadlock, crash, status … */
    uint32_t outcomes[TREE_OUTCOMES]; /* the first of those below; in the result */
    uint16_t noutcomes;               /* TREE_OUTCOMES + 1: more */
    uint16_t children;
    uint8_t open; /* its children are shown; the caller's to change */
    uint8_t here; /* tree_follow went through it */
};

/* Zero-initialised is empty. */
struct schedule_tree {
    struct tree_node *nodes; /* n of them; 0 is the root, with what all have in common */
    size_t n, cap;
    size_t added; /* kept schedules in it */
    uint32_t every, starts;
    uint32_t left_at;   /* of schedule_tree_follow: where the run leaves the tree, or ends in it */
    uint32_t left_step; /* the last step it shares with it */
    int left;           /* 1: it goes on another way from there than any execution */
};
/* Add what *r holds that is not in it yet; *r may grow between calls (explore_so_far), and must be
 * the same one, of one search. 1 when anything changed. Costs what is new. What is open stays so,
 * unless the kept schedules were thinned out. */
int schedule_tree_update(struct schedule_tree *t, const struct explore_result *r);
void schedule_tree_fini(struct schedule_tree *t);

/* Open the first `levels` below the root and close all others. */
void schedule_tree_unfold(struct schedule_tree *t, unsigned levels);
/* Mark the nodes that a run goes through, and where it leaves the tree: `choices` as in a
 * schedule. n 0: none. */
void schedule_tree_follow(struct schedule_tree *t, const struct explore_result *r,
                          const uint16_t *choices, size_t n);
/* Open what hides a node. */
void schedule_tree_reveal(struct schedule_tree *t, uint32_t node);
/* The node shown after this one, TREE_NONE at the end; 0 is shown first. *depth (may be NULL) is
 * changed by as many levels: 0 for the root. */
uint32_t schedule_tree_next(const struct schedule_tree *t, uint32_t node, unsigned *depth);

/* Who went on at the beginning of a node: a task or an alternative, as in a schedule. */
uint16_t schedule_tree_choice(const struct schedule_tree *t, const struct explore_result *r,
                              uint32_t node);
/* How many could have gone on where a node ends; 0 not known. */
unsigned schedule_tree_options(const struct schedule_tree *t, const struct explore_result *r,
                               uint32_t node);
/* An execution through a node: *out, initialised, becomes its schedule. */
void schedule_tree_schedule(const struct schedule_tree *t, const struct explore_result *r,
                            uint32_t node, struct schedule *out);

/* "T1 at step 3", "answer 2 at step 5", for the root "from the start"; appended. */
void schedule_tree_say_branch(const struct schedule_tree *t, const struct explore_result *r,
                              uint32_t node, struct buf *out);
/* The steps of a node as runs: "T1 3 steps, T2 1 step"; at most `runs` of them. Appended. */
void schedule_tree_say_steps(const struct schedule_tree *t, const struct explore_result *r,
                             uint32_t node, size_t runs, struct buf *out);
/* How its executions end: the outcome, or how many there are. Appended. */
void schedule_tree_say_ends(const struct schedule_tree *t, const struct explore_result *r,
                            uint32_t node, struct buf *out);
/* What the tree is of: all executions, or one in so many. A sentence, appended. */
void schedule_tree_say_sample(const struct schedule_tree *t, const struct explore_result *r,
                              struct buf *out);
/* The tree as lines for plain mode, as deep as it is open: numbered as an outline ("1.2"), at most
 * `rows` lines (0: all). */
void schedule_tree_text(const struct schedule_tree *t, const struct explore_result *r, size_t rows,
                        struct buf *out);

#endif
