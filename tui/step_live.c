/* The step screen: the same program live, running free; and of a recording of a free run, the
 * same program under control. Each is a screen on top; leaving it comes back here, where it was. */
#include "step_internal.h"

#include "job.h"
#include "live_screen.h"

#include <stdlib.h>

struct step_live {
    const struct program *controlled; /* the port's */
    struct step *step;
    struct job *job; /* the compiler's; NULL: not at work */
    struct program *program;
    struct err e;
    int rc, dropped;
    /* What goes on under control; NULL: it is to run free. */
    void (*then)(struct step *s, int arg);
    int arg;
};

static void work(struct job *j, void *ctx)
{
    struct step_live *x = ctx;
    const struct program *p = x->controlled;
    (void)j;
    if (x->then) {
        x->rc = x->step->port.ops->build(x->step->port.ctx, &x->e);
        return;
    }
    x->rc = program_build_free(&x->program, p->sources, p->nsources, p->argv + 1,
                               p->argc > 0 ? p->argc - 1 : 0, BUILD_PLAIN, 0, &x->e);
}

/* From live to steps: a screen of its own, on top. */
static int control(void *ctx, struct port *out, struct err *e)
{
    struct step_live *x = ctx;
    return x->step->port.ops->again(x->step->port.ctx, out, e);
}

static void forget(struct step *s)
{
    struct step_live *x = s->live;
    s->live = NULL;
    if (!x)
        return;
    job_free(x->job);
    if (x->program)
        program_free(x->program);
    free(x);
}

void step_live_free(struct step *s)
{
    forget(s);
}

int step_live_wait(const struct step *s)
{
    return s->live && s->live->job ? job_fd(s->live->job) : -1;
}

void step_live_stop(struct step *s)
{
    s->live->dropped = 1;
    job_cancel(s->live->job);
    s->mode = MODE_NORMAL;
    step_say(s, ROLE_NOTE, _("not built"));
}

const char *step_live_words(const struct step *s)
{
    return s->live && s->live->then ? _("Building it to run under control")
                                    : _("Building it to run free");
}

static void open_controlled(struct step *s, void (*then)(struct step *s, int arg), int arg)
{
    struct port port;
    struct err e = {0};
    if (s->port.ops->control(s->port.ctx, &port, &e) < 0) {
        step_say(s, ROLE_BAD, "%s", e.message);
        return;
    }
    s->message[0] = 0;
    const struct step_setup setup = {.title = s->setup.title, .lesson = "", .cursor = 0};
    then(step_push(s->ui, port, &setup), arg);
}

/* Begin to build; s->live is filled. */
static void begin(struct step *s)
{
    s->live->step = s;
    s->live->job = job_start(work, s->live);
    if (s->live->job)
        s->mode = MODE_BUILDING;
    else
        step_say(s, ROLE_BAD, _("there is no thread for that now; try again"));
}

void step_under_control(struct step *s, void (*then)(struct step *s, int arg), int arg)
{
    s->playing = 0;
    if (!s->port.ops->build) {
        open_controlled(s, then, arg);
        return;
    }
    forget(s);
    s->live = xcalloc(1, sizeof *s->live);
    s->live->then = then;
    s->live->arg = arg;
    begin(s);
}

void step_live_tick(struct step *s)
{
    struct step_live *x = s->live;
    struct live_port port;
    if (!x || !x->job || !job_done(x->job))
        return;
    job_free(x->job);
    x->job = NULL;
    if (x->dropped)
        return;
    s->mode = MODE_NORMAL;
    if (x->then && x->rc >= 0) {
        open_controlled(s, x->then, x->arg);
        return;
    }
    struct live_source source = {.program = x->program, .control = control, .ctx = x};
    struct live_setup setup = {.title = s->setup.title};
    int rc = x->rc < 0 ? x->rc : live_port_open(&port, &source, &x->e);
    if (rc < 0)
        step_say(s, ROLE_BAD, "%s", x->e.message);
    else
        live_push(s->ui, port, &setup);
}

void act_step_live(struct step *s, const struct input *in)
{
    const struct program *p = s->port.ops->program ? s->port.ops->program(s->port.ctx) : NULL;
    (void)in;
    s->playing = 0;
    if (!p || !p->nsources) {
        step_say(
            s, ROLE_NOTE,
            p ? _("there is no source to build it from for a free run: lockstep live does that")
              : _("this run cannot be started anew from here"));
        return;
    }
    forget(s);
    s->live = xcalloc(1, sizeof *s->live);
    s->live->controlled = p;
    begin(s);
}
