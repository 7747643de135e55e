#include "run.h"

#include "explain.h"
#include "world.h"

#include <errno.h>
#include <string.h>

int run_to_end(struct session *s, struct err *e)
{
    while (!session_finished(s)) { /* session_run stops at each finding */
        uint32_t before = session_trace(s)->nsteps;
        int rc = session_run(s, -1, RUN_TIMEOUT_MS, e);
        if (rc)
            return rc;
        if (session_trace(s)->nsteps == before && !session_finished(s))
            return err_set(e, ERR_INTERNAL, "the execution does not move on after step %u", before);
    }
    return 0;
}

void run_output(struct session *s, struct buf *out)
{
    const struct trace *t = session_trace(s);
    buf_puts(out, "");
    world_output(t, t->nsteps, 1, out);
}

const struct event *run_finding(struct session *s, int kind)
{
    const struct trace *t = session_trace(s);
    for (size_t i = 0; i < t->nevents; i++)
        if (t->events[i].kind == EV_FINDING &&
            (kind == FIND_COUNT || t->events[i].a == (uint64_t)kind))
            return &t->events[i];
    return NULL;
}

int run_reaches(struct session *s, const struct lesson_challenge *c)
{
    if (c->goal_finding >= 0)
        return run_finding(s, c->goal_finding) != NULL;
    struct buf out = {0};
    run_output(s, &out);
    int same = out.len == c->goal_outcome.n &&
               (!out.len || !memcmp(out.data, c->goal_outcome.bytes, out.len));
    buf_fini(&out);
    return same;
}

size_t run_count(struct session *s, unsigned kind, unsigned task)
{
    const struct trace *t = session_trace(s);
    size_t n = 0;
    for (size_t i = 0; i < t->nevents; i++)
        n += t->events[i].kind == kind && (task == NO_TASK || t->events[i].task == task);
    return n;
}

/* -------- who runs what -------- */

const char *run_routine(struct session *s, unsigned task)
{
    const struct trace *t = session_trace(s);
    const struct names *names = session_names(s);
    if (task == 0)
        return "main";
    for (size_t i = 0; i < t->nevents; i++) {
        const struct event *e = &t->events[i];
        if (e->kind == EV_CREATE && e->other == task) {
            struct place place = {.file = "", .function = ""};
            names->place(names->ctx, e->addr, &place);
            return place.function;
        }
    }
    return "";
}

static int is_write(unsigned kind)
{
    return kind == EV_WRITE || kind == EV_COPY || kind == EV_ATOMIC_STORE ||
           kind == EV_ATOMIC_RMW || kind == EV_ATOMIC_CAS;
}

/* Whether the event is about `object`, a variable, or a part of it. */
static int is_about(struct session *s, const struct event *e, const char *object)
{
    const struct names *names = session_names(s);
    size_t n = strlen(object);
    char name[128] = "";
    if (!e->addr)
        return 0;
    names->object(names->ctx, e->addr, e->size, name, sizeof name);
    return !strncmp(name, object, n) && (!name[n] || strchr(".[+", name[n]));
}

int run_wrote(struct session *s, unsigned task, const char *object)
{
    const struct trace *t = session_trace(s);
    for (size_t i = 0; i < t->nevents; i++) {
        const struct event *e = &t->events[i];
        if (is_write(e->kind) && e->task == task && is_about(s, e, object))
            return 1;
    }
    return 0;
}

size_t run_sleeps(struct session *s)
{
    const struct trace *t = session_trace(s);
    size_t n = run_count(s, EV_SLEEP, NO_TASK) + run_count(s, EV_YIELD, NO_TASK) +
               run_count(s, EV_COND_TIMEOUT, NO_TASK);
    for (size_t i = 0; i < t->nevents; i++)
        n += (t->events[i].kind == EV_TIMEDLOCK || t->events[i].kind == EV_SEM_TIMEDWAIT) &&
             t->events[i].result == ETIMEDOUT;
    return n;
}

/* -------- as concurrent as can be -------- */

struct lane {
    int of_routine, started, ended;
    const char *object; /* of its work; NULL: any */
    int working;
    uint32_t steps;
};

struct overlap {
    struct session *s;
    const char *const *routines;
    size_t nroutines;
    const struct lesson_work *work;
    size_t nwork;
    struct lane lanes[MAX_TASKS];
    size_t seen; /* events looked at */
    int found;
};

static int is_of_routine(const struct overlap *o, unsigned task)
{
    const char *routine = run_routine(o->s, task);
    for (size_t i = 0; i < o->nroutines; i++)
        if (!strcmp(o->routines[i], routine))
            return 1;
    return 0;
}

static const char *object_of(const struct overlap *o, unsigned task)
{
    const char *routine = run_routine(o->s, task);
    for (size_t i = 0; i < o->nwork; i++)
        if (!strcmp(o->work[i].routine, routine))
            return o->work[i].object;
    return NULL;
}

/* Take in what the last step did. */
static void overlap_look(struct overlap *o)
{
    const struct trace *t = session_trace(o->s);
    for (; o->seen < t->nevents; o->seen++) {
        const struct event *e = &t->events[o->seen];
        if (e->task >= MAX_TASKS)
            continue;
        struct lane *lane = &o->lanes[e->task];
        lane->steps += event_is_step(e->kind) != 0;
        if (e->kind == EV_START) {
            lane->started = 1;
            lane->of_routine = is_of_routine(o, e->task);
            lane->object = object_of(o, e->task);
        } else if (event_is_step(e->kind) && lane->of_routine &&
                   (!lane->object || is_about(o->s, e, lane->object))) {
            lane->working = 1;
        }
        if (e->kind == EV_END || e->kind == EV_GONE)
            lane->ended = 1;
    }
    int under_way = 0;
    for (int i = 0; i < MAX_TASKS; i++)
        under_way += o->lanes[i].working && !o->lanes[i].ended;
    o->found |= under_way >= 2;
}

/* T0 and everybody else first, so that all tasks exist soon; those that would end now last. */
static int overlap_rank(const struct overlap *o, const struct choice *c)
{
    const struct lane *lane = &o->lanes[c->task];
    unsigned next = c->pending.kind == EV_PENDING ? (unsigned)c->pending.a : c->pending.kind;
    if (c->task == 0)
        return 0;
    if (!lane->of_routine && lane->started)
        return 1;
    return next == EV_END ? 3 : 2;
}

/* Of the same rank the one that made the fewest steps. */
static const struct choice *overlap_choose(const struct overlap *o, const struct choice *c, int n)
{
    const struct choice *best = &c[0];
    for (int i = 1; i < n && !c[0].is_alternative; i++) {
        int rank = overlap_rank(o, &c[i]), least = overlap_rank(o, best);
        if (rank < least ||
            (rank == least && o->lanes[c[i].task].steps < o->lanes[best->task].steps))
            best = &c[i];
    }
    return best;
}

/* Drive on, until it is found if that is all that is wanted. */
static int overlap_drive(struct overlap *o, int to_end, struct err *e)
{
    enum { MAX_STEPS = 20000 };
    struct choice choices[MAX_TASKS];
    for (int step = 0; step < MAX_STEPS; step++) {
        overlap_look(o);
        int nchoices = session_choices(o->s, choices, MAX_TASKS);
        if ((o->found && !to_end) || nchoices <= 0)
            break;
        int rc =
            session_step(o->s, overlap_choose(o, choices, nchoices)->choice, RUN_TIMEOUT_MS, e);
        if (rc)
            return rc;
    }
    return 0;
}

static int somebody_was_idle(const struct overlap *o)
{
    for (int i = 0; i < MAX_TASKS; i++)
        if (o->lanes[i].of_routine && o->lanes[i].ended && !o->lanes[i].working)
            return 1;
    return 0;
}

int run_overlaps(struct session *s, const char *const *routines, size_t n,
                 const struct lesson_work *work, size_t nwork, struct err *e)
{
    struct overlap o = {.s = s, .routines = routines, .nroutines = n, .work = work, .nwork = nwork};
    int rc = overlap_drive(&o, 0, e);
    if (rc || o.found || !somebody_was_idle(&o))
        return rc ? rc : o.found;
    /* Who did no work on this way (a lock was not to be had, say) was not shut out by the other's:
     * that both were under way is what can be told. */
    o = (struct overlap){.s = s, .routines = routines, .nroutines = n};
    rc = session_rewind(s, 0, RUN_TIMEOUT_MS, e);
    if (rc == 0)
        rc = overlap_drive(&o, 0, e);
    return rc ? rc : o.found;
}

/* From where to where in the trace a task worked; last 0: not at all. */
struct stretch {
    size_t first, last;
};

static void work_stretches(struct session *s, const struct lesson_work *w, struct stretch *of)
{
    const struct trace *t = session_trace(s);
    for (size_t i = 0; i < t->nevents; i++) {
        const struct event *e = &t->events[i];
        if (e->task >= MAX_TASKS || !event_is_step(e->kind) || !is_about(s, e, w->object) ||
            strcmp(run_routine(s, e->task), w->routine) != 0)
            continue;
        struct stretch *x = &of[e->task];
        if (!x->last)
            x->first = i;
        x->last = i;
    }
}

int run_works_at_once(struct session *s, const struct lesson_work *work, size_t n, struct err *e)
{
    const char *routines[16];
    struct stretch of[MAX_TASKS] = {{0}};
    size_t nroutines = 0;
    for (size_t i = 0; i < n && nroutines < 16; i++)
        routines[nroutines++] = work[i].routine;
    struct overlap o = {.s = s, .routines = routines, .nroutines = nroutines};
    int rc = overlap_drive(&o, 1, e);
    if (rc)
        return rc;
    for (size_t i = 0; i < n; i++)
        work_stretches(s, &work[i], of);
    for (int a = 0; a < MAX_TASKS; a++)
        for (int b = 0; b < a; b++)
            if (of[a].last && of[b].last && of[a].first < of[b].last && of[b].first < of[a].last)
                return 1;
    return 0;
}

/* -------- the schedule that broke another version -------- */

static const struct choice *choice_find(const struct choice *c, int n, uint16_t wanted)
{
    for (int i = 0; i < n; i++)
        if (c[i].choice == wanted)
            return &c[i];
    return NULL;
}

/* Why the schedule's choice cannot be taken here. */
static void say_unfit(struct session *s, uint16_t wanted, size_t at, struct buf *why)
{
    buf_printf(why, _("its choice %zu does not fit any more: "), at + 1);
    if (wanted & CHOICE_ALT) {
        buf_puts(why, _("nobody is asked whom to wake"));
        return;
    }
    const struct trace *t = session_trace(s);
    struct world_view *view = world_view_new(t);
    size_t before = why->len;
    if (wanted < world_at(view, t->nsteps)->ntasks)
        explain_blocked(t, view, t->nsteps, wanted, session_names(s), why);
    if (why->len == before)
        buf_printf(why, _("T%u cannot make a step here"), wanted);
    world_view_free(view);
}

int run_foreign(struct session *s, const struct schedule *schedule, size_t *fitted, struct buf *why,
                struct err *e)
{
    struct choice choices[MAX_TASKS];
    size_t i = 0;
    for (; i < schedule->n && !session_finished(s); i++) {
        int n = session_choices(s, choices, MAX_TASKS);
        const struct choice *c = choice_find(choices, n, schedule->choices[i]);
        if (!c) {
            say_unfit(s, schedule->choices[i], i, why);
            break;
        }
        int rc = session_step(s, c->choice, RUN_TIMEOUT_MS, e);
        if (rc)
            return rc;
    }
    *fitted = i;
    return run_to_end(s, e);
}
