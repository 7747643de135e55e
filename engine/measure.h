/* Running a program free and measuring what it takes. Each run is a process of its own under a
 * keeper, so that nothing of it is left, and a guard that costs threads nothing; nobody looks at it
 * while it runs, but for its output, which is read and thrown away.
 *
 * Time goes by CLOCK_MONOTONIC from the exec to the moment when the keeper sees the end. What it
 * used is told by the kernel (wait4): of the program and of all children it waited for. */
#ifndef LOCKSTEP_MEASURE_H
#define LOCKSTEP_MEASURE_H

#include "program.h"

struct measure {
    double wall, user, system; /* seconds */
    double memory;             /* bytes in memory, the most at one time, of one process; those of
                                  lockstep's before the exec count, too: some MiB */
    double voluntary, involuntary;     /* switches: gave the processor up, had it taken away */
    double minor_faults, major_faults; /* pages mapped; those of them read from a disk */
    uint64_t output;                   /* bytes it printed */
    int failed;                        /* 1: do not count it; */
    char why[320];                     /* why: "ended by SIGSEGV" */
};

struct measure_options {
    double seconds;      /* end a run after so many */
    uint64_t processors; /* that it may use, a bit each; 0: all */
    int (*stop)(void);   /* asked when a signal came: end the run? may be NULL */
};

/* Run it once with these arguments (argv[0] its name, NULL-terminated). Blocks until it has ended,
 * with all it started. That it fails is in *m and no error. -ERR_TARGET_GONE when it cannot be
 * started, -ERR_INTERRUPTED when stop() said so. */
int measure_run(const struct program *p, char *const *argv, const struct measure_options *o,
                struct measure *m, struct err *e);

/* What the machine did up to now: for telling how much of it others used meanwhile. */
struct measure_machine {
    double at;     /* seconds by CLOCK_MONOTONIC */
    double busy;   /* seconds that its processors worked, all together; NAN: unknown */
    double stolen; /* seconds that they should have worked, but the host of this virtual machine
                      took */
};
void measure_machine(struct measure_machine *m);
/* Processors that a run may use: of `processors` (0: all) those that this process may use. */
int measure_processors(uint64_t processors);

#endif
