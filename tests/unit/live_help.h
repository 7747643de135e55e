/* Programs of tests/live run free, for tests. */
#ifndef LIVE_HELP_H
#define LIVE_HELP_H

#include "live.h"

struct run {
    struct program *program;
    struct live *live;
    const struct live_model *model;
};

/* Build tests/live/NAME and start it; fails the test when that cannot be done. args: ends with
 * NULL, or NULL. */
void run_start(struct run *r, const char *name, char *const *args, const struct live_options *o);
/* The same with an executable that is there. */
void run_binary(struct run *r, const char *path, char *const *args);
void run_end(struct run *r);
/* Look every few milliseconds until `is` says so. 0 when `limit_ms` are over before. */
int run_until(struct run *r, int (*is)(const struct run *r), int limit_ms);
int run_is_over(const struct run *r);
/* How many processes descend from this one, the keeper among them. */
int run_descendants(void);
uint64_t run_now_ns(void);

#endif
