/* Adversity in the middle of a session: the same execution again, in which more may happen. The
 * choices are the same, but not their list: a malloc that may fail is a step of its own, and who
 * may kill a process stands among the tasks. */
#include "session.h"

#include "arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WAITS = 100, EXTRA_STEPS = 16 };

struct walk {
    struct session *session;
    struct schedule was;
    struct event *steps; /* of the execution before, by number */
    uint32_t nsteps;
    uint16_t now[MAX_TASKS]; /* what the tasks of before are called */
    int timeout_ms;
};

static int take(struct walk *w, uint16_t choice, struct err *e)
{
    int r = session_step(w->session, choice, w->timeout_ms, e);
    for (int i = 0; r == -ERR_BUSY && i < WAITS; i++)
        r = session_wait(w->session, w->timeout_ms, e);
    return r;
}

/* Nothing happens, where something could. */
static int decline(struct walk *w, struct err *e)
{
    struct choice c;
    int r = 0;
    while (r == 0 && session_choices(w->session, &c, 1) > 0 && c.is_alternative)
        r = take(w, c.choice, e);
    return r;
}

static int pending_of(struct walk *w, unsigned task, struct event *out)
{
    struct choice c[MAX_TASKS];
    int n = session_choices(w->session, c, MAX_TASKS);
    for (int i = 0; i < n; i++)
        if (!c[i].is_alternative && c[i].task == task) {
            *out = c[i].pending;
            return 1;
        }
    return 0;
}

/* Take the steps that there were not before, until the task stands before that one. */
static int catch_up(struct walk *w, unsigned task, const struct event *before, struct err *e)
{
    struct event p;
    int r = 0;
    for (int i = 0; r == 0 && i < EXTRA_STEPS && pending_of(w, task, &p); i++) {
        if (p.a != EV_CALL || (p.pc == before->pc && before->kind == EV_CALL))
            break;
        r = take(w, (uint16_t)task, e);
        if (r == 0)
            r = decline(w, e);
    }
    return r;
}

static int step_again(struct walk *w, const struct event *before, struct err *e)
{
    uint16_t task = w->now[before->task];
    int r = catch_up(w, task, before, e);
    return r == 0 ? take(w, task, e) : r;
}

/* A new task may have another number. */
static int names_again(struct walk *w, const struct event *before, struct err *e)
{
    const struct trace *t = session_trace(w->session);
    const struct event *now = trace_step(t, t->nsteps);
    if (!now || now->kind != before->kind || now->pc != before->pc)
        return err_set(e, ERR_DIVERGED, "from step %u on the program goes another way", t->nsteps);
    if ((now->kind == EV_FORK || now->kind == EV_CREATE) && before->other != NO_TASK)
        w->now[before->other] = now->other;
    return 0;
}

static int walk(struct walk *w, struct err *e)
{
    uint32_t step = 0;
    int r = 0;
    for (size_t i = 0; r == 0 && i < w->was.n; i++) {
        uint16_t choice = w->was.choices[i];
        if (choice & CHOICE_ALT) {
            r = take(w, choice, e);
            continue;
        }
        if (step)
            r = decline(w, e);
        if (r == 0 && ++step <= w->nsteps)
            r = step_again(w, &w->steps[step], e);
        if (r == 0)
            r = names_again(w, &w->steps[step], e);
    }
    return r;
}

static int has_processes(const struct walk *w)
{
    for (uint32_t i = 1; i <= w->nsteps; i++)
        if (w->steps[i].kind == EV_FORK)
            return 1;
    return 0;
}

static void walk_init(struct walk *w, struct session *s, int timeout_ms)
{
    const struct trace *t = session_trace(s);
    *w = (struct walk){.session = s, .nsteps = t->nsteps, .timeout_ms = timeout_ms};
    schedule_init(&w->was);
    schedule_copy(&w->was, session_schedule(s));
    w->steps = xcalloc(t->nsteps + 1, sizeof *w->steps);
    for (uint32_t i = 1; i <= t->nsteps; i++)
        w->steps[i] = *trace_step(t, i);
    for (unsigned i = 0; i < MAX_TASKS; i++)
        w->now[i] = (uint16_t)i;
}

static void walk_fini(struct walk *w)
{
    schedule_fini(&w->was);
    free(w->steps);
}

int session_adversity(struct session *s, struct program *p, unsigned more, int timeout_ms,
                      struct err *e)
{
    struct walk w;
    struct schedule begin;
    char list[48];
    walk_init(&w, s, timeout_ms);
    unsigned times = p->adverse_max + more;
    snprintf(list, sizeof list, "%s:%u", has_processes(&w) ? "all" : "spurious,eintr,malloc",
             times < 100 ? times : 100);
    int r = program_adversity(p, list, e);
    schedule_init(&begin);
    schedule_copy(&begin, &w.was);
    begin.n = 0;
    begin.hash[0] = '\0';
    if (r == 0)
        r = session_replay(s, &begin, timeout_ms, e);
    for (int i = 0; r == -ERR_BUSY && i < WAITS; i++)
        r = session_wait(s, timeout_ms, e);
    if (r == 0)
        r = walk(&w, e);
    schedule_fini(&begin);
    walk_fini(&w);
    return r;
}
