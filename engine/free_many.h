/* A program run free many times, each run started by itself and all of them under one keeper:
 * nothing a run started is there when the next begins, and nothing at all when we are gone.
 *
 * Runs come one after the other, so that each has all processors, as if started by hand. Only
 * beside one that takes longer than a moment another is started: as many as there are processors
 * for those that compute, more beside those that sleep, none where runs could meet in files or by
 * names. They run in the folder and with the environment we have. */
#ifndef LOCKSTEP_FREE_MANY_H
#define LOCKSTEP_FREE_MANY_H

#include "free.h"
#include "program.h"

struct free_result {
    enum free_end end;     /* never FREE_RUNS */
    enum free_limit limit; /* of FREE_CUT */
    int status;            /* of FREE_ENDED; as of waitpid */
    uint64_t ns;           /* from its start to its end */
    const char *out;       /* what it printed: the first nout bytes of out_total */
    size_t nout;
    uint64_t out_total, out_hash;
};

struct free_many {
    const struct program *program; /* built free (program.h); its input holds */
    uint64_t runs;
    uint64_t processors;                  /* those a run may use, a bit each; 0: all */
    double seconds;                       /* a run is cut after so long; 0: 10 */
    uint32_t noise, noise_1_in, noise_us; /* engine/recorder.h; noise needs BUILD_NOTED */
    uint64_t seed;                        /* of the noise; each run has a chance of its own */
    void (*ended)(void *ctx, const struct free_result *r); /* r is gone when it returns */
    /* Some ten times a second; non-zero stops: runs that are going then do not count. May be NULL.
     */
    int (*progress)(void *ctx, uint64_t done, double seconds);
    void *ctx;
};

/* Run it. Blocks; forks, so the process should have one thread. 0, also when it was stopped;
 * -ERR_NOT_A_PROGRAM when it cannot be started, -ERR_TARGET_GONE when what runs it was killed,
 * -ERR_NOMEM. What has ended until then was told. */
int free_many(const struct free_many *m, struct err *e);

#endif
