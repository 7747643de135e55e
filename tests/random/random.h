/* Random small concurrent programs in C: made from a seed, written as source, compared, shrunk. */
#ifndef LOCKSTEP_TESTS_RANDOM_H
#define LOCKSTEP_TESTS_RANDOM_H

#ifndef OPS
#define OPS "ops.def"
#endif

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>

enum op_kind {
#define OP(id, weight, steps, text) OP_##id,
#include OPS
#undef OP
    OP_COUNT
};

struct one_op {
    uint8_t kind;
    uint8_t v, m, k; /* which variable, atomic or semaphore; which mutex; which number */
};

enum { THREADS_MAX = 4, OPS_MAX = 24 };
/* Thread 0 is main: its operations come after it started the others. */
struct random_program {
    uint64_t seed;
    int nthreads; /* main included */
    int nops[THREADS_MAX];
    struct one_op ops[THREADS_MAX][OPS_MAX];
    int detached; /* this thread is detached, 0: none */
    int leaves;   /* main joins nobody: 1 and returns, 2 and ends as a thread */
    int barrier, permits;
};

/* make.c */
void program_make(struct random_program *p, uint64_t seed);
/* About how many executions plain enumeration has, as a logarithm. */
double program_size(const struct random_program *p);

/* write.c: source of n programs, of which the first argument selects one */
void program_write(FILE *f, const struct random_program *p, int n);

/* compare.c */
struct tools {
    const char *lockstep; /* the program under test */
    const char *folder;   /* for sources and binaries */
    char options[80];     /* of explore and replay, how it is run; "" for none */
    long limit;           /* executions of dfs above which a program is passed over */
    int replays;          /* outcomes whose schedules are replayed */
    int native_runs;      /* free runs of each program; 0: none */
};
enum verdict { SAME, PASSED_OVER, DIFFERS, BROKEN };
/* Compile the n programs to one binary, with lockstep; 0 if that worked. */
int compare_build(const struct tools *t, const struct random_program *p, int n, const char *name);
/* Compare the strategies on program k of that binary; what differs is written to why (size bytes).
 */
enum verdict compare_run(const struct tools *t, const char *name, int k, char *why, size_t size);

/* The program alone, without what all have in common. */
void program_print(FILE *f, const struct random_program *p);

/* free.c: free runs of the same program */
/* Compile FOLDER/NAME.c without lockstep. */
int free_build(const struct tools *t, const char *name);
/* Run program k; how often it did what is not among the outcomes of the search `all`; said at *at.
 */
int free_compare(const struct tools *t, const char *name, int k, json_t *all, char **at,
                 size_t *left);

#endif
