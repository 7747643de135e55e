/* From live to steps: searching the program under control, and a moment of the run as a recording.
 */
#include "live_internal.h"

#include "step.h"

#include <stdlib.h>
#include <string.h>

void view_find(struct live_view *v)
{
    struct port port;
    struct err e = {0};
    view_say(v, ROLE_NOTE, "building the program for running it under control …");
    ui_show(v->ui);
    if (v->port.ops->control(v->port.ctx, &port, &e) < 0) {
        view_say(v, ROLE_BAD, "%s", e.message);
        return;
    }
    v->message[0] = 0;
    struct step_setup setup = {
        .title = v->setup.title, .program = v->setup.title, .lesson = "", .cursor = 0};
    step_find_next(step_push(v->ui, port, &setup));
}

/* All that is kept of the run, standing at the moment that is looked at. */
void view_open_moment(struct live_view *v)
{
    const struct live_model *m = view_model(v);
    struct recording r;
    struct trace before;
    struct port port;
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
    port_of_recording(&port, &r, v->port.ops->control, v->port.ctx);
    recording_fini(&r); /* it is an empty one now */
    struct step_setup setup = {.title = v->setup.title, .lesson = "", .cursor = step};
    step_push(v->ui, port, &setup);
}
