/* A litmus test: a few threads of a few accesses each, and a question about how it may end. It is
 * run millions of times on real processors, and the endings are counted; a search of all
 * interleavings says which of them need more than taking turns.
 *
 * The format is that of herd7 and litmus7 for tests in C. The file is parsed and turned into C
 * source here; what the threads do is left to the compiler, as it stands. litmus_read, litmus_make,
 * litmus_holds and the words are pure; litmus_run blocks. Nothing is thread-safe. */
#ifndef LOCKSTEP_LITMUS_H
#define LOCKSTEP_LITMUS_H

#include "base.h"

#define LITMUS_THREADS 16
#define LITMUS_GLOBALS 32
#define LITMUS_LOCALS  64 /* of a thread */
#define LITMUS_SEEN    32 /* places of the final state that are looked at */
#define LITMUS_BYTES   65536u
/* The value of a pointer in a final state: this and the number of the variable it points to. */
#define LITMUS_PLACE 0x4c69740000000000

struct litmus_global {
    char *name, *type; /* in C, without the name: "atomic_int", "int *" */
    int64_t value;     /* at the beginning */
    char *to;          /* or the variable it points to; NULL */
};

struct litmus_local {
    char *name, *type;
    int64_t value;
};

struct litmus_thread {
    char *params; /* "atomic_int *x, int *y" */
    int globals[LITMUS_GLOBALS], nglobals;
    struct litmus_local locals[LITMUS_LOCALS]; /* declared at the beginning, 0 */
    int nlocals;
    char *body; /* what is between its braces, with as many lines; declarations are assignments */
    int line;   /* of the file, where the body begins */
    int opaque; /* has more than the accesses that the model of store buffers knows */
};

/* A place of the final state: a local of a thread, or (thread -1) a global. */
struct litmus_seen {
    int thread, index;
    int pointer; /* may hold one: a pointer, or a number of that size that is made for it */
    char *name;  /* "0:r0" or "x" */
};

enum litmus_prop_kind { PROP_TRUE, PROP_FALSE, PROP_EQUAL, PROP_NOT, PROP_AND, PROP_OR, PROP_IF };
struct litmus_prop {
    int kind;
    struct litmus_prop *left, *right;
    int seen, other; /* EQUAL: of seen[], and with which it is compared; -1: with value */
    int64_t value;
};

enum litmus_quantifier { LITMUS_NONE, LITMUS_EXISTS, LITMUS_NOT_EXISTS, LITMUS_FORALL };

struct litmus {
    char *file, *name; /* "sb.litmus", "SB" */
    struct litmus_global globals[LITMUS_GLOBALS];
    int nglobals;
    struct litmus_thread threads[LITMUS_THREADS];
    int nthreads;
    struct litmus_seen seen[LITMUS_SEEN];
    int nseen;
    struct litmus_prop *filter; /* only endings in which it holds count; NULL: all */
    enum litmus_quantifier quantifier;
    struct litmus_prop *prop; /* never NULL */
};

/* Parse text[0..n), which need not end in NUL; file: its name, for messages. -ERR_DATA with file,
 * line, what is wrong and what would be right. *out is NULL then. */
int litmus_read(struct litmus **out, const char *text, size_t n, const char *file, struct err *e);
void litmus_free(struct litmus *l);

/* Does it hold in a final state, nseen values? */
int litmus_holds(const struct litmus_prop *p, const int64_t *values);
/* Append the condition as the field writes it: "0:r0=0 /\ 1:r0=0". */
void litmus_spell_prop(const struct litmus *l, const struct litmus_prop *p, struct buf *out);
/* Append "0:r0=0; 1:r0=0;", and one value: a number, or the name of the variable pointed to. */
void litmus_spell_state(const struct litmus *l, const int64_t *values, struct buf *out);
void litmus_spell_value(const struct litmus *l, int seen, int64_t value, struct buf *out);
/* "exists", "~exists", "forall", "". */
const char *litmus_quantifier_word(enum litmus_quantifier q);

/* What is made of it, each a C program: to be run free many times; once, to be explored; once,
 * where each thread has a store buffer as x86-64 has it, whose draining is a choice. */
enum litmus_program { LITMUS_FREE, LITMUS_ONCE, LITMUS_BUFFERED };
void litmus_make(const struct litmus *l, enum litmus_program kind, struct buf *out);

/* ---- running ---- */
struct litmus_options {
    uint64_t runs;       /* 0: a million */
    double seconds;      /* at most; 0: 60 */
    uint64_t processors; /* a bit each; 0: all that this process may use */
    uint64_t seed;
    int optimise; /* 0 to 3 */
    int no_explore;
    /* Called some ten times a second (may be NULL); runs ~0: while it is searched. Non-zero stops.
     */
    int (*progress)(void *ctx, uint64_t runs, double seconds);
    void *ctx;
};

enum litmus_known { LITMUS_UNKNOWN, LITMUS_YES, LITMUS_NO };

struct litmus_outcome {
    int64_t values[LITMUS_SEEN];
    uint64_t runs;                   /* 0: an interleaving gives it, but it was not seen */
    int holds;                       /* what the clause asks about */
    enum litmus_known interleaving;  /* does one give it? */
    enum litmus_known store_buffers; /* does an interleaving with store buffers give it? */
};

struct litmus_result {
    struct litmus_outcome *outcomes; /* most frequent first */
    size_t noutcomes;
    uint64_t runs, filtered; /* counted; left out by the filter */
    uint64_t uncounted;      /* of endings beyond those that fit into the table */
    uint64_t positive;       /* runs in which the clause's condition held */
    double seconds;
    int processors[64], nprocessors; /* that were used */
    int usable;                      /* that it was allowed to use */
    char *stopped;                   /* why it ended before all runs were made; "" if not */
    int explored;                    /* all interleavings are known */
    char *unexplored;                /* why not; "" if they are */
    uint64_t executions;             /* of that search */
    int modelled;                    /* the search with store buffers was complete, too */
};

/* Compile, run, search. Blocks. -ERR_COMPILE, -ERR_COMPILER, -ERR_CREATE, -ERR_TARGET_GONE,
 * -ERR_DATA when no run came to its end. */
int litmus_run(const struct litmus *l, const struct litmus_options *o, struct litmus_result *r,
               struct err *e);
void litmus_result_fini(struct litmus_result *r);
/* Never, sometimes, always: how often the condition held. */
const char *litmus_observation(const struct litmus_result *r);
/* Is the clause right as far as was seen: something for exists, nothing for ~exists, all for
 * forall? */
int litmus_clause_holds(const struct litmus *l, const struct litmus_result *r);
/* 1 an ending was seen that no interleaving gives, or ~exists or forall does not hold; 4 not so,
 * but it was stopped, or the interleavings are not known; else 0. */
int litmus_exit_status(const struct litmus *l, const struct litmus_result *r);
/* One JSON object without newline; and the report for reading, `width` columns wide. */
void litmus_json(const struct litmus *l, const struct litmus_options *o,
                 const struct litmus_result *r, struct buf *out);
void litmus_report(const struct litmus *l, const struct litmus_options *o,
                   const struct litmus_result *r, struct buf *out);

#endif
