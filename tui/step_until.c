/* The step screen: run until. A path as the lessons write it is followed leg by leg: along the run
 * that is there, and where that ends by letting the task of the leg go on. Esc stops. */
#include "step_internal.h"

#include "path.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { STEPS_A_TICK = 32, STEPS_MOST = 100000, ANYBODY = NO_TASK };

struct step_until {
    struct pool mem;
    struct lesson_path path;
    size_t leg;
    long made; /* steps of the leg's task since the leg began */
    long all;  /* steps of anybody */
};

static void done(struct step *s)
{
    if (!s->until)
        return;
    pool_fini(&s->until->mem);
    free(s->until);
    s->until = NULL;
}

void step_until_stop(struct step *s)
{
    done(s);
}

int step_until_is(const struct step *s)
{
    return s->until != NULL;
}

/* "@9": whoever comes to that line. The lessons' paths name the task. */
static int parse_anybody(struct step_until *u, const char *text)
{
    char *end;
    if (text[0] != '@' || !isdigit((unsigned char)text[1]))
        return 0;
    long line = strtol(text + 1, &end, 10);
    end += strspn(end, " ");
    if (*end || line < 1 || line > 1000000)
        return 0;
    struct path_leg *leg = pool_push(&u->mem, &u->path.legs, &u->path.nlegs, sizeof *leg);
    *leg = (struct path_leg){.until = PATH_LINE, .task = ANYBODY, .n = line};
    return 1;
}

void step_until_begin(struct step *s, const char *text)
{
    struct err e = {0};
    struct step_until *u = xcalloc(1, sizeof *u);
    done(s);
    s->playing = 0;
    s->until = u;
    if (parse_anybody(u, text) || path_parse(&u->mem, &u->path, text, &e) == 0)
        return;
    step_say(s, ROLE_BAD,
             _("\"%s\" is no step (12, +5, -5), nor until when (T1 @9, @9, T1 *, T1 2)"), text);
    done(s);
}

/* -------- one leg -------- */

static int line_of(struct step *s, const struct event *pending)
{
    const struct names *names = s->port.ops->names(s->port.ctx);
    struct place place = {.file = "", .function = ""};
    if (pending->pc)
        names->place(names->ctx, pending->pc - (pending->a != EV_START), &place);
    return place.line;
}

/* What `task` does next, NULL when it cannot go on; *by which choice. */
static const struct event *next_of(struct step *s, unsigned task, struct choice *found)
{
    static struct choice choices[MAX_CHOICES];
    int n = step_candidates(s, choices, MAX_CHOICES);
    int first = s->port.ops->default_choice(s->port.ctx);
    for (int i = 0; i < n; i++) {
        int is = task == ANYBODY ? choices[i].choice == first : choices[i].task == task;
        if (!is || choices[i].is_alternative || choices[i].adverse)
            continue;
        *found = choices[i];
        return &found->pending;
    }
    return NULL;
}

/* Inside the run: who makes the next step is known. */
static const struct event *next_in_run(struct step *s, unsigned task, struct choice *found)
{
    const struct world *w = step_world(s);
    const struct event *e = trace_step(s->trace, s->cursor + 1);
    unsigned who = task == ANYBODY ? e->task : task;
    if (who >= w->ntasks || !world_can_go(&w->tasks[who]))
        return NULL;
    found->pending = w->tasks[who].pending;
    return &found->pending;
}

/* Whether the leg ends where the run stands. It makes a step at least, so that the same leg again
 * goes to the next such place. */
static int is_there(struct step *s, const struct path_leg *leg, const struct event *next)
{
    const struct step_until *u = s->until;
    if (leg->until == PATH_BLOCK)
        return !next;
    if (leg->until == PATH_LINE)
        return u->all && next && line_of(s, next) == leg->n;
    return u->made == leg->n;
}

/* An answer that the last step asks for; -1 when it asks for none. */
static int asked(struct step *s)
{
    struct choice one;
    if (!step_at_end(s) || s->port.ops->choices(s->port.ctx, &one, 1) < 1 || !one.is_alternative)
        return -1;
    return one.choice;
}

static void end_leg(struct step *s)
{
    struct step_until *u = s->until;
    u->made = u->all = 0;
    if (++u->leg == u->path.nlegs)
        done(s);
}

static void give_up(struct step *s, const char *why)
{
    done(s);
    step_say(s, ROLE_NOTE, "%s", why);
}

static void pick(struct step *s, const struct path_leg *leg)
{
    static struct choice choices[MAX_CHOICES];
    int n = asked(s) < 0 ? 0 : s->port.ops->choices(s->port.ctx, choices, MAX_CHOICES);
    if (leg->n >= n) {
        give_up(s, _("nobody is asked whom to wake here"));
        return;
    }
    step_take(s, choices[leg->n].choice);
    if (s->until)
        end_leg(s);
}

static void forward(struct step *s, const struct path_leg *leg, const struct choice *c)
{
    struct step_until *u = s->until;
    uint32_t before = s->cursor;
    if (step_at_end(s))
        step_take(s, c->choice);
    else
        step_seek(s, (int64_t)s->cursor + 1);
    const struct event *e = trace_step(s->trace, s->cursor);
    if (s->cursor == before && !s->busy)
        done(s); /* said already why */
    u->all++;
    u->made += e && (leg->task == ANYBODY || e->task == leg->task);
}

static void advance(struct step *s)
{
    struct step_until *u = s->until;
    const struct path_leg *leg = &u->path.legs[u->leg];
    struct choice c = {0};
    int answer = asked(s);
    if (leg->until == PATH_PICK) {
        pick(s, leg);
        return;
    }
    if (answer >= 0 && !(leg->until == PATH_STEPS && u->made == leg->n)) {
        step_take(s, (uint16_t)answer);
        return;
    }
    const struct event *next =
        step_at_end(s) ? next_of(s, leg->task, &c) : next_in_run(s, leg->task, &c);
    if (is_there(s, leg, next))
        end_leg(s);
    else if (step_at_end(s) && s->port.ops->finished(s->port.ctx))
        give_up(s, _("the run is over, and that did not come; g goes to its beginning"));
    else if (step_at_end(s) && !next)
        give_up(s, _("that task waits, has ended or does not exist: it does not come there"));
    else if (u->all >= STEPS_MOST)
        give_up(s, _("100,000 steps, and that did not come"));
    else
        forward(s, leg, &c);
}

void step_until_tick(struct step *s)
{
    for (int i = 0; i < STEPS_A_TICK && s->until && !s->busy; i++)
        advance(s);
}
