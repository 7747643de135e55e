/* The entry points of tui.h. */
#include "home.h"
#include "lesson_screen.h"
#include "live_screen.h"
#include "present.h"
#include "step.h"

static struct session_options session_options_of(const struct tui_options *o)
{
    return (struct session_options){.main_exit_wait = o->main_exit_wait, .stuck_ms = o->stuck_ms};
}

int tui_run(const struct tui_options *o, struct program *p, const struct schedule *start,
            struct store *store, struct err *e)
{
    struct session_options options = session_options_of(o);
    struct port port;
    struct ui ui;
    int rc = port_open(&port, p, &options, e);
    if (rc < 0)
        return rc;
    ui_init(&ui, o, 80, 24);
    ui.store = store;
    struct step_setup setup = {.title = p->name,
                               .program = p->name,
                               .lesson = "",
                               .start = start,
                               .cursor = start ? UINT32_MAX : 0};
    step_push(&ui, port, &setup);
    rc = ui_run(&ui, e);
    ui_fini(&ui);
    return rc;
}

int tui_recording(const struct tui_options *o, struct recording *r, const char *title,
                  const struct port_control *control, struct store *store, struct err *e)
{
    struct port port;
    struct ui ui;
    port_of_recording(&port, r, control);
    ui_init(&ui, o, 80, 24);
    ui.store = store;
    struct step_setup setup = {.title = title, .lesson = "", .cursor = 0};
    step_push(&ui, port, &setup);
    int rc = ui_run(&ui, e);
    ui_fini(&ui);
    return rc;
}

int tui_live(const struct tui_options *o, const struct live_source *source, const char *title,
             double seconds, struct store *store, int *bad, struct err *e)
{
    struct live_setup setup = {.title = title, .seconds = seconds};
    struct live_port port;
    struct ui ui;
    int rc = live_port_open(&port, source, e);
    if (rc < 0)
        return rc;
    ui_init(&ui, o, 80, 24);
    ui.store = store;
    struct live_view *v = live_push(&ui, port, &setup);
    rc = ui_run(&ui, e);
    *bad = live_bad(v);
    ui_fini(&ui);
    return rc;
}

int tui_present(const struct tui_options *o, const struct catalogue *lessons, struct store *store,
                struct talk *talk, size_t first, size_t *at, struct err *e)
{
    struct ui ui;
    ui_init(&ui, o, 80, 24);
    ui.lessons = lessons;
    ui.store = store;
    present_tell(present_push(&ui, talk, first), at);
    int rc = ui_run(&ui, e);
    ui_fini(&ui);
    return rc;
}

int tui_home(const struct tui_options *o, const struct catalogue *lessons, struct store *store,
             struct err *e)
{
    struct ui ui;
    ui_init(&ui, o, 80, 24);
    ui.lessons = lessons;
    ui.store = store;
    home_push(&ui);
    int rc = ui_run(&ui, e);
    ui_fini(&ui);
    return rc;
}

int tui_lesson(const struct tui_options *o, const struct catalogue *lessons, struct store *store,
               const char *id, struct err *e)
{
    struct ui ui;
    const struct lesson *lesson = catalogue_find(lessons, id);
    if (!lesson)
        return err_set(e, ERR_NOT_FOUND,
                       _("there is no lesson \"%s\"; lockstep lessons lists them"), id);
    ui_init(&ui, o, 80, 24);
    ui.lessons = lessons;
    ui.store = store;
    home_push(&ui);
    lesson_push(&ui, lesson);
    int rc = ui_run(&ui, e);
    ui_fini(&ui);
    return rc;
}
