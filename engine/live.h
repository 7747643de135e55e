/* A program that runs free: real threads and processes, all processors, the kernel's own scheduler.
 * It is started with the recorder preloaded (engine/recorder.h) under a keeper, which ends it and
 * all it started; its output goes to a terminal of its own, read here. Nothing here blocks but
 * live_open, live_close and what says so. Not thread-safe. */
#ifndef LOCKSTEP_LIVE_H
#define LOCKSTEP_LIVE_H

#include "live_model.h"
#include "program.h"
#include "symbols.h"

struct live;

struct live_options {
    int accesses;        /* note every access to memory too; the program must be built for that */
    uint32_t ring;       /* entries a thread; 0: what is usual */
    uint64_t processors; /* those it may use, a bit each; 0: all */
    uint32_t pace;       /* see recorder.h */
    uint32_t noise, noise_1_in, noise_us;
    uint64_t seed;
    int cols, rows; /* of its terminal; 0: 80x24 */
};

/* Start *p (borrowed; must outlive it), built free (program.h). -ERR_NOT_A_PROGRAM, -ERR_COMPILER
 * (the recorder is missing), -ERR_TARGET_GONE, -ERR_NOMEM. */
int live_open(struct live **out, struct program *p, const struct live_options *o, struct err *e);
/* Ends it with everything it started. NULL is allowed. */
void live_close(struct live *l);

/* Look now: read the rings and /proc, and bring the model up to date. At most `budget` ns are spent
 * on reading rings; what is left unread then stays for the next look or is counted as lost. */
void live_look(struct live *l, uint64_t budget);
const struct live_model *live_model(const struct live *l);
/* Names of its first process's executable; never NULL. */
const struct names *live_names(struct live *l);
struct symbols *live_symbols(struct live *l);
/* Its global variables as they are now: as symbols_globals. It goes on meanwhile. */
int live_globals(struct live *l, uint32_t process, struct variable *out, int max);
/* What it printed so far (bytes, as they came; the last MiB); *dropped: bytes before that. */
const struct buf *live_output(const struct live *l, uint64_t *dropped);
/* Readable when it printed or ended: for poll. At most max; returns how many. */
int live_fds(const struct live *l, int *fds, int max);
/* What it could not be told, in sentences, one a line: "it was not built for ..."; "" usually. */
const char *live_notes(const struct live *l);

/* It has ended, with all its processes, or was given up; *status as of waitpid. 1 or 0. */
int live_ended(const struct live *l, int *status);
/* Why it was ended by us (a limit, the guard), "" if it was not. */
const char *live_why(const struct live *l);

/* ---- interventions. 0, or -ERR_NOT_FOUND, -ERR_UNSUPPORTED with *e ---- */
/* A signal to a process of its, or to one thread (task an index, LIVE_NONE: the process). */
int live_signal(struct live *l, uint32_t process, uint32_t task, int sig, struct err *e);
/* End the wait of a task where the call can be interrupted: it returns with EINTR (a wait in a
 * condition: as if woken without a signal). -ERR_UNSUPPORTED says which waits cannot be. */
int live_interrupt(struct live *l, uint32_t task, struct err *e);
/* Slow motion: see recorder.h. live_step lets the next operation happen while pace is PACE_STEP. */
void live_pace(struct live *l, uint32_t pace);
void live_step(struct live *l);
/* Write to its standard input, as typed. */
int live_type(struct live *l, const char *bytes, size_t n);

#endif
