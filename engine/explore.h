/* Searching the schedules of a program. The search runs inside the target at fibre speed; this is
 * the host's side: start it, watch it, collect outcomes and findings. */
#ifndef LOCKSTEP_EXPLORE_H
#define LOCKSTEP_EXPLORE_H

#include "base.h"
#include "program.h"
#include "schedule.h"

enum strategy { STRATEGY_DPOR, STRATEGY_DFS, STRATEGY_RANDOM };
/* -1 if the word is none. */
int strategy_parse(const char *word);
const char *strategy_word(enum strategy s);

struct explore_options {
    enum strategy strategy;
    uint64_t executions; /* stop after so many; 0: no bound (random: 10,000) */
    double seconds;      /* stop after so long; 0: 60; random with `executions` given: no bound */
    uint64_t seed;
    int first; /* stop at the first finding */
    int main_exit_wait;
    uint32_t max_steps; /* per execution; 0: 20,000 */
    uint32_t stuck_ms;  /* 0: 2000 */
    /* Called some ten times a second while searching (may be NULL); return non-zero to stop. */
    int (*progress)(void *ctx, uint64_t executions, uint64_t blocked, double seconds);
    void *ctx;
};

struct explore_outcome {
    char *out; /* what it printed on standard output; nout bytes kept */
    size_t nout;
    uint64_t nout_total; /* bytes printed, when more than was kept */
    int exit_status;     /* -1 if it did not exit */
    int signal;          /* 0 if none */
    int deadlock;
    int livelock;
    int cut; /* a limit ended it */
    uint64_t executions;
    uint32_t switches;
    struct schedule schedule;
};

struct explore_finding {
    int kind; /* enum finding_kind */
    char *message;
    char *file; /* "" unknown */
    int line;
    uint16_t tasks[8];
    int ntasks;
    uint32_t switches, steps;
    struct schedule schedule;
};

struct explore_result {
    enum strategy strategy;
    int complete; /* every schedule was covered */
    const char
        *why_not; /* when not: "60 s passed", "an execution was cut at 20,000 steps" …; else "" */
    char *notes;  /* what of the program cannot be seen: sentences, a line each; NULL if nothing */
    uint64_t executions, blocked, steps;
    uint64_t abandoned; /* executions in which an assumption of the program does not hold */
    double seconds;
    struct explore_outcome *outcomes;
    size_t noutcomes;
    struct explore_finding *findings; /* fewest switches kept for each distinct one */
    size_t nfindings;
};

/* Search. Blocks; returns 0 even when there are findings. -ERR_* when the target cannot run. */
int explore_run(struct program *p, const struct explore_options *o, struct explore_result *r,
                struct err *e);
void explore_result_fini(struct explore_result *r);
/* The JSON object of design section 6, one line without newline, appended to *out. */
void explore_json(const struct program *p, const struct explore_result *r, struct buf *out);
/* 0, 1 or 4 as documented. */
int explore_exit_status(const struct explore_result *r);

#endif
