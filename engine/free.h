/* One run of a program that runs free, unwatched but for its end: on the real library, under the
 * kernel's own scheduler. Its standard output is a terminal of its own, so that it is buffered as
 * under control (a line at a time), its standard error goes nowhere. Any process may start runs;
 * several may go at once in one process, unless `own` says otherwise. Host side; not thread-safe.
 */
#ifndef LOCKSTEP_FREE_H
#define LOCKSTEP_FREE_H

#include "base.h"

#include <sys/types.h>

enum {
    FREE_KEPT = 65536,     /* bytes of its output that are kept, as many as of an execution */
    FREE_LOOK_MS = 20,     /* between two looks at what its tasks do */
    FREE_LOOKS = 3,        /* found blocked so often in a row: blocked for ever */
    FREE_LOOKS_TIMER = 150 /* the same where a clock may ring while all wait */
};

struct free_how {
    const char *path;
    char *const *argv, *const *env;
    const char *folder;  /* it runs there; NULL: where we are */
    const char *input;   /* a file, its standard input; NULL: empty */
    uint64_t processors; /* those it may use, a bit each; 0: as we may */
    /* 1: whatever children this process has belong to this run. It then is over when all of them
     * are gone, orphans included: to be used in a subreaper that makes one run at a time. 0: it is
     * over when its first process is gone and nobody holds its standard output; what belongs to it
     * is told by its process group. */
    int own;
};

enum free_end {
    FREE_RUNS,
    FREE_ENDED,   /* exit status or signal */
    FREE_BLOCKED, /* every task waits without a limit of time: nobody can ever go on */
    FREE_CUT      /* still going, but beyond a limit */
};
enum free_limit { FREE_NO_LIMIT, FREE_TIME, FREE_OUTPUT, FREE_THREADS, FREE_MEMORY };

struct free_run {
    pid_t pid;
    int master;         /* the terminal its output goes to; -1 once everybody closed it */
    struct buf out;     /* the first FREE_KEPT bytes it printed */
    uint64_t out_total; /* all that it printed, */
    uint64_t out_hash;  /* and what that was */
    int own;
    int reaped, status; /* of its first process; status as of waitpid */
    int64_t started_ns, looked_ns;
    int blocked_looks;   /* in a row */
    int asleep;          /* the last look found none of its tasks ready to run */
    unsigned long moves; /* context switches then */
    enum free_limit limit;
};

/* Start it. Blocks until the program is loaded. 0, or a negative errno; -ENOEXEC and the like when
 * the file cannot be executed. *r needs free_stop after success only. */
int free_start(struct free_run *r, const struct free_how *how);
/* Read what there is, look whether it has ended. `looks`: FREE_LOOKS or more; limit_ms: after so
 * long it is cut. Does not block. */
enum free_end free_look(struct free_run *r, int looks, long limit_ms);
/* End everything that belongs to the run, and give back what it holds. Blocks until all is gone. */
void free_stop(struct free_run *r);

/* What the program at `path` may do, by the names it asks of the C library: a clock of its own may
 * ring (alarm, timers); and what it makes (files, sockets, named semaphores) may be in the way of
 * another run at the same time. Both where that cannot be told. */
struct free_traits {
    int timers, shares;
};
void free_traits(const char *path, struct free_traits *t);

#endif
