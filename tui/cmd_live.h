/* The ways of `lockstep live`. Each returns the exit status. */
#ifndef LOCKSTEP_CMD_LIVE_H
#define LOCKSTEP_CMD_LIVE_H

#include "options.h"

int live_watch(const struct options *o);  /* one run, drawn or told as it goes */
int live_runs(const struct options *o);   /* --runs: many, counted by outcome */
int live_time(const struct options *o);   /* --time: many, measured */
int live_litmus(const struct options *o); /* a litmus test, on real processors */

#endif
