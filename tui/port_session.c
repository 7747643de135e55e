/* The port to a real session. */
#include "port.h"

#include "path.h"

#include <stdlib.h>

enum { TIMEOUT_MS = 100, REPLAY_MS = 20000 };

struct live {
    struct program *program;
    struct session *session;
    struct session_options options;
    struct memory memory; /* of the step looked at */
    int changed;          /* more adversity was asked for than the program has */
    char *adversity;      /* what it has, to be put back */
};

static const struct trace *live_trace(void *ctx)
{
    struct live *l = ctx;
    return session_trace(l->session);
}

static const struct names *live_names(void *ctx)
{
    struct live *l = ctx;
    return session_names(l->session);
}

static const struct schedule *live_schedule(void *ctx)
{
    struct live *l = ctx;
    return session_schedule(l->session);
}

static int live_finished(void *ctx)
{
    struct live *l = ctx;
    return session_finished(l->session);
}

static int live_choices(void *ctx, struct choice *out, int max)
{
    struct live *l = ctx;
    return session_choices(l->session, out, max);
}

static int live_default_choice(void *ctx)
{
    struct live *l = ctx;
    return session_default_choice(l->session);
}

static int live_step(void *ctx, uint16_t choice, struct err *e)
{
    struct live *l = ctx;
    return session_step(l->session, choice, TIMEOUT_MS, e);
}

static int live_run(void *ctx, struct err *e)
{
    struct live *l = ctx;
    return session_run(l->session, -1, TIMEOUT_MS, e);
}

static int live_adversity(void *ctx, struct err *e)
{
    struct live *l = ctx;
    if (!l->changed && l->program->adversity_list)
        l->adversity = xstrdup(l->program->adversity_list);
    l->changed = 1;
    return session_adversity(l->session, l->program, 1, REPLAY_MS, e);
}

static int live_rewind(void *ctx, uint32_t step, struct err *e)
{
    struct live *l = ctx;
    return session_rewind(l->session, step, REPLAY_MS, e);
}

static int live_replay(void *ctx, const struct schedule *s, struct err *e)
{
    struct live *l = ctx;
    return session_replay(l->session, s, REPLAY_MS, e);
}

static int live_follow(void *ctx, const struct lesson_path *path, struct err *e)
{
    struct live *l = ctx;
    int rc = session_rewind(l->session, 0, REPLAY_MS, e);
    return rc < 0 ? rc : path_follow(l->session, path, REPLAY_MS, e);
}

static int live_wait(void *ctx, struct err *e)
{
    struct live *l = ctx;
    return session_wait(l->session, 0, e);
}

static int live_fd(void *ctx)
{
    struct live *l = ctx;
    return session_fd(l->session);
}

static int live_look(void *ctx, uint32_t step, unsigned task, struct err *e)
{
    struct live *l = ctx;
    int rc = session_inspect(l->session, step, &l->memory, e);
    if (rc == 0)
        session_enter(l->session, trace_process(session_trace(l->session), task));
    return rc;
}

static int live_globals(void *ctx, struct variable *out, int max)
{
    struct live *l = ctx;
    return symbols_globals(session_symbols(l->session), &l->memory, out, max);
}

/* Of the innermost frame that has source: a task inside a call of the library stands in the
 * program's function for the learner. */
static int live_locals(void *ctx, unsigned task, struct variable *out, int max)
{
    struct live *l = ctx;
    struct regs regs;
    if (session_regs(l->session, task, &regs) < 0)
        return 0;
    return symbols_locals(session_symbols(l->session), &regs, &l->memory, 0, out, max);
}

/* First a short look at everything, which finds the failing schedule that is easiest to explain;
 * when that did not get to an end and found nothing, on until the first finding. */
static int live_find(void *ctx, int (*progress)(void *, uint64_t, uint64_t, double),
                     void *progress_ctx, struct explore_result *r, struct err *e)
{
    struct live *l = ctx;
    struct explore_options o = {.strategy = STRATEGY_DPOR,
                                .seconds = 3,
                                .main_exit_wait = l->options.main_exit_wait,
                                .stuck_ms = l->options.stuck_ms,
                                .progress = progress,
                                .ctx = progress_ctx};
    int rc = explore_run(l->program, &o, r, e);
    if (rc < 0 || r->complete || r->nfindings || r->seconds < o.seconds)
        return rc;
    explore_result_fini(r);
    o.seconds = 60;
    o.first = 1;
    return explore_run(l->program, &o, r, e);
}

static void live_close(void *ctx)
{
    struct live *l = ctx;
    session_close(l->session);
    if (l->changed)
        program_adversity(l->program, l->adversity, NULL);
    free(l->adversity);
    free(l);
}

static const struct port_ops live_ops = {
    .trace = live_trace,
    .names = live_names,
    .schedule = live_schedule,
    .finished = live_finished,
    .choices = live_choices,
    .default_choice = live_default_choice,
    .step = live_step,
    .run = live_run,
    .adversity = live_adversity,
    .rewind = live_rewind,
    .replay = live_replay,
    .follow = live_follow,
    .wait = live_wait,
    .fd = live_fd,
    .look = live_look,
    .globals = live_globals,
    .locals = live_locals,
    .find = live_find,
    .close = live_close,
};

int port_open(struct port *out, struct program *p, const struct session_options *o, struct err *e)
{
    struct live *l = xcalloc(1, sizeof *l);
    l->program = p;
    if (o)
        l->options = *o;
    int rc = session_open(&l->session, p, o, e);
    if (rc < 0) {
        free(l);
        return rc;
    }
    *out = (struct port){&live_ops, l};
    return 0;
}
