/* Part of a live run as a trace: the world of it is held against what really happened. */
#include "made_live.h"
#include "recorder.h"
#include "trace.h"
#include "world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define MS 1000000ull

static unsigned owner_in(const struct world *w, unsigned lock)
{
    const struct world_object *o = world_object(w, ml_addr(lock));
    return o && o->owner != NO_TASK ? o->owner + 1u : 0;
}

/* The world and what is true: owners, what each holds, who waits for what and whom. */
static void same(const struct world *w, const struct made_live *r, const struct ml_state *s)
{
    for (unsigned i = 0; i < ML_LOCKS; i++)
        assert_int_equal(owner_in(w, i), s->owner[i]);
    for (unsigned k = 0; k < r->ntasks; k++) {
        const struct world_task *t = &w->tasks[k];
        unsigned lock = s->what[k], owner = s->owner[lock];
        if (k >= w->ntasks || !t->exists)
            continue;
        if (s->wait[k] == ML_GOES)
            assert_int_not_equal(t->state, TASK_BLOCKED);
        if (s->wait[k] == ML_LOCK && t->state == TASK_BLOCKED) {
            assert_int_equal(t->blocked_addr, ml_addr(lock));
            if (t->blocked_by != NO_TASK)
                assert_int_equal(t->blocked_by + 1u, owner);
        } else if (s->wait[k] == ML_LOCK) {
            assert_int_equal(t->state, TASK_READY);
            assert_int_equal(owner, 0);
        }
        /* whom a signal woke is seen by who comes back: not always the one it was meant for here */
        if ((s->wait[k] == ML_COND || s->wait[k] == ML_WOKEN) && t->state == TASK_BLOCKED)
            assert_true(t->blocked_addr == COND_C || t->blocked_addr == ml_addr(lock));
    }
}

static struct world_view *traced(const struct made_live *r, uint64_t from, uint64_t to,
                                 struct trace *t, struct buf *notes)
{
    trace_init(t);
    live_trace(&r->m, from, to, t, notes);
    return world_view_new(t);
}

/* From the beginning, everything kept and stamped: each step is what happened. */
static void every_step(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct made_live *r = ml_new(4 + made_chance(ML_TASKS - 4), seed);
        struct buf notes = {0};
        struct trace t;
        for (unsigned i = 1; i <= 10; i++) {
            ml_run(r, i * MS / 2);
            ml_look(r, UINT32_MAX);
        }
        struct world_view *v = traced(r, 0, UINT64_MAX, &t, &notes);
        assert_int_equal(t.nsteps, r->nsteps);
        assert_true(notes.len == 0);
        for (uint32_t s = 1; s < t.nsteps; s++)
            same(world_at(v, s), r, &r->after[s]);
        same(world_at(v, t.nsteps), r, &r->at);
        world_view_free(v);
        trace_fini(&t);
        ml_free(r);
        buf_fini(&notes);
    }
}

/* From the middle: what was held and waited for before is put in front. */
static void from_the_middle(void **state)
{
    (void)state;
    for (uint64_t seed = 30; seed < 50; seed++) {
        struct made_live *r = ml_new(ML_TASKS, seed);
        struct trace t;
        for (unsigned i = 1; i <= 10; i++) {
            ml_run(r, i * MS / 2);
            ml_look(r, UINT32_MAX);
        }
        uint32_t first = r->nsteps / 3 + made_chance(r->nsteps / 3);
        struct world_view *v = traced(r, r->times[first], UINT64_MAX, &t, NULL);
        uint32_t put_in = t.nsteps - (r->nsteps - first + 1);
        assert_true(put_in <= ML_LOCKS);
        for (uint32_t s = first; s < r->nsteps; s++)
            same(world_at(v, s - first + 1 + put_in), r, &r->after[s]);
        world_view_free(v);
        trace_fini(&t);
        ml_free(r);
    }
}

/* Not every event has a time of its own, and many are lost: nobody takes what another holds, and at
 * the end it is true again who holds and waits for what. */
static void as_far_as_known(void **state)
{
    (void)state;
    for (uint64_t seed = 60; seed < 100; seed++) {
        struct made_live *r = ml_new(ML_TASKS, seed);
        struct buf notes = {0};
        struct trace t;
        r->unstamped = seed % 2 ? 3 : 0;
        for (unsigned i = 1; i <= 10; i++) {
            ml_run(r, i * MS / 2);
            ml_look(r, seed % 4 < 2 ? 30 : UINT32_MAX);
        }
        struct world_view *v = traced(r, seed % 3 ? 0 : 2 * MS, UINT64_MAX, &t, &notes);
        unsigned owner[ML_LOCKS] = {0};
        for (uint32_t s = 1; s <= t.nsteps; s++) {
            const struct event *e = trace_step(&t, s);
            uint64_t lock = e->kind == EV_COND_RELOCK ? e->addr2 : e->addr;
            for (unsigned i = 0; i < ML_LOCKS; i++) {
                if (lock != ml_addr(i) && !(e->kind == EV_COND_WAIT && e->addr2 == ml_addr(i)))
                    continue;
                int takes = e->kind == EV_LOCK || e->kind == EV_COND_RELOCK;
                assert_int_equal(owner[i], takes ? 0 : e->task + 1u);
                owner[i] = takes ? e->task + 1u : 0;
            }
        }
        same(world_at(v, t.nsteps), r, &r->at);
        world_view_free(v);
        trace_fini(&t);
        ml_free(r);
        buf_fini(&notes);
    }
}

/* The model itself, at each look. */
static void each_look(void **state)
{
    (void)state;
    struct made_live *r = ml_new(ML_TASKS, 7);
    for (unsigned i = 1; i <= 200; i++) {
        ml_run(r, i * MS / 4);
        ml_look(r, i % 5 ? UINT32_MAX : 20);
        for (unsigned k = 0; k < ML_LOCKS; k++) {
            uint32_t o = live_object_at(&r->m, 0, ml_addr(k)), who[ML_TASKS], n = 0;
            unsigned owner = r->at.owner[k];
            for (unsigned j = 0; j < r->ntasks; j++)
                n += r->at.wait[j] == ML_LOCK && r->at.what[j] == k;
            if (o == LIVE_NONE) {
                assert_int_equal(owner, 0);
                continue;
            }
            assert_int_equal(r->m.objects[o].owner, owner ? owner - 1 : LIVE_NONE);
            assert_int_equal(live_waiting(&r->m, o, who, ML_TASKS), n);
            for (uint32_t j = 0; j < n; j++)
                assert_int_equal(r->m.tasks[who[j]].wait_by, owner ? owner - 1 : LIVE_NONE);
        }
    }
    ml_free(r);
}

/* ---- tasks and processes ---- */
static struct live_task *thread(struct live_model *m, uint32_t number, uint32_t process,
                                uint32_t creator)
{
    struct live_task *t = live_task_of(m, number);
    t->noted = 1;
    t->kernel = 'S';
    t->process = process;
    t->pid = m->processes[process].pid;
    t->tid = t->pid +
             (creator == LIVE_NONE || m->tasks[creator].process != process ? 0 : (int32_t)number);
    t->creator = creator;
    t->began = number + 1;
    return t;
}

static void noted(struct live_model *m, uint32_t task, unsigned kind, uint64_t time, uint64_t more)
{
    const struct live_event e = {
        .task = task, .kind = (uint8_t)kind, .time = time, .more = more, .stamped = 1};
    live_event_add(m, &e);
}

/* P0 forks P1, which forks P2 and ends with 3; P0 waits for it. P2 is an orphan then. */
static void family(struct live_model *m)
{
    live_model_init(m);
    live_look_begin(m, MS);
    for (int32_t pid = 100; pid < 103; pid++) {
        struct live_process *p = live_process_of(m, pid);
        p->noted = 1;
        p->kernel = 'S';
        p->parent_pid = pid - 1;
        p->parent = pid == 100 ? LIVE_NONE : (uint32_t)(pid - 101);
        thread(m, (uint32_t)(pid - 100), (uint32_t)(pid - 100),
               pid == 100 ? LIVE_NONE : (uint32_t)(pid - 101));
    }
    noted(m, 0, EV_FORK, 1000, 1);
    noted(m, 1, EV_START, 2000, 0);
    noted(m, 1, EV_FORK, 3000, 2);
    noted(m, 2, EV_START, 4000, 0);
    noted(m, 1, EV_EXIT, 5000, 0);
    noted(m, 0, EV_WAIT, 6000, 101 | (uint64_t)(3 << 8) << 32);
    struct live_process *p = &m->processes[1];
    p->ended = 900000; /* the kernel was asked later */
    p->kernel = 'X';
    p->reaped = p->has_status = 1;
    p->status = 3 << 8;
    m->tasks[1].ended = 900000;
    m->processes[2].orphaned = 1;
    m->processes[2].parent_pid = 1;
    live_look_end(m);
}

static void processes(void **state)
{
    (void)state;
    struct live_model m;
    struct trace t;
    family(&m);
    trace_init(&t);
    live_trace(&m, 0, UINT64_MAX, &t, NULL);
    struct world_view *v = world_view_new(&t);
    assert_int_equal(t.nsteps, 6);
    const struct world *w = world_at(v, 1);
    assert_int_equal(w->nprocesses, 2);
    assert_int_equal(w->processes[1].pid, 101);
    assert_int_equal(w->processes[1].parent, 0);
    assert_int_equal(w->tasks[1].parent, 0);
    w = world_at(v, 5); /* it has ended before it was waited for */
    assert_int_equal(w->processes[1].state, PROC_ZOMBIE);
    assert_int_equal(w->processes[1].status, 3);
    assert_int_equal(w->processes[2].parent_pid, 1);
    assert_true(w->processes[2].orphaned);
    w = world_at(v, 6);
    assert_int_equal(w->processes[1].state, PROC_REAPED);
    assert_int_equal(w->tasks[1].state, TASK_DONE);
    assert_int_equal(w->tasks[2].state, TASK_READY);
    assert_int_equal(w->finished, 0);
    world_view_free(v);
    trace_fini(&t);
    live_model_fini(&m);
}

/* More tasks than a trace holds: main and the newest, and it is said. */
static void too_many_tasks(void **state)
{
    (void)state;
    struct live_model m;
    struct trace t;
    struct buf notes = {0};
    live_model_init(&m);
    live_look_begin(&m, MS);
    live_process_of(&m, 100)->kernel = 'S';
    for (uint32_t i = 0; i < 600; i++) {
        thread(&m, i, 0, i ? 0 : LIVE_NONE);
        noted(&m, i, EV_YIELD, 1000 + i, 0);
    }
    live_look_end(&m);
    trace_init(&t);
    live_trace(&m, 0, UINT64_MAX, &t, &notes);
    assert_int_equal(t.nsteps, MAX_TASKS);
    assert_non_null(strstr(notes.data, "344 tasks are left out"));
    struct world_view *v = world_view_new(&t);
    const struct world *w = world_at(v, t.nsteps);
    assert_int_equal(w->ntasks, MAX_TASKS);
    assert_string_equal(w->tasks[255].name, "T599"); /* its number is another here */
    assert_int_equal(trace_step(&t, 1)->task, 0);
    world_view_free(v);
    trace_fini(&t);
    buf_fini(&notes);
    live_model_fini(&m);
}

/* An unlock that failed was noted twice: before, and with the error. */
static void what_did_not_happen(void **state)
{
    (void)state;
    struct live_model m;
    struct trace t;
    live_model_init(&m);
    live_look_begin(&m, MS);
    live_process_of(&m, 100)->kernel = 'S';
    thread(&m, 0, 0, LIVE_NONE);
    thread(&m, 1, 0, 0);
    const struct live_event events[] = {
        {.task = 0, .kind = EV_LOCK, .addr = MUTEX_M, .time = 1000, .stamped = 1},
        {.task = 1, .kind = EV_UNLOCK, .addr = MUTEX_M, .time = 2000, .stamped = 1},
        {.task = 1, .kind = EV_UNLOCK, .addr = MUTEX_M, .time = 2500, .stamped = 1, .result = 1}};
    for (size_t i = 0; i < 3; i++)
        live_event_add(&m, &events[i]);
    m.tasks[0].held[0] = MUTEX_M;
    m.tasks[0].nheld = 1;
    live_look_end(&m);
    trace_init(&t);
    live_trace(&m, 0, UINT64_MAX, &t, NULL);
    struct world_view *v = world_view_new(&t);
    assert_int_equal(t.nsteps, 2);
    assert_int_equal(trace_step(&t, 2)->result, 1);
    assert_int_equal(world_object(world_at(v, 2), MUTEX_M)->owner, 0);
    world_view_free(v);
    trace_fini(&t);
    live_model_fini(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_step),          cmocka_unit_test(from_the_middle),
        cmocka_unit_test(as_far_as_known),     cmocka_unit_test(each_look),
        cmocka_unit_test(processes),           cmocka_unit_test(too_many_tasks),
        cmocka_unit_test(what_did_not_happen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
