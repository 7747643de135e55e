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

void view_open_moment(struct live_view *v)
{
    view_say(v, ROLE_NOTE, "a moment cannot be opened in steps yet");
}
