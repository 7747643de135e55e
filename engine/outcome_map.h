/* The outcome map: how an execution can end, how many executions lead to each end, the schedule of
 * fewest switches that does, and which of them the learner's own runs have reached. Made of what a
 * search found, also while it goes on. Pure, but for memory. */
#ifndef LOCKSTEP_OUTCOME_MAP_H
#define LOCKSTEP_OUTCOME_MAP_H

#include "explore.h"
#include "names.h"
#include "world.h"

/* Ends of runs, as a set: what was printed on standard output, and how it ended. Zero-initialised
 * is empty. */
struct outcome_set {
    uint64_t *ends;
    size_t n, cap;
};
/* Add the end of an execution; 1 when it is new, 0 when it was there or the execution is not over
 * (or was abandoned, which is no end). */
int outcome_set_add(struct outcome_set *s, const struct trace *t);
void outcome_set_fini(struct outcome_set *s);

struct outcome_row {
    size_t outcome;      /* in the result */
    uint64_t executions; /* that lead there */
    uint32_t switches;   /* of the simplest schedule */
    int wrong;           /* enum finding_kind of such an end: deadlock, livelock, crash,
                            exit-status; -1: the end itself is none */
    int seen;            /* a run of the learner reached it */
};

enum outcome_verdict {
    MAP_UNDER_WAY, /* the search goes on */
    MAP_COMPLETE,  /* every schedule is covered: there are no others */
    MAP_BOUND,     /* nothing is left to try, but within a bound: steps, values … */
    MAP_STOPPED    /* stopped after so many executions */
};

/* Zero-initialised is empty. */
struct outcome_map {
    struct outcome_row *rows; /* n of them */
    size_t n;
    uint64_t executions; /* of all rows */
    uint64_t most;       /* of one row */
    uint64_t beyond;     /* executions whose outcome was one too many to keep */
    size_t seen;         /* rows the learner's runs have reached */
    size_t elsewhere;    /* ends of theirs that the search has not (yet) found */
    enum outcome_verdict verdict;
    /* private: of the result's outcomes, in their order */
    uint64_t *ends;
    size_t nends;
    uint32_t starts;
};
/* Bring the map up to date with *r. Rows are in the order of the result while the search is under
 * way, so that none moves; then the commonest first. seen may be NULL. Costs what is new, and a
 * few nanoseconds a row. */
void outcome_map_update(struct outcome_map *m, const struct explore_result *r, int under_way,
                        const struct outcome_set *seen);
void outcome_map_fini(struct outcome_map *m);

/* An end in a few words, appended: `prints "1"`, `deadlock; prints nothing`. What was printed is
 * made visible and cut to about 120 bytes. */
void outcome_say(const struct explore_outcome *o, struct buf *out);
/* What else is to say of one, of the same result, appended: how often, the fewest switches (unless
 * a search under way is changing them), whether it is a finding, whether the learner was there. */
void outcome_map_say_row(const struct outcome_row *row, const struct explore_result *r,
                         struct buf *out);
/* One or two sentences: whether these are all outcomes there are. */
void outcome_map_say_verdict(const struct outcome_map *m, const struct explore_result *r,
                             struct buf *out);
/* "Your own runs have reached 2 of 4 outcomes." With nothing found nothing. */
void outcome_map_say_seen(const struct outcome_map *m, struct buf *out);
enum { OUTCOME_SWITCHES_SAID = 100 };
/* The switches of an execution, a line each without newline at the end of the last: who goes on
 * although who could have, and what that one stood before. Nothing when there are none; of more
 * than OUTCOME_SWITCHES_SAID the first ones, and how many more. */
void outcome_say_switches(const struct trace *t, struct world_view *v, const struct names *names,
                          struct buf *out);
/* What is found in an execution, each kind once: "found in it: data race, lock leak". Nothing when
 * there is nothing. */
void outcome_say_findings(const struct trace *t, struct buf *out);
/* The whole map as lines, for plain mode: a numbered line an outcome (row i has number i + 1), then
 * what was seen and the verdict. At most `rows` outcomes (0: all), and how many more there are. */
void outcome_map_text(const struct outcome_map *m, const struct explore_result *r, size_t rows,
                      struct buf *out);

#endif
