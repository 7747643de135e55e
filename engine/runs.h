/* Outcomes of many free runs, counted, beside those that a search of the schedules found. Pure,
 * but for memory: fed with results, read by reports. */
#ifndef LOCKSTEP_RUNS_H
#define LOCKSTEP_RUNS_H

#include "explore.h"
#include "free_many.h"

enum {
    RUNS_KINDS = 4096
}; /* outcomes that are told apart; what differs from them all is `other` */

/* Is what was seen among what the search found? */
enum runs_judgement {
    RUNS_UNKNOWN, /* no search, one that is not complete, or a run that was cut */
    RUNS_EXPLORED,
    RUNS_UNEXPLAINED /* not in a complete set of outcomes */
};

struct runs_outcome {
    char *out; /* the first nout bytes of the out_total it printed */
    size_t nout;
    uint64_t out_total, out_hash; /* the hash only of those that were seen */
    int exit_status;              /* -1 if it did not exit */
    int signal;                   /* 0 if none */
    int hang;                     /* nobody could go on */
    enum free_limit cut;          /* the limit that ended it */
    uint64_t runs;
    /* of the search, after runs_match */
    enum runs_judgement judgement;
    uint64_t executions;             /* of those, 0 if it was not among them */
    uint64_t interleavings;          /* of all, where they were counted */
    uint32_t switches;               /* so many are enough */
    const struct schedule *schedule; /* borrowed of the search; NULL if none */
    int livelock;                    /* the search says that some loop for ever */
};

struct runs {
    uint64_t wanted, done, other;
    uint64_t ns; /* of all runs together */
    double seconds;
    struct runs_outcome *outcomes;
    size_t noutcomes;
    /* of the search: NULL until runs_match */
    const struct explore_result *explored;    /* borrowed */
    const struct explore_result *interleaved; /* borrowed; NULL: not counted */
};

void runs_add(struct runs *r, const struct free_result *f);
/* Put the outcomes in order: the commonest first. */
void runs_sort(struct runs *r);
/* Find each outcome in the search (borrowed, must outlive *r), add those that were never seen, and
 * sort. `all` is an enumeration of every interleaving, NULL if
 * there is none; it counts only when it is complete. Once. */
void runs_match(struct runs *r, const struct explore_result *found,
                const struct explore_result *all);
/* Something bad was seen: a crash, a status other than 0, a hang. */
int runs_bad(const struct runs *r);
/* 1 something bad seen or found, 0 nothing and the search was complete, else 4. */
int runs_exit_status(const struct runs *r);
/* The object of `live --runs --json`; no newline. why: why nothing was explored, "" if it was. */
void runs_json(const struct runs *r, const struct program *p, const char *why, struct buf *out);
void runs_fini(struct runs *r);

#endif
