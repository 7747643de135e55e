/* The port to a program that really runs. */
#include "live_port.h"

#include <stdlib.h>

struct free_run {
    struct live_source source;
    struct live *live; /* never NULL */
};

static void run_look(void *ctx, uint64_t budget_ns)
{
    live_look(((struct free_run *)ctx)->live, budget_ns);
}

static const struct live_model *run_model(void *ctx)
{
    return live_model(((struct free_run *)ctx)->live);
}

static const struct names *run_names(void *ctx)
{
    return live_names(((struct free_run *)ctx)->live);
}

static int run_globals(void *ctx, uint32_t process, struct variable *out, int max)
{
    return live_globals(((struct free_run *)ctx)->live, process, out, max);
}

static const struct buf *run_output(void *ctx, uint64_t *dropped)
{
    return live_output(((struct free_run *)ctx)->live, dropped);
}

static const char *run_notes(void *ctx)
{
    return live_notes(((struct free_run *)ctx)->live);
}

static int run_ended(void *ctx, int *status)
{
    return live_ended(((struct free_run *)ctx)->live, status);
}

static const char *run_why(void *ctx)
{
    return live_why(((struct free_run *)ctx)->live);
}

static int run_signal(void *ctx, uint32_t process, uint32_t task, int sig, struct err *e)
{
    return live_signal(((struct free_run *)ctx)->live, process, task, sig, e);
}

static int run_interrupt(void *ctx, uint32_t task, struct err *e)
{
    return live_interrupt(((struct free_run *)ctx)->live, task, e);
}

static void run_pace(void *ctx, uint32_t pace)
{
    live_pace(((struct free_run *)ctx)->live, pace);
}

static void run_step(void *ctx)
{
    live_step(((struct free_run *)ctx)->live);
}

static int run_type(void *ctx, const char *bytes, size_t n)
{
    return live_type(((struct free_run *)ctx)->live, bytes, n);
}

/* The old run is ended first: two at once would disturb each other. When the new one cannot be
 * begun, there is the old one to be looked at. */
static int run_again(void *ctx, struct err *e)
{
    struct free_run *r = ctx;
    struct live *next;
    struct err ignored = {0};
    if (!live_ended(r->live, NULL))
        live_signal(r->live, 0, LIVE_NONE, 9, &ignored);
    int rc = live_open(&next, r->source.program, &r->source.options, e);
    if (rc < 0)
        return rc;
    live_close(r->live);
    r->live = next;
    return 0;
}

static int run_build(void *ctx, struct err *e)
{
    struct free_run *r = ctx;
    return r->source.build ? r->source.build(r->source.ctx, e) : 0;
}

static int run_control(void *ctx, struct port *out, struct err *e)
{
    struct free_run *r = ctx;
    return r->source.control(r->source.ctx, out, e);
}

static void run_close(void *ctx)
{
    struct free_run *r = ctx;
    if (r->source.closing)
        r->source.closing(r->source.ctx, r->live);
    live_close(r->live);
    free(r);
}

static const struct live_port_ops run_ops = {
    .look = run_look,
    .model = run_model,
    .names = run_names,
    .globals = run_globals,
    .output = run_output,
    .notes = run_notes,
    .ended = run_ended,
    .why = run_why,
    .signal = run_signal,
    .interrupt = run_interrupt,
    .pace = run_pace,
    .step = run_step,
    .type = run_type,
    .again = run_again,
    .build = run_build,
    .control = run_control,
    .close = run_close,
};

int live_port_open(struct live_port *out, const struct live_source *source, struct err *e)
{
    struct free_run *r = xcalloc(1, sizeof *r);
    r->source = *source;
    int rc = live_open(&r->live, source->program, &source->options, e);
    if (rc < 0) {
        free(r);
        return rc;
    }
    *out = (struct live_port){&run_ops, r};
    return 0;
}
