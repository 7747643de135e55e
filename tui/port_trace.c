/* The port to a recording of a free run: what it tells can be looked at; nobody can take another
 * turn in it, as there were no turns. */
#include "port.h"

#include <stdlib.h>

struct shown {
    struct recording recording;
    struct schedule none;
    struct names names;
    struct port_control how;
};

static int refuse(struct err *e)
{
    return err_set(e, ERR_UNSUPPORTED,
                   "this is a recording of a free run, it can be looked at only: f searches the "
                   "program under control");
}

static const struct trace *shown_trace(void *ctx)
{
    return &((struct shown *)ctx)->recording.trace;
}

static const struct names *shown_names(void *ctx)
{
    return &((struct shown *)ctx)->names;
}

static const struct schedule *shown_schedule(void *ctx)
{
    return &((struct shown *)ctx)->none;
}

static int shown_finished(void *ctx)
{
    (void)ctx;
    return 1;
}

static int shown_choices(void *ctx, struct choice *out, int max)
{
    (void)ctx;
    (void)out;
    (void)max;
    return 0;
}

static int shown_default_choice(void *ctx)
{
    (void)ctx;
    return -1;
}

static int shown_step(void *ctx, uint16_t choice, struct err *e)
{
    (void)ctx;
    (void)choice;
    return refuse(e);
}

static int shown_run(void *ctx, struct err *e)
{
    (void)ctx;
    return refuse(e);
}

static int shown_rewind(void *ctx, uint32_t step, struct err *e)
{
    (void)ctx;
    (void)step;
    return refuse(e);
}

static int shown_replay(void *ctx, const struct schedule *s, struct err *e)
{
    (void)ctx;
    (void)s;
    return refuse(e);
}

static int shown_follow(void *ctx, const struct lesson_path *path, struct err *e)
{
    (void)ctx;
    (void)path;
    return refuse(e);
}

static int shown_wait(void *ctx, struct err *e)
{
    (void)ctx;
    (void)e;
    return 0;
}

static int shown_fd(void *ctx)
{
    (void)ctx;
    return -1;
}

static int shown_search(void *ctx, const struct explore_options *o, const char *adversity,
                        struct explore_result *r, struct err *e)
{
    (void)ctx;
    (void)o;
    (void)adversity;
    (void)r;
    return refuse(e);
}

static int shown_build(void *ctx, struct err *e)
{
    struct shown *s = ctx;
    return s->how.build ? s->how.build(s->how.ctx, e) : 0;
}

static int shown_control(void *ctx, struct port *out, struct err *e)
{
    struct shown *s = ctx;
    return s->how.control(s->how.ctx, out, e);
}

static void shown_close(void *ctx)
{
    struct shown *s = ctx;
    recording_fini(&s->recording);
    schedule_fini(&s->none);
    free(s);
}

static const struct port_ops shown_ops = {
    .trace = shown_trace,
    .names = shown_names,
    .schedule = shown_schedule,
    .finished = shown_finished,
    .choices = shown_choices,
    .default_choice = shown_default_choice,
    .step = shown_step,
    .run = shown_run,
    .rewind = shown_rewind,
    .replay = shown_replay,
    .follow = shown_follow,
    .wait = shown_wait,
    .fd = shown_fd,
    .search = shown_search,
    .build = shown_build,
    .control = shown_control,
    .close = shown_close,
};

void port_of_recording(struct port *out, struct recording *r, const struct port_control *how)
{
    struct shown *s = xcalloc(1, sizeof *s);
    s->recording = *r;
    recording_init(r);
    schedule_init(&s->none);
    s->names = recording_names(&s->recording);
    s->how = *how;
    *out = (struct port){&shown_ops, s};
}
