/* From live to steps: searching the program under control, and a moment of the run as a recording.
 */
#include "live_internal.h"

#include "job.h"
#include "step.h"

#include <stdlib.h>
#include <string.h>

struct live_build {
    struct job *job;
    struct live_port port;
    struct err e;
    int rc, given_up;
};

static void build(struct job *j, void *ctx)
{
    struct live_build *b = ctx;
    (void)j;
    b->rc = b->port.ops->build(b->port.ctx, &b->e);
}

static void find(struct live_view *v)
{
    struct port port;
    struct err e = {0};
    if (v->port.ops->control(v->port.ctx, &port, &e) < 0) {
        view_say(v, ROLE_BAD, "%s", e.message);
        return;
    }
    v->message[0] = 0;
    struct step_setup setup = {
        .title = v->setup.title, .program = v->setup.title, .lesson = "", .cursor = 0};
    step_find_next(step_push(v->ui, port, &setup));
}

int view_build_fd(const struct live_view *v)
{
    return v->build ? job_fd(v->build->job) : -1;
}

int view_build_stop(struct live_view *v)
{
    if (!v->build)
        return 0;
    v->build->given_up = 1;
    job_cancel(v->build->job);
    return 1;
}

void view_build_drop(struct live_view *v)
{
    if (v->build)
        job_free(v->build->job);
    free(v->build);
    v->build = NULL;
}

int view_build_tick(struct live_view *v)
{
    if (!v->build || !job_done(v->build->job))
        return 0;
    struct live_build b = *v->build;
    view_build_drop(v);
    v->message[0] = 0;
    if (b.given_up)
        view_say(v, ROLE_NOTE, "not built");
    else if (b.rc < 0)
        view_say(v, ROLE_BAD, "%s", b.e.message);
    else
        find(v);
    return 1;
}

void view_find(struct live_view *v)
{
    if (!v->port.ops->build) {
        find(v);
        return;
    }
    if (!v->build) {
        v->build = xcalloc(1, sizeof *v->build);
        v->build->port = v->port;
        v->build->job = job_start(build, v->build);
    }
    if (v->build->job) {
        view_say(v, ROLE_NOTE, "compiling %s … (Esc cancels)", v->setup.title);
        return;
    }
    view_build_drop(v);
    view_say(v, ROLE_BAD, "there is no room for one more thread");
}

/* All that is kept of the run, standing at the moment that is looked at. */
void view_open_moment(struct live_view *v)
{
    const struct live_model *m = view_model(v);
    struct recording r;
    struct trace before;
    struct port port;
    view_build_drop(v); /* the screen on top builds for itself */
    trace_init(&before);
    live_trace(m, 0, view_here(v), &before, NULL);
    uint32_t step = before.nsteps;
    trace_fini(&before);
    recording_init(&r);
    live_record(m, v->port.ops->names(v->port.ctx), 0, UINT64_MAX, &r);
    if (r.trace.nsteps == 0) {
        recording_fini(&r);
        view_say(v, ROLE_NOTE, "nothing of what it did is noted, so there are no steps to show");
        return;
    }
    port_of_recording(
        &port, &r, &(struct port_control){v->port.ops->build, v->port.ops->control, v->port.ctx});
    recording_fini(&r); /* it is an empty one now */
    struct step_setup setup = {.title = v->setup.title, .lesson = "", .cursor = step};
    step_push(v->ui, port, &setup);
}
