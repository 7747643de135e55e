/* Which switches of a schedule matter for what it shows. One after the other is taken away and the
 * program run again; what still shows the same is kept (delta debugging: Zeller and Hildebrandt,
 * TSE 2002, one switch at a time). Then, as far as there is time, every execution with fewer
 * switches is run (iterative context bounding: Musuvathi and Qadeer, PLDI 2007), so that it is
 * known whether there are too many still. */
#ifndef LOCKSTEP_MINIMISE_H
#define LOCKSTEP_MINIMISE_H

#include "program.h"
#include "schedule.h"
#include "session.h"
#include "switches.h"

/* What is to be shown still: a finding, or how the execution ends and what it prints. */
struct minimise_goal {
    int finding;            /* enum finding_kind; -1: the end */
    uint64_t addr, pc, pc2; /* of a finding: told apart as a search does */
    int finish;             /* of an end: enum finish */
    int32_t status;         /* its exit status or signal */
    char *out;              /* what it prints on standard output, nout bytes; owned */
    size_t nout;
};
/* The end of an execution; of one that is not over, 0 and *g as minimise_free leaves it. */
int minimise_end(const struct trace *t, struct minimise_goal *g);
/* What is worth a look in an execution: its last finding that is more than a data race; else its
 * end, when it is over and ends otherwise than the execution in which nobody interferes (`plain`,
 * may be NULL), as that shows what a race does; else the race. 0 when there is none of these. */
int minimise_worth(const struct trace *t, const struct minimise_goal *plain,
                   struct minimise_goal *g);
/* Whether an execution shows it. */
int minimise_shows(const struct minimise_goal *g, const struct trace *t);
void minimise_free(struct minimise_goal *g);

struct minimise_options {
    struct session_options session;
    double seconds; /* for taking switches away, and again for trying fewer; 0: 5 */
    int no_fewer;   /* the executions with fewer switches are not run */
    /* Called at every replay (may be NULL): how many there were, and the fewest switches so far.
     * Return non-zero to stop. */
    int (*progress)(void *ctx, uint64_t replays, size_t switches);
    void *ctx;
};

struct minimise_result {
    struct minimise_goal goal;
    struct switches given;    /* of the schedule that was given */
    uint8_t *necessary;       /* given.n of them: 1 it matters; 0: without it the same is shown */
    struct schedule schedule; /* with the fewest switches that was found, run to its end */
    struct switches switches; /* of that: each is necessary. Without it (its task goes on, the
                                 others follow as before or by the plain policy) the goal is not
                                 shown, or only by as many other switches */
    int fewest;               /* 1: all executions with fewer switches were run, none shows it */
    int proved;               /* 1: each of `switches` was tried away; 0: time was over before */
    int stopped;              /* progress asked to stop: what is here holds, but is not the end */
    uint64_t replays;
};

/* goal: NULL for what minimise_worth says; else copied. Opens a session of its own on the thread
 * that calls; blocks. 0; -ERR_NOT_FOUND when the schedule shows nothing; session errors,
 * -ERR_DIVERGED. *r is overwritten and to be freed with minimise_fini also on error. */
int minimise_run(struct program *p, const struct schedule *schedule,
                 const struct minimise_goal *goal, const struct minimise_options *o,
                 struct minimise_result *r, struct err *e);
void minimise_fini(struct minimise_result *r);

/* A sentence on what a switch does: "T1 had read counter (step 7) when T2 wrote it (step 9)."
 * The view is of the trace. Appended. */
void minimise_say(const struct trace *t, struct world_view *v, uint32_t step,
                  const struct names *names, struct buf *out);
/* What the goal is, to stand in a sentence: "the data race on counter", "the output \"1\"". */
void minimise_say_goal(const struct minimise_goal *g, const struct names *names, struct buf *out);

#endif
