#include "minimise_inside.h"

#include "world.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* MORE_STEPS: what another order of an execution may take beyond several times its own length. */
enum { WAIT_MS = 100, MORE_STEPS = 1000, FIRST_STEPS = 20000, SECONDS = 5 };

void walk_fini(struct walk *w)
{
    schedule_fini(&w->schedule);
    free(w->steps);
    switches_fini(&w->switches);
    *w = (struct walk){0};
}

/* -------- running -------- */

double minimising_now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int asked_to_stop(struct minimising *m)
{
    if (m->o->progress && m->o->progress(m->o->ctx, m->r->replays, m->best.switches.n))
        m->r->stopped = 1;
    return m->r->stopped;
}

/* The target was let run with that result. */
static int settle(struct minimising *m, int rc)
{
    while (rc == -ERR_BUSY) {
        if (asked_to_stop(m))
            return -ERR_INTERRUPTED;
        if (minimising_now_s() > m->until)
            return err_set(m->e, ERR_LIMIT, "the program was not run to its end in time");
        rc = session_wait(m->s, WAIT_MS, m->e);
    }
    return rc;
}

int minimising_begin(struct minimising *m, const struct schedule *s, size_t n)
{
    struct schedule prefix = *s; /* borrows its arrays */
    prefix.n = n;
    m->r->replays++;
    if (asked_to_stop(m))
        return -ERR_INTERRUPTED;
    if (minimising_now_s() > m->until)
        return err_set(m->e, ERR_LIMIT, "not all of it was tried in time");
    return settle(m, session_replay(m->s, &prefix, WAIT_MS, m->e));
}

int minimising_step(struct minimising *m, uint16_t choice)
{
    return settle(m, session_step(m->s, choice, WAIT_MS, m->e));
}

int minimising_run_on(struct minimising *m)
{
    int rc = 0;
    while (rc == 0 && !session_finished(m->s))
        rc = settle(m, session_run(m->s, -1, WAIT_MS, m->e));
    return rc;
}

void minimising_adopt(struct minimising *m)
{
    const struct trace *t = session_trace(m->s);
    struct walk *w = &m->best;
    walk_fini(w);
    schedule_init(&w->schedule);
    schedule_copy(&w->schedule, session_schedule(m->s));
    w->nsteps = t->nsteps;
    w->steps = xcalloc(t->nsteps + 1u, sizeof *w->steps);
    switches_of(t, &w->switches);
    uint32_t step = 0;
    for (uint32_t i = 0; i < w->schedule.n; i++) {
        if (w->schedule.choices[i] & CHOICE_ALT || step == w->nsteps)
            continue;
        const struct event *e = trace_step(t, ++step);
        w->steps[step] = (struct walk_step){
            i, e->task, e->kind == EV_COND_SPURIOUS || (e->flags & EVF_ADVERSE) != 0};
    }
}

/* -------- another order -------- */

/* The steps of the best execution are let be made again, in an order that need not be possible:
 * who cannot go on is passed over. */
struct replaying {
    struct minimising *m;
    struct choice choices[MAX_TASKS];
    int n;
    uint32_t answers, nanswers; /* left of the step made last, in the best schedule */
};

/* Whom a step wakes and the like: as it was, if it can be. */
static int answer(struct replaying *p)
{
    const struct schedule *was = &p->m->best.schedule;
    int rc = 0;
    while (rc == 0 && (p->n = session_choices(p->m->s, p->choices, MAX_TASKS)) > 0 &&
           p->choices[0].is_alternative) {
        uint16_t take = p->choices[0].choice;
        for (int i = 0; p->nanswers && i < p->n; i++)
            if (p->choices[i].choice == was->choices[p->answers])
                take = p->choices[i].choice;
        if (p->nanswers) {
            p->answers++;
            p->nanswers--;
        }
        rc = minimising_step(p->m, take);
    }
    return rc;
}

/* Step `step` of the best execution, if its task can go. 1 made, 0 not, or an error. */
static int make(struct replaying *p, uint32_t step)
{
    const struct walk *w = &p->m->best;
    const struct walk_step *ws = &w->steps[step];
    int rc = answer(p);
    for (int i = 0; rc == 0 && i < p->n; i++) {
        if (p->choices[i].task != ws->task || (p->choices[i].adverse && !ws->adverse))
            continue;
        size_t next = step < w->nsteps ? w->steps[step + 1].at : w->schedule.n;
        p->answers = ws->at + 1;
        p->nanswers = (uint32_t)(next - ws->at - 1);
        rc = minimising_step(p->m, p->choices[i].choice);
        return rc ? rc : 1;
    }
    return rc;
}

static int make_all(struct replaying *p, uint32_t from, uint32_t to)
{
    int rc = 0;
    for (uint32_t i = from; rc >= 0 && i < to; i++)
        rc = make(p, i);
    return rc < 0 ? rc : 0;
}

/* The task of `step` goes on as long as it can. */
static int make_alone(struct replaying *p, uint32_t step)
{
    int rc = 1;
    for (uint32_t i = 0; rc == 1 && i < p->m->best.nsteps + MORE_STEPS; i++)
        rc = make(p, step);
    return rc < 0 ? rc : 0;
}

/* Ways to go on without the switch at a step: the task before it goes on. */
enum way {
    WAY_PLAIN, /* until it cannot, and so on with the others: by the plain policy */
    WAY_ALONE, /* until it cannot; the others as before */
    WAY_AHEAD, /* with what it did next; the others as before */
    WAY_LATER, /* what came between is made when that task has its next turn */
    WAYS
};

/* First step from `from` on that is (or is not) one of the task; nsteps + 1 if there is none. */
static uint32_t seek(const struct walk *w, uint32_t from, unsigned task, int is)
{
    while (from <= w->nsteps && (w->steps[from].task == task) != is)
        from++;
    return from;
}

static int go_on(struct replaying *p, const struct a_switch *at, enum way way)
{
    const struct walk *w = &p->m->best;
    uint32_t end = w->nsteps + 1, here = at->step;
    uint32_t back = seek(w, here, at->from, 1), gone = seek(w, back, at->from, 0);
    int rc = 0;
    if (way == WAY_ALONE) {
        rc = make_alone(p, here - 1);
        return rc ? rc : make_all(p, here, end);
    }
    if (way == WAY_AHEAD) {
        rc = make_all(p, back, gone);
        rc = rc ? rc : make_all(p, here, back);
        return rc ? rc : make_all(p, gone, end);
    }
    if (way == WAY_LATER) {
        uint32_t rest = seek(w, here, at->to, 0), again = seek(w, rest, at->to, 1);
        rc = make_all(p, rest, again);
        rc = rc ? rc : make_all(p, here, rest);
        return rc ? rc : make_all(p, again, end);
    }
    return 0;
}

static int run_without(struct minimising *m, const struct a_switch *at, enum way way)
{
    struct replaying p = {.m = m};
    const struct walk_step *before = &m->best.steps[at->step - 1];
    size_t prefix = m->best.steps[at->step].at;
    p.answers = before->at + 1;
    int rc = minimising_begin(m, &m->best.schedule, prefix);
    if (rc == 0 && way == WAY_PLAIN) /* it is the last one: the plain policy lets it go on */
        return minimising_run_on(m);
    if (rc == 0)
        rc = go_on(&p, at, way);
    return rc ? rc : minimising_run_on(m);
}

static int same_switch(const struct a_switch *a, const struct a_switch *b)
{
    return a->from == b->from && a->to == b->to && a->made == b->made;
}

/* The best execution has fewer switches now, as number `gone` of `before` was taken away: which of
 * the given ones each of its own stands for. The same tasks at the same place are the same switch;
 * the rest are told apart by their order. */
static void pass_on_origins(struct minimising *m, const struct switches *before, size_t gone)
{
    const struct switches *now = &m->best.switches;
    size_t *origin = xcalloc(now->n + 1, sizeof *origin), next = 0;
    uint8_t *used = xcalloc(before->n + 1, 1), *known = xcalloc(now->n + 1, 1);
    used[gone] = 1;
    for (size_t i = 0; i < now->n; i++)
        for (size_t k = 0; k < before->n && !known[i]; k++)
            if (!used[k] && same_switch(&now->list[i], &before->list[k])) {
                origin[i] = m->origin[k];
                used[k] = known[i] = 1;
            }
    for (size_t i = 0; i < now->n; i++) {
        if (known[i])
            continue;
        while (used[next])
            next++;
        origin[i] = m->origin[next];
        used[next] = 1;
    }
    free(m->origin);
    m->origin = origin;
    free(used);
    free(known);
}

/* 1 when the execution at hand, without switch number `gone` of the best one, shows the goal with
 * fewer switches: it is the best then. */
static int take_if_better(struct minimising *m, size_t gone)
{
    struct switches before = m->best.switches, now;
    const struct trace *t = session_trace(m->s);
    if (!minimise_shows(m->goal, t))
        return 0;
    switches_of(t, &now);
    int better = now.n < before.n;
    switches_fini(&now);
    if (!better)
        return 0;
    m->best.switches = (struct switches){0};
    minimising_adopt(m);
    pass_on_origins(m, &before, gone);
    switches_fini(&before);
    return 1;
}

/* An execution that cannot be run so (it diverged, a limit was met) shows nothing. */
static int is_fatal(int rc)
{
    return rc < 0 && rc != -ERR_DIVERGED && rc != -ERR_USAGE && rc != -ERR_DATA;
}

/* Try to do without each switch, the last one first, until none can be taken away. */
static int reduce(struct minimising *m)
{
    for (size_t i = m->best.switches.n; i > 0;) {
        const struct a_switch at = m->best.switches.list[i - 1];
        int better = 0;
        for (int way = 0; way < WAYS && !better; way++) {
            int rc = run_without(m, &at, (enum way)way);
            if (is_fatal(rc))
                return rc;
            better = rc == 0 && take_if_better(m, i - 1);
        }
        i = better ? m->best.switches.n : i - 1;
    }
    return 0;
}

/* -------- all of it -------- */

/* How it ends when nobody interferes. */
static int plain_end(struct minimising *m, const struct schedule *given, struct minimise_goal *end)
{
    int rc = minimising_begin(m, given, 0);
    rc = rc ? rc : minimising_run_on(m);
    if (rc == 0)
        minimise_end(session_trace(m->s), end);
    return rc;
}

static int choose_goal(struct minimising *m, const struct schedule *given)
{
    struct minimise_goal plain = {.finding = -1};
    int rc = plain_end(m, given, &plain);
    rc = rc ? rc : minimising_begin(m, given, given->n);
    rc = rc ? rc : minimising_run_on(m);
    if (rc == 0 && !minimise_worth(session_trace(m->s), &plain, &m->r->goal))
        rc = err_set(m->e, ERR_NOT_FOUND,
                     "nothing was found in this run, and it ends as the plain one does: no switch "
                     "of it matters");
    minimise_free(&plain);
    return rc;
}

static int take_goal(struct minimising *m, const struct schedule *given,
                     const struct minimise_goal *goal)
{
    m->r->goal = *goal;
    m->r->goal.out = NULL;
    if (goal->out) {
        m->r->goal.out = xcalloc(goal->nout + 1, 1);
        memcpy(m->r->goal.out, goal->out, goal->nout);
    }
    int rc = minimising_begin(m, given, given->n);
    rc = rc ? rc : minimising_run_on(m);
    if (rc == 0 && !minimise_shows(m->goal, session_trace(m->s)))
        rc = err_set(m->e, ERR_NOT_FOUND, "this schedule does not show that");
    return rc;
}

/* Begin anew with a bound on steps: an execution that goes round and round shows nothing soon. */
static int bound_steps(struct minimising *m, struct program *p, struct session_options *o)
{
    o->max_steps = MORE_STEPS + 4 * m->best.nsteps;
    session_close(m->s);
    m->s = NULL;
    return session_open(&m->s, p, o, m->e);
}

static int work(struct minimising *m, struct program *p, struct session_options *so,
                const struct schedule *given, const struct minimise_goal *goal)
{
    struct minimise_result *r = m->r;
    int rc = goal ? take_goal(m, given, goal) : choose_goal(m, given);
    if (rc)
        return rc;
    minimising_adopt(m);
    switches_of(session_trace(m->s), &r->given);
    r->necessary = xcalloc(r->given.n + 1, 1);
    m->origin = xcalloc(r->given.n + 1, sizeof *m->origin);
    for (size_t i = 0; i < r->given.n; i++)
        m->origin[i] = i;
    rc = bound_steps(m, p, so);
    m->until = minimising_now_s() + m->o->seconds;
    rc = rc ? rc : reduce(m);
    for (size_t i = 0; i < m->best.switches.n; i++)
        r->necessary[m->origin[i]] = 1;
    r->proved = rc == 0;
    if (rc == 0 && !m->o->no_fewer && !p->adverse_max) /* events are not tried one by one */
        rc = minimising_fewer(m);
    schedule_copy(&r->schedule, &m->best.schedule);
    r->switches = m->best.switches;
    m->best.switches = (struct switches){0};
    return rc == -ERR_INTERRUPTED || rc == -ERR_LIMIT ? 0 : rc;
}

int minimise_run(struct program *p, const struct schedule *schedule,
                 const struct minimise_goal *goal, const struct minimise_options *o,
                 struct minimise_result *r, struct err *e)
{
    struct minimise_options options = o ? *o : (struct minimise_options){0};
    struct minimising m = {.o = &options, .goal = &r->goal, .r = r, .e = e};
    *r = (struct minimise_result){.goal = {.finding = -1}};
    schedule_init(&r->schedule);
    schedule_init(&m.best.schedule);
    options.seconds = options.seconds > 0 ? options.seconds : SECONDS;
    options.session.main_exit_wait = schedule->main_exit_wait;
    options.session.max_steps = (uint32_t)(FIRST_STEPS + 4 * schedule->n);
    m.until = minimising_now_s() + 4 * options.seconds;
    int rc = session_open(&m.s, p, &options.session, e);
    if (rc)
        return rc;
    rc = work(&m, p, &options.session, schedule, goal);
    if (rc == -ERR_INTERRUPTED) /* before anything is known */
        rc = err_set(e, ERR_INTERRUPTED, "stopped before anything was known");
    walk_fini(&m.best);
    free(m.origin);
    session_close(m.s);
    return rc;
}

void minimise_fini(struct minimise_result *r)
{
    minimise_free(&r->goal);
    switches_fini(&r->given);
    switches_fini(&r->switches);
    schedule_fini(&r->schedule);
    free(r->necessary);
    r->necessary = NULL;
}
