/* What the step screen needs of an execution: a session behind a table of functions, so that tests
 * can put a recorded trace there. Blocks as session.h says. */
#ifndef LOCKSTEP_PORT_H
#define LOCKSTEP_PORT_H

#include "explore.h"
#include "minimise.h"
#include "session.h"

struct lesson_path;
struct port;

struct port_ops {
    const struct trace *(*trace)(void *ctx);
    const struct names *(*names)(void *ctx);
    const struct schedule *(*schedule)(void *ctx);
    int (*finished)(void *ctx);
    int (*choices)(void *ctx, struct choice *out, int max);
    int (*default_choice)(void *ctx);
    int (*step)(void *ctx, uint16_t choice, struct err *e);
    /* On by the plain policy to the end or the next finding; as session_run. */
    int (*run)(void *ctx, struct err *e);
    /* One more adverse event may happen from here on; as session_adversity. */
    int (*adversity)(void *ctx, struct err *e);
    int (*rewind)(void *ctx, uint32_t step, struct err *e);
    int (*replay)(void *ctx, const struct schedule *s, struct err *e);
    int (*follow)(void *ctx, const struct lesson_path *path, struct err *e); /* from the start */
    int (*wait)(void *ctx, struct err *e); /* 0 stopped, -ERR_BUSY; does not block */
    int (*fd)(void *ctx);
    /* Stand at `step` to look at the variables of `task`; then the globals of its process and its
     * locals can be read. */
    int (*look)(void *ctx, uint32_t step, unsigned task, struct err *e);
    int (*globals)(void *ctx, struct variable *out, int max);
    int (*locals)(void *ctx, unsigned task, struct variable *out, int max);
    /* Search, as explore_run, with what may go wrong meanwhile (as of --adversity; NULL nothing).
     * On a thread of its own: of the execution here nothing may be asked meanwhile but what the
     * trace and the schedule say. What is found under adversity replays here all the same. */
    int (*search)(void *ctx, const struct explore_options *o, const char *adversity,
                  struct explore_result *r, struct err *e);
    /* What is found in the execution of a schedule, and its switches, in words, appended
     * (outcome_say_findings, outcome_say_switches). On a thread of its own,
     * too; stop is asked now and then. NULL where there is nothing to say. */
    int (*say_switches)(void *ctx, const struct schedule *s, int (*stop)(void *), void *stop_ctx,
                        struct buf *out, struct err *e);
    /* The program that is run here, borrowed; and one more execution of it, at its beginning. NULL
     * where it cannot be started anew. */
    const struct program *(*program)(void *ctx);
    int (*again)(void *ctx, struct port *out, struct err *e);
    /* Which switches of *s matter, as minimise_run; may be called on another thread, while nothing
     * else of the port is. NULL where nothing can be run again. */
    int (*minimise)(void *ctx, const struct schedule *s, int (*progress)(void *, uint64_t, size_t),
                    void *progress_ctx, struct minimise_result *r, struct err *e);
    /* Of a recording of a free run, which can be looked at only: the same program under control;
     * NULL where the port is one. build makes ready what control starts, and blocks for the
     * compiler: on a thread of its own, while nothing else is asked of the port that could start
     * anything; NULL where there is nothing to build. */
    int (*build)(void *ctx, struct err *e);
    int (*control)(void *ctx, struct port *out, struct err *e);
    void (*close)(void *ctx);
};

struct port {
    const struct port_ops *ops;
    void *ctx;
};

/* Of a program (borrowed) under control. -ERR_* of session_open. */
int port_open(struct port *out, struct program *p, const struct session_options *o, struct err *e);
/* How to get a program under control, as `build` and `control` above. */
struct port_control {
    int (*build)(void *ctx, struct err *e);
    int (*control)(void *ctx, struct port *out, struct err *e);
    void *ctx;
};
/* Of a recording of a free run, which is handed over. */
void port_of_recording(struct port *out, struct recording *r, const struct port_control *how);

#endif
