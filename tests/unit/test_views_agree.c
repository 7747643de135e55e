/* What the views of waits and of order say of real programs is what the engine itself found: the
 * circle of a deadlock names the tasks of the finding, no circle is claimed where none was found,
 * the accesses of a data race are ordered by nothing, and in programs without one each pair that
 * conflicts has a chain that can be followed link by link. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explain.h"
#include "explore.h"
#include "happens_before.h"
#include "session.h"
#include "wait_for.h"

enum { TIMEOUT_MS = 20000, WALKS = 12, WALK_STEPS = 400, PAIRS = 400 };

static const char *program_name; /* for messages */

static uint64_t seed = 88172645463325252u;
static unsigned chance(unsigned n)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (unsigned)((seed >> 33) % n);
}

/* -------- waits -------- */

/* The last finding that says that somebody is stuck, up to a step. */
static const struct event *stuck_until(const struct trace *t, uint32_t step)
{
    for (size_t i = trace_step_end(t, step); i-- > 0;) {
        const struct event *e = &t->events[i];
        if (e->kind == EV_FINDING && (e->a == FIND_DEADLOCK || e->a == FIND_LOST_WAKEUP ||
                                      e->a == FIND_LIVELOCK || e->a == FIND_STARVATION))
            return e;
    }
    return NULL;
}

static int in_closed_circle(const struct wait_graph *g, unsigned task)
{
    unsigned i = g->edge_of[task];
    return i != NO_TASK && g->edge[i].hope == HOPE_CIRCLE;
}

/* Each edge of a circle leads to the next of the same circle, and the last to the first. */
static void circles_close(const struct wait_graph *g)
{
    for (unsigned i = 0; i < g->n; i++) {
        if (g->circle_of[i] == NO_TASK)
            continue;
        unsigned next = g->edge_of[g->edge[i].next];
        assert_true(next < g->n && g->circle_of[next] == g->circle_of[i]);
        assert_true(wait_by(&g->edge[i], g->edge[i].next));
    }
}

static void graph_agrees(const struct trace *t, struct world_view *v, const struct names *names)
{
    static struct wait_graph g;
    for (uint32_t step = 0; step <= t->nsteps; step++) {
        const struct world *w = world_at(v, step);
        wait_for(&g, w);
        circles_close(&g);
        unsigned waiting = 0;
        for (unsigned i = 0; i < w->ntasks; i++)
            waiting += w->tasks[i].state == TASK_BLOCKED || w->tasks[i].state == TASK_DEADLOCKED ||
                       w->tasks[i].state == TASK_STOPPED;
        assert_int_equal(g.n, waiting);
        const struct event *f = stuck_until(t, step);
        if (g.nclosed && !f)
            fail_msg("%s: a circle at step %u that the engine does not call a deadlock",
                     program_name, step);
        for (unsigned i = 0; i < g.n; i++)
            if (g.edge[i].hope == HOPE_NOBODY && !w->finished)
                assert_true(g.edge[i].need != NEED_ANYBODY); /* its holder ended */
    }
    for (size_t i = 0; i < t->nevents; i++) {
        const struct event *e = &t->events[i];
        if (e->kind != EV_FINDING || e->a != FIND_DEADLOCK)
            continue;
        struct buf text = {0};
        explain_finding(t, e, names, &text);
        int circle = strstr(text.data, "in a circle") || strstr(text.data, "waits for itself");
        wait_for(&g, world_at(v, e->step));
        if (circle && (!g.nclosed || !in_closed_circle(&g, e->task)))
            fail_msg("%s: step %u, no circle of T%u: %s", program_name, e->step, e->task,
                     text.data);
        if (!circle && g.nclosed)
            fail_msg("%s: step %u, a circle: %s", program_name, e->step, text.data);
        buf_fini(&text);
    }
}

/* The circle through the finding's first task is just the tasks the search named. */
static void circle_is(const struct wait_graph *g, const struct explore_finding *f)
{
    unsigned n = 0, from = g->edge_of[f->tasks[0]];
    for (unsigned i = 0; i < g->n; i++)
        n += g->circle_of[i] == g->circle_of[from];
    if ((int)n != f->ntasks)
        fail_msg("%s: the circle has %u tasks: %s", program_name, n, f->message);
    for (int i = 0; i < f->ntasks; i++)
        assert_int_equal(g->circle_of[g->edge_of[f->tasks[i]]], g->circle_of[from]);
}

/* -------- order -------- */

static void chain_holds(const struct trace *t, const struct order_pair *p)
{
    unsigned n = p->nlinks < ORDER_LINKS ? p->nlinks : ORDER_LINKS;
    unsigned at = trace_step(t, p->first)->task;
    uint32_t step = p->first;
    for (unsigned i = 0; i < n; i++) {
        const struct order_link *l = &p->link[i];
        assert_int_equal(l->teller, at);
        assert_true(l->from >= step && l->from <= l->to && l->to <= p->second);
        assert_int_equal(trace_step(t, l->from)->task, l->teller);
        at = l->learner;
        step = l->to;
    }
    if (p->nlinks <= ORDER_LINKS)
        assert_int_equal(at, trace_step(t, p->second)->task);
}

static int told_race(const struct trace *t, uint64_t addr)
{
    for (size_t i = 0; i < t->nevents; i++)
        if (t->events[i].kind == EV_FINDING && t->events[i].a == FIND_DATA_RACE &&
            t->events[i].addr - addr + 64 < 128)
            return 1;
    return 0;
}

/* Only an atomic can order less than its event tells. */
static void relaxed_is_atomic(const struct trace *t, const struct order_pair *p)
{
    int atomic = 0;
    for (unsigned i = 0; i < p->nlinks && i < ORDER_LINKS; i++) {
        unsigned kind = trace_step(t, p->link[i].from)->kind;
        atomic |= kind == EV_ATOMIC_STORE || kind == EV_ATOMIC_RMW || kind == EV_ATOMIC_CAS;
    }
    if (p->relaxed && !atomic)
        fail_msg("%s: the race of steps %u and %u is ordered by no atomic", program_name, p->first,
                 p->second);
}

static void order_agrees(const struct trace *t, struct world_view *v, const struct names *names)
{
    unsigned pairs = 0;
    for (uint32_t step = 1; step <= t->nsteps && pairs < PAIRS; step++) {
        struct order_pair p;
        struct buf text = {0};
        order_pair(&p, t, v, step);
        order_text(t, v, names, &p, &text);
        assert_true(text.len > 10);
        if (p.answer == ORDER_BEFORE) {
            assert_true(order_before(t, p.first, p.second));
            chain_holds(t, &p);
        }
        if (p.answer == ORDER_RACE && !p.relaxed) {
            assert_false(order_before(t, p.first, p.second));
            assert_true(p.heard < p.first);
            if (!told_race(t, p.addr))
                fail_msg("%s: step %u, no race was told:\n%s", program_name, step, text.data);
        }
        pairs += p.answer >= ORDER_BEFORE;
        buf_fini(&text);
    }
    for (size_t i = 0; i < t->nevents; i++) {
        const struct event *e = &t->events[i];
        struct order_pair p;
        if (e->kind != EV_FINDING || e->a != FIND_DATA_RACE || !e->ref)
            continue;
        order_pair(&p, t, v, e->step);
        if (p.answer != ORDER_RACE)
            fail_msg("%s: the race of steps %u and %u is called ordered", program_name, e->ref,
                     e->step);
        relaxed_is_atomic(t, &p);
    }
}

/* -------- programs -------- */

static void check_trace(struct session *s)
{
    const struct trace *t = session_trace(s);
    struct world_view *v = world_view_new(t);
    graph_agrees(t, v, session_names(s));
    order_agrees(t, v, session_names(s));
    world_view_free(v);
}

static void walk(struct session *s)
{
    static struct choice choices[256];
    struct err e = {0};
    assert_int_equal(session_rewind(s, 0, TIMEOUT_MS, &e), 0);
    for (int i = 0; i < WALK_STEPS && !session_finished(s); i++) {
        int n = session_choices(s, choices, 256);
        if (!n || session_step(s, choices[chance((unsigned)n)].choice, TIMEOUT_MS, &e) != 0)
            break;
    }
    check_trace(s);
}

static void check_finding(struct session *s, const struct explore_finding *f)
{
    static struct wait_graph g;
    struct err e = {0};
    if (session_replay(s, &f->schedule, TIMEOUT_MS, &e) != 0)
        fail_msg("%s: %s", program_name, e.message);
    check_trace(s);
    if (f->kind != FIND_DEADLOCK || !strstr(f->message, "in a circle"))
        return;
    const struct trace *t = session_trace(s);
    struct world_view *v = world_view_new(t);
    const struct event *told = trace_find_back(t, t->nsteps, EV_FINDING);
    assert_non_null(told);
    while (told > t->events && !(told->kind == EV_FINDING && told->a == FIND_DEADLOCK))
        told--;
    wait_for(&g, world_at(v, told->step));
    if (strstr(f->message, "of its own") == NULL && told->other != NO_TASK)
        circle_is(&g, f);
    world_view_free(v);
}

static void check_program(const char *path, int walks)
{
    char *files[] = {(char *)(uintptr_t)path};
    struct program *p = NULL;
    struct session *s = NULL;
    struct err e = {0};
    struct explore_options o = {.seconds = 2, .executions = (uint64_t)walks * 300};
    struct session_options so = {.main_exit_wait = 0};
    struct explore_result found = {0};
    program_name = path;
    if (program_build(&p, files, 1, NULL, 0, &e) != 0 || explore_run(p, &o, &found, &e) != 0 ||
        session_open(&s, p, &so, &e) != 0)
        fail_msg("%s: %s", path, e.message);
    for (size_t i = 0; i < found.nfindings; i++)
        check_finding(s, &found.findings[i]);
    for (int i = 0; i < walks; i++)
        walk(s);
    session_close(s);
    explore_result_fini(&found);
    program_free(p);
}

static void check_all(const char *const *files)
{
    const char *only = getenv("LOCKSTEP_ONLY");
    for (; *files; files++) {
        char path[200];
        snprintf(path, sizeof path, "tests/programs/%s.c", *files);
        if (!only || !strcmp(only, *files))
            check_program(path, WALKS);
    }
}

static void deadlocks_are_circles(void **state)
{
    (void)state;
    static const char *const files[] = {"ab_ba",
                                        "philosophers",
                                        "join_each_other",
                                        "deadlock_partial",
                                        "verdict_ring_three",
                                        "verdict_ring_rwlock",
                                        "verdict_ring_join",
                                        "verdict_ring_once",
                                        "verdict_deadlock_semaphores",
                                        "relock_normal",
                                        "rwlock_upgrade",
                                        "proc_deadlock_two_locks",
                                        "fd_full_pipe",
                                        "cond_nobody_signals",
                                        "barrier_one_short",
                                        "cond_lost_wakeup",
                                        NULL};
    check_all(files);
}

static void what_can_be_opened_is_no_deadlock(void **state)
{
    (void)state;
    static const char *const files[] = {"ab_ab",
                                        "philosophers_waiter",
                                        "philosophers_monitor",
                                        "cond_timed_poll",
                                        "timedlock",
                                        "cancel_join",
                                        "cancel_in_cond_wait",
                                        "sem_as_mutex",
                                        "buffer_sem",
                                        "rwlock",
                                        "barrier_twice",
                                        "trylock",
                                        "proc_wait_any",
                                        "fd_pipeline",
                                        "spin_on_flag",
                                        NULL};
    check_all(files);
}

static void races_are_unordered_and_the_rest_has_a_chain(void **state)
{
    (void)state;
    static const char *const files[] = {"counter_1",
                                        "counter_2",
                                        "counter_mutex",
                                        "counter_two_mutexes",
                                        "publish_release",
                                        "publish_relaxed",
                                        "publish_fence",
                                        "atomic_flag_lock",
                                        "double_checked",
                                        "double_checked_plain",
                                        "once",
                                        "once_by_hand_too_early",
                                        "rwlock_readers_race",
                                        "parallel_sum",
                                        "cond_bounded_buffer",
                                        "barrier",
                                        "proc_shared_race",
                                        "proc_shared_mutex",
                                        "spsc_ring",
                                        "future",
                                        "sig_handler_no_race",
                                        "malloc_across",
                                        "list_no_lock",
                                        "local_locks",
                                        "mq_hands_over",
                                        "spin_lock",
                                        "verdict_race_one_sided",
                                        NULL};
    check_all(files);
}

/* Those a learner steps; the wrong answers to challenges are much alike. */
static void so_it_is_in_the_lessons(void **state)
{
    (void)state;
    const char *only = getenv("LOCKSTEP_ONLY");
    glob_t found;
    assert_int_equal(glob("lessons/*/*/*.c", 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++)
        if (!strstr(found.gl_pathv[i], "/wrong-") && (!only || strstr(found.gl_pathv[i], only)))
            check_program(found.gl_pathv[i], 2);
    globfree(&found);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(deadlocks_are_circles),
        cmocka_unit_test(what_can_be_opened_is_no_deadlock),
        cmocka_unit_test(races_are_unordered_and_the_rest_has_a_chain),
        cmocka_unit_test(so_it_is_in_the_lessons),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
