/* The model of a live run, filled by hand. */
#include "live_model.h"
#include "recorder.h"

#include "made_trace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>
#include <malloc.h>

#define US 1000ull
#define MS 1000000ull
#define S  1000000000ull

static struct live_process *process(struct live_model *m, int32_t pid, int32_t parent)
{
    struct live_process *p = live_process_of(m, pid), *by = live_process_last(m, parent);
    p->noted = 1;
    p->kernel = 'S';
    p->parent_pid = parent;
    p->parent = by ? (uint32_t)(by - m->processes) : LIVE_NONE;
    return p;
}

static struct live_task *task(struct live_model *m, uint32_t number, uint32_t in)
{
    struct live_task *t = live_task_of(m, number);
    t->noted = 1;
    t->kernel = 'R';
    t->process = in;
    t->pid = m->processes[in].pid;
    t->tid = t->pid + (int32_t)number;
    return t;
}

/* One process of n tasks, at the first look. */
static void begin(struct live_model *m, uint64_t now, uint32_t n)
{
    live_model_init(m);
    live_look_begin(m, now);
    process(m, 100, 1);
    for (uint32_t i = 0; i < n; i++)
        task(m, i, 0);
}

static void waits(struct live_model *m, uint32_t number, unsigned kind, uint64_t addr,
                  uint64_t since)
{
    struct live_task *t = live_task_of(m, number);
    t->kernel = 'S';
    t->wait_kind = (uint8_t)kind;
    t->wait_addr = addr;
    t->wait_since = since;
    t->wait_pc = PC(F_INC, 12);
}

static void holds(struct live_model *m, uint32_t number, uint64_t addr)
{
    struct live_task *t = live_task_of(m, number);
    t->held[t->nheld++] = addr;
}

static void done(struct live_model *m, uint32_t number, unsigned kind, uint64_t addr, uint64_t time,
                 uint64_t waited)
{
    struct live_event e = {.time = time,
                           .waited = waited,
                           .stamped = 1,
                           .kind = (uint8_t)kind,
                           .task = (uint32_t)(live_task_of(m, number) - m->tasks),
                           .addr = addr,
                           .pc = PC(F_INC, 9)};
    live_event_add(m, &e);
}

static void same_text(struct buf *b, const char *expected)
{
    assert_string_equal(b->data ? b->data : "", expected);
    buf_fini(b);
}

static void task_says(const struct live_model *m, uint32_t i, const char *expected)
{
    struct buf b = {0};
    live_say_task(m, &made_names, i, &b);
    same_text(&b, expected);
}

static void object_says(const struct live_model *m, uint64_t addr, const char *expected)
{
    struct buf b = {0};
    live_say_object(m, &made_names, live_object_at(m, 0, addr), &b);
    same_text(&b, expected);
}

static void hang_says(const struct live_model *m, const char *expected)
{
    struct buf b = {0};
    live_say_hang(m, &made_names, &b);
    same_text(&b, expected);
}

/* ---- who holds, who waits ---- */
static void owners_and_waiters(void **state)
{
    (void)state;
    struct live_model m;
    uint32_t who[4];
    begin(&m, 10 * MS, 4);
    holds(&m, 1, MUTEX_M);
    waits(&m, 3, EV_LOCK, MUTEX_M, 9 * MS);
    waits(&m, 2, EV_LOCK, MUTEX_M, 8 * MS);
    live_look_end(&m);
    uint32_t o = live_object_at(&m, 0, MUTEX_M);
    assert_int_equal(m.objects[o].owner, 1);
    assert_int_equal(live_waiting(&m, o, who, 4), 2);
    assert_int_equal(who[0], 2);
    assert_int_equal(who[1], 3);
    assert_int_equal(live_waiting(&m, o, who, 1), 2); /* there are two, one is told */
    assert_int_equal(who[0], 2);
    assert_int_equal(m.tasks[3].wait_by, 1);
    assert_int_equal(m.tasks[3].state, TASK_BLOCKED);
    task_says(&m, 3, "T3 waits for m since 1 ms, held by T1 (counter.c:12)");
    object_says(&m, MUTEX_M, "m: a mutex, held by T1; T2 and T3 wait; 0 operations");
    live_model_fini(&m);
}

static void readers_share(void **state)
{
    (void)state;
    struct live_model m;
    uint32_t who[4];
    begin(&m, 10 * MS, 4);
    for (uint32_t i = 1; i < 3; i++) {
        done(&m, i, EV_RDLOCK, RWLOCK_R, i * MS, 0);
        holds(&m, i, RWLOCK_R);
    }
    waits(&m, 3, EV_WRLOCK, RWLOCK_R, 5 * MS);
    live_look_end(&m);
    uint32_t o = live_object_at(&m, 0, RWLOCK_R);
    assert_int_equal(m.objects[o].nholding, 2);
    assert_true(m.objects[o].reading);
    assert_int_equal(live_holding(&m, o, who, 4), 2);
    task_says(&m, 3, "T3 waits for rw to write since 5 ms, read by T1 and T2 (counter.c:12)");
    live_model_fini(&m);
}

/* Private memory of two processes is two objects, what is shared is one. */
static void memory_of_processes(void **state)
{
    (void)state;
    struct live_model m;
    begin(&m, 10 * MS, 1);
    process(&m, 101, 100);
    task(&m, 1, 1);
    live_shared(&m, LIVE_NONE, MUTEX_N, MUTEX_N + 64);
    done(&m, 0, EV_LOCK, MUTEX_M, 1 * MS, 0);
    done(&m, 1, EV_LOCK, MUTEX_M, 2 * MS, 0);
    done(&m, 0, EV_LOCK, MUTEX_N, 3 * MS, 0);
    holds(&m, 0, MUTEX_N);
    waits(&m, 1, EV_LOCK, MUTEX_N, 4 * MS);
    live_look_end(&m);
    assert_int_not_equal(live_object_at(&m, 0, MUTEX_M), live_object_at(&m, 1, MUTEX_M));
    assert_int_equal(live_object_at(&m, 0, MUTEX_N), live_object_at(&m, 1, MUTEX_N));
    assert_int_equal(m.tasks[1].wait_by, 0);
    task_says(&m, 1, "P1.T1 waits for n since 6 ms, held by P0.T0 (counter.c:12)");
    live_model_fini(&m);
}

/* The descriptors of a pipe are one object, whoever has them. */
static void files_are_shared(void **state)
{
    (void)state;
    struct live_model m;
    begin(&m, 10 * MS, 1);
    process(&m, 101, 100);
    task(&m, 1, 1);
    done(&m, 0, EV_PIPE, REC_FILE | 77, 1 * MS, 0);
    waits(&m, 1, EV_FD_READ, REC_FILE | 77, 4 * MS);
    live_look_end(&m);
    assert_int_equal(m.objects[live_object_at(&m, 1, REC_FILE | 77)].class, OBJ_PIPE);
    task_says(&m, 1, "P1.T1 waits for something to read from pipe:[77] since 6 ms (counter.c:12)");
    live_model_fini(&m);
}

/* ---- states ---- */
static void states(void **state)
{
    (void)state;
    static const struct {
        char kernel;
        uint8_t kind, limited, outside, expected;
    } rows[] = {
        {'R', EV_NONE, 0, 0, TASK_RUNNING},      {'S', EV_LOCK, 0, 0, TASK_BLOCKED},
        {'S', EV_COND_WAIT, 0, 0, TASK_BLOCKED}, {'S', EV_COND_TIMEOUT, 1, 0, TASK_SLEEPING},
        {'S', EV_SLEEP, 0, 0, TASK_SLEEPING},    {'S', EV_FD_READ, 0, 0, TASK_BLOCKED},
        {'S', EV_FD_READ, 0, 1, TASK_SLEEPING},  {'T', EV_LOCK, 0, 0, TASK_STOPPED},
        {'R', EV_SPIN_LOCK, 0, 0, TASK_RUNNING}, {'R', EV_LOCK, 0, 0, TASK_BLOCKED},
        {'D', EV_NONE, 0, 0, TASK_SLEEPING},     {'S', EV_SEM_TIMEDWAIT, 0, 0, TASK_SLEEPING},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct live_model m;
        begin(&m, 10 * MS, 1);
        if (rows[i].kind != EV_NONE)
            waits(&m, 0, rows[i].kind, MUTEX_M, 1 * MS);
        m.tasks[0].kernel = rows[i].kernel;
        m.tasks[0].wait_limited = rows[i].limited;
        m.tasks[0].wait_outside = rows[i].outside;
        live_look_end(&m);
        assert_int_equal(m.tasks[0].state, rows[i].expected);
        live_model_fini(&m);
    }
}

/* Runnable, but mostly without a processor: that is ready. */
static void ready_is_not_running(void **state)
{
    (void)state;
    struct live_model m;
    begin(&m, 10 * MS, 2);
    live_spent(&m, 0, 8 * MS, 1 * MS);
    live_spent(&m, 1, 1 * MS, 8 * MS);
    live_look_end(&m);
    assert_int_equal(m.tasks[0].state, TASK_RUNNING);
    assert_int_equal(m.tasks[1].state, TASK_READY);
    live_model_fini(&m);
}

static void ends(void **state)
{
    (void)state;
    struct live_model m;
    begin(&m, 10 * MS, 3);
    live_task_of(&m, 1)->ended = 5 * MS;
    live_task_of(&m, 2)->ended = 6 * MS;
    live_task_of(&m, 2)->joined = 1;
    live_look_end(&m);
    assert_int_equal(m.tasks[1].state, TASK_ZOMBIE);
    assert_int_equal(m.tasks[2].state, TASK_DONE);
    task_says(&m, 1, "T1 has ended, nobody has joined it");
    live_model_fini(&m);
}

static void processes_in_words(void **state)
{
    (void)state;
    struct live_model m;
    struct buf b = {0};
    begin(&m, 10 * MS, 1);
    struct live_process *p = process(&m, 101, 100);
    p->ended = 5 * MS;
    p->kernel = 'Z';
    p->has_status = 1;
    p->status = 3 << 8;
    live_look_end(&m);
    assert_int_equal(p->state, PROC_ZOMBIE);
    live_say_process(&m, 1, &b);
    same_text(&b, "P1 (pid 101) exited with status 3; it is a zombie until P0 waits for it");
    live_say_status(9, &b);
    same_text(&b, "ended by SIGKILL");
    live_model_fini(&m);
}

/* A pid that is given again is another process. */
static void pids_are_reused(void **state)
{
    (void)state;
    struct live_model m;
    begin(&m, 10 * MS, 1);
    struct live_process *p = process(&m, 101, 100);
    assert_ptr_equal(live_process_of(&m, 101), p);
    p->ended = 5 * MS;
    p->kernel = 'Z';
    assert_ptr_equal(live_process_of(&m, 101), p); /* a zombie keeps its pid */
    p->kernel = 'X';
    p->reaped = 1;
    assert_ptr_equal(live_process_last(&m, 101), p);
    struct live_process *q = live_process_of(&m, 101);
    assert_ptr_not_equal(q, p);
    assert_int_equal(q->number, 2);
    assert_ptr_equal(live_process_last(&m, 101), q);
    live_model_fini(&m);
}

/* ---- hangs ---- */
static void circle(struct live_model *m)
{
    begin(m, 10 * S, 3);
    waits(m, 0, EV_JOIN, 1, 1 * S);
    waits(m, 1, EV_LOCK, MUTEX_N, 2 * S);
    waits(m, 2, EV_LOCK, MUTEX_M, 2 * S);
    holds(m, 1, MUTEX_M);
    holds(m, 2, MUTEX_N);
}

static void a_circle_hangs(void **state)
{
    (void)state;
    struct live_model m;
    uint32_t who[4];
    circle(&m);
    live_look_end(&m);
    assert_true(live_hangs(&m, 5 * S));
    assert_false(live_hangs(&m, 9 * S)); /* not for so long */
    assert_int_equal(live_circle(&m, who, 4), 2);
    hang_says(&m, "T1 holds m and waits for n (counter.c:12); "
                  "T2 holds n and waits for m (counter.c:12)");
    live_model_fini(&m);
}

/* Whoever can be served from outside, or by time, or runs, is no hang. */
static void these_do_not_hang(void **state)
{
    (void)state;
    for (int i = 0; i < 9; i++) {
        struct live_model m;
        circle(&m);
        struct live_task *t = live_task_of(&m, 0);
        if (i == 0)
            waits(&m, 0, EV_SLEEP, 0, 1 * S);
        else if (i == 1)
            t->wait_limited = 1;
        else if (i == 2)
            t->wait_outside = 1;
        else if (i == 3)
            t->wait_since = 0;
        else if (i == 4)
            waits(&m, 0, EV_PAUSE, 0, 1 * S);
        else if (i == 5)
            t->noted = 0;
        else if (i == 6)
            t->kernel = 'T';
        else if (i == 7) /* the one it joins has just ended */
            live_task_of(&m, 1)->ended = 9 * S;
        else
            process(&m, 101, 100); /* what that does is unknown */
        live_look_end(&m);
        assert_false(live_hangs(&m, 1 * S));
        live_model_fini(&m);
    }
}

/* A lock whose owner has ended, a condition nobody is left to signal. */
static void hangs_without_a_circle(void **state)
{
    (void)state;
    struct live_model m;
    uint32_t who[4];
    begin(&m, 10 * S, 2);
    waits(&m, 0, EV_COND_WAIT, COND_C, 1 * S);
    live_task_of(&m, 1)->ended = 2 * S;
    live_look_end(&m);
    assert_true(live_hangs(&m, 5 * S));
    assert_int_equal(live_circle(&m, who, 4), 0);
    hang_says(&m, "T0 waits in c (counter.c:12)");
    live_model_fini(&m);
}

/* ---- history ---- */
static struct live_column at(const struct live_model *m, uint32_t i, uint64_t from, uint64_t step)
{
    struct live_column c;
    live_columns(m, i, from, step, 1, &c);
    return c;
}

/* A look of 100 ms: it waits from 20 to 40 ms and runs else. */
static void a_wait_in_columns(void **state)
{
    (void)state;
    struct live_model m;
    struct live_column c[10];
    begin(&m, 100 * MS, 2);
    done(&m, 1, EV_LOCK, MUTEX_M, 10 * MS, 0);
    done(&m, 0, EV_LOCK, MUTEX_M, 40 * MS, 20 * MS);
    live_spent(&m, 0, 80 * MS, 0);
    live_look_end(&m);
    live_columns(&m, 0, 0, 10 * MS, 10, c);
    for (int i = 0; i < 10; i++) {
        assert_true(c[i].known);
        assert_int_equal(c[i].state, i == 2 || i == 3 ? TASK_BLOCKED : TASK_RUNNING);
    }
    assert_int_equal(c[2].wait_kind, EV_LOCK);
    assert_int_equal(c[2].addr, MUTEX_M);
    assert_int_equal(c[2].by, 1); /* who had it before */
    assert_int_equal(c[4].operations, 1);
    assert_int_equal(c[0].begins, 1);
    /* a microsecond wide, at the edge */
    assert_int_equal(at(&m, 0, 20 * MS - US, US).state, TASK_RUNNING);
    assert_int_equal(at(&m, 0, 20 * MS, US).state, TASK_BLOCKED);
    /* all in one */
    struct live_column all = at(&m, 0, 0, 100 * MS);
    assert_int_equal(all.state, TASK_RUNNING);
    assert_in_range(all.waiting, 195, 205);
    assert_in_range(all.running, 795, 805);
    assert_false(at(&m, 0, 100 * MS, MS).known); /* not looked at yet */
    live_model_fini(&m);
}

static void not_before_and_not_after(void **state)
{
    (void)state;
    struct live_model m;
    begin(&m, 100 * MS, 1);
    live_task_of(&m, 0)->began = 30 * MS;
    live_task_of(&m, 0)->ended = 60 * MS;
    live_look_end(&m);
    assert_false(at(&m, 0, 10 * MS, 10 * MS).known);
    assert_true(at(&m, 0, 30 * MS, 10 * MS).known);
    assert_true(at(&m, 0, 30 * MS, 10 * MS).begins);
    assert_true(at(&m, 0, 50 * MS, 10 * MS).ends);
    assert_false(at(&m, 0, 60 * MS, 10 * MS).known);
    live_model_fini(&m);
}

/* What was overwritten before it was read is not made up: close up it is unknown. */
static void lost_is_unknown(void **state)
{
    (void)state;
    struct live_model m;
    begin(&m, 100 * MS, 1);
    done(&m, 0, EV_LOCK, MUTEX_M, 10 * MS, 0);
    live_lost(&m, 0, 500);
    done(&m, 0, EV_UNLOCK, MUTEX_M, 80 * MS, 0);
    live_spent(&m, 0, 50 * MS, 0);
    live_look_end(&m);
    assert_false(at(&m, 0, 40 * MS, MS).known);
    assert_true(at(&m, 0, 5 * MS, MS).known);
    assert_true(at(&m, 0, 90 * MS, MS).known);
    /* from further away the kernel's account is known */
    struct live_column c = at(&m, 0, 0, 100 * MS);
    assert_true(c.known);
    assert_in_range(c.running, 480, 520);
    assert_int_equal(m.tasks[0].operations, 502);
    assert_int_equal(m.tasks[0].lost, 500);
    assert_int_equal(m.totals.lost, 500);
    live_model_fini(&m);
}

/* Looks of 30 ms, each half running and half waiting for the lock. */
static uint64_t run_long(struct live_model *m, uint64_t from, uint64_t until, uint32_t ntasks)
{
    uint64_t now = from;
    while (now < until) {
        now += 33 * MS;
        live_look_begin(m, now);
        for (uint32_t i = 0; i < ntasks; i++) {
            task(m, i, 0);
            done(m, i, EV_LOCK, MUTEX_M + 64 * i, now - 10 * MS, 16500 * US);
            live_spent(m, i, 16500 * US, 0);
        }
        live_look_end(m);
    }
    return now;
}

/* Any width at any age says the same: half of it waited, half ran. */
static void long_runs_in_columns(void **state)
{
    (void)state;
    struct live_model m;
    struct live_column c[200];
    begin(&m, 1, 1);
    live_look_end(&m);
    uint64_t now = run_long(&m, 0, 600 * S, 1);
    static const uint64_t spans[] = {1, 4, 20, 100, 600};
    for (size_t k = 0; k < sizeof spans / sizeof *spans; k++) {
        uint64_t step = spans[k] * S / 200;
        live_columns(&m, 0, now - 200 * step, step, 200, c);
        uint64_t running = 0, waiting = 0;
        for (int i = 0; i < 200; i++) {
            assert_true(c[i].known);
            running += c[i].running;
            waiting += c[i].waiting;
        }
        assert_in_range(running, 200 * 470, 200 * 530);
        assert_in_range(waiting, 200 * 470, 200 * 530);
    }
    live_columns(&m, 0, 0, 3600 * S, 1, c); /* an hour in one */
    assert_in_range(c[0].running, 80, 86);
    assert_in_range(c[0].operations, 18000, 18400);
    live_model_fini(&m);
}

/* ---- bounds ---- */
static size_t used(void)
{
    return mallinfo2().uordblks + mallinfo2().hblkhd;
}

/* Ten hours at 30 looks a second: what has been allocated after one is all there ever is, but for
 * one more level of the coarsest history. */
static void ten_hours(void **state)
{
    (void)state;
    struct live_model m;
    begin(&m, 1, 4);
    live_look_end(&m);
    uint64_t now = run_long(&m, 0, 3600 * S, 4);
    size_t before = used();
    run_long(&m, now, 36000 * S, 4);
    assert_true(used() < before + 4 * 64 * 1024);
    live_model_fini(&m);
}

/* Threads that come and go by thousands: the newest are kept, those that live keep their places. */
static void thousands_of_tasks(void **state)
{
    (void)state;
    struct live_model m;
    begin(&m, MS, 2);
    live_look_end(&m);
    size_t before = 0;
    for (uint32_t i = 2; i < 20000; i += 10) {
        uint64_t now = (i + 1) * MS;
        live_look_begin(&m, now);
        for (uint32_t j = i; j < i + 10; j++) {
            struct live_task *t = task(&m, j, 0);
            t->began = now - MS;
            t->ended = now;
            t->joined = 1;
            done(&m, j, EV_LOCK, MUTEX_M, now - US, US);
        }
        live_look_end(&m);
        if (i == 10002)
            before = used();
    }
    assert_int_equal(m.ntasks, LIVE_TASKS);
    assert_int_equal(m.tasks[0].number, 0);
    assert_int_equal(m.tasks[1].number, 1);
    assert_int_equal(live_task_number(&m, 19999) != LIVE_NONE, 1);
    assert_int_equal(live_task_number(&m, 100), LIVE_NONE);
    assert_int_equal(m.totals.operations, 20000);
    assert_true(used() < before + 256 * 1024);
    live_model_fini(&m);
}

/* Where all live, a task more has no place, and is counted. */
static void no_room(void **state)
{
    (void)state;
    struct live_model m;
    begin(&m, MS, LIVE_TASKS);
    struct live_task *t = task(&m, LIVE_TASKS, 0);
    assert_true(t >= m.tasks + LIVE_TASKS);
    done(&m, LIVE_TASKS, EV_LOCK, MUTEX_M, 1, 0);
    live_look_end(&m);
    assert_int_equal(m.totals.unnoted, 1);
    assert_int_equal(m.ntasks, LIVE_TASKS);
    assert_false(live_hangs(&m, 0));
    live_model_fini(&m);
}

static void many_objects(void **state)
{
    (void)state;
    struct live_model m;
    begin(&m, MS, 1);
    holds(&m, 0, MUTEX_M);
    live_look_end(&m);
    for (uint64_t i = 1; i < 200; i++) {
        live_look_begin(&m, (i + 1) * MS);
        task(&m, 0, 0);
        for (uint64_t j = 0; j < 100; j++)
            done(&m, 0, EV_LOCK, 0x700000 + 64 * (100 * i + j), i * MS + 10 * j, 0);
        live_look_end(&m);
    }
    assert_int_equal(m.nobjects, LIVE_OBJECTS);
    uint32_t o = live_object_at(&m, 0, MUTEX_M);
    assert_int_not_equal(o, LIVE_NONE); /* it is held */
    assert_int_equal(m.objects[o].owner, 0);
    assert_int_not_equal(live_object_at(&m, 0, 0x700000 + 64 * 19999), LIVE_NONE);
    assert_int_equal(live_object_at(&m, 0, 0x700000 + 64 * 100), LIVE_NONE);
    live_model_fini(&m);
}

static void processes_by_hundreds(void **state)
{
    (void)state;
    struct live_model m;
    begin(&m, MS, 1);
    live_look_end(&m);
    for (uint32_t i = 1; i < 3000; i++) {
        live_look_begin(&m, (i + 1) * MS);
        task(&m, 0, 0);
        struct live_process *p = process(&m, 100 + (int32_t)i % 700 + 1, 100);
        struct live_task *t = task(&m, i, (uint32_t)(p - m.processes));
        done(&m, i, EV_LOCK, MUTEX_M, i * MS, 0);
        t->ended = p->ended = (i + 1) * MS;
        p->kernel = 'X';
        live_look_end(&m);
    }
    assert_int_equal(m.nprocesses, LIVE_PROCESSES);
    assert_int_equal(m.processes[0].pid, 100);
    live_model_fini(&m);
}

/* ---- events ---- */
/* Tasks are read one after the other; what is kept is in the order of time. */
static void events_in_order(void **state)
{
    (void)state;
    struct live_model m;
    size_t n;
    begin(&m, 10 * MS, 3);
    for (uint64_t look = 1; look < 300; look++) {
        for (uint32_t i = 0; i < 3; i++)
            for (uint64_t j = 0; j < 100; j++)
                done(&m, i, EV_YIELD, 0, look * 10 * MS + j * 97 * US + i * 13 * US, 0);
        live_look_end(&m);
        live_look_begin(&m, (look + 1) * 10 * MS);
    }
    const struct live_event *e = live_events(&m, &n);
    assert_int_equal(n, 65536);
    for (size_t i = 1; i < n; i++)
        assert_true(e[i - 1].time <= e[i].time);
    live_model_fini(&m);
}

static void rates(void **state)
{
    (void)state;
    struct live_model m;
    begin(&m, 1, 1);
    live_look_end(&m);
    for (uint64_t look = 1; look <= 200; look++) { /* 10 operations every 10 ms, then none */
        live_look_begin(&m, look * 10 * MS);
        task(&m, 0, 0)->voluntary = look < 100 ? look : 100;
        for (uint64_t j = 0; j < 10 && look < 100; j++)
            done(&m, 0, EV_YIELD, 0, look * 10 * MS - MS + j, 0);
        live_look_end(&m);
        if (look == 99) {
            assert_in_range((uint64_t)m.totals.operations_per_s, 980, 1020);
            assert_in_range((uint64_t)m.totals.switches_per_s, 98, 102);
        }
    }
    assert_in_range((uint64_t)m.totals.operations_per_s, 0, 30);
    live_model_fini(&m);
}

/* Every kind that can be noted reads as a sentence: nothing of a template is left, no number
 * stands for a name. */
static void every_kind_in_words(void **state)
{
    (void)state;
    struct live_model m;
    begin(&m, 10 * MS, 2);
    live_look_end(&m);
    for (unsigned kind = 1; kind < EV_COUNT; kind++)
        for (unsigned variant = 0; variant < 3 && event_is_step(kind); variant++) {
            struct live_event e = {.number = 1,
                                   .kind = (uint8_t)kind,
                                   .stamped = 1,
                                   .addr = MUTEX_M,
                                   .more =
                                       kind == EV_COND_WAIT || kind == EV_COND_RELOCK ? MUTEX_N : 1,
                                   .begins = variant == 1,
                                   .result = variant == 2 ? 11 : 0,
                                   .pc = PC(F_INC, 5)};
            struct buf b = {0};
            live_say_event(&m, &made_names, &e, &b);
            assert_non_null(b.data);
            assert_null(strpbrk(b.data, "{}"));
            assert_true(!strncmp(b.data, "T1 ", 3));
            assert_null(strstr(b.data, "0x"));
            assert_null(strstr(b.data, "  "));
            assert_non_null(strstr(b.data, " (counter.c:5)"));
            assert_true(strlen(b.data) > 6 + strlen(" (counter.c:5)"));
            buf_fini(&b);
        }
    live_model_fini(&m);
}

static void an_event_that_waited(void **state)
{
    (void)state;
    struct live_model m;
    struct buf b = {0};
    begin(&m, 10 * MS, 2);
    live_look_end(&m);
    struct live_event e = {.number = 1, .kind = EV_LOCK, .addr = MUTEX_M, .waited = 1200 * US};
    live_say_event(&m, &made_names, &e, &b);
    same_text(&b, "T1 locks m (waited 1.200 ms)");
    e = (struct live_event){.number = 1, .kind = EV_NONE, .more = 31};
    live_say_event(&m, &made_names, &e, &b);
    same_text(&b, "31 operations of T1 were not kept");
    live_model_fini(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(owners_and_waiters),
        cmocka_unit_test(readers_share),
        cmocka_unit_test(memory_of_processes),
        cmocka_unit_test(files_are_shared),
        cmocka_unit_test(states),
        cmocka_unit_test(ready_is_not_running),
        cmocka_unit_test(ends),
        cmocka_unit_test(processes_in_words),
        cmocka_unit_test(pids_are_reused),
        cmocka_unit_test(a_circle_hangs),
        cmocka_unit_test(these_do_not_hang),
        cmocka_unit_test(hangs_without_a_circle),
        cmocka_unit_test(a_wait_in_columns),
        cmocka_unit_test(not_before_and_not_after),
        cmocka_unit_test(lost_is_unknown),
        cmocka_unit_test(long_runs_in_columns),
        cmocka_unit_test(ten_hours),
        cmocka_unit_test(thousands_of_tasks),
        cmocka_unit_test(no_room),
        cmocka_unit_test(many_objects),
        cmocka_unit_test(processes_by_hundreds),
        cmocka_unit_test(events_in_order),
        cmocka_unit_test(rates),
        cmocka_unit_test(every_kind_in_words),
        cmocka_unit_test(an_event_that_waited),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
