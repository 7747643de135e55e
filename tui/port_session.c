/* The port to a real session. */
#include "port.h"

#include "path.h"

#include "outcome_map.h"

#include <stdlib.h>
#include <string.h>

enum { TIMEOUT_MS = 100, REPLAY_MS = 20000, WAYS = 40 /* more than can be undone */ };

/* A way to run the program: schedules are of one of them, by the program's hash. */
struct way {
    char hash[9];
    char *adversity; /* NULL: nothing goes wrong */
};

struct live {
    struct program *program;
    struct session *session;
    struct session_options options;
    struct memory memory;  /* of the step looked at */
    int changed;           /* more adversity was asked for than the program has */
    char *adversity;       /* what it has, to be put back */
    struct way ways[WAYS]; /* of schedules that a search here has found, and of what was before */
    int nways;
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

static int live_rewind(void *ctx, uint32_t step, struct err *e)
{
    struct live *l = ctx;
    return session_rewind(l->session, step, REPLAY_MS, e);
}

static char *copy_of(const char *s)
{
    return s ? xstrdup(s) : NULL;
}

static void remember_way(struct live *l)
{
    const struct program *p = l->program;
    for (int i = 0; i < l->nways; i++)
        if (!strcmp(l->ways[i].hash, p->hash))
            return;
    if (l->nways == WAYS) /* the oldest but the first goes */
        free(l->ways[1].adversity);
    if (l->nways == WAYS)
        memmove(&l->ways[1], &l->ways[2], (WAYS - 2) * sizeof *l->ways);
    else
        l->nways++;
    struct way *w = &l->ways[l->nways - 1];
    memcpy(w->hash, p->hash, sizeof w->hash);
    w->adversity = copy_of(p->adversity_list);
}

/* The session takes it over when it begins again. */
static void take_way(struct live *l, const struct schedule *s)
{
    for (int i = 0; i < l->nways; i++)
        if (!strcmp(l->ways[i].hash, s->hash) && strcmp(s->hash, l->program->hash) != 0) {
            if (!l->changed)
                l->adversity = copy_of(l->program->adversity_list);
            l->changed = 1;
            program_adversity(l->program, l->ways[i].adversity, NULL);
        }
}

/* The runs before are of another way: they are had back by that. */
static int live_adversity(void *ctx, struct err *e)
{
    struct live *l = ctx;
    if (!l->changed)
        l->adversity = copy_of(l->program->adversity_list);
    l->changed = 1;
    remember_way(l);
    int rc = session_adversity(l->session, l->program, 1, REPLAY_MS, e);
    remember_way(l);
    return rc;
}

static int live_replay(void *ctx, const struct schedule *s, struct err *e)
{
    struct live *l = ctx;
    take_way(l, s);
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

static int live_search(void *ctx, const struct explore_options *asked, const char *adversity,
                       struct explore_result *r, struct err *e)
{
    struct live *l = ctx;
    struct explore_options o = *asked;
    char *had = copy_of(l->program->adversity_list);
    o.main_exit_wait = l->options.main_exit_wait;
    o.stuck_ms = l->options.stuck_ms;
    remember_way(l);
    int rc = adversity ? program_adversity(l->program, adversity, e) : 0;
    if (rc == 0) {
        remember_way(l);
        rc = explore_run(l->program, &o, r, e);
    }
    if (adversity)
        program_adversity(l->program, had, NULL);
    free(had);
    return rc;
}

static int live_say_switches(void *ctx, const struct schedule *schedule, int (*stop)(void *),
                             void *stop_ctx, struct buf *out, struct err *e)
{
    struct live *l = ctx;
    struct session *s;
    char *had = copy_of(l->program->adversity_list);
    const char *own = l->program->hash;
    const struct way *w = NULL;
    for (int i = 0; i < l->nways; i++)
        if (!strcmp(l->ways[i].hash, schedule->hash) && strcmp(own, schedule->hash) != 0)
            w = &l->ways[i];
    int rc = w ? program_adversity(l->program, w->adversity, e) : 0;
    if (rc == 0)
        rc = session_open(&s, l->program, &l->options, e);
    if (rc == 0) {
        rc = session_replay(s, schedule, TIMEOUT_MS, e);
        while (rc == -ERR_BUSY && !stop(stop_ctx))
            rc = session_wait(s, TIMEOUT_MS, e);
        struct world_view *v = world_view_new(session_trace(s));
        if (rc == 0) {
            outcome_say_findings(session_trace(s), out);
            size_t before = out->len;
            buf_puts(out, before ? "\n" : "");
            outcome_say_switches(session_trace(s), v, session_names(s), out);
            if (before && out->len == before + 1)
                out->data[out->len = before] = 0;
        }
        world_view_free(v);
        session_close(s);
    }
    if (w)
        program_adversity(l->program, had, NULL);
    free(had);
    return rc;
}

static int live_minimise(void *ctx, const struct schedule *s,
                         int (*progress)(void *, uint64_t, size_t), void *progress_ctx,
                         struct minimise_result *r, struct err *e)
{
    struct live *l = ctx;
    struct minimise_options o = {.session = l->options, .progress = progress, .ctx = progress_ctx};
    return minimise_run(l->program, s, NULL, &o, r, e);
}

static const struct program *live_program(void *ctx)
{
    struct live *l = ctx;
    return l->program;
}

static int live_again(void *ctx, struct port *out, struct err *e)
{
    struct live *l = ctx;
    return port_open(out, l->program, &l->options, e);
}

static void live_close(void *ctx)
{
    struct live *l = ctx;
    session_close(l->session);
    if (l->changed)
        program_adversity(l->program, l->adversity, NULL);
    for (int i = 0; i < l->nways; i++)
        free(l->ways[i].adversity);
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
    .search = live_search,
    .say_switches = live_say_switches,
    .program = live_program,
    .again = live_again,
    .minimise = live_minimise,
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
