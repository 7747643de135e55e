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

/* A search under way, as its caller sees it. */
struct explore_look {
    uint64_t executions, blocked;
    double seconds; /* so far */
    /* How much is done, 0 to 1. random: executions made of those asked for. dfs and dpor: an
     * estimate, which takes the branches below a choice to be alike (Knuth 1975; the weighted
     * backtrack estimator of Kilby, Slaney, Thiebaux and Walsh, AAAI 2006). With dpor branches are
     * added meanwhile, so at first it says too much. 0: not known yet. executions / part is about
     * how many there will be. */
    double part;
};

struct explore_options {
    enum strategy strategy;
    uint64_t executions; /* stop after so many; 0: no bound (random: 10,000) */
    double seconds;      /* stop after so long; 0: 60; random with `executions` given: no bound */
    uint64_t seed;
    int first; /* stop at the first finding */
    int main_exit_wait;
    uint32_t max_steps; /* per execution; 0: 20,000 */
    uint32_t stuck_ms;  /* 0: 2000 */
    /* Both are called some ten times a second while searching and while findings are put into
     * words (may be NULL); return non-zero to stop. */
    int (*progress)(void *ctx, uint64_t executions, uint64_t blocked, double seconds);
    int (*look)(void *ctx, struct explore_look *look);
    int keep; /* schedules of its executions, for the tree: explore_result.kept */
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
    uint32_t switches; /* fewest seen; UINT32_MAX while a search under way changes it */
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
    uint64_t pc; /* where, in the code */
};

/* The schedule of one execution, for a tree of them. */
struct explore_kept {
    uint16_t *choices; /* n, as in struct schedule */
    uint8_t *options;  /* how many could be chosen there, 255: as many or more; 0: not known */
    uint32_t n;
    uint32_t outcome; /* in outcomes; UINT32_MAX: of none that is kept */
};

struct explore_result {
    enum strategy strategy;
    int complete;  /* every schedule was covered */
    int exhausted; /* nothing is left to try; complete unless why_not says what was not covered */
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
    struct explore_kept *kept; /* where asked for: in the order they were made */
    size_t nkept;
    uint32_t kept_every; /* one in so many executions was kept, all when 1; 0: none */
    uint32_t starts;     /* how often the search began anew */
    char *why_text;      /* holds why_not; may be NULL */
    char *why_said;      /* why_not translated; NULL: as that */
};

/* Search. Blocks; returns 0 even when there are findings. -ERR_* when the target cannot run. */
int explore_run(struct program *p, const struct explore_options *o, struct explore_result *r,
                struct err *e);
/* From inside `look` only: bring *r up to date with the search; empty (all zero) at the first call.
 * Only what is new is copied, so it costs little however much was found; r->executions, blocked,
 * outcomes, findings and kept are as far as it has come, findings have the words of their kind, and
 * r->complete is 0; one that is being written at this moment comes with the next call. The
 * caller's, freed by explore_result_fini. Does not block. */
void explore_so_far(struct explore_look *look, struct explore_result *r);
void explore_result_fini(struct explore_result *r);
/* The JSON object of design section 6, one line without newline, appended to *out. */
void explore_json(const struct program *p, const struct explore_result *r, struct buf *out);
/* Why it is not complete, for people, in their language; "" when it is. Borrowed of *r. */
const char *explore_why(const struct explore_result *r);
/* 0, 1 or 4 as documented. */
int explore_exit_status(const struct explore_result *r);

#endif
