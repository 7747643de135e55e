/* The presentation: from a slide to its running program. The compiler works beside the loop. */
#include "present_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* -------- building -------- */

struct build {
    struct job *job;
    const char *path;
    int is_free;
    struct program *program;
    int rc;
    struct err e;
};

static void compile(struct job *j, void *ctx)
{
    struct build *b = ctx;
    char *path = xstrdup(b->path);
    (void)j;
    if (b->is_free)
        b->rc = program_build_free(&b->program, &path, 1, NULL, 0, BUILD_PLAIN, 0, &b->e);
    else
        b->rc = program_build(&b->program, &path, 1, NULL, 0, &b->e);
    free(path);
}

static struct built *built_of(struct present *p, const char *path, int is_free)
{
    for (size_t i = 0; i < p->nbuilt; i++)
        if (p->built[i].is_free == is_free && !strcmp(p->built[i].path, path))
            return &p->built[i];
    return NULL;
}

static void keep_built(struct present *p, struct build *b)
{
    p->built = xrealloc(p->built, p->nbuilt + 1, sizeof *p->built);
    struct built *n = &p->built[p->nbuilt++];
    *n = (struct built){.path = b->path, .is_free = b->is_free, .program = b->program};
    if (b->rc < 0)
        n->trouble = xstrdup(b->e.message);
}

static void build_free(struct build *b)
{
    job_free(b->job);
    free(b);
}

static void build_start(struct present *p, const char *path, int is_free)
{
    struct build *b = xcalloc(1, sizeof *b);
    b->path = path;
    b->is_free = is_free;
    b->job = job_start(compile, b);
    if (b->job) {
        p->build = b;
        return;
    }
    compile(NULL, b); /* no thread to be had */
    keep_built(p, b);
    build_free(b);
    present_enter(p);
}

int present_build_fd(const struct present *p)
{
    return p->build ? job_fd(p->build->job) : -1;
}

void present_build_tick(struct present *p)
{
    struct build *b = p->build;
    if (!job_done(b->job))
        return;
    p->build = NULL;
    keep_built(p, b);
    build_free(b);
    present_enter(p); /* it may be another slide by now, which wants another program */
}

void present_programs_fini(struct present *p)
{
    size_t n = p->talk ? p->talk->nslides : 1;
    if (p->build) {
        job_free(p->build->job);
        p->build->job = NULL;
        keep_built(p, p->build);
        build_free(p->build);
    }
    for (size_t i = 0; i < p->nbuilt; i++) {
        if (p->built[i].program)
            program_free(p->built[i].program);
        free(p->built[i].trouble);
    }
    free(p->built);
    if (p->controlled)
        program_free(p->controlled);
    for (size_t i = 0; i < n; i++) {
        schedule_fini(&p->kept[i].left);
        free(p->kept[i].trouble);
    }
}

/* -------- a run to be stepped -------- */

void present_trouble(struct present *p, const char *what)
{
    struct kept *k = present_kept(p);
    free(k->trouble);
    k->trouble = xstrdup(what);
}

static int follow(struct present *p, const struct lesson_path *path)
{
    struct step *s = p->step;
    struct err e = {0};
    int rc = s->port.ops->follow(s->port.ctx, path, &e);
    if (rc < 0)
        present_say(p, ROLE_BAD, "%s", e.message);
    step_refresh(s, 0);
    return rc;
}

/* Stand where `path` ends, with what `then` adds ahead of the clicks. */
static void follow_then(struct present *p, const struct lesson_path *path,
                        const struct lesson_path *then)
{
    struct lesson_path both = {.text = "", .nlegs = path->nlegs + then->nlegs};
    uint32_t at = p->step->trace->nsteps;
    both.legs = xcalloc(both.nlegs, sizeof *both.legs);
    if (path->nlegs)
        memcpy(both.legs, path->legs, path->nlegs * sizeof *both.legs);
    memcpy(both.legs + path->nlegs, then->legs, then->nlegs * sizeof *both.legs);
    follow(p, &both);
    step_seek(p->step, at);
    free(both.legs);
}

/* Where a slide begins. */
static void stand(struct present *p, const struct slide *s)
{
    struct step *run = p->step;
    uint32_t end = run->trace->nsteps;
    if (s->from_start)
        step_seek(run, 0);
    else if (s->at == PLAN_AT_END || (s->at == PLAN_AT_DEFAULT && !*s->schedule))
        step_seek(run, end);
    else if (s->at == PLAN_AT_FINDING)
        step_seek(run, step_decisive(run, -1));
    else
        step_seek(run, s->at == PLAN_AT_STEP ? s->entry->at_step : 0);
    if (s->then && s->then->nlegs && s->at == PLAN_AT_DEFAULT)
        follow_then(p, s->path, s->then);
    present_kept(p)->start = run->cursor;
}

static void open_run(struct present *p, const struct slide *s, struct program *program)
{
    struct kept *k = present_kept(p);
    struct session_options options = {.main_exit_wait = p->ui->options->main_exit_wait,
                                      .stuck_ms = p->ui->options->stuck_ms};
    struct schedule given;
    struct err e = {0};
    struct port port;
    schedule_init(&given);
    if ((*s->schedule && schedule_parse(&given, s->schedule, &e) < 0) ||
        port_open(&port, program, &options, &e) < 0) {
        present_trouble(p, e.message);
        schedule_fini(&given);
        return;
    }
    const char *slash = strrchr(s->program, '/');
    struct step_setup setup = {.title = s->lesson ? s->lesson->id : s->title,
                               .program = slash ? slash + 1 : s->program,
                               .lesson = s->lesson ? s->lesson->id : "",
                               .text = s->text && *s->text->text ? s->text->text : NULL,
                               .start = k->was_left    ? &k->left
                                        : *s->schedule ? &given
                                                       : NULL,
                               .path = s->path,
                               .cursor = k->was_left ? k->left_cursor : 0};
    p->step = step_new(p->ui, port, &setup);
    p->step->setup.start = NULL; /* read already, and not kept here */
    if (!k->was_left)
        stand(p, s);
    if (p->step->message[0])
        present_say(p, p->step->message_style, "%s", p->step->message);
    p->step->message[0] = 0;
    schedule_fini(&given);
}

/* -------- slides -------- */

static int wants_program(const struct present *p, const struct slide *s)
{
    const struct kept *k = present_kept(p);
    if (k->trouble || p->step)
        return 0;
    return s->kind == SLIDE_STEP || (s->kind == SLIDE_LIVE && k->was_left);
}

void present_enter(struct present *p)
{
    const struct slide *s = present_slide(p);
    if (!s || !wants_program(p, s) || p->build)
        return;
    int is_free = s->kind == SLIDE_LIVE;
    const struct built *b = built_of(p, s->program, is_free);
    const char *panel = s->entry && s->kind == SLIDE_STEP ? s->entry->panel : "";
    if (!b) {
        build_start(p, s->program, is_free);
        return;
    }
    if (b->trouble)
        present_trouble(p, b->trouble);
    else if (is_free)
        present_open_live(p, s, b->program);
    else
        open_run(p, s, b->program);
    if (p->step)
        p->panel = *panel                  ? (enum present_panel)present_panel_find(panel)
                   : p->panel == SHOW_TEXT ? SHOW_SOURCE
                                           : p->panel;
}

void present_leave(struct present *p)
{
    struct kept *k = present_kept(p);
    p->mode = PRESENT_NORMAL;
    if (!p->talk)
        return;
    if (present_slide(p)->kind == SLIDE_LIVE)
        k->was_left = 0;
    if (p->panel != SHOW_TEXT && present_slide(p)->kind != SLIDE_STEP)
        p->panel = SHOW_TEXT;
    if (!p->step)
        return;
    if (!p->step->busy) {
        schedule_fini(&k->left);
        schedule_init(&k->left);
        schedule_copy(&k->left, p->step->port.ops->schedule(p->step->port.ctx));
        k->left_cursor = p->step->cursor;
        k->was_left = 1;
    }
    step_free(p->step);
    p->step = NULL;
    p->panel = SHOW_TEXT;
}
