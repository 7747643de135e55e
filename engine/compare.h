/* Two executions of one program, side by side: how far they are the same, where they part, and how
 * they end otherwise. Pure; allocates. Steps are aligned by their numbers. */
#ifndef LOCKSTEP_COMPARE_H
#define LOCKSTEP_COMPARE_H

#include "names.h"
#include "schedule.h"
#include "trace.h"
#include "world.h"

/* A place that holds another value at the end. */
struct compare_value {
    uint64_t addr;
    uint32_t size;     /* bytes */
    uint64_t value[2]; /* last seen; of the first and the second execution */
};

struct compare {
    uint32_t common; /* steps 1..common are the same, with all they set off */
    uint32_t first;  /* the first step that differs, common + 1; 0: none does, and both are equal
                        long (one that merely ends sooner differs in the step it has not) */
    struct compare_value *values;
    size_t nvalues;
};

/* Whether the schedule `token` spells goes the same way as *now up to a step. */
int compare_same_way(const struct schedule *now, const char *token, int64_t step);

/* Copy a trace; *to must be initialised and is overwritten. */
void trace_copy(struct trace *to, const struct trace *from);

/* *out is overwritten; freed with compare_fini. va, vb: views of the two; left at their ends. */
void compare_runs(struct world_view *va, struct world_view *vb, struct compare *out);
void compare_fini(struct compare *c);

/* How an execution ends, in a few words, appended: "ends with status 0", "the deadlock",
 * "not over yet". */
void compare_say_end(const struct trace *t, struct buf *out);
/* How the two ends differ, a sentence each, appended: the endings, what was printed, the values. */
void compare_say(const struct compare *c, const struct trace *a, const struct trace *b,
                 const struct names *names, struct buf *out);

#endif
