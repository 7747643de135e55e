#include "path.h"

#include <string.h>

enum { MAX_CHOICES = MAX_TASKS, MAX_LEG_STEPS = 100000 };

/* Following one leg: where we are, for messages. */
struct follow {
    struct session *s;
    const struct lesson_path *path;
    size_t leg;
    int timeout_ms;
    struct err *e;
    struct choice choices[MAX_CHOICES];
    int nchoices;
};

static int diverged(const struct follow *f, const char *why)
{
    return err_set(f->e, ERR_DIVERGED,
                   _("leg %zu of the path \"%s\" cannot be taken: %s (after step %u)"), f->leg + 1,
                   f->path->text, why, session_trace(f->s)->nsteps);
}

static void look(struct follow *f)
{
    f->nchoices = session_choices(f->s, f->choices, MAX_CHOICES);
}

/* When the last step asks whom it wakes and the path does not say, the first one it is. */
static int settle(struct follow *f)
{
    for (look(f); f->nchoices && f->choices[0].is_alternative; look(f)) {
        int rc = session_step(f->s, f->choices[0].choice, f->timeout_ms, f->e);
        if (rc)
            return rc;
    }
    return 0;
}

static const struct choice *choice_of(const struct follow *f, unsigned task)
{
    for (int i = 0; i < f->nchoices; i++)
        if (f->choices[i].task == task && !f->choices[i].is_alternative)
            return &f->choices[i];
    return NULL;
}

static int line_of(const struct follow *f, const struct event *pending)
{
    const struct names *names = session_names(f->s);
    struct place place = {.file = "", .function = ""};
    if (pending->pc) /* a call's return address, but the first address of a start routine */
        names->place(names->ctx, pending->pc - (pending->a != EV_START), &place);
    return place.line;
}

static int pick(struct follow *f, const struct path_leg *leg)
{
    look(f);
    if (!f->nchoices || !f->choices[0].is_alternative)
        return diverged(f, _("nobody is asked whom to wake"));
    if (leg->n >= f->nchoices)
        return diverged(f, _("there is no alternative of that number"));
    return session_step(f->s, f->choices[leg->n].choice, f->timeout_ms, f->e);
}

/* 1 when the leg is done before the step `c` (NULL: the task cannot go on). */
static int leg_done(const struct follow *f, const struct path_leg *leg, const struct choice *c,
                    long made)
{
    return leg->until == PATH_BLOCK  ? !c
           : leg->until == PATH_LINE ? c && line_of(f, &c->pending) == leg->n
                                     : made == leg->n;
}

static int leg_follow(struct follow *f, const struct path_leg *leg)
{
    if (leg->until == PATH_PICK)
        return pick(f, leg);
    for (long made = 0; made <= MAX_LEG_STEPS; made++) {
        if (leg->until == PATH_STEPS && made == leg->n)
            return 0; /* before settling: the next leg may be a pick */
        int rc = settle(f);
        if (rc)
            return rc;
        const struct choice *c = choice_of(f, leg->task);
        if (leg_done(f, leg, c, made))
            return 0;
        if (!c)
            return diverged(f, _("the task is blocked, has ended or does not exist"));
        rc = session_step(f->s, c->choice, f->timeout_ms, f->e);
        if (rc)
            return rc;
    }
    return diverged(f, _("the task goes on and on"));
}

int path_follow(struct session *s, const struct lesson_path *p, int timeout_ms, struct err *e)
{
    struct follow f = {.s = s, .path = p, .timeout_ms = timeout_ms, .e = e};
    for (; f.leg < p->nlegs; f.leg++) {
        int rc = leg_follow(&f, &p->legs[f.leg]);
        if (rc)
            return rc;
    }
    return 0;
}
