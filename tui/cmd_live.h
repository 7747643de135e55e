/* The ways of `lockstep live`, and what they share. Host thread only. */
#ifndef LOCKSTEP_CMD_LIVE_H
#define LOCKSTEP_CMD_LIVE_H

#include "live.h"
#include "options.h"

/* Each returns the exit status. */
int live_watch(const struct options *o);  /* one run, drawn or told as it goes */
int live_runs(const struct options *o);   /* --runs: many, counted by outcome */
int live_time(const struct options *o);   /* --time: many, measured */
int live_litmus(const struct options *o); /* a litmus test, on real processors */

/* A list of processors, "0,2-3", as a bit each; 0 for NULL. Only those that this process may use
 * itself. -ERR_USAGE says which word of the list is wrong, and why. */
int live_processors(const char *list, uint64_t *out, struct err *e);
/* What the options say of every run: accesses, processors, noise and its seed; the rest is 0, the
 * usual. As live_processors. */
int live_options_of(const struct options *o, struct live_options *out, struct err *e);

/* Busy processes beside the program (--load). */
enum { LIVE_LOAD_MAX = 256 };
struct live_load {
    int n;
    pid_t pid[LIVE_LOAD_MAX];
};
/* Begin n of them on these processors (0: all that there are); they end with us, however we end.
 * Does not wait for them to run. -ERR_USAGE for too many, -ERR_NOMEM when one cannot be made: none
 * is left then. */
int live_load_begin(struct live_load *l, uint64_t n, uint64_t processors, struct err *e);
/* End them. Harmless for an empty *l. */
void live_load_end(struct live_load *l);

#endif
