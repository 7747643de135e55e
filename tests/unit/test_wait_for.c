/* The graph of waits on traces made by hand: circles that close, circles that something could open,
 * waits that name nobody; and the books of who touched what with which locks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>

#include "made_trace.h"
#include "memory_log.h"
#include "wait_for.h"
#include "world.h"

static struct trace trace;
static struct world_view *view;
static struct wait_graph graph;

static int setup(void **state)
{
    (void)state;
    trace_init(&trace);
    STEP(&trace, PENDING, 0, .a = EV_CREATE);
    view = world_view_new(&trace);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    world_view_free(view);
    trace_fini(&trace);
    return 0;
}

/* T0 makes n - 1 others, which begin. */
static void tasks(uint16_t n)
{
    for (uint16_t i = 1; i < n; i++) {
        STEP(&trace, CREATE, 0, .other = i, .addr = 0x1000 * F_INC);
        STEP(&trace, PENDING, i, .a = EV_START);
    }
    for (uint16_t i = 1; i < n; i++)
        STEP(&trace, START, i, .pc = 0x1000 * F_INC);
}

static void wants(uint16_t task, unsigned kind, uint64_t addr, uint16_t holder, unsigned reason)
{
    STEP(&trace, PENDING, task, .a = kind, .addr = addr, .other = holder);
    STEP(&trace, BLOCKED, task, .a = reason, .addr = reason == BLOCK_JOIN ? 0 : addr,
         .other = holder);
}

static const struct wait_edge *edge(unsigned task)
{
    wait_for(&graph, world_at(view, trace.nsteps));
    assert_int_not_equal(graph.edge_of[task], NO_TASK);
    return &graph.edge[graph.edge_of[task]];
}

static const char *text(void)
{
    static char kept[2000];
    struct buf b = {0};
    struct wait_words x = {world_at(view, trace.nsteps), &trace, &made_names};
    wait_for(&graph, x.w);
    wait_text(&x, &graph, &b);
    snprintf(kept, sizeof kept, "%s", b.data);
    buf_fini(&b);
    return kept;
}

static void locks_against_each_other(void **state)
{
    (void)state;
    tasks(3);
    STEP(&trace, LOCK, 1, .addr = MUTEX_M, .a = 1);
    STEP(&trace, LOCK, 2, .addr = MUTEX_N, .a = 1);
    wants(1, EV_LOCK, MUTEX_N, 2, BLOCK_LOCK);
    assert_int_equal(edge(1)->hope, HOPE_SOME);
    assert_int_equal(graph.ncircles, 0);
    wants(2, EV_LOCK, MUTEX_M, 1, BLOCK_LOCK);
    assert_int_equal(edge(1)->hope, HOPE_CIRCLE); /* though T0 can go on */
    assert_int_equal(edge(2)->hope, HOPE_CIRCLE);
    assert_int_equal(graph.nclosed, 1);
    assert_int_equal(graph.edge[0].task, 1);
    assert_int_equal(graph.edge[1].task, 2);
    assert_string_equal(text(), "Deadlock: T1 → n → T2 → m → T1\n"
                                "T1 (inc) waits for n since step 6: T2 holds it since step 6. It "
                                "is in a circle and can never go on.\n"
                                "T2 (inc) waits for m since step 6: T1 holds it since step 5. It "
                                "is in a circle and can never go on.\n");
}

static void who_waits_behind_a_circle_is_not_in_it(void **state)
{
    (void)state;
    tasks(4);
    STEP(&trace, LOCK, 1, .addr = MUTEX_M, .a = 1);
    wants(1, EV_LOCK, MUTEX_M, 1, BLOCK_LOCK); /* for itself */
    wants(3, EV_LOCK, MUTEX_M, 1, BLOCK_LOCK);
    assert_int_equal(edge(3)->hope, HOPE_BEHIND);
    assert_int_equal(edge(1)->hope, HOPE_CIRCLE);
    assert_int_equal(edge(1)->next, 1);
    assert_int_equal(graph.circle_of[graph.edge_of[3]], NO_TASK);
}

/* A join is a point of cancellation: as long as somebody goes on, it could come. */
static void a_circle_of_joins_is_open_while_somebody_goes_on(void **state)
{
    (void)state;
    tasks(3);
    wants(1, EV_JOIN, 0, 2, BLOCK_JOIN);
    wants(2, EV_JOIN, 0, 1, BLOCK_JOIN);
    assert_int_equal(edge(1)->hope, HOPE_LOOSE);
    assert_int_equal(graph.ncircles, 1);
    assert_int_equal(graph.nclosed, 0);
    wants(0, EV_JOIN, 0, 1, BLOCK_JOIN);
    assert_int_equal(edge(1)->hope, HOPE_CIRCLE);
    assert_int_equal(edge(0)->hope, HOPE_BEHIND);
}

/* Woken from a condition it waits for the mutex at a point of cancellation. */
static void a_relock_can_be_cancelled(void **state)
{
    (void)state;
    tasks(3);
    STEP(&trace, LOCK, 1, .addr = MUTEX_M, .a = 1);
    STEP(&trace, LOCK, 2, .addr = MUTEX_N, .a = 1);
    wants(1, EV_LOCK, MUTEX_N, 2, BLOCK_LOCK);
    wants(2, EV_COND_RELOCK, MUTEX_M, 1, BLOCK_LOCK);
    assert_int_equal(edge(2)->hope, HOPE_LOOSE);
}

static void a_semaphore_names_nobody(void **state)
{
    (void)state;
    tasks(3);
    wants(1, EV_SEM_WAIT, SEM_S, NO_TASK, BLOCK_SEM);
    wants(2, EV_COND_RELOCK, COND_C, NO_TASK, BLOCK_COND);
    assert_int_equal(edge(1)->need, NEED_ANYBODY);
    assert_int_equal(edge(1)->hope, HOPE_SOME);
    assert_true(wait_by(edge(1), 0));
    assert_false(wait_by(edge(1), 2)); /* it sleeps */
    wants(0, EV_JOIN, 0, 1, BLOCK_JOIN);
    assert_int_equal(edge(1)->hope, HOPE_NOBODY);
    assert_int_equal(edge(0)->hope, HOPE_BEHIND);
    assert_int_equal(graph.ncircles, 0);
    assert_non_null(strstr(text(), "until somebody posts it: nobody is left to do it"));
}

static void a_lock_whose_holder_ended_is_given_back_by_nobody(void **state)
{
    (void)state;
    tasks(3);
    STEP(&trace, LOCK, 1, .addr = MUTEX_M, .a = 1);
    STEP(&trace, END, 1, .a = 0);
    STEP(&trace, GONE, 1, .a = 1);
    wants(2, EV_LOCK, MUTEX_M, 1, BLOCK_LOCK);
    assert_int_equal(edge(2)->hope, HOPE_NOBODY);
    assert_non_null(strstr(text(), "T1 has ended and never gave it back"));
}

/* A writer needs every reader to leave; a circle through one of them closes. */
static void readers_hold_a_writer_back(void **state)
{
    (void)state;
    tasks(4);
    STEP(&trace, RDLOCK, 1, .addr = RWLOCK_R, .a = 1);
    STEP(&trace, RDLOCK, 2, .addr = RWLOCK_R, .a = 2);
    STEP(&trace, LOCK, 3, .addr = MUTEX_M, .a = 1);
    wants(3, EV_WRLOCK, RWLOCK_R, 2, BLOCK_LOCK);
    assert_int_equal(edge(3)->need, NEED_EACH);
    assert_int_equal(wait_nby(edge(3)), 2);
    assert_int_equal(edge(3)->hope, HOPE_SOME);
    wants(1, EV_LOCK, MUTEX_M, 3, BLOCK_LOCK);
    assert_int_equal(edge(3)->hope, HOPE_CIRCLE);
    assert_int_equal(edge(1)->hope, HOPE_CIRCLE);
    assert_int_equal(edge(3)->next, 1);
}

static void nobody_waits(void **state)
{
    (void)state;
    tasks(2);
    assert_string_equal(text(), "Nobody waits at this step.\n");
}

/* -------- memory -------- */

static void access(unsigned kind, uint16_t task, uint64_t addr, uint64_t value)
{
    made_add(&trace,
             (struct event){.kind = (uint8_t)kind,
                            .task = task,
                            .other = NO_TASK,
                            .addr = addr,
                            .size = 4,
                            .a = value,
                            .b = value},
             NULL);
}

static struct memory_summary summary(struct memory_log *l, uint64_t addr, uint32_t step)
{
    struct memory_summary s = {0};
    memory_log_update(l, view);
    for (uint32_t i = 0; i < memory_places(l); i++)
        if (memory_place(l, i)->addr == addr)
            memory_summarise(l, memory_place(l, i), step, &s);
    return s;
}

static void rules_are_those_of_the_accesses_so_far(void **state)
{
    (void)state;
    struct memory_log *l = memory_log_new();
    char words[200];
    tasks(3);
    STEP(&trace, LOCK, 1, .addr = MUTEX_M, .a = 1);
    access(EV_WRITE, 1, COUNTER, 1);
    assert_int_equal(summary(l, COUNTER, trace.nsteps).rule, RULE_ONE_TASK);
    STEP(&trace, UNLOCK, 1, .addr = MUTEX_M);
    STEP(&trace, LOCK, 2, .addr = MUTEX_M, .a = 1);
    access(EV_READ, 2, COUNTER, 1);
    uint32_t locked = trace.nsteps;
    assert_int_equal(summary(l, COUNTER, locked).rule, RULE_LOCKED);
    STEP(&trace, UNLOCK, 2, .addr = MUTEX_M);
    STEP(&trace, LOCK, 2, .addr = MUTEX_N, .a = 1);
    access(EV_WRITE, 2, COUNTER, 2);
    struct memory_summary s = summary(l, COUNTER, trace.nsteps);
    assert_int_equal(s.rule, RULE_DIFFERENT);
    assert_int_equal(s.looked, 3);
    assert_int_equal(s.last_write, trace.nsteps);
    assert_int_equal(s.last_read, locked);
    memory_rule_words(&trace, trace.nsteps, world_at(view, trace.nsteps), &made_names, &s, words,
                      sizeof words);
    assert_string_equal(words, "never the same lock: T2: now one, now another; T1: m");
    STEP(&trace, UNLOCK, 2, .addr = MUTEX_N);
    access(EV_READ, 0, COUNTER, 2);
    assert_int_equal(summary(l, COUNTER, trace.nsteps).rule, RULE_SOMETIMES);
    assert_int_equal(summary(l, COUNTER, locked).rule, RULE_LOCKED); /* as of then */
    access(EV_READ, 1, FLAG, 0);
    access(EV_READ, 2, FLAG, 0);
    assert_int_equal(summary(l, FLAG, trace.nsteps).rule, RULE_READ_ONLY);
    access(EV_WRITE, 2, FLAG, 1);
    assert_int_equal(summary(l, FLAG, trace.nsteps).rule, RULE_NEVER);
    access(EV_ATOMIC_STORE, 1, COUNT, 0);
    access(EV_ATOMIC_RMW, 2, COUNT, 1);
    assert_int_equal(summary(l, COUNT, trace.nsteps).rule, RULE_ATOMIC);
    memory_log_free(l);
}

/* Another turn: what came after it is forgotten, and the new steps are in the books. */
static void the_books_follow_a_cut(void **state)
{
    (void)state;
    struct memory_log *l = memory_log_new();
    tasks(3);
    access(EV_WRITE, 1, COUNTER, 1);
    uint32_t kept = trace.nsteps;
    access(EV_WRITE, 2, COUNTER, 2);
    access(EV_WRITE, 2, FLAG, 1);
    assert_int_equal(summary(l, COUNTER, trace.nsteps).writes, 2);
    assert_int_equal(memory_places(l), 2);
    trace_truncate(&trace, kept);
    access(EV_READ, 2, COUNTER, 1);
    struct memory_summary s = summary(l, COUNTER, trace.nsteps);
    assert_int_equal(s.writes, 1);
    assert_int_equal(s.reads, 1);
    assert_int_equal(memory_places(l), 1);
    memory_log_free(l);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(locks_against_each_other),
        TEST(who_waits_behind_a_circle_is_not_in_it),
        TEST(a_circle_of_joins_is_open_while_somebody_goes_on),
        TEST(a_relock_can_be_cancelled),
        TEST(a_semaphore_names_nobody),
        TEST(a_lock_whose_holder_ended_is_given_back_by_nobody),
        TEST(readers_hold_a_writer_back),
        TEST(nobody_waits),
        TEST(rules_are_those_of_the_accesses_so_far),
        TEST(the_books_follow_a_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
