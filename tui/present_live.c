/* The presentation: a program that runs free. It is the live screen, in a frame of ours: what
 * clickers send goes on with the plan from there. */
#include "present_internal.h"

#include "live_screen.h"

#include <stdlib.h>

/* The program of the live screen for its step screen, as the file is now. */
static int build_controlled(void *ctx, struct err *e)
{
    struct present *p = ctx;
    char *path = xstrdup(present_slide(p)->program);
    int rc = 0;
    if (p->controlled)
        program_free(p->controlled);
    p->controlled = NULL;
    rc = program_build(&p->controlled, &path, 1, NULL, 0, e);
    free(path);
    return rc;
}

static int control(void *ctx, struct port *out, struct err *e)
{
    struct present *p = ctx;
    int rc = p->controlled ? 0 : build_controlled(p, e);
    return rc < 0 ? rc : port_open(out, p->controlled, NULL, e);
}

/* -------- the frame -------- */

struct live_frame {
    struct present *p;
    const struct screen_ops *ops; /* of the live screen */
    void *state;
};

static void draw(void *state, struct canvas *c)
{
    struct live_frame *f = state;
    f->ops->draw(f->state, c);
}

static enum screen_id keys(void *state)
{
    struct live_frame *f = state;
    return f->ops->keys(f->state);
}

/* 1 when it was a key of the clicker. */
static int take_clicker(struct live_frame *f, struct ui *ui, int key)
{
    struct present *p = f->p;
    if ((key != K_PGDN && key != K_PGUP) || keys(f) != SCREEN_LIVE)
        return 0;
    ui_pop(ui); /* f is gone */
    if (key == K_PGDN)
        present_on(p);
    present_tell_notes(p);
    return 1;
}

static void act(void *state, struct ui *ui, enum action action, const struct input *in)
{
    struct live_frame *f = state;
    if (!take_clicker(f, ui, in->key))
        f->ops->act(f->state, ui, action, in);
}

static void typed(void *state, struct ui *ui, const struct input *in)
{
    struct live_frame *f = state;
    if (!take_clicker(f, ui, in->key) && f->ops->typed)
        f->ops->typed(f->state, ui, in);
}

static int wait_for(void *state, int64_t now, int *fd)
{
    struct live_frame *f = state;
    int wait = f->ops->wait(f->state, now, fd);
    if (*fd < 0) /* the live screen looks by time */
        *fd = present_server_descriptor(f->p);
    return wait;
}

static void tick(void *state, struct ui *ui)
{
    struct live_frame *f = state;
    int fd = -1, key = present_asked_for(f->p);
    if (f->ops->wait(f->state, ui->now, &fd) == 0 || fd >= 0)
        f->ops->tick(f->state, ui);
    if (key)
        take_clicker(f, ui, key);
}

static void back(void *state, struct ui *ui)
{
    struct live_frame *f = state;
    if (f->ops->back)
        f->ops->back(f->state, ui);
}

static void free_frame(void *state)
{
    struct live_frame *f = state;
    f->ops->free(f->state);
    free(f);
}

static const struct screen_ops ops = {.draw = draw,
                                      .keys = keys,
                                      .act = act,
                                      .typed = typed,
                                      .wait = wait_for,
                                      .tick = tick,
                                      .back = back,
                                      .free = free_frame};

int present_is_live(const struct present *p)
{
    return p->ui->stack[p->ui->depth - 1].ops == &ops;
}

/* Put the frame around the live screen, which is on top. */
static void frame_live(struct present *p)
{
    struct ui *ui = p->ui;
    struct live_frame *f = xcalloc(1, sizeof *f);
    f->p = p;
    f->ops = ui->stack[ui->depth - 1].ops;
    f->state = ui->stack[ui->depth - 1].state;
    ui->stack[ui->depth - 1].ops = &ops;
    ui->stack[ui->depth - 1].state = f;
}

void present_open_live(struct present *p, const struct slide *s, struct program *program)
{
    struct live_source source = {
        .program = program, .build = build_controlled, .control = control, .ctx = p};
    struct live_setup setup = {.title = s->title};
    struct live_port port;
    struct err e = {0};
    if (live_port_open(&port, &source, &e) < 0) {
        present_trouble(p, e.message);
        return;
    }
    live_push(p->ui, port, &setup);
    frame_live(p);
}
