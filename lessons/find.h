/* Find it: a run that goes wrong, and the two questions about it that the engine can answer: from
 * which step on could nobody save it any more, and which switches were needed for it. */
#ifndef LOCKSTEP_FIND_H
#define LOCKSTEP_FIND_H

#include "lesson.h"
#include "minimise.h"
#include "program.h"
#include "schedule.h"

struct find_facts {
    struct schedule schedule; /* the run: the challenge's path, then the plain policy to its end */
    uint32_t decided;         /* the first step after which every way on ends like this one */
    struct switches switches; /* of the run */
    uint8_t *necessary;       /* switches.n of them: 1 without it the run would have ended well */
    size_t nnecessary;
    uint64_t executions; /* that were run to know this */
};

struct find_options {
    double seconds; /* for all of it; 0: 20 */
    /* Now and then (may be NULL): executions so far; non-zero ends it with -ERR_INTERRUPTED. */
    int (*progress)(void *ctx, uint64_t executions);
    void *ctx;
};

/* Find out. Runs every way on from a step, at log2(steps) steps, so it is for programs of a lesson.
 * o may be NULL. *f is overwritten, to be freed with find_fini also on error. -ERR_DATA the run
 * does not reach the goal, or every run does; -ERR_LIMIT the time was over; -ERR_INTERRUPTED;
 * session errors. Blocks; opens sessions of its own. */
int find_facts(struct program *p, const struct lesson_challenge *c, const struct find_options *o,
               struct find_facts *f, struct err *e);
void find_fini(struct find_facts *f);

/* Whether there is a switch at this step; its index in f->switches, -1 none. */
int find_switch(const struct find_facts *f, uint32_t step);

enum find_place { FIND_NOT_MARKED, FIND_EARLIER, FIND_LATER, FIND_AT_IT };
/* What a learner marked against the facts. Pure. */
struct find_verdict {
    int passed;
    enum find_place decided; /* where the marked step lies from the deciding one */
    size_t found, missed;    /* necessary switches marked, and not */
    size_t needless;         /* marked ones that were not needed */
};
/* step: marked as deciding, 0 none; marked: f->switches.n flags. */
void find_judge(const struct find_facts *f, uint32_t step, const uint8_t *marked,
                struct find_verdict *v);
/* What a learner is told: sentences, appended. */
void find_say(const struct find_facts *f, const struct find_verdict *v, struct buf *out);

#endif
