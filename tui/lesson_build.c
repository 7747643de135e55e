/* The lesson screen: its programs are compiled beside the loop, then stepped or let run. */
#include "lesson_internal.h"

#include "job.h"
#include "live_screen.h"

#include <stdlib.h>
#include <string.h>

struct lesson_build {
    struct job *job;
    char *file, *path;
    int is_free; /* for the live screen */
    size_t block;
    int has_start;
    struct schedule start;
    uint32_t cursor;
    int dropped; /* nobody waits for it any more */
    struct program *program;
    int rc;
    struct err e;
};

static void compile(struct job *j, void *ctx)
{
    struct lesson_build *b = ctx;
    (void)j;
    b->rc = b->is_free
                ? program_build_free(&b->program, &b->path, 1, NULL, 0, BUILD_PLAIN, 0, &b->e)
                : program_build(&b->program, &b->path, 1, NULL, 0, &b->e);
}

static void build_free(struct lesson_build *b)
{
    job_free(b->job);
    if (b->program)
        program_free(b->program);
    schedule_fini(&b->start);
    free(b->file);
    free(b->path);
    free(b);
}

void lesson_build_drop(struct lesson_view *v)
{
    if (v->build)
        v->build->dropped = 1;
}

int lesson_is_building(const struct lesson_view *v)
{
    return v->build && !v->build->dropped;
}

void lesson_build_fini(struct lesson_view *v)
{
    if (v->build)
        build_free(v->build);
    v->build = NULL;
}

int lesson_build_fd(const struct lesson_view *v)
{
    return v->build ? job_fd(v->build->job) : -1;
}

void lesson_build(struct lesson_view *v, const char *file, int is_free, size_t block,
                  const struct schedule *start, uint32_t cursor)
{
    lesson_build_fini(v); /* one that was dropped and is not done yet: a moment */
    struct lesson_build *b = xcalloc(1, sizeof *b);
    b->file = xstrdup(file);
    b->path = lesson_file(v->lesson, file);
    b->is_free = is_free;
    b->block = block;
    b->cursor = cursor;
    b->has_start = start != NULL;
    schedule_init(&b->start);
    if (start)
        schedule_copy(&b->start, start);
    v->build = b;
    b->job = job_start(compile, b);
    if (b->job)
        lesson_say(v, ROLE_NOTE, _("compiling %s … (Esc cancels)"), file);
    else {
        lesson_build_fini(v);
        lesson_say(v, ROLE_BAD, "%s", _("there is no room for one more thread"));
    }
}

/* -------- live -------- */

/* Its program under control, for the step screen on top of it: as the file is now. */
static int build_controlled(void *ctx, struct err *e)
{
    struct lesson_view *v = ctx;
    char *path = xstrdup(v->program->sources[0]);
    if (v->controlled)
        program_free(v->controlled);
    v->controlled = NULL;
    int rc = program_build(&v->controlled, &path, 1, NULL, 0, e);
    free(path);
    return rc;
}

static int control(void *ctx, struct port *out, struct err *e)
{
    struct lesson_view *v = ctx;
    int rc = v->controlled ? 0 : build_controlled(v, e);
    return rc < 0 ? rc : port_open(out, v->controlled, NULL, e);
}

static void open_live(struct lesson_view *v)
{
    struct live_source source = {
        .program = v->program, .build = build_controlled, .control = control, .ctx = v};
    struct live_setup setup = {.title = v->lesson->id};
    struct live_port port;
    struct err e = {0};
    if (live_port_open(&port, &source, &e) < 0) {
        lesson_say(v, ROLE_BAD, "%s", e.message);
        lesson_close_step(v);
    } else
        live_push(v->ui, port, &setup);
}

void lesson_build_tick(struct lesson_view *v)
{
    struct lesson_build *b = v->build;
    if (!b || !job_done(b->job))
        return;
    v->build = NULL;
    if (!b->dropped)
        v->message[0] = 0;
    if (!b->dropped && b->rc < 0)
        lesson_say(v, ROLE_BAD, "%s", b->e.message);
    else if (!b->dropped) {
        lesson_close_step(v);
        v->program = b->program;
        b->program = NULL;
        if (b->is_free)
            open_live(v);
        else
            lesson_step_program(v, b->block, b->has_start ? &b->start : NULL, b->cursor);
    }
    build_free(b);
}
