#include "find.h"

#include "path.h"
#include "run.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MAX_EXECUTIONS = 200000 };

/* A place where executions branch: what may be chosen, and how many of these were tried. */
struct branch {
    uint16_t options[MAX_TASKS];
    int noptions, taken;
};

struct finding_out {
    struct session *s;
    const struct lesson_challenge *c;
    const struct find_options *o;
    struct find_facts *f;
    double until;
    struct branch *branches;
    size_t n, cap;
    struct err *e;
};

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int may_go_on(struct finding_out *x)
{
    x->f->executions++;
    if (x->o->progress && x->o->progress(x->o->ctx, x->f->executions) != 0)
        return err_set(x->e, ERR_INTERRUPTED, "%s", err_text(ERR_INTERRUPTED));
    if (now_s() > x->until || x->f->executions > MAX_EXECUTIONS)
        return err_set(x->e, ERR_LIMIT,
                       _("not every way on from a step was run in time (%llu were); take a shorter "
                         "program"),
                       (unsigned long long)x->f->executions);
    return 0;
}

/* -------- every way on -------- */

static int branch_add(struct finding_out *x, const struct choice *c, int n)
{
    if (x->n == x->cap) {
        x->cap = x->cap ? 2 * x->cap : 64;
        x->branches = xrealloc(x->branches, x->cap, sizeof *x->branches);
    }
    struct branch *b = &x->branches[x->n++];
    *b = (struct branch){0};
    for (int i = 0; i < n && i < MAX_TASKS; i++)
        b->options[b->noptions++] = c[i].choice;
    return session_step(x->s, b->options[0], RUN_TIMEOUT_MS, x->e);
}

static int to_the_end(struct finding_out *x)
{
    struct choice choices[MAX_TASKS];
    int n, rc = 0;
    while (!rc && (n = session_choices(x->s, choices, MAX_TASKS)) > 0)
        rc = branch_add(x, choices, n);
    return rc;
}

/* The run's first `given` choices, then those of the branches. */
static int again(struct finding_out *x, size_t given)
{
    struct schedule way;
    schedule_init(&way);
    schedule_copy(&way, &x->f->schedule);
    way.n = given;
    for (size_t i = 0; i < x->n; i++)
        schedule_add(&way, x->branches[i].options[x->branches[i].taken], CHECK_UNKNOWN);
    int rc = session_replay(x->s, &way, RUN_TIMEOUT_MS, x->e);
    schedule_fini(&way);
    return rc;
}

static int next_way(struct finding_out *x)
{
    for (; x->n; x->n--) {
        struct branch *b = &x->branches[x->n - 1];
        if (++b->taken < b->noptions)
            return 1;
    }
    return 0;
}

/* 1 when every way on after the first `given` choices ends like the run; 0 when one does not. */
static int is_decided(struct finding_out *x, size_t given)
{
    int rc;
    x->n = 0;
    do {
        rc = may_go_on(x);
        if (!rc)
            rc = again(x, given);
        if (!rc)
            rc = to_the_end(x);
        if (!rc && !run_reaches(x->s, x->c))
            return 0;
    } while (!rc && next_way(x));
    return rc ? rc : 1;
}

/* Once nobody can save it, nobody can later: so the first such place is found by halving. */
static int find_decided(struct finding_out *x)
{
    size_t low = 0, high = x->f->schedule.n; /* not decided after low, decided after high */
    int rc = is_decided(x, 0);
    if (rc == 1)
        return err_set(x->e, ERR_DATA, _("every run of %s reaches the goal: nothing decides it"),
                       x->c->file);
    while (rc >= 0 && high - low > 1) {
        size_t middle = low + (high - low) / 2;
        rc = is_decided(x, middle);
        if (rc == 1)
            high = middle;
        else if (rc == 0)
            low = middle;
    }
    for (size_t i = 0; i < high; i++) /* who is woken is part of the step before */
        x->f->decided += !(x->f->schedule.choices[i] & CHOICE_ALT);
    return rc < 0 ? rc : 0;
}

/* -------- the run and its switches -------- */

static int follow(struct finding_out *x)
{
    int rc = path_follow(x->s, &x->c->path, RUN_TIMEOUT_MS, x->e);
    if (!rc)
        rc = run_to_end(x->s, x->e);
    if (rc)
        return rc;
    schedule_copy(&x->f->schedule, session_schedule(x->s));
    if (!run_reaches(x->s, x->c))
        return err_set(x->e, ERR_DATA, _("the run of the path \"%s\" does not reach the goal"),
                       x->c->path.text);
    switches_of(session_trace(x->s), &x->f->switches);
    return 0;
}

static int stop(void *ctx, uint64_t replays, size_t switches)
{
    struct finding_out *x = ctx;
    (void)switches;
    return x->o->progress && x->o->progress(x->o->ctx, x->f->executions + replays) != 0;
}

static int goal_of(struct finding_out *x, struct minimise_goal *goal)
{
    const struct event *found =
        x->c->goal_finding >= 0 ? run_finding(x->s, x->c->goal_finding) : NULL;
    if (!found)
        return minimise_end(session_trace(x->s), goal);
    *goal = (struct minimise_goal){
        .finding = x->c->goal_finding, .addr = found->addr, .pc = found->pc, .pc2 = found->b};
    return 1;
}

static int find_necessary(struct finding_out *x, struct program *p, struct minimise_goal *goal)
{
    struct minimise_options o = {
        .seconds = x->until - now_s(), .no_fewer = 1, .progress = stop, .ctx = x};
    struct minimise_result r;
    o.seconds = o.seconds > 0.1 ? o.seconds : 0.1;
    int rc = minimise_run(p, &x->f->schedule, goal, &o, &r, x->e);
    if (!rc && r.stopped)
        rc = err_set(x->e, ERR_INTERRUPTED, "%s", err_text(ERR_INTERRUPTED));
    x->f->necessary = xcalloc(x->f->switches.n + 1, 1);
    for (size_t i = 0; !rc && i < r.given.n && i < x->f->switches.n; i++) {
        x->f->necessary[i] = r.necessary[i];
        x->f->nnecessary += r.necessary[i] != 0;
    }
    x->f->executions += r.replays;
    minimise_fini(&r);
    return rc;
}

int find_facts(struct program *p, const struct lesson_challenge *c, const struct find_options *o,
               struct find_facts *f, struct err *e)
{
    static const struct find_options usual = {0};
    struct err mine = {0};
    struct finding_out x = {.c = c, .o = o ? o : &usual, .f = f, .e = e ? e : &mine};
    struct minimise_goal goal = {.finding = -1};
    *f = (struct find_facts){0};
    schedule_init(&f->schedule);
    x.until = now_s() + (x.o->seconds > 0 ? x.o->seconds : 20);
    int rc = session_open(&x.s, p, NULL, x.e);
    if (rc)
        return rc;
    rc = follow(&x);
    if (!rc && !goal_of(&x, &goal))
        rc = err_set(x.e, ERR_DATA, _("the run of the path \"%s\" has no end"), c->path.text);
    if (!rc)
        rc = find_decided(&x);
    session_close(x.s);
    if (!rc)
        rc = find_necessary(&x, p, &goal);
    minimise_free(&goal);
    free(x.branches);
    return rc;
}

void find_fini(struct find_facts *f)
{
    schedule_fini(&f->schedule);
    switches_fini(&f->switches);
    free(f->necessary);
    *f = (struct find_facts){0};
}

/* -------- judging -------- */

int find_switch(const struct find_facts *f, uint32_t step)
{
    for (size_t i = 0; i < f->switches.n; i++)
        if (f->switches.list[i].step == step)
            return (int)i;
    return -1;
}

void find_judge(const struct find_facts *f, uint32_t step, const uint8_t *marked,
                struct find_verdict *v)
{
    *v = (struct find_verdict){0};
    v->decided = !step               ? FIND_NOT_MARKED
                 : step < f->decided ? FIND_EARLIER
                 : step > f->decided ? FIND_LATER
                                     : FIND_AT_IT;
    for (size_t i = 0; i < f->switches.n; i++) {
        v->found += marked[i] && f->necessary[i];
        v->missed += !marked[i] && f->necessary[i];
        v->needless += marked[i] && !f->necessary[i];
    }
    v->passed = v->decided == FIND_AT_IT && !v->missed && !v->needless;
}

void find_say(const struct find_facts *f, const struct find_verdict *v, struct buf *out)
{
    static const char *const places[] = {
        [FIND_NOT_MARKED] = N_("No step is marked as the one that decides it."),
        [FIND_EARLIER] =
            N_("After the step you marked it can still end well: the deciding one comes later."),
        [FIND_LATER] = N_("Before the step you marked nobody could save it any more: the deciding "
                          "one comes earlier."),
        [FIND_AT_IT] = N_("The step is right: before it the run could still be saved, after it "
                          "nobody can."),
    };
    buf_puts(out, _(places[v->decided]));
    buf_puts(out, " ");
    if (!f->nnecessary)
        buf_puts(out, v->needless ? _("No switch was needed for it; take your marks away.")
                                  : _("No switch was needed for it."));
    else if (!v->missed && !v->needless)
        buf_puts(out, _("The switches are right: without them the run ends well."));
    else if (v->missed && !v->found)
        buf_puts(out, _("The switch that was needed is not marked."));
    else if (v->missed)
        buf_puts(out, _("One more switch was needed than you marked, or several."));
    if (f->nnecessary && v->needless)
        buf_puts(out, _(" A switch you marked was not needed: without it the run ends the same."));
}
