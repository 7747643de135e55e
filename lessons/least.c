#include "least.h"

#include "run.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* One place where the executions branch: what may be chosen there, and what of it was tried. */
struct fork {
    uint16_t options[MAX_TASKS];
    int noptions, taken;
    long switches; /* made before this choice */
    int goes_on;   /* the option that is no switch; -1: none is one (the last task cannot go on) */
};

struct least {
    struct session *s;
    const struct claim *goal;
    long most; /* switches */
    double until;
    struct fork *forks; /* one for each choice of the current execution */
    size_t nforks, cap;
    long switches; /* of the current execution so far */
    struct err *e;
};

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int is_goal(struct least *l)
{
    if (!l->goal->nstrings)
        return run_finding(l->s, l->goal->finding) != NULL;
    const struct claim_string *want = &l->goal->strings[0];
    struct buf out = {0};
    run_output(l->s, &out);
    int same = out.len == want->n && (!want->n || !memcmp(out.data, want->bytes, want->n));
    buf_fini(&out);
    return same;
}

/* -------- branching -------- */

static int is_switch(const struct fork *f, int option)
{
    return f->goes_on >= 0 && option != f->goes_on;
}

static uint16_t last_task(struct session *s)
{
    const struct trace *t = session_trace(s);
    return t->nsteps ? trace_step(t, t->nsteps)->task : NO_TASK;
}

/* Note what can be chosen now; the option that costs nothing comes first. */
static void fork_add(struct least *l, const struct choice *c, int n)
{
    if (l->nforks == l->cap) {
        l->cap = l->cap ? 2 * l->cap : 64;
        l->forks = xrealloc(l->forks, l->cap, sizeof *l->forks);
    }
    struct fork *f = &l->forks[l->nforks++];
    uint16_t last = last_task(l->s);
    *f = (struct fork){.switches = l->switches, .goes_on = -1};
    for (int i = 0; i < n; i++) {
        f->options[f->noptions++] = c[i].choice;
        if (!c[i].is_alternative && c[i].task == last) {
            f->options[i] = f->options[0];
            f->options[0] = c[i].choice;
            f->goes_on = 0;
        }
    }
}

static int fork_take(struct least *l, const struct fork *f)
{
    l->switches = f->switches + is_switch(f, f->taken);
    return session_step(l->s, f->options[f->taken], RUN_TIMEOUT_MS, l->e);
}

/* To the end of the execution, taking the first option at every new place. */
static int go_on(struct least *l)
{
    struct choice choices[MAX_TASKS];
    int n, rc = 0;
    while (!rc && (n = session_choices(l->s, choices, MAX_TASKS)) > 0) {
        fork_add(l, choices, n);
        rc = fork_take(l, &l->forks[l->nforks - 1]);
    }
    return rc;
}

/* Back to the last place with an option left that the bound allows. 0 when there is none. */
static int fork_next(struct least *l)
{
    for (; l->nforks; l->nforks--) {
        struct fork *f = &l->forks[l->nforks - 1];
        int next = f->taken + 1;
        if (next < f->noptions && f->switches + is_switch(f, next) <= l->most) {
            f->taken = next;
            return 1;
        }
    }
    return 0;
}

/* Begin again and take the choices up to the last fork. */
static int restart(struct least *l)
{
    struct schedule prefix;
    schedule_init(&prefix);
    int rc = session_replay(l->s, &prefix, RUN_TIMEOUT_MS, l->e);
    schedule_fini(&prefix);
    for (size_t i = 0; i < l->nforks && !rc; i++)
        rc = fork_take(l, &l->forks[i]);
    return rc;
}

static int enumerate(struct least *l, struct least_result *r)
{
    int rc = go_on(l);
    for (;;) {
        r->executions++;
        if (rc)
            return rc;
        if (is_goal(l)) {
            r->reached = 1;
            schedule_copy(&r->schedule, session_schedule(l->s));
            return 0;
        }
        if (!fork_next(l))
            return 0;
        if (now_s() > l->until)
            return err_set(l->e, ERR_LIMIT, "not all executions with %ld switches were run in time",
                           l->most);
        rc = restart(l);
        if (!rc)
            rc = go_on(l);
    }
}

int least_reaches(struct program *p, const struct claim *goal, long switches, double seconds,
                  struct least_result *r, struct err *e)
{
    struct least l = {.goal = goal, .most = switches, .until = now_s() + seconds, .e = e};
    *r = (struct least_result){0};
    schedule_init(&r->schedule);
    int rc = session_open(&l.s, p, NULL, e);
    if (rc)
        return rc;
    rc = enumerate(&l, r);
    session_close(l.s);
    free(l.forks);
    return rc;
}
