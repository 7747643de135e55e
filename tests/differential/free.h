/* A program that runs by itself, on the real library, several times at once. */
#ifndef DIFFERENTIAL_FREE_H
#define DIFFERENTIAL_FREE_H

#include "base.h"

#include <stdbool.h>
#include <sys/types.h>
#include <time.h>

enum ending {
    RUNS,
    ENDED,   /* exit status or signal */
    BLOCKED, /* every task waits without a limit: nobody can ever go on */
    SPINS,   /* still going after limit_ms */
};

struct free_run {
    pid_t pid;
    int master; /* the terminal its output goes to; -1 once everybody closed it */
    char folder[64];
    struct buf out;
    bool reaped;
    int status;          /* of waitpid */
    long started_ms;     /* monotonic */
    long looked_ms;      /* when /proc was looked at last */
    int blocked_looks;   /* in a row */
    unsigned long moves; /* context switches then */
};

/* Start argv with its output on a terminal of its own, in a fresh folder, pinned to one processor
 * when `pin` >= 0. Exits with status 2 when that fails. */
void free_start(struct free_run *r, const char *const *argv, int pin);
/* Read what there is, look whether it has ended. Does not block. `looks`: how often in a row all
 * must be found waiting (20 ms apart) before they are said to be blocked for ever. */
enum ending free_look(struct free_run *r, int looks, long limit_ms);
/* End everything the run started and give back what it holds. */
void free_end(struct free_run *r);
long free_now_ms(void);

#endif
