/* The fold, kind by kind; and that however one walks, the world at a step is the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>

#include "made_trace.h"
#include "world_fold.h"

static struct trace trace;

static int setup(void **state)
{
    (void)state;
    trace_init(&trace);
    TEXT(&trace, "main", NAME, 0, .a = 0);
    STEP(&trace, PENDING, 0, .a = EV_CREATE);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    trace_fini(&trace);
    return 0;
}

static const struct world_task *task(struct world_view *v, uint32_t step, unsigned k)
{
    return &world_at(v, step)->tasks[k];
}

static const struct world_object *object(struct world_view *v, uint32_t step, uint64_t addr)
{
    return world_object(world_at(v, step), addr);
}

/* T0 creates T1 and T2 (steps 1, 2), they start (3, 4). */
static void two_threads(void)
{
    for (uint16_t k = 1; k <= 2; k++) {
        STEP(&trace, CREATE, 0, .other = k, .addr = 0x1000u * F_INC);
        STEP(&trace, PENDING, 0, .a = EV_CREATE);
        STEP(&trace, PENDING, k, .a = EV_START);
    }
    for (uint16_t k = 1; k <= 2; k++) {
        STEP(&trace, START, k, .pc = 0x1000u * F_INC);
        STEP(&trace, PENDING, k, .a = EV_LOCK, .addr = MUTEX_M);
    }
}

static void tasks_are_born_and_run(void **state)
{
    (void)state;
    two_threads();
    struct world_view *v = world_view_new(&trace);
    const struct world *w = world_at(v, 0);
    assert_int_equal(w->ntasks, 1);
    assert_int_equal(w->running, NO_TASK);
    assert_int_equal(w->tasks[0].state, TASK_READY);
    assert_string_equal(w->tasks[0].name, "main");
    assert_int_equal(w->tasks[0].parent, NO_TASK);
    w = world_at(v, 1);
    assert_int_equal(w->ntasks, 2);
    assert_int_equal(w->running, 0);
    assert_int_equal(w->tasks[0].state, TASK_RUNNING);
    assert_int_equal(w->tasks[1].state, TASK_NEW);
    assert_int_equal(w->tasks[1].parent, 0);
    assert_int_equal(w->tasks[1].born, 1);
    assert_int_equal(w->tasks[1].pending.a, EV_START);
    assert_int_equal(w->tasks[1].last.kind, EV_NONE);
    w = world_at(v, 3);
    assert_int_equal(w->tasks[0].state, TASK_READY);
    assert_int_equal(w->tasks[1].state, TASK_RUNNING);
    assert_int_equal(w->tasks[1].last.kind, EV_START);
    assert_int_equal(w->tasks[2].state, TASK_NEW);
    assert_int_equal(world_at(v, 99)->step, 4);
    world_view_free(v);
}

static void locks_have_owners_and_queues(void **state)
{
    (void)state;
    two_threads();
    STEP(&trace, LOCK, 1, .addr = MUTEX_M, .a = 1); /* 5 */
    STEP(&trace, PENDING, 1, .a = EV_LOCK, .addr = MUTEX_N);
    STEP(&trace, BLOCKED, 2, .addr = MUTEX_M, .other = 1, .a = BLOCK_LOCK);
    STEP(&trace, LOCK, 1, .addr = MUTEX_N, .a = 1); /* 6 */
    STEP(&trace, TRYLOCK, 0, .addr = MUTEX_N, .result = EBUSY, .other = 1);
    STEP(&trace, UNLOCK, 1, .addr = MUTEX_M); /* 8 */
    STEP(&trace, READY, 2, .a = 0);
    STEP(&trace, LOCK, 2, .addr = MUTEX_M, .a = 1);            /* 9 */
    STEP(&trace, UNLOCK, 0, .addr = MUTEX_M, .result = EPERM); /* 10: not the owner */
    struct world_view *v = world_view_new(&trace);
    assert_int_equal(task(v, 5, 2)->state, TASK_BLOCKED);
    assert_int_equal(task(v, 5, 2)->blocked_addr, MUTEX_M);
    assert_int_equal(task(v, 5, 2)->blocked_by, 1);
    assert_int_equal(task(v, 7, 2)->blocked_since, 5);
    assert_int_equal(object(v, 5, MUTEX_M)->owner, 1);
    assert_int_equal(object(v, 5, MUTEX_M)->owner_since, 5);
    assert_int_equal(object(v, 5, MUTEX_M)->class, OBJ_MUTEX);
    assert_null(object(v, 5, MUTEX_N));
    assert_int_equal(task(v, 7, 1)->nheld, 2);
    assert_int_equal(task(v, 7, 1)->held[0], MUTEX_M);
    assert_int_equal(task(v, 7, 1)->held[1], MUTEX_N);
    assert_int_equal(object(v, 7, MUTEX_N)->owner, 1);
    assert_int_equal(object(v, 8, MUTEX_M)->owner, NO_TASK);
    assert_int_equal(task(v, 8, 1)->nheld, 1);
    assert_int_equal(task(v, 8, 1)->held[0], MUTEX_N);
    assert_int_equal(task(v, 8, 2)->state, TASK_READY);
    assert_int_equal(task(v, 8, 2)->woken_by, 1);
    assert_int_equal(task(v, 8, 2)->woken_step, 8);
    assert_int_equal(object(v, 10, MUTEX_M)->owner, 2);
    assert_int_equal(object(v, 10, MUTEX_M)->owner_since, 9);
    world_view_free(v);
}

static void recursive_locks_count(void **state)
{
    (void)state;
    STEP(&trace, MUTEX_INIT, 0, .addr = MUTEX_M, .a = 1);
    STEP(&trace, LOCK, 0, .addr = MUTEX_M, .a = 1);
    STEP(&trace, LOCK, 0, .addr = MUTEX_M, .a = 2);
    STEP(&trace, TRYLOCK, 0, .addr = MUTEX_M);
    STEP(&trace, UNLOCK, 0, .addr = MUTEX_M, .a = 2);
    STEP(&trace, UNLOCK, 0, .addr = MUTEX_M, .a = 1);
    STEP(&trace, UNLOCK, 0, .addr = MUTEX_M, .a = 0);
    STEP(&trace, MUTEX_DESTROY, 0, .addr = MUTEX_M);
    struct world_view *v = world_view_new(&trace);
    static const int depth[] = {0, 1, 2, 3, 2, 1, 0};
    for (uint32_t s = 1; s <= 7; s++) {
        assert_int_equal(object(v, s, MUTEX_M)->count, depth[s - 1]);
        assert_int_equal(task(v, s, 0)->nheld, depth[s - 1] > 0);
    }
    assert_int_equal(object(v, 6, MUTEX_M)->owner_since, 2);
    assert_false(object(v, 7, MUTEX_M)->destroyed);
    assert_true(object(v, 8, MUTEX_M)->destroyed);
    world_view_free(v);
}

static void many_locks_do_not_overflow(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 20; i++)
        STEP(&trace, LOCK, 0, .addr = MUTEX_M + 64 * i, .a = 1);
    for (uint64_t i = 0; i < 20; i++)
        STEP(&trace, UNLOCK, 0, .addr = MUTEX_M + 64 * i);
    struct world_view *v = world_view_new(&trace);
    assert_int_equal(task(v, 20, 0)->nheld, 16);
    assert_int_equal(object(v, 20, MUTEX_M + 64 * 19)->owner, 0);
    assert_int_equal(task(v, 40, 0)->nheld, 0);
    world_view_free(v);
}

static void conditions_release_and_relock(void **state)
{
    (void)state;
    two_threads();
    STEP(&trace, LOCK, 1, .addr = MUTEX_M, .a = 1); /* 5 */
    STEP(&trace, COND_WAIT, 1, .addr = COND_C, .addr2 = MUTEX_M);
    STEP(&trace, PENDING, 1, .a = EV_COND_RELOCK, .addr = COND_C, .addr2 = MUTEX_M);
    STEP(&trace, BLOCKED, 1, .addr = COND_C, .a = BLOCK_COND);
    STEP(&trace, LOCK, 2, .addr = MUTEX_M, .a = 1);       /* 7 */
    STEP(&trace, COND_SIGNAL, 2, .addr = COND_C, .a = 1); /* 8 */
    STEP(&trace, WAKE, 2, .other = 1, .addr = COND_C);
    STEP(&trace, BLOCKED, 1, .addr = MUTEX_M, .other = 2, .a = BLOCK_LOCK);
    STEP(&trace, UNLOCK, 2, .addr = MUTEX_M);
    STEP(&trace, READY, 1, .a = 0);
    STEP(&trace, COND_RELOCK, 1, .addr = COND_C, .addr2 = MUTEX_M, .ref = 8); /* 10 */
    struct world_view *v = world_view_new(&trace);
    assert_int_equal(object(v, 6, MUTEX_M)->owner, NO_TASK);
    assert_int_equal(object(v, 6, COND_C)->count, 1);
    assert_int_equal(task(v, 6, 1)->state, TASK_BLOCKED);
    assert_int_equal(task(v, 6, 1)->asleep_in, COND_C);
    assert_int_equal(task(v, 6, 1)->blocked_reason, BLOCK_COND);
    assert_int_equal(task(v, 7, 1)->blocked_since, 6);
    assert_int_equal(object(v, 8, COND_C)->count, 0);
    assert_int_equal(task(v, 8, 1)->blocked_reason, BLOCK_LOCK);
    assert_int_equal(task(v, 8, 1)->blocked_since, 8);
    assert_int_equal(task(v, 8, 1)->blocked_by, 2);
    assert_int_equal(task(v, 8, 1)->woken_by, 2);
    assert_int_equal(object(v, 10, MUTEX_M)->owner, 1);
    assert_int_equal(task(v, 10, 1)->nheld, 1);
    assert_int_equal(task(v, 10, 1)->asleep_in, 0);
    world_view_free(v);
}

static void timed_waits_and_sleeps_sleep(void **state)
{
    (void)state;
    two_threads();
    STEP(&trace, LOCK, 1, .addr = MUTEX_M, .a = 1);
    STEP(&trace, COND_WAIT, 1, .addr = COND_C, .addr2 = MUTEX_M); /* 6 */
    STEP(&trace, PENDING, 1, .a = EV_COND_TIMEOUT, .addr = COND_C, .addr2 = MUTEX_M);
    STEP(&trace, YIELD, 2, .a = 0); /* 7 */
    STEP(&trace, PENDING, 2, .a = EV_SLEEP);
    STEP(&trace, YIELD, 0, .a = 0);               /* 8 */
    STEP(&trace, SLEEP, 2, .a = 5000, .b = 7000); /* 9 */
    STEP(&trace, COND_TIMEOUT, 1, .addr = COND_C, .addr2 = MUTEX_M);
    STEP(&trace, PENDING, 1, .a = EV_COND_RELOCK, .addr = COND_C, .addr2 = MUTEX_M);
    STEP(&trace, CLOCK, 0, .a = 9000);
    struct world_view *v = world_view_new(&trace);
    assert_int_equal(task(v, 6, 1)->state, TASK_SLEEPING);
    assert_int_equal(task(v, 7, 2)->state, TASK_SLEEPING);
    assert_int_equal(task(v, 8, 2)->state, TASK_SLEEPING);
    assert_int_equal(task(v, 9, 2)->state, TASK_RUNNING);
    assert_int_equal(world_at(v, 9)->clock_ns, 7000);
    assert_int_equal(object(v, 9, COND_C)->count, 1);
    assert_int_equal(object(v, 10, COND_C)->count, 0);
    assert_int_equal(task(v, 10, 1)->state, TASK_RUNNING);
    assert_int_equal(task(v, 11, 1)->state, TASK_READY);
    assert_int_equal(world_at(v, 11)->clock_ns, 9000);
    world_view_free(v);
}

static void places_remember_accesses(void **state)
{
    (void)state;
    two_threads();
    STEP(&trace, READ, 1, .addr = COUNTER, .size = 4, .a = 7);            /* 5 */
    STEP(&trace, READ, 2, .addr = COUNTER, .size = 4, .a = 7);            /* 6 */
    STEP(&trace, WRITE, 1, .addr = COUNTER, .size = 4, .a = 7, .b = 8);   /* 7 */
    STEP(&trace, ATOMIC_CAS, 2, .addr = FLAG, .size = 1, .a = 1, .b = 2); /* 8 fails */
    STEP(&trace, ATOMIC_CAS, 2, .addr = FLAG, .size = 1, .a = 1, .b = 2, .result = 1);
    STEP(&trace, COPY, 0, .addr = ARRAY, .addr2 = COUNTER, .size = 4); /* 10 */
    struct world_view *v = world_view_new(&trace);
    const struct world_object *o = object(v, 7, COUNTER);
    assert_int_equal(o->class, OBJ_PLACE);
    assert_int_equal(o->size, 4);
    assert_int_equal(o->value, 8);
    assert_int_equal(o->last_read[0], 6);
    assert_int_equal(o->last_read[1], 5);
    assert_int_equal(o->last_read[2], 0);
    assert_int_equal(o->last_write, 7);
    assert_int_equal(o->last_task, 1);
    assert_int_equal(o->first_step, 5);
    assert_int_equal(object(v, 8, FLAG)->value, 1);
    assert_int_equal(object(v, 8, FLAG)->last_write, 0);
    assert_int_equal(object(v, 9, FLAG)->value, 2);
    assert_int_equal(object(v, 9, FLAG)->last_write, 9);
    assert_int_equal(object(v, 10, ARRAY)->last_write, 10);
    assert_int_equal(object(v, 10, COUNTER)->last_read[0], 10);
    world_view_free(v);
}

static void freed_memory_forgets(void **state)
{
    (void)state;
    STEP(&trace, YIELD, 0, .a = 0);
    STEP(&trace, ALLOC, 0, .addr = HEAP, .size = 16);
    STEP(&trace, WRITE, 0, .addr = HEAP + 8, .size = 4, .b = 3);  /* 2 */
    STEP(&trace, WRITE, 0, .addr = HEAP + 16, .size = 4, .b = 3); /* 3: beyond the block */
    STEP(&trace, FREE, 0, .addr = HEAP, .size = 16);
    STEP(&trace, YIELD, 0, .a = 0);                         /* 5 */
    STEP(&trace, ALLOC, 0, .addr = HEAP, .size = 1u << 30); /* the long way round */
    struct world_view *v = world_view_new(&trace);
    assert_false(object(v, 3, HEAP + 8)->destroyed);
    assert_true(object(v, 4, HEAP + 8)->destroyed);
    assert_false(object(v, 4, HEAP + 16)->destroyed);
    assert_false(object(v, 5, HEAP + 8)->destroyed);
    assert_int_equal(object(v, 5, HEAP + 8)->last_write, 0);
    assert_int_equal(object(v, 5, HEAP + 8)->first_step, 5);
    assert_int_equal(object(v, 5, HEAP + 16)->last_write, 3);
    world_view_free(v);
}

static void semaphores_barriers_rwlocks_once(void **state)
{
    (void)state;
    two_threads();
    STEP(&trace, SEM_INIT, 0, .addr = SEM_S, .a = 2); /* 5 */
    STEP(&trace, SEM_WAIT, 1, .addr = SEM_S, .a = 1);
    STEP(&trace, BARRIER_INIT, 0, .addr = BARRIER_B, .a = 2); /* 7 */
    STEP(&trace, BARRIER_ARRIVE, 1, .addr = BARRIER_B, .a = 1, .b = 2);
    STEP(&trace, BARRIER_ARRIVE, 2, .addr = BARRIER_B, .a = 2, .b = 2);
    STEP(&trace, BARRIER_LEAVE, 2, .addr = BARRIER_B, .result = -1); /* 10 */
    STEP(&trace, RDLOCK, 1, .addr = RWLOCK_R, .a = 1);
    STEP(&trace, RDLOCK, 2, .addr = RWLOCK_R, .a = 2);
    STEP(&trace, TRYWRLOCK, 0, .addr = RWLOCK_R, .result = EBUSY);
    STEP(&trace, RWUNLOCK, 1, .addr = RWLOCK_R, .a = 1);
    STEP(&trace, RWUNLOCK, 2, .addr = RWLOCK_R, .a = 0); /* 15 */
    STEP(&trace, WRLOCK, 0, .addr = RWLOCK_R);
    STEP(&trace, RWUNLOCK, 0, .addr = RWLOCK_R);
    STEP(&trace, ONCE_BEGIN, 1, .addr = ONCE_O, .a = 1); /* 18 */
    STEP(&trace, ONCE_END, 1, .addr = ONCE_O);
    STEP(&trace, ONCE_BEGIN, 2, .addr = ONCE_O, .a = 0);
    struct world_view *v = world_view_new(&trace);
    assert_int_equal(object(v, 5, SEM_S)->count, 2);
    assert_int_equal(object(v, 6, SEM_S)->count, 1);
    assert_int_equal(object(v, 7, BARRIER_B)->limit, 2);
    assert_int_equal(object(v, 8, BARRIER_B)->count, 1);
    assert_int_equal(object(v, 9, BARRIER_B)->count, 2);
    assert_int_equal(object(v, 10, BARRIER_B)->count, 0);
    assert_int_equal(object(v, 13, RWLOCK_R)->count, 2);
    assert_int_equal(object(v, 13, RWLOCK_R)->owner, NO_TASK);
    assert_int_equal(task(v, 13, 1)->nheld, 1);
    assert_int_equal(task(v, 14, 1)->nheld, 0);
    assert_int_equal(object(v, 15, RWLOCK_R)->count, 0);
    assert_int_equal(object(v, 16, RWLOCK_R)->owner, 0);
    assert_int_equal(task(v, 16, 0)->nheld, 1);
    assert_int_equal(object(v, 17, RWLOCK_R)->owner, NO_TASK);
    assert_int_equal(task(v, 17, 0)->nheld, 0);
    assert_int_equal(object(v, 18, ONCE_O)->owner, 1);
    assert_int_equal(object(v, 19, ONCE_O)->owner, NO_TASK);
    assert_int_equal(object(v, 20, ONCE_O)->count, 1);
    world_view_free(v);
}

static void tasks_end(void **state)
{
    (void)state;
    two_threads();
    STEP(&trace, END, 1, .a = 0); /* 5 */
    STEP(&trace, GONE, 1, .a = 1);
    STEP(&trace, JOIN, 0, .other = 1, .ref = 5); /* 6 */
    STEP(&trace, DETACH, 0, .other = 2);
    STEP(&trace, END, 2, .a = 0); /* 8 */
    STEP(&trace, GONE, 2, .a = 0);
    TEXT(&trace, "a\nb\tlong name, too long", NAME, 0, .a = 0);
    TEXT(&trace, "hello\n", OUTPUT, 0, .a = 1);
    TEXT(&trace, "oops", OUTPUT, 0, .a = 2);
    STEP(&trace, EXIT, 0, .result = 3, .a = 1); /* 11 */
    STEP(&trace, FINISHED, 0, .a = FINISH_EXIT, .result = 3);
    struct world_view *v = world_view_new(&trace);
    assert_int_equal(task(v, 5, 1)->state, TASK_ZOMBIE);
    assert_int_equal(task(v, 5, 1)->ended, 5);
    assert_int_equal(task(v, 5, 1)->pending.kind, EV_NONE);
    assert_int_equal(task(v, 6, 1)->state, TASK_DONE);
    assert_int_equal(task(v, 8, 2)->state, TASK_DONE);
    assert_string_equal(task(v, 8, 0)->name, "a\\nb\\tlong name");
    assert_int_equal(world_at(v, 8)->finished, 0);
    assert_int_equal(world_at(v, 11)->finished, 1 + FINISH_EXIT);
    assert_int_equal(world_at(v, 11)->status, 3);
    assert_int_equal(task(v, 11, 0)->state, TASK_DONE);
    assert_int_equal(world_at(v, 9)->noutput, 6);
    assert_int_equal(world_at(v, 11)->noutput, 10);
    struct buf out = {0};
    world_output(&trace, 9, 0, &out);
    assert_string_equal(out.data, "hello\n");
    world_output(&trace, 11, 2, &out);
    assert_string_equal(out.data, "hello\noops");
    buf_fini(&out);
    world_view_free(v);
}

static void a_deadlock_marks_the_blocked(void **state)
{
    (void)state;
    two_threads();
    STEP(&trace, YIELD, 1, .a = 0);
    STEP(&trace, BLOCKED, 1, .addr = MUTEX_M, .other = 2);
    STEP(&trace, END, 2, .a = 0);
    STEP(&trace, GONE, 2, .a = 1);
    STEP(&trace, BLOCKED, 0, .other = 1, .a = BLOCK_JOIN);
    STEP(&trace, FINISHED, NO_TASK, .a = FINISH_DEADLOCK);
    struct world_view *v = world_view_new(&trace);
    assert_int_equal(task(v, 5, 1)->state, TASK_BLOCKED);
    assert_int_equal(task(v, 6, 1)->state, TASK_DEADLOCKED);
    assert_int_equal(task(v, 6, 0)->state, TASK_DEADLOCKED);
    assert_int_equal(task(v, 6, 2)->state, TASK_ZOMBIE);
    world_view_free(v);
}

static void every_word_exists(void **state)
{
    (void)state;
    for (int i = 0; i <= TASK_DEADLOCKED; i++)
        assert_string_not_equal(task_state_word((enum task_state)i), "?");
    for (int i = 0; i <= OBJ_ONCE; i++)
        assert_string_not_equal(object_class_word((enum object_class)i), "?");
    assert_string_equal(task_state_word((enum task_state)99), "?");
    assert_string_equal(object_class_word((enum object_class)99), "?");
}

/* Walking */

static void assert_same_world(const struct world *a, const struct world *b)
{
    assert_int_equal(a->step, b->step);
    assert_int_equal(a->ntasks, b->ntasks);
    assert_int_equal(a->nobjects, b->nobjects);
    assert_int_equal(a->running, b->running);
    assert_int_equal(a->clock_ns, b->clock_ns);
    assert_int_equal(a->finished, b->finished);
    assert_int_equal(a->status, b->status);
    assert_int_equal(a->noutput, b->noutput);
    assert_memory_equal(a->tasks, b->tasks, a->ntasks * sizeof *a->tasks);
    if (a->nobjects)
        assert_memory_equal(a->objects, b->objects, a->nobjects * sizeof *a->objects);
}

/* The world at `step` folded from nothing, without any view. */
static void assert_right(struct world_view *v, const struct trace *t, uint32_t step)
{
    struct addr_index ix = {0};
    struct world w;
    world_init(&w, &ix);
    for (size_t i = 0; i < trace_step_end(t, step); i++)
        world_fold(&w, &ix, t, &t->events[i]);
    assert_same_world(world_at(v, step), &w);
    for (uint32_t i = 0; i < w.nobjects; i++)
        assert_ptr_equal(world_object(world_at(v, step), w.objects[i].addr),
                         &world_at(v, step)->objects[i]);
    world_fini(&w);
    addr_index_fini(&ix);
}

static void walk(struct world_view *v, const struct trace *t, int rounds)
{
    uint32_t at = 0;
    for (int i = 0; i < rounds; i++) {
        if (made_chance(3) == 0)
            at = made_chance(t->nsteps + 1);
        else
            at = made_chance(2) ? at + made_chance(4) : at - made_chance(at < 4 ? at + 1 : 4);
        world_at(v, at);
        if (i % 8 == 0)
            assert_right(v, t, at < t->nsteps ? at : t->nsteps);
    }
}

static void any_walk_gives_the_same_world(void **state)
{
    (void)state;
    static const struct {
        unsigned ntasks, nlocks, nplaces;
    } sizes[] = {{2, 1, 1}, {5, 3, 20}, {64, 8, 1000}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct trace t;
        trace_init(&t);
        made_run(&t, sizes[i].ntasks, sizes[i].nlocks, sizes[i].nplaces, 30000);
        struct world_view *v = world_view_new(&t);
        walk(v, &t, 600);
        world_view_reset(v);
        walk(v, &t, 100);
        world_view_free(v);
        trace_fini(&t);
    }
}

/* An event of any kind with any content that a trace accepts: what a damaged recording may hold. */
static void add_chaos(struct trace *t)
{
    static const char text[] = "x\xff\n\x1b[31m\xc3\xa9 text that is rather long";
    unsigned kind = 1 + made_chance(EV_COUNT - 1);
    struct event e = {.kind = (uint8_t)kind,
                      .step = t->nsteps + (unsigned)event_is_step(kind),
                      .task = (uint16_t)made_chance(made_chance(20) ? 5 : MAX_TASKS),
                      .other = made_chance(3) ? (uint16_t)made_chance(5) : NO_TASK,
                      .result = made_chance(3) ? 0 : (int32_t)made_chance(200) - 100,
                      .size = made_chance(20) ? made_chance(17) : UINT32_MAX,
                      .ref = made_chance(2) ? made_chance(t->nsteps + 3) : 0,
                      .addr = made_chance(9) ? MUTEX_M + 4 * made_chance(12) : UINT64_MAX,
                      .addr2 = made_chance(3) ? MUTEX_M + 4 * made_chance(12) : 0,
                      .pc = made_chance(0x4000),
                      .a = made_chance(20) ? made_chance(70) : UINT64_MAX,
                      .b = made_chance(20) ? made_chance(70) : UINT64_MAX - 1,
                      .ntext = made_chance(2) ? made_chance(sizeof text) : 0};
    if (made_chance(30) == 0 && !event_is_step(kind))
        e.task = NO_TASK;
    assert_int_equal(trace_append(t, &e, text), 0);
}

static void nonsense_is_folded_too(void **state)
{
    (void)state;
    for (int i = 0; i < 60; i++) {
        struct trace t;
        trace_init(&t);
        while (t.nevents < 5000)
            add_chaos(&t);
        struct world_view *v = world_view_new(&t);
        walk(v, &t, 30);
        world_view_free(v);
        trace_fini(&t);
    }
}

static void truncated_and_rewritten_traces_are_noticed(void **state)
{
    (void)state;
    struct trace t;
    trace_init(&t);
    made_run(&t, 4, 2, 30, 9000);
    struct world_view *v = world_view_new(&t);
    for (int i = 0; i < 60; i++) {
        uint32_t to = made_chance(t.nsteps + 1);
        world_at(v, made_chance(t.nsteps + 1));
        if (made_chance(10) == 0)
            trace_clear(&t);
        else
            trace_truncate(&t, to);
        if (made_chance(2))
            assert_right(v, &t, t.nsteps);
        for (unsigned n = made_chance(9000); n-- > 0;)
            add_chaos(&t);
        assert_right(v, &t, made_chance(t.nsteps + 1));
        assert_right(v, &t, t.nsteps);
        walk(v, &t, 10);
    }
    world_view_free(v);
    trace_fini(&t);
}

static void a_growing_trace_is_followed(void **state)
{
    (void)state;
    struct world_view *v = world_view_new(&trace);
    assert_int_equal(world_at(v, 5)->step, 0);
    STEP(&trace, YIELD, 0, .a = 0);
    assert_int_equal(world_at(v, 1)->tasks[0].pending.kind, EV_NONE);
    STEP(&trace, PENDING, 0, .a = EV_READ); /* a consequence of the step already seen */
    assert_int_equal(world_at(v, 1)->tasks[0].pending.a, EV_READ);
    world_view_free(v);
    world_view_free(NULL);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(tasks_are_born_and_run),
        TEST(locks_have_owners_and_queues),
        TEST(recursive_locks_count),
        TEST(many_locks_do_not_overflow),
        TEST(conditions_release_and_relock),
        TEST(timed_waits_and_sleeps_sleep),
        TEST(places_remember_accesses),
        TEST(freed_memory_forgets),
        TEST(semaphores_barriers_rwlocks_once),
        TEST(tasks_end),
        TEST(a_deadlock_marks_the_blocked),
        TEST(every_word_exists),
        TEST(any_walk_gives_the_same_world),
        TEST(nonsense_is_folded_too),
        TEST(truncated_and_rewritten_traces_are_noticed),
        TEST(a_growing_trace_is_followed),
    };
    return cmocka_run_group_tests_name("world", tests, NULL, NULL);
}
