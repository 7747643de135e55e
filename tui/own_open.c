/* Opening a program of one's own, or a recording: compiled on a thread, then stepped or run free.
 */
#include "own_internal.h"

#include "config.h"
#include "live_screen.h"
#include "program.h"
#include "step.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void own_opening_fini(struct own_opening *x)
{
    free(x->path);
    free(x->token);
    if (x->is_recording)
        recording_fini(&x->recording);
    schedule_fini(&x->start);
    if (x->program)
        program_free(x->program);
    memset(x, 0, sizeof *x);
}

/* -------- on the thread -------- */

static int begins_as_recording(const char *path)
{
    static const char magic[] = "lockstep recording ";
    char bytes[sizeof magic - 1];
    FILE *f = fopen(path, "re");
    int is = f && fread(bytes, 1, sizeof bytes, f) == sizeof bytes &&
             memcmp(bytes, magic, sizeof bytes) == 0;
    if (f)
        fclose(f);
    return is;
}

/* The program of a recording, as it was run then. */
static int build_recorded(struct own_opening *x)
{
    const struct recording *r = &x->recording;
    struct conditions how = {r->input, r->values, r->adversity, 0};
    schedule_copy(&x->start, &r->schedule);
    int rc = program_build(&x->program, r->files, r->nfiles, r->args, r->nargs, &x->e);
    return rc < 0 ? rc : program_conditions(x->program, &how, &x->e);
}

static int build(struct own_opening *x)
{
    if (x->how == OWN_LIVE)
        return program_build_free(&x->program, &x->path, 1, NULL, 0, BUILD_PLAIN, 0, &x->e);
    if (x->token) {
        int rc = schedule_parse(&x->start, x->token, &x->e);
        return rc < 0 ? rc : program_build(&x->program, &x->path, 1, NULL, 0, &x->e);
    }
    if (!begins_as_recording(x->path))
        return program_build(&x->program, &x->path, 1, NULL, 0, &x->e);
    int rc = recording_read(&x->recording, x->path, &x->e);
    if (rc < 0)
        return rc;
    x->is_recording = 1;
    return x->recording.is_free ? 0 : build_recorded(x);
}

static void work(struct job *j, void *ctx)
{
    struct own_opening *x = ctx;
    (void)j;
    x->rc = build(x);
}

/* -------- beginning -------- */

static void begin(struct own *o)
{
    schedule_init(&o->opening.start);
    o->job = job_start(work, &o->opening);
    if (!o->job) {
        own_opening_fini(&o->opening);
        own_say(o, ROLE_BAD, "%s", _("No thread can be made for the compiler."));
    } else {
        own_say(o, ROLE_NOTE, _("compiling %s …"), o->opening.path);
    }
}

void own_open_path(struct own *o, const char *path, enum own_how how)
{
    if (o->job)
        return;
    char *typed = path_typed(path), *whole = realpath(typed, NULL);
    if (!whole)
        own_say(o, ROLE_BAD, _("%s: %s"), typed, strerror(errno));
    else {
        o->opening.how = how;
        o->opening.path = whole;
        begin(o);
    }
    free(typed);
}

void own_open_recording(struct own *o, const struct store_recording *r)
{
    if (o->job)
        return;
    o->opening.how = OWN_STEP;
    o->opening.path = xstrdup(*r->path ? r->path : r->program);
    o->opening.token = *r->path ? NULL : xstrdup(r->token);
    begin(o);
}

/* -------- it is compiled -------- */

/* The same program under control, for a free run and its recording. Blocks for the compiler. */
static int build_controlled(void *ctx, struct err *e)
{
    struct own *o = ctx;
    struct own_opening *x = &o->opening;
    const struct recording *r = &x->recording;
    if (o->controlled)
        return 0;
    if (x->is_recording)
        return program_build(&o->controlled, r->files, r->nfiles, r->args, r->nargs, e);
    return program_build(&o->controlled, &x->path, 1, NULL, 0, e);
}

static int control(void *ctx, struct port *out, struct err *e)
{
    struct own *o = ctx;
    struct session_options options = {.main_exit_wait = o->main_exit_wait};
    int rc = build_controlled(o, e);
    return rc < 0 ? rc : port_open(out, o->controlled, &options, e);
}

static int show_live(struct own *o, struct err *e)
{
    struct live_source source = {
        .program = o->program, .build = build_controlled, .control = control, .ctx = o};
    struct live_setup setup = {.title = o->title};
    struct live_port port;
    int rc = live_port_open(&port, &source, e);
    if (rc == 0)
        live_push(o->ui, port, &setup);
    return rc;
}

static int show_steps(struct own *o, struct err *e)
{
    struct own_opening *x = &o->opening;
    struct session_options options = {.main_exit_wait =
                                          o->main_exit_wait || x->start.main_exit_wait};
    struct step_setup setup = {.title = o->title,
                               .program = o->program->name,
                               .lesson = "",
                               .start = x->start.n ? &x->start : NULL,
                               .cursor = x->start.n ? UINT32_MAX : 0};
    struct port port;
    int rc = port_open(&port, o->program, &options, e);
    if (rc == 0)
        step_push(o->ui, port, &setup);
    return rc;
}

/* The events go to the screen; how to build the program stays. */
static void show_recording(struct own *o)
{
    struct own_opening *x = &o->opening;
    struct recording shown = x->recording;
    struct step_setup setup = {.title = o->title, .lesson = "", .cursor = 0};
    struct port port;
    recording_init(&x->recording);
    x->recording.files = shown.files;
    x->recording.nfiles = shown.nfiles;
    x->recording.args = shown.args;
    x->recording.nargs = shown.nargs;
    shown.files = shown.args = NULL;
    shown.nfiles = shown.nargs = 0;
    port_of_recording(&port, &shown, &(struct port_control){build_controlled, control, o});
    step_push(o->ui, port, &setup);
}

/* A recording that was opened by its path is kept in the list, once. */
static void keep_recording(struct own *o)
{
    const struct own_opening *x = &o->opening;
    struct store_recording *list = NULL;
    const char *slash = strrchr(x->path, '/');
    const char *program = x->recording.nfiles ? x->recording.files[0] : "";
    int n = o->ui->store ? store_recordings(o->ui->store, &list, NULL) : 0, known = 0;
    for (int i = 0; i < n; i++)
        known |= !strcmp(list[i].path, x->path);
    free(list);
    for (int i = 1; !known && o->ui->store && i < 100; i++) {
        char *name = i == 1 ? xstrdup(slash ? slash + 1 : x->path)
                            : xasprintf("%s (%d)", slash ? slash + 1 : x->path, i);
        struct store_recording r = {.name = name,
                                    .program = program,
                                    .path = x->path,
                                    .token = "",
                                    .finding = x->recording.finding ? x->recording.finding : ""};
        int rc = store_recording_save(o->ui->store, &r, NULL);
        free(name);
        if (rc != -ERR_CREATE)
            break;
    }
}

static void show(struct own *o)
{
    struct own_opening *x = &o->opening;
    const char *slash = strrchr(x->path, '/');
    struct err e = {0};
    int rc = 0;
    o->title = xstrdup(slash ? slash + 1 : x->path);
    o->program = x->program;
    x->program = NULL;
    o->main_exit_wait = config_is(CONFIG_MAIN_EXIT, "wait");
    if (x->is_recording)
        keep_recording(o);
    else if (!x->token)
        own_note(o, x->path, 1);
    if (x->is_recording && x->recording.is_free)
        show_recording(o);
    else
        rc = x->how == OWN_LIVE ? show_live(o, &e) : show_steps(o, &e);
    if (rc < 0) {
        own_say(o, ROLE_BAD, "%s", e.message);
        own_close(o);
    }
}

void own_opened(struct own *o)
{
    job_free(o->job);
    o->job = NULL;
    o->message[0] = 0;
    if (o->opening.rc == 0) {
        show(o);
        return;
    }
    if (o->opening.rc == -ERR_COMPILE && !o->opening.token) /* it will be mended and tried again */
        own_note(o, o->opening.path, 1);
    own_say(o, ROLE_BAD, "%s",
            *o->opening.e.message ? o->opening.e.message : err_text(o->opening.rc));
    own_opening_fini(&o->opening);
}

void own_close(struct own *o)
{
    if (o->program)
        program_free(o->program);
    if (o->controlled)
        program_free(o->controlled);
    free(o->title);
    o->program = o->controlled = NULL;
    o->title = NULL;
    if (!o->job)
        own_opening_fini(&o->opening);
}
