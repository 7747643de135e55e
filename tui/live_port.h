/* What the live screen needs of a program that runs free: a struct live (engine/live.h) behind a
 * table of functions, so that tests can put a model filled by hand there. All as engine/live.h says
 * unless told otherwise; nothing blocks but `again`, `control`, `close`. */
#ifndef LOCKSTEP_LIVE_PORT_H
#define LOCKSTEP_LIVE_PORT_H

#include "live.h"
#include "port.h"

struct live_port_ops {
    void (*look)(void *ctx, uint64_t budget_ns);
    const struct live_model *(*model)(void *ctx);
    const struct names *(*names)(void *ctx);
    int (*globals)(void *ctx, uint32_t process, struct variable *out, int max);
    const struct buf *(*output)(void *ctx, uint64_t *dropped);
    const char *(*notes)(void *ctx);
    int (*ended)(void *ctx, int *status);
    const char *(*why)(void *ctx);
    int (*signal)(void *ctx, uint32_t process, uint32_t task, int sig, struct err *e);
    int (*interrupt)(void *ctx, uint32_t task, struct err *e);
    void (*pace)(void *ctx, uint32_t pace);
    void (*step)(void *ctx);
    int (*type)(void *ctx, const char *bytes, size_t n);
    /* Ends this run and starts another; what model and names gave before is gone. On error the old
     * run has ended and stays to be looked at. */
    int (*again)(void *ctx, struct err *e);
    /* The same program under control, at its beginning, for the step screen. Builds it the first
     * time, unless build did, which blocks for the compiler and goes on a thread of its own (as in
     * port.h; NULL: there is nothing to build). */
    int (*build)(void *ctx, struct err *e);
    int (*control)(void *ctx, struct port *out, struct err *e);
    void (*close)(void *ctx);
};

struct live_port {
    const struct live_port_ops *ops;
    void *ctx;
};

/* A program to run free, and how to get it under control. */
struct live_source {
    struct program *program; /* borrowed */
    struct live_options options;
    /* As above. */
    int (*build)(void *ctx, struct err *e);
    int (*control)(void *ctx, struct port *out, struct err *e);
    /* The run is about to be closed, it may have ended; NULL. */
    void (*closing)(void *ctx, struct live *l);
    void *ctx;
};
/* Start it. Errors of live_open. */
int live_port_open(struct live_port *out, const struct live_source *source, struct err *e);

#endif
