/* A toy in place of a target: a handful of scripted programs with real rules (locks, conditions,
 * joins, whom a signal wakes), behind the same port as a session. Tests of screens step, branch and
 * search it without a compiler. */
#ifndef LOCKSTEP_TESTS_TOY_H
#define LOCKSTEP_TESTS_TOY_H

#include "port.h"

enum toy_program {
    TOY_COUNTER, /* two threads: read, write; main joins and prints */
    TOY_LOCKS,   /* m then n against n then m */
    TOY_COND,    /* two waiters and one who signals twice */
    TOY_CROWD    /* 64 threads that take turns for ever */
};

/* The port owns everything. */
struct port toy_port(enum toy_program program);
/* Replace the trace by a long one made by plain rules: TOY_CROWD only, nsteps steps. */
void toy_fill(struct port *p, uint32_t nsteps);

#endif
