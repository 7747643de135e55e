/* The step screen: switches, and which of them are necessary for what this run shows. */
#include "step_internal.h"

#include "job.h"
#include "minimise.h"

#include <stdlib.h>
#include <string.h>

struct step_switches {
    struct port port; /* what the job works on */
    struct schedule given;
    struct job *job;  /* NULL: none is at work */
    struct job *own;  /* the same, for the work itself */
    uint64_t replays; /* under job_lock, like the next one */
    size_t fewest;
    struct minimise_result r; /* of the job; then of the run, while has is set */
    struct err e;
    int rc;
    int has;          /* r is there */
    int is_of_run;    /* and the run is the one that was looked at, or goes on from it */
    struct buf words; /* for the panel Why: each necessary switch, a line */
};

static struct step_switches *switches_of_screen(struct step *s)
{
    if (!s->switches)
        s->switches = xcalloc(1, sizeof *s->switches);
    return s->switches;
}

static void forget(struct step_switches *x)
{
    if (x->has)
        minimise_fini(&x->r);
    x->has = x->is_of_run = 0;
    buf_fini(&x->words);
}

void step_switches_free(struct step *s)
{
    struct step_switches *x = s->switches;
    if (!x)
        return;
    if (x->job) { /* it may have made a result after it was last looked at */
        job_free(x->job);
        minimise_fini(&x->r);
        x->has = 0;
    }
    forget(x);
    schedule_fini(&x->given);
    free(x);
}

/* -------- what is known -------- */

/* The run goes the way that was looked at, as far as both go. */
void step_switches_check(struct step *s)
{
    struct step_switches *x = s->switches;
    if (!x || !x->has)
        return;
    const struct schedule *now = s->port.ops->schedule(s->port.ctx);
    size_t n = now->n < x->given.n ? now->n : x->given.n;
    x->is_of_run = !n || !memcmp(now->choices, x->given.choices, n * sizeof *now->choices);
}

enum switch_mark step_switch(struct step *s, uint32_t step)
{
    const struct event *e = trace_step(s->trace, step), *before = trace_step(s->trace, step - 1);
    const struct step_switches *x = s->switches;
    unsigned n;
    if (step < 2 || !e || !before || e->task == before->task)
        return SWITCH_NONE;
    const struct lane *lanes = lanes_at(&s->lanes, step - 1, &n);
    unsigned state = before->task < n ? lanes[before->task].state : TASK_DONE;
    if (state != TASK_NEW && state != TASK_READY && state != TASK_RUNNING && state != TASK_SLEEPING)
        return SWITCH_NONE;
    if (!x || !x->is_of_run)
        return SWITCH_UNKNOWN;
    for (size_t i = 0; i < x->r.given.n; i++)
        if (x->r.given.list[i].step == step)
            return x->r.necessary[i] ? SWITCH_NECESSARY : SWITCH_IDLE;
    return SWITCH_UNKNOWN;
}

void step_switches_why(struct step *s, struct buf *out)
{
    const struct step_switches *x = s->switches;
    if (x && x->is_of_run && x->words.len)
        buf_add(out, x->words.data, x->words.len);
}

static void make_words(struct step *s, struct step_switches *x)
{
    const struct names *names = s->port.ops->names(s->port.ctx);
    struct buf goal = {0};
    buf_fini(&x->words);
    minimise_say_goal(&x->r.goal, names, &goal);
    for (size_t i = 0; i < x->r.given.n; i++) {
        if (!x->r.necessary[i])
            continue;
        uint32_t step = x->r.given.list[i].step;
        if (!x->words.len)
            buf_printf(&x->words, _("Necessary for %s:\n"), goal.data);
        buf_printf(&x->words, _("switch at step %u: "), step);
        minimise_say(s->trace, s->view, step, names, &x->words);
        buf_puts(&x->words, "\n");
    }
    buf_fini(&goal);
}

static size_t necessary(const struct step_switches *x)
{
    size_t n = 0;
    for (size_t i = 0; i < x->r.given.n; i++)
        n += x->r.necessary[i];
    return n;
}

static void say_result(struct step *s, const struct step_switches *x)
{
    size_t n = necessary(x), all = x->r.given.n;
    struct buf goal = {0};
    minimise_say_goal(&x->r.goal, s->port.ops->names(s->port.ctx), &goal);
    if (x->r.switches.n < all)
        step_say(s, ROLE_NOTE,
                 ngettext("%zu of %zu switch is necessary for %s; m opens a run with just %zu",
                          "%zu of %zu switches are necessary for %s; m opens a run with just %zu",
                          (unsigned long)all),
                 n, all, goal.data, x->r.switches.n);
    else if (!all)
        step_say(s, ROLE_NOTE, _("no switch is needed for %s: it comes when nobody interferes"),
                 goal.data);
    else if (x->r.proved)
        step_say(s, ROLE_NOTE,
                 ngettext("the %zu switch of this run is necessary for %s; s goes to it",
                          "all %zu switches of this run are necessary for %s; s goes to them",
                          (unsigned long)all),
                 all, goal.data);
    else
        step_say(s, ROLE_NOTE, _("not every switch was tried away: %zu of %zu may be necessary"), n,
                 all);
    buf_fini(&goal);
}

/* -------- the work -------- */

static int on_progress(void *ctx, uint64_t replays, size_t switches)
{
    struct step_switches *x = ctx;
    job_lock(x->own);
    x->replays = replays;
    x->fewest = switches;
    job_unlock(x->own);
    job_look(x->own);
    return job_cancelled(x->own);
}

static void work(struct job *j, void *ctx)
{
    struct step_switches *x = ctx;
    x->own = j;
    x->rc = x->port.ops->minimise(x->port.ctx, &x->given, on_progress, x, &x->r, &x->e);
}

static void begin(struct step *s)
{
    struct step_switches *x = switches_of_screen(s);
    forget(x);
    x->port = s->port;
    schedule_fini(&x->given);
    schedule_init(&x->given);
    schedule_copy(&x->given, s->port.ops->schedule(s->port.ctx));
    x->replays = x->fewest = 0;
    s->playing = 0;
    s->mode = MODE_MINIMISING;
    x->job = job_start(work, x);
    if (!x->job) {
        s->mode = MODE_NORMAL;
        step_say(s, ROLE_BAD, _("there is no thread for that now; try again"));
    }
}

int step_switches_wait(const struct step *s)
{
    return s->mode == MODE_MINIMISING && s->switches->job ? job_fd(s->switches->job) : -1;
}

uint64_t step_switches_replays(struct step *s)
{
    struct step_switches *x = s->switches;
    uint64_t n = 0;
    if (!x || !x->job)
        return 0;
    job_lock(x->job);
    n = x->replays;
    job_unlock(x->job);
    return n;
}

void step_switches_stop(struct step *s)
{
    if (s->mode == MODE_MINIMISING && s->switches->job)
        job_cancel(s->switches->job);
}

/* The job at work, while there is one. */
void step_switches_tick(struct step *s)
{
    struct step_switches *x = s->switches;
    if (s->mode != MODE_MINIMISING || !x->job)
        return;
    if (!job_done(x->job))
        return;
    job_free(x->job);
    x->job = NULL;
    s->mode = MODE_NORMAL;
    if (x->rc < 0) {
        minimise_fini(&x->r);
        step_say(s, x->rc == -ERR_NOT_FOUND || x->rc == -ERR_INTERRUPTED ? ROLE_NOTE : ROLE_BAD,
                 "%s", x->e.message);
        return;
    }
    x->has = x->is_of_run = 1;
    make_words(s, x);
    say_result(s, x);
}

/* The run with the fewest switches, each of which is known to be necessary. */
static void open_fewest(struct step *s, struct step_switches *x)
{
    struct err e = {0};
    step_keep_undo(s);
    int rc = s->port.ops->replay(s->port.ctx, &x->r.schedule, &e);
    if (rc < 0) {
        step_refresh(s, 0);
        step_say(s, ROLE_BAD, "%s", e.message);
        return;
    }
    switches_fini(&x->r.given);
    switches_of(s->port.ops->trace(s->port.ctx), &x->r.given);
    free(x->r.necessary);
    x->r.necessary = xcalloc(x->r.given.n + 1, 1);
    memset(x->r.necessary, 1, x->r.given.n);
    schedule_copy(&x->given, &x->r.schedule);
    step_refresh(s, 0);
    step_seek(s, step_decisive(s, x->r.goal.finding));
    make_words(s, x);
    step_say(s, ROLE_NOTE,
             ngettext("a run with %zu switch, which is necessary; u brings the run before back",
                      "a run with %zu switches, all necessary; u brings the run before back",
                      (unsigned long)x->r.given.n),
             x->r.given.n);
}

void act_step_minimise(struct step *s, const struct input *in)
{
    struct step_switches *x = s->switches;
    (void)in;
    if (!s->port.ops->minimise)
        step_say(s, ROLE_NOTE, _("this run cannot be run again in another order"));
    else if (x && x->is_of_run && x->r.switches.n < x->r.given.n)
        open_fewest(s, x);
    else if (x && x->is_of_run && !x->r.stopped)
        say_result(s, x);
    else
        begin(s);
}

/* -------- going to them -------- */

static void say_switch(struct step *s, enum switch_mark mark)
{
    struct buf text = {0};
    minimise_say(s->trace, s->view, s->cursor, s->port.ops->names(s->port.ctx), &text);
    if (mark == SWITCH_NECESSARY)
        step_say(s, ROLE_NOTE, _("a necessary switch: %s"), text.data ? text.data : "");
    else
        step_say(s, ROLE_NOTE, _("a switch: %s"), text.data ? text.data : "");
    buf_fini(&text);
}

static void to_switch(struct step *s, int by)
{
    int known = s->switches && s->switches->is_of_run;
    int64_t last = s->trace->nsteps;
    for (int64_t n = (int64_t)s->cursor + by; n >= 1 && n <= last; n += by) {
        enum switch_mark mark = step_switch(s, (uint32_t)n);
        if (mark == SWITCH_NONE || (known && mark == SWITCH_IDLE))
            continue;
        step_seek(s, n);
        say_switch(s, mark);
        return;
    }
    if (known)
        step_say(s, ROLE_DIM,
                 by > 0 ? _("no necessary switch ahead") : _("no necessary switch before"));
    else
        step_say(s, ROLE_DIM, by > 0 ? _("no switch ahead") : _("no switch before"));
}

void act_step_next_switch(struct step *s, const struct input *in)
{
    (void)in;
    to_switch(s, 1);
}

void act_step_prev_switch(struct step *s, const struct input *in)
{
    (void)in;
    to_switch(s, -1);
}
