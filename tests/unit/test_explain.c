/* What the sentences say: the classic stories word for word, every kind of event covered, every
 * JSON line parsed, and nonsense survived. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <jansson.h>
#include <signal.h>
#include <stdlib.h>

#include "explain.h"
#include "happens_before.h"
#include "made_trace.h"

static struct trace trace;
static struct world_view *view;
static char *last_text;

static int setup(void **state)
{
    (void)state;
    trace_init(&trace);
    TEXT(&trace, "main", NAME, 0, .a = 0);
    STEP(&trace, PENDING, 0, .a = EV_CREATE);
    view = world_view_new(&trace);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    world_view_free(view);
    trace_fini(&trace);
    free(last_text);
    last_text = NULL;
    return 0;
}

/* The sentences of a step; valid until the next call. */
static const char *why(uint32_t step)
{
    struct buf b = {0};
    explain_step(&trace, view, step, &made_names, &b);
    free(last_text);
    return last_text = b.data;
}

static const char *blocked(uint32_t step, unsigned task)
{
    struct buf b = {0};
    explain_blocked(&trace, view, step, task, &made_names, &b);
    free(last_text);
    return last_text = b.data;
}

static const char *finding(void)
{
    struct buf b = {0};
    explain_finding(&trace, trace_find_back(&trace, trace.nsteps, EV_FINDING), &made_names, &b);
    free(last_text);
    return last_text = b.data;
}

static const char *plain(uint32_t step)
{
    struct buf b = {0};
    explain_plain_line(&trace, view, step, &made_names, &b);
    free(last_text);
    return last_text = b.data;
}

static const char *operation(struct event e)
{
    static char out[200];
    explain_operation(&e, &trace, &made_names, out, sizeof out);
    return out;
}

static void assert_says(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("\"%s\" does not say \"%s\"", text, part);
}

static void assert_silent(const char *text, const char *part)
{
    if (strstr(text, part))
        fail_msg("\"%s\" says \"%s\"", text, part);
}

/* T0 creates T1 and T2 (steps 1, 2), they start (3, 4). */
static void two_threads(void)
{
    for (uint16_t k = 1; k <= 2; k++) {
        STEP(&trace, CREATE, 0, .other = k, .addr = 0x1000u * F_INC, .pc = PC(F_MAIN, 20));
        STEP(&trace, PENDING, 0, .a = EV_CREATE);
        STEP(&trace, PENDING, k, .a = EV_START);
    }
    for (uint16_t k = 1; k <= 2; k++)
        STEP(&trace, START, k, .pc = 0x1000u * F_INC + 7);
}

#define READ_COUNTER(task, value)                                                                  \
    STEP(&trace, READ, task, .addr = COUNTER, .size = 4, .a = (value), .pc = PC(F_INC, 8))
#define WRITE_COUNTER(task, from, to)                                                              \
    STEP(&trace, WRITE, task, .addr = COUNTER, .size = 4, .a = (from), .b = (to),                  \
         .pc = PC(F_INC, 10))

static void a_lost_update(void **state)
{
    (void)state;
    two_threads();
    READ_COUNTER(1, 0);     /* 5 */
    READ_COUNTER(2, 0);     /* 6 */
    WRITE_COUNTER(1, 0, 1); /* 7 */
    WRITE_COUNTER(2, 1, 1); /* 8 */
    STEP(&trace, FINDING, 2, .a = FIND_DATA_RACE, .addr = COUNTER, .other = 1, .ref = 7);
    assert_string_equal(why(5), "T1 reads 0 from counter.");
    assert_string_equal(why(7),
                        "T1 changes counter from 0 to 1. Nothing orders this write and T2's read "
                        "at step 6 (counter.c:8): a data race. Neither held a lock.");
    assert_string_equal(
        why(8),
        "T2 writes 1, but T1 already wrote 1 at step 7. T2 read counter at step 6, before T1's "
        "write, so T1's increment is lost. One after the other would have made it 2. Nothing "
        "orders this write and T1's write at step 7 (counter.c:10): a data race. Neither held a "
        "lock.");
    assert_string_equal(finding(),
                        "T1 writes counter at step 7 in counter.c:10, T2 writes it at step 8 in "
                        "counter.c:10, and nothing orders the two: a data race. Neither held a "
                        "lock.");
}

static void not_every_overwriting_is_a_lost_increment(void **state)
{
    (void)state;
    two_threads();
    READ_COUNTER(2, 0);      /* 5 */
    WRITE_COUNTER(1, 0, 7);  /* 6 */
    WRITE_COUNTER(2, 7, 9);  /* 7 */
    READ_COUNTER(1, 9);      /* 8 */
    WRITE_COUNTER(1, 9, 10); /* 9: read after the other's write: nothing lost */
    STEP(&trace, READ, 1, .addr = FLAG, .size = 1, .a = 0);          /* 10 */
    STEP(&trace, WRITE, 2, .addr = FLAG, .size = 1, .a = 0, .b = 1); /* 11 */
    STEP(&trace, WRITE, 1, .addr = FLAG, .size = 1, .a = 1, .b = 1); /* 12 */
    READ_COUNTER(2, 10);                                             /* 13 */
    WRITE_COUNTER(1, 10, 9);                                         /* 14 */
    WRITE_COUNTER(1, 9, 8);                                          /* 15 */
    WRITE_COUNTER(2, 8, 11);                                         /* 16 */
    assert_silent(why(7), "increment");
    assert_says(why(7), "T2 writes 9, but T1 already wrote 7 at step 6. T2 read counter at step 5, "
                        "before T1's write, and overwrites it without having seen it.");
    assert_says(why(9), "T1 changes counter from 9 to 10.");
    assert_silent(why(9), "lost");
    assert_silent(why(12), "lost");
    assert_says(why(12), "T1 writes true, but T2 already wrote true at step 11.");
    assert_says(why(16), "overwrites it without having seen it");
    assert_silent(why(16), "lost");
}

static void decrements_are_lost_too(void **state)
{
    (void)state;
    two_threads();
    READ_COUNTER(2, 5);
    WRITE_COUNTER(1, 5, 4);
    WRITE_COUNTER(2, 4, 6);
    assert_says(why(7), "so T1's decrement is lost. One after the other would have made it 5.");
}

static void locks_order_accesses(void **state)
{
    (void)state;
    two_threads();
    STEP(&trace, LOCK, 1, .addr = MUTEX_M, .a = 1); /* 5 */
    WRITE_COUNTER(1, 0, 1);
    STEP(&trace, UNLOCK, 1, .addr = MUTEX_M);       /* 7 */
    STEP(&trace, LOCK, 2, .addr = MUTEX_M, .a = 1); /* 8 */
    READ_COUNTER(2, 1);                             /* 9 */
    STEP(&trace, UNLOCK, 2, .addr = MUTEX_M);       /* 10 */
    STEP(&trace, LOCK, 1, .addr = MUTEX_N, .a = 1); /* 11: the wrong lock */
    WRITE_COUNTER(1, 1, 2);                         /* 12 */
    STEP(&trace, LOCK, 2, .addr = MUTEX_M, .a = 1); /* 13 */
    WRITE_COUNTER(2, 2, 3);                         /* 14 */
    assert_string_equal(why(9), "T2 reads 1 from counter. T1 wrote it at step 6.");
    assert_says(why(12), "Nothing orders this write and T2's read at step 9 (counter.c:8)");
    assert_says(why(12), "T2 held m, T1 held n: different locks.");
    assert_says(why(14), "Nothing orders this write and T1's write at step 12");
    assert_true(order_before(&trace, 6, 9));
    assert_false(order_before(&trace, 9, 12));
    assert_false(order_before(&trace, 9, 9));
    assert_false(order_before(&trace, 12, 9));
    assert_false(order_before(&trace, 0, 9));
    assert_false(order_before(&trace, 1, 900));
}

static void overlapping_accesses_race(void **state)
{
    (void)state;
    two_threads();
    STEP(&trace, WRITE, 1, .addr = ARRAY, .size = 8, .b = 1);
    STEP(&trace, READ, 2, .addr = ARRAY + 4, .size = 4);
    STEP(&trace, READ, 2, .addr = ARRAY + 8, .size = 4);
    STEP(&trace, COPY, 1, .addr = COUNT, .addr2 = ARRAY + 8, .size = 4);
    STEP(&trace, COPY, 2, .addr = FLAG, .addr2 = COUNT, .size = 4);
    assert_says(why(6), "Nothing orders this read and T1's write at step 5: a data race.");
    assert_silent(why(7), "data race");
    assert_silent(why(8), "data race");
    assert_says(why(9), "Nothing orders this write and T1's write at step 8: a data race.");
}

static void the_newest_conflict_is_named(void **state)
{
    (void)state;
    two_threads();
    READ_COUNTER(2, 0);     /* 5 */
    READ_COUNTER(0, 0);     /* 6 */
    READ_COUNTER(2, 0);     /* 7 */
    READ_COUNTER(0, 0);     /* 8 */
    WRITE_COUNTER(1, 0, 1); /* 9 */
    assert_says(why(9), "Nothing orders this write and T0's read at step 8");
}

static void a_signal_that_was_heard_is_no_excuse(void **state)
{
    (void)state;
    two_threads();
    STEP(&trace, COND_SIGNAL, 2, .addr = COND_C, .a = 0); /* 5 */
    STEP(&trace, COND_SIGNAL, 2, .addr = COND_C, .a = 1); /* 6: this one woke somebody */
    STEP(&trace, COND_WAIT, 1, .addr = COND_C, .addr2 = MUTEX_M);
    STEP(&trace, BLOCKED, 1, .addr = COND_C, .a = BLOCK_COND);
    assert_string_equal(blocked(7, 1), "T1 sleeps in c since step 7, until somebody signals it.");
}

/* What orders two steps and what does not: step 5 by T1, the last step by T2. */
static int orders(void (*between)(void))
{
    trace_clear(&trace);
    two_threads();
    WRITE_COUNTER(1, 0, 1);
    between();
    return order_before(&trace, 5, READ_COUNTER(2, 1));
}

static void nothing(void)
{
}
static void by_join(void)
{
    STEP(&trace, END, 1, .a = 0);
    STEP(&trace, JOIN, 2, .other = 1);
}
static void by_failed_join(void)
{
    STEP(&trace, END, 1, .a = 0);
    STEP(&trace, JOIN, 2, .other = 1, .result = EINVAL);
}
static void by_post(void)
{
    STEP(&trace, SEM_POST, 1, .addr = SEM_S, .a = 1);
    STEP(&trace, SEM_WAIT, 2, .addr = SEM_S, .a = 0);
}
static void by_failed_trywait(void)
{
    STEP(&trace, SEM_POST, 1, .addr = SEM_S, .a = 1);
    STEP(&trace, SEM_TRYWAIT, 2, .addr = SEM_S, .result = EAGAIN);
}
static void by_wait_before_post(void)
{
    STEP(&trace, SEM_WAIT, 2, .addr = SEM_S, .a = 0);
    STEP(&trace, SEM_POST, 1, .addr = SEM_S, .a = 1);
}
static void by_busy_trylock(void)
{
    STEP(&trace, LOCK, 1, .addr = MUTEX_M, .a = 1);
    STEP(&trace, UNLOCK, 1, .addr = MUTEX_M);
    STEP(&trace, TRYLOCK, 2, .addr = MUTEX_M, .result = EBUSY);
}
static void by_spin(void)
{
    STEP(&trace, SPIN_LOCK, 1, .addr = SPIN_P);
    STEP(&trace, SPIN_UNLOCK, 1, .addr = SPIN_P);
    STEP(&trace, SPIN_TRYLOCK, 2, .addr = SPIN_P);
}
static void by_cond_release(void)
{
    STEP(&trace, LOCK, 1, .addr = MUTEX_M, .a = 1);
    STEP(&trace, COND_WAIT, 1, .addr = COND_C, .addr2 = MUTEX_M);
    STEP(&trace, LOCK, 2, .addr = MUTEX_M, .a = 1);
}
static void by_wake(void)
{
    STEP(&trace, COND_SIGNAL, 1, .addr = COND_C, .a = 1);
    STEP(&trace, WAKE, 1, .other = 2, .addr = COND_C);
}
static void by_barrier(void)
{
    STEP(&trace, BARRIER_ARRIVE, 1, .addr = BARRIER_B, .a = 1, .b = 2);
    STEP(&trace, BARRIER_ARRIVE, 2, .addr = BARRIER_B, .a = 2, .b = 2);
    STEP(&trace, BARRIER_LEAVE, 2, .addr = BARRIER_B);
}
static void by_next_round(void) /* T1 arrives for the next round before T2 left this one */
{
    STEP(&trace, BARRIER_ARRIVE, 1, .addr = BARRIER_B, .a = 1, .b = 2);
    STEP(&trace, BARRIER_LEAVE, 2, .addr = BARRIER_B);
}
static void by_store_and_load(void)
{
    STEP(&trace, ATOMIC_STORE, 1, .addr = FLAG, .size = 1, .b = 1);
    STEP(&trace, ATOMIC_LOAD, 2, .addr = FLAG, .size = 1, .a = 1);
}
static void by_replaced_store(void)
{
    STEP(&trace, ATOMIC_STORE, 1, .addr = FLAG, .size = 1, .b = 1);
    STEP(&trace, ATOMIC_STORE, 0, .addr = FLAG, .size = 1, .a = 1, .b = 2);
    STEP(&trace, ATOMIC_LOAD, 2, .addr = FLAG, .size = 1, .a = 2);
}
static void by_failed_cas(void)
{
    STEP(&trace, ATOMIC_CAS, 1, .addr = FLAG, .size = 1, .a = 1, .b = 2);
    STEP(&trace, ATOMIC_RMW, 2, .addr = FLAG, .size = 1, .a = 1, .b = 3);
}
static void by_chain(void)
{
    STEP(&trace, SEM_POST, 1, .addr = SEM_S, .a = 1);
    STEP(&trace, SEM_WAIT, 0, .addr = SEM_S, .a = 0);
    STEP(&trace, ONCE_BEGIN, 0, .addr = ONCE_O, .a = 1);
    STEP(&trace, ONCE_END, 0, .addr = ONCE_O);
    STEP(&trace, ONCE_BEGIN, 2, .addr = ONCE_O, .a = 0);
}
static void by_readers_alone(void)
{
    STEP(&trace, RDLOCK, 1, .addr = RWLOCK_R, .a = 1);
    STEP(&trace, RWUNLOCK, 1, .addr = RWLOCK_R, .a = 0);
    STEP(&trace, RDLOCK, 2, .addr = RWLOCK_R, .a = 1);
}
static void by_reader_and_writer(void)
{
    STEP(&trace, RDLOCK, 1, .addr = RWLOCK_R, .a = 1);
    STEP(&trace, RWUNLOCK, 1, .addr = RWLOCK_R, .a = 0);
    STEP(&trace, WRLOCK, 2, .addr = RWLOCK_R);
}
static void by_writer_and_reader(void)
{
    STEP(&trace, WRLOCK, 1, .addr = RWLOCK_R);
    STEP(&trace, RWUNLOCK, 1, .addr = RWLOCK_R);
    STEP(&trace, RDLOCK, 2, .addr = RWLOCK_R, .a = 1);
}

static void happens_before(void **state)
{
    (void)state;
    assert_false(orders(nothing));
    assert_true(orders(by_join));
    assert_false(orders(by_failed_join));
    assert_true(orders(by_post));
    assert_false(orders(by_failed_trywait));
    assert_false(orders(by_wait_before_post));
    assert_false(orders(by_busy_trylock));
    assert_true(orders(by_spin));
    assert_true(orders(by_cond_release));
    assert_true(orders(by_wake));
    assert_true(orders(by_barrier));
    assert_false(orders(by_next_round));
    assert_true(orders(by_store_and_load));
    assert_false(orders(by_replaced_store));
    assert_false(orders(by_failed_cas));
    assert_true(orders(by_chain));
    assert_false(orders(by_readers_alone));
    assert_true(orders(by_reader_and_writer));
    assert_true(orders(by_writer_and_reader));
    assert_true(order_before(&trace, 1, 3)); /* create before start */
}

static void waiting_for_a_lock(void **state)
{
    (void)state;
    two_threads();
    STEP(&trace, LOCK, 1, .addr = MUTEX_M, .a = 1); /* 5 */
    STEP(&trace, PENDING, 1, .a = EV_UNLOCK, .addr = MUTEX_M);
    STEP(&trace, YIELD, 2, .a = 0); /* 6 */
    STEP(&trace, PENDING, 2, .a = EV_LOCK, .addr = MUTEX_M);
    STEP(&trace, BLOCKED, 2, .addr = MUTEX_M, .other = 1);
    STEP(&trace, TRYLOCK, 0, .addr = MUTEX_M, .result = EBUSY, .other = 1); /* 7 */
    STEP(&trace, UNLOCK, 1, .addr = MUTEX_M);                               /* 8 */
    STEP(&trace, READY, 2, .a = 0);
    STEP(&trace, LOCK, 2, .addr = MUTEX_M, .a = 1); /* 9 */
    STEP(&trace, UNLOCK, 1, .addr = MUTEX_M);       /* 10: not its own */
    STEP(&trace, LOCK, 0, .addr = MUTEX_N, .a = 1); /* 11 */
    STEP(&trace, BLOCKED, 2, .addr = MUTEX_N, .other = 0);
    STEP(&trace, BLOCKED, 1, .addr = MUTEX_N, .other = 0);
    assert_string_equal(why(5), "T1 locks m.");
    assert_string_equal(why(11), "T0 locks n. T1 and T2 want n too and must wait.");
    assert_string_equal(why(6), "T2 offers its turn to the others. This is only a hint. T2 waits "
                                "for m since step 6: T1 holds it since step 5.");
    assert_string_equal(blocked(6, 2), "T2 waits for m since step 6: T1 holds it since step 5.");
    assert_string_equal(blocked(6, 1), "");
    assert_string_equal(blocked(6, 77), "");
    assert_string_equal(why(7), "T0 tries to lock m without waiting: the call returns EBUSY and T0 "
                                "goes on without it. T1 holds it since step 5.");
    assert_string_equal(why(8), "T1 unlocks m, which it held since step 5. T2 can go on now.");
    assert_string_equal(why(9), "T2 locks m. It had waited since step 6, until T1's step 8.");
    assert_says(why(10), "T1 unlocks m, but T2 holds it since step 9: only its owner may unlock");
}

static void a_deadlock_is_a_circle(void **state)
{
    (void)state;
    two_threads();
    STEP(&trace, LOCK, 1, .addr = MUTEX_M, .a = 1, .pc = PC(F_INC, 3)); /* 5 */
    STEP(&trace, PENDING, 1, .a = EV_LOCK, .addr = MUTEX_N, .pc = PC(F_INC, 4));
    STEP(&trace, PENDING, 0, .a = EV_JOIN, .other = 1);
    STEP(&trace, BLOCKED, 0, .other = 1, .a = BLOCK_JOIN);
    STEP(&trace, LOCK, 2, .addr = MUTEX_N, .a = 1, .pc = PC(F_DEC, 13)); /* 6 */
    STEP(&trace, PENDING, 2, .a = EV_LOCK, .addr = MUTEX_M, .pc = PC(F_DEC, 14));
    STEP(&trace, BLOCKED, 2, .addr = MUTEX_M, .other = 1);
    STEP(&trace, BLOCKED, 1, .addr = MUTEX_N, .other = 2);
    STEP(&trace, FINDING, 2, .a = FIND_DEADLOCK);
    STEP(&trace, FINISHED, 2, .a = FINISH_DEADLOCK);
    assert_string_equal(
        finding(),
        "Deadlock: T2 waits in counter.c:14 for m, which T1 took in counter.c:3 at step 5; T1 "
        "waits in counter.c:4 for n, which T2 took in counter.c:13 at step 6. They wait in a "
        "circle, so none of them can ever go on. T0 waits since step 5 for T1 to end.");
    assert_says(why(6), "Deadlock: T2 waits in counter.c:14 for m");
    assert_silent(why(6), "The program stops"); /* said already */
    assert_string_equal(blocked(6, 1),
                        "T1 waits for n since step 6: T2 holds it since step 6. T2 waits for m "
                        "since step 6: T1 holds it since step 5. They wait for each other in a "
                        "circle: a deadlock.");
    assert_says(blocked(6, 0), "T0 waits since step 5 for T1 to end. T1 waits for n");
}

static void a_task_can_wait_for_itself(void **state)
{
    (void)state;
    STEP(&trace, LOCK, 0, .addr = MUTEX_M, .a = 1);
    STEP(&trace, PENDING, 0, .a = EV_LOCK, .addr = MUTEX_M);
    STEP(&trace, BLOCKED, 0, .addr = MUTEX_M, .other = 0);
    STEP(&trace, FINDING, 0, .a = FIND_DEADLOCK);
    assert_says(blocked(1, 0), "T0 waits for m since step 1, but holds it itself");
    assert_string_equal(finding(), "Deadlock: T0 waits for m, which it took itself at step 1. It "
                                   "waits for itself and can never go on.");
}

static void signals_and_waits(void **state)
{
    (void)state;
    two_threads();
    STEP(&trace, COND_SIGNAL, 2, .addr = COND_C, .a = 0); /* 5 */
    STEP(&trace, LOCK, 1, .addr = MUTEX_M, .a = 1);
    STEP(&trace, READ, 1, .addr = COUNT, .size = 4, .a = 0);      /* 7: if (count == 0) */
    STEP(&trace, COND_WAIT, 1, .addr = COND_C, .addr2 = MUTEX_M); /* 8 */
    STEP(&trace, PENDING, 1, .a = EV_COND_RELOCK, .addr = COND_C, .addr2 = MUTEX_M);
    STEP(&trace, BLOCKED, 1, .addr = COND_C, .a = BLOCK_COND);
    STEP(&trace, LOCK, 0, .addr = MUTEX_M, .a = 1); /* 9 */
    STEP(&trace, WRITE, 0, .addr = COUNT, .size = 4, .a = 0, .b = 1);
    STEP(&trace, COND_SIGNAL, 0, .addr = COND_C, .a = 1); /* 11 */
    STEP(&trace, WAKE, 0, .other = 1, .addr = COND_C);
    STEP(&trace, BLOCKED, 1, .addr = MUTEX_M, .other = 0);
    STEP(&trace, UNLOCK, 0, .addr = MUTEX_M); /* 12 */
    STEP(&trace, READY, 1, .a = 0);
    STEP(&trace, LOCK, 2, .addr = MUTEX_M, .a = 1);                   /* 13: the thief */
    STEP(&trace, WRITE, 2, .addr = COUNT, .size = 4, .a = 1, .b = 0); /* 14 */
    STEP(&trace, UNLOCK, 2, .addr = MUTEX_M);
    STEP(&trace, COND_RELOCK, 1, .addr = COND_C, .addr2 = MUTEX_M, .ref = 11); /* 16 */
    STEP(&trace, COND_RELOCK, 1, .addr = COND_C, .addr2 = MUTEX_N);            /* 17 */
    STEP(&trace, COND_WAIT, 1, .addr = COND_C, .addr2 = MUTEX_N);              /* 18 */
    STEP(&trace, COND_RELOCK, 1, .addr = COND_C, .addr2 = MUTEX_N);            /* 19 */
    assert_string_equal(why(5), "T2 signals c, but nobody is waiting: a condition does not "
                                "remember a signal.");
    assert_string_equal(why(8), "T1 waits in c: in one step it unlocks m and falls asleep. It "
                                "sleeps until somebody signals c.");
    assert_string_equal(blocked(8, 1),
                        "T1 sleeps in c since step 8, until somebody signals it. T2 signalled c at "
                        "step 5, when nobody waited: a condition does not remember a signal.");
    assert_string_equal(why(11), "T0 signals c and wakes T1. T1 must get m back first; T0 holds it "
                                 "since step 9.");
    assert_string_equal(why(16), "T1 is back from c, where it waited since step 8, and holds m "
                                 "again. T0 woke it at step 11. Between the signal and now, T2 set "
                                 "count to 0 at step 14: T1 must check its condition again (while, "
                                 "not if).");
    assert_says(why(17), "T0 woke it at step 11."); /* from the WAKE, without ref */
    assert_says(why(19), "Nobody signalled: a spurious wake-up");
}

static void read_write_locks(void **state)
{
    (void)state;
    two_threads();
    STEP(&trace, RDLOCK, 1, .addr = RWLOCK_R, .a = 1); /* 5 */
    STEP(&trace, RDLOCK, 2, .addr = RWLOCK_R, .a = 2);
    WRITE_COUNTER(1, 0, 1); /* 7 */
    WRITE_COUNTER(2, 1, 2); /* 8 */
    STEP(&trace, PENDING, 0, .a = EV_WRLOCK, .addr = RWLOCK_R);
    STEP(&trace, BLOCKED, 0, .addr = RWLOCK_R, .a = BLOCK_LOCK);
    STEP(&trace, TRYWRLOCK, 1, .addr = RWLOCK_R, .result = EBUSY); /* 9 */
    STEP(&trace, RWUNLOCK, 1, .addr = RWLOCK_R, .a = 1);
    STEP(&trace, RWUNLOCK, 2, .addr = RWLOCK_R, .a = 0); /* 11 */
    STEP(&trace, READY, 0, .a = 0);
    STEP(&trace, WRLOCK, 0, .addr = RWLOCK_R); /* 12 */
    STEP(&trace, TRYRDLOCK, 1, .addr = RWLOCK_R, .result = EBUSY);
    STEP(&trace, RWUNLOCK, 0, .addr = RWLOCK_R); /* 14 */
    assert_string_equal(why(6), "T2 locks rw for reading; 2 readers now.");
    assert_says(why(8), "T1 held rw, T2 held rw; a lock both hold for reading orders nothing.");
    assert_says(why(8), "T0 waits for rw since step 8: 2 readers hold it.");
    assert_string_equal(why(9), "T1 does not get rw for writing: EBUSY. 2 readers hold it.");
    assert_string_equal(why(10), "T1 unlocks rw, which it held for reading. 1 reader holds it "
                                 "still.");
    assert_string_equal(why(11), "T2 unlocks rw, which it held for reading. Nobody holds it now. "
                                 "T0 can go on now.");
    assert_string_equal(why(12), "T0 locks rw for writing: nobody else may read or write. It had "
                                 "waited since step 8, until T2's step 11.");
    assert_string_equal(why(13), "T1 does not get rw for reading: EBUSY. T0 holds it since step "
                                 "12.");
    assert_string_equal(why(14), "T0 unlocks rw, which it held since step 12.");
}

static void barriers_semaphores_once(void **state)
{
    (void)state;
    two_threads();
    STEP(&trace, BARRIER_ARRIVE, 1, .addr = BARRIER_B, .a = 1, .b = 2); /* 5 */
    STEP(&trace, PENDING, 1, .a = EV_BARRIER_LEAVE, .addr = BARRIER_B);
    STEP(&trace, BLOCKED, 1, .addr = BARRIER_B, .a = BLOCK_BARRIER);
    STEP(&trace, BARRIER_ARRIVE, 2, .addr = BARRIER_B, .a = 2, .b = 2);
    STEP(&trace, READY, 1, .a = 0);
    STEP(&trace, BARRIER_LEAVE, 1, .addr = BARRIER_B, .result = -1); /* 7 */
    STEP(&trace, SEM_TRYWAIT, 1, .addr = SEM_S, .result = EAGAIN);
    STEP(&trace, PENDING, 1, .a = EV_SEM_WAIT, .addr = SEM_S);
    STEP(&trace, BLOCKED, 1, .addr = SEM_S, .a = BLOCK_SEM);
    STEP(&trace, SEM_POST, 2, .addr = SEM_S, .a = 1); /* 9 */
    STEP(&trace, READY, 1, .a = 0);
    STEP(&trace, SEM_WAIT, 1, .addr = SEM_S, .a = 0); /* 10 */
    STEP(&trace, ONCE_BEGIN, 1, .addr = ONCE_O, .a = 1);
    STEP(&trace, BLOCKED, 2, .addr = ONCE_O, .a = BLOCK_ONCE, .other = 1);
    assert_string_equal(why(5), "T1 arrives at b: 1 of 2 are there. T1 waits for the others.");
    assert_string_equal(blocked(5, 1), "T1 waits at b since step 5: 1 of 2 are there.");
    assert_string_equal(why(6), "T2 arrives at b: 2 of 2 are there. That is everybody, so all may "
                                "go on. T1 can go on now.");
    assert_says(why(7), "T1 leaves b as the serial thread");
    assert_says(why(7), "It had waited since step 5, until T2's step 6.");
    assert_says(why(8), "T1 waits since step 8: s is 0, so somebody must post it first.");
    assert_string_equal(why(10), "T1 takes one from s, which is 0 now. It had waited since step 8, "
                                 "until T2's step 9.");
    assert_says(why(11), "T2 waits since step 11: T1 runs the initialiser of once.");
    assert_says(plain(11), "T2 blocked on once, T1 runs it");
}

static void ends(void **state)
{
    (void)state;
    two_threads();
    STEP(&trace, LOCK, 1, .addr = MUTEX_M, .a = 1);
    STEP(&trace, END, 1, .a = 0); /* 6 */
    STEP(&trace, GONE, 1, .a = 1);
    STEP(&trace, FINDING, 1, .a = FIND_LOCK_LEAK, .addr = MUTEX_M);
    TEXT(&trace, "2\n", OUTPUT, 0, .a = 1); /* 7 */
    TEXT(&trace, "a\x1b[31m\xff\n", OUTPUT, 0, .a = 2);
    STEP(&trace, EXIT, 0, .result = 0, .a = 1); /* 9 */
    STEP(&trace, FINISHED, 0, .a = FINISH_EXIT);
    assert_says(why(3), "T1 starts in inc. T0 created it at step 1.");
    assert_says(why(1), "T0 creates T1, which will run inc.");
    assert_says(why(6), "T1 ends. Its result is kept until somebody joins it. It still holds m");
    assert_string_equal(
        finding(),
        "T1 ended while it held m, which it took at step 5: nobody can ever lock it again.");
    assert_string_equal(why(7), "T0 prints \"2\\n\".");
    assert_string_equal(why(8), "T0 prints \"a\\x1b[31m\\xff\\n\" on standard error.");
    assert_string_equal(why(9), "main returns 0, which ends the whole process. T2 had not ended "
                                "and ends with the process. The program ends with status 0.");
    assert_string_equal(why(0),
                        "The program is about to start: T0 (main) has not made a step yet.");
    assert_says(why(99), "about to start");
}

static void findings_with_text(void **state)
{
    (void)state;
    two_threads();
    TEXT(&trace, "counter == 2", ABORT, 1, .pc = PC(F_INC, 12));
    TEXT(&trace, "counter == 2\n", FINDING, 1, .a = FIND_ASSERTION);
    assert_string_equal(finding(), "An assertion failed in T1 at counter.c:12: counter == 2.");
    assert_says(why(5), "An assertion fails in T1: \"counter == 2\".");
    TEXT(&trace, "joins a task twice", FINDING, 1, .a = FIND_MISUSE);
    assert_says(finding(), "in T1 at counter.c:12: joins a task twice.");
    STEP(&trace, FINDING, 1, .a = FIND_CRASH);
    STEP(&trace, FINISHED, 1, .a = FINISH_SIGNAL, .b = SIGSEGV);
    assert_string_equal(finding(), "Crash in T1 at counter.c:12. Signal 11: SIGSEGV, a wild memory "
                                   "access.");
    STEP(&trace, FINDING, 1, .a = FIND_EXIT_STATUS, .result = 3);
    assert_says(finding(), "ended with status 3");
    STEP(&trace, FINDING, 1, .a = FIND_LOST_WAKEUP, .addr = COND_C, .ref = 2);
    assert_string_equal(
        finding(), "Lost wake-up: T0 signalled c in counter.c:20 at step 2, when nobody waited, "
                   "and a condition does not remember a signal. T1 began to wait only afterwards, "
                   "without having seen what T0 did before, and now waits for ever.");
}

static void a_circle_through_readers(void **state)
{
    (void)state;
    two_threads();
    STEP(&trace, RDLOCK, 1, .addr = RWLOCK_R, .a = 1, .pc = PC(F_INC, 3)); /* 5 */
    STEP(&trace, RDLOCK, 0, .addr = RWLOCK_R, .a = 2, .pc = PC(F_MAIN, 30));
    STEP(&trace, PENDING, 0, .a = EV_CREATE);
    STEP(&trace, PENDING, 1, .a = EV_LOCK, .addr = MUTEX_M, .pc = PC(F_INC, 4));
    STEP(&trace, LOCK, 2, .addr = MUTEX_M, .a = 1, .pc = PC(F_DEC, 13)); /* 7 */
    STEP(&trace, PENDING, 2, .a = EV_WRLOCK, .addr = RWLOCK_R, .pc = PC(F_DEC, 14));
    STEP(&trace, BLOCKED, 1, .addr = MUTEX_M, .other = 2);
    STEP(&trace, BLOCKED, 2, .addr = RWLOCK_R, .other = 0);
    STEP(&trace, FINDING, 1, .a = FIND_DEADLOCK, .addr = MUTEX_M, .other = 2);
    assert_string_equal(
        finding(), "Deadlock: T1 waits in counter.c:4 for m, which T2 took in counter.c:13 at step "
                   "7; T2 waits in counter.c:14 for rw, which T1 took for reading in counter.c:3 "
                   "at step 5. They wait in a circle, so none of them can ever go on. The other "
                   "tasks go on.");
}

static void a_holder_that_has_ended(void **state)
{
    (void)state;
    two_threads();
    STEP(&trace, LOCK, 1, .addr = MUTEX_M, .a = 1, .pc = PC(F_INC, 3)); /* 5 */
    STEP(&trace, END, 1, .a = 0);
    STEP(&trace, GONE, 1, .a = 1);
    STEP(&trace, FINDING, 1, .a = FIND_LOCK_LEAK, .addr = MUTEX_M);
    assert_string_equal(finding(), "T1 ended while it held m, which it took in counter.c:3 at step "
                                   "5: nobody can ever lock it again.");
    STEP(&trace, END, 2, .a = 0);
    STEP(&trace, GONE, 2, .a = 1);
    STEP(&trace, PENDING, 0, .a = EV_LOCK, .addr = MUTEX_M, .pc = PC(F_MAIN, 31));
    STEP(&trace, BLOCKED, 0, .addr = MUTEX_M, .other = 1);
    STEP(&trace, FINDING, 0, .a = FIND_DEADLOCK, .addr = MUTEX_M);
    STEP(&trace, FINISHED, 0, .a = FINISH_DEADLOCK);
    assert_says(finding(), "nobody is left to wake one. T0 waits in counter.c:31 for m, which T1 "
                           "took in counter.c:3 at step 5 and never gave back: it has ended.");
}

/* Steps 5 to 10: two rounds of T1 and T2. */
static void go_round(void)
{
    two_threads();
    for (int round = 0; round < 2; round++) {
        STEP(&trace, WRITE, 1, .addr = FLAG, .size = 4, .pc = PC(F_INC, 8));
        STEP(&trace, WRITE, 1, .addr = FLAG, .size = 4, .pc = PC(F_INC, 10));
        STEP(&trace, READ, 2, .addr = FLAG, .size = 4, .pc = PC(F_DEC, 15));
    }
}

static void rounds_without_end(void **state)
{
    (void)state;
    go_round();
    STEP(&trace, FINDING, 1, .a = FIND_LIVELOCK, .ref = 7, .pc = PC(F_INC, 8));
    assert_string_equal(finding(),
                        "Livelock: after step 10 everything is as it was after step 7, so the same "
                        "3 steps can come again for ever, and nobody gets anywhere. T1 goes round "
                        "in counter.c:8 to 10, T2 in counter.c:15.");
    STEP(&trace, FINDING, 2, .a = FIND_STARVATION, .ref = 7, .other = 1, .pc = PC(F_DEC, 15));
    assert_string_equal(finding(),
                        "Starvation: T2 in counter.c:15 is never served: after step 10 everything "
                        "is as it was after step 7, so the same steps can come again for ever, and "
                        "T2 gets nothing each time. T1 goes round in counter.c:8 to 10.");
}

static void a_spinner_has_its_line(void **state)
{
    (void)state;
    two_threads();
    STEP(&trace, READ, 1, .addr = FLAG, .size = 4, .pc = PC(F_INC, 8)); /* 5 */
    STEP(&trace, PENDING, 1, .a = EV_READ, .addr = FLAG, .size = 4, .pc = PC(F_INC, 8));
    STEP(&trace, BLOCKED, 1, .addr = FLAG, .a = BLOCK_SPIN);
    STEP(&trace, FINDING, 1, .a = FIND_LIVELOCK, .addr = FLAG, .pc = PC(F_INC, 8));
    assert_string_equal(finding(),
                        "Livelock: tasks run on and on but can never get anywhere. T1 spins in "
                        "counter.c:8 on flag, and nobody is left to change that.");
}

static void a_crash_has_its_pointer(void **state)
{
    (void)state;
    two_threads();
    STEP(&trace, WRITE, 2, .addr = FLAG, .size = 8, .a = 64, .pc = PC(F_DEC, 13)); /* 5 */
    STEP(&trace, READ, 1, .addr = FLAG, .size = 8, .pc = PC(F_INC, 8));            /* 6 */
    STEP(&trace, FINDING, 1, .a = FIND_DATA_RACE, .addr = FLAG, .other = 2, .ref = 5);
    TEXT(&trace, "it writes through a null pointer", FINDING, 1, .a = FIND_CRASH, .addr = 8,
         .pc = PC(F_INC, 9));
    STEP(&trace, FINISHED, 1, .a = FINISH_SIGNAL, .b = SIGSEGV);
    const char *text = finding();
    assert_says(text, "Crash in T1 at counter.c:9: it writes through a null pointer. T1 had read "
                      "the pointer, ");
    assert_says(text, ", from flag at step 6. T2 had written it in counter.c:13 at step 5, and "
                      "nothing orders the two: the pointer is raced for.");
}

static void a_lost_signal(void **state)
{
    (void)state;
    STEP(&trace, SIGNAL, 0, .a = SIGUSR1, .b = 1);
    STEP(&trace, PENDING, 0, .a = EV_PAUSE, .pc = PC(F_MAIN, 9));
    STEP(&trace, BLOCKED, 0, .a = BLOCK_SIGNAL);
    STEP(&trace, FINDING, 0, .a = FIND_LOST_WAKEUP, .ref = 1, .pc = PC(F_MAIN, 9));
    assert_string_equal(finding(),
                        "Lost wake-up: T0 took SIGUSR1 at step 1, before it began to wait for one "
                        "in counter.c:9. That waits for the next signal only, and none will come.");
}

static void how_it_finishes(void **state)
{
    (void)state;
    static const char *const says[] = {
        [FINISH_EXIT] = "ends with status 7",
        [FINISH_SIGNAL] = "is ended by signal 6 (SIGABRT, an abort)",
        [FINISH_DEADLOCK] = "stops in a deadlock: no task can go on",
        [FINISH_LIVELOCK] = "stops in a livelock: tasks run but cannot get anywhere",
        [FINISH_CUT] = "is cut off: it reached the limit of steps",
    };
    char out[128];
    for (unsigned i = 0; i <= FINISH_CUT; i++) {
        struct event e = {.kind = EV_FINISHED, .a = i, .b = SIGABRT, .result = 7};
        explain_finish(&e, out, sizeof out);
        assert_string_equal(out, says[i]);
    }
}

static void operations(void **state)
{
    (void)state;
    two_threads();
    assert_string_equal(operation(MADE(WRITE, 1, .addr = COUNTER, .size = 4, .b = 1)),
                        "write counter 0 -> 1");
    assert_string_equal(operation(MADE(READ, 1, .addr = COUNTER, .size = 4, .a = 0xffffffff)),
                        "read counter = -1");
    assert_string_equal(operation(MADE(READ, 1, .addr = ARRAY, .size = 40)), "read a[0], 40 bytes");
    assert_string_equal(operation(MADE(PENDING, 1, .a = EV_LOCK, .addr = MUTEX_M)), "lock m");
    assert_string_equal(operation(MADE(PENDING, 1, .a = EV_WRITE, .addr = COUNTER, .size = 4)),
                        "write counter");
    assert_string_equal(operation(MADE(PENDING, 0, .a = EV_JOIN, .other = 1)), "wait for T1");
    assert_string_equal(operation(MADE(PENDING, 0, .a = 9999)), "nothing");
    assert_string_equal(operation(MADE(CREATE, 0, .other = 1, .addr = 0x1000u * F_INC)),
                        "create T1 (inc)");
    assert_string_equal(operation(MADE(ATOMIC_CAS, 1, .addr = COUNTER, .size = 4, .a = 5)),
                        "compare-and-swap counter fails, it is 5");
    assert_string_equal(operation(MADE(COPY, 1, .addr = COUNT, .addr2 = COUNTER, .size = 4)),
                        "copy counter to count, 4 bytes");
    assert_string_equal(operation(MADE(TRYLOCK, 1, .addr = MUTEX_M, .result = EBUSY, .other = 2)),
                        "trylock m fails: EBUSY, T2 holds it");
    assert_string_equal(operation(MADE(SLEEP, 1, .a = 1500000000)), "sleep 1.500 s");
    assert_string_equal(operation(MADE(YIELD, 1, .a = 0)), "yield");
    char name[40], small[8];
    explain_task(world_at(view, 4), 0, &made_names, name, sizeof name);
    assert_string_equal(name, "T0 (main)");
    explain_task(world_at(view, 4), 1, &made_names, name, sizeof name);
    assert_string_equal(name, "T1 (inc)");
    explain_task(world_at(view, 4), 9, &made_names, name, sizeof name);
    assert_string_equal(name, "T9");
    struct event e = MADE(WRITE, 1, .addr = COUNTER, .size = 4, .b = 1);
    explain_operation(&e, &trace, &made_names, small, sizeof small);
    assert_string_equal(small, "write c");
}

static void plain_lines(void **state)
{
    (void)state;
    two_threads();
    WRITE_COUNTER(1, 0, 1);
    STEP(&trace, UNLOCK, 1, .addr = MUTEX_M);
    STEP(&trace, READY, 2, .a = 0);
    STEP(&trace, YIELD, 2, .a = 0);
    STEP(&trace, YIELD, 2, .a = 0);
    assert_says(plain(3), "counter.c:7 "); /* of the routine's entry, not of the byte before */
    STEP(&trace, BLOCKED, 1, .addr = MUTEX_M, .other = 2);
    STEP(&trace, FINISHED, 1, .a = FINISH_CUT);
    assert_string_equal(plain(5),
                        "   5  T1    P0   counter.c:10        write            counter 0 -> 1");
    assert_string_equal(plain(6),
                        "   6  T1    P0   -                   unlock           m; T2 ready");
    assert_string_equal(plain(7), "   7  T2    P0   -                   yield");
    assert_string_equal(plain(8),
                        "   8  T2    P0   -                   yield            T1 blocked on m, T2 "
                        "holds it; the program is cut off: it reached the limit of steps");
    struct buf b = {0};
    explain_plain_line(&trace, view, 0, &made_names, &b);
    explain_json_line(&trace, view, 9, &made_names, &b);
    assert_null(b.data);
}

static json_t *json_line(uint32_t step)
{
    struct buf b = {0};
    json_error_t error;
    explain_json_line(&trace, view, step, &made_names, &b);
    assert_null(strchr(b.data, '\n'));
    json_t *j = json_loads(b.data, JSON_REJECT_DUPLICATES, &error);
    if (!j)
        fail_msg("%s: %s", error.text, b.data);
    buf_fini(&b);
    return j;
}

static void json_lines(void **state)
{
    (void)state;
    two_threads();
    WRITE_COUNTER(1, 0, 1);
    STEP(&trace, READY, 2, .a = 0);
    TEXT(&trace, "\"\\\xff\x01\n", OUTPUT, 2, .a = 1);
    json_t *j = json_line(5);
    assert_int_equal(json_integer_value(json_object_get(j, "step")), 5);
    assert_string_equal(json_string_value(json_object_get(j, "task")), "T1");
    assert_string_equal(json_string_value(json_object_get(j, "file")), "dir/counter.c");
    assert_int_equal(json_integer_value(json_object_get(j, "line")), 10);
    assert_string_equal(json_string_value(json_object_get(j, "operation")), "write");
    assert_string_equal(json_string_value(json_object_get(j, "detail")),
                        "counter 0 -> 1; T2 ready");
    assert_string_equal(json_string_value(json_object_get(j, "object")), "counter");
    assert_string_equal(json_string_value(json_object_get(j, "b")), "0x1");
    assert_true(json_is_null(json_object_get(j, "other")));
    assert_null(json_object_get(j, "text"));
    json_t *then = json_object_get(j, "then");
    assert_int_equal(json_array_size(then), 1);
    assert_string_equal(json_string_value(json_object_get(json_array_get(then, 0), "operation")),
                        "ready");
    json_decref(j);
    j = json_line(6);
    assert_string_equal(json_string_value(json_object_get(j, "text")), "\"\\\xef\xbf\xbd\x01\n");
    json_decref(j);
}

/* An event of `kind` with plausible and implausible contents. */
static void every_kind(int result, unsigned a, unsigned task_other)
{
    for (unsigned kind = 1; kind < EV_COUNT; kind++) {
        struct event e = MADE(READ, 1, .addr = COUNTER, .addr2 = MUTEX_M, .size = 4, .a = a, .b = 2,
                              .result = result, .pc = PC(F_INC, 9));
        e.kind = (uint8_t)kind;
        e.other = (uint16_t)task_other;
        uint32_t step = made_add(&trace, e, kind == EV_CALL ? "getpid" : "some text");
        const char *cell = operation(trace.events[trace.nevents - 1]);
        assert_true(strlen(cell) >= 3);
        assert_null(strpbrk(cell, "{}"));
        struct event next = MADE(PENDING, 1, .a = kind, .addr = COUNTER, .addr2 = MUTEX_M);
        assert_null(strpbrk(operation(next), "{}"));
        if (event_is_step(kind))
            assert_string_not_equal(operation(next), "nothing");
        const char *text = why(step);
        assert_true(strlen(text) >= 8);
        assert_non_null(strchr(".)", text[strlen(text) - 1]));
        if (event_is_step(kind))
            assert_says(text, kind == EV_EXIT && a == 1 ? "main returns" : "T1");
        json_decref(json_line(step));
    }
}

static void every_kind_has_its_words(void **state)
{
    (void)state;
    two_threads();
    every_kind(0, 0, NO_TASK);
    every_kind(0, 1, 2);
    every_kind(EBUSY, 3, 1);
    every_kind(-1, 2, 200);
}

static void every_step_kind_has_its_own_sentence(void **state)
{
    (void)state;
    two_threads();
    for (unsigned kind = 1; kind < EV_COUNT; kind++) {
        struct event e =
            MADE(READ, 1, .addr = COUNTER, .addr2 = MUTEX_M, .size = 4, .a = 0, .b = 2);
        e.kind = (uint8_t)kind;
        if (event_is_step(kind)) {
            const char *text = why(made_add(&trace, e, NULL));
            assert_true(!strncmp(text, "T1", 2) || !strncmp(text, "The time of T1", 14) ||
                        !strncmp(text, "The timer T1", 12));
        }
    }
}

static void every_finding_has_its_sentence(void **state)
{
    (void)state;
    two_threads();
    for (unsigned kind = 0; kind <= FIND_COUNT; kind++) {
        STEP(&trace, FINDING, 1, .a = kind, .addr = COUNTER, .other = 2, .ref = 3);
        assert_true(strlen(finding()) > 10);
        STEP(&trace, FINDING, NO_TASK, .a = kind);
        assert_true(strlen(finding()) > 10);
        STEP(&trace, FINDING, 200, .a = kind, .other = 201, .ref = 9999);
        assert_true(strlen(finding()) > 10);
    }
    assert_true(strlen(why(4)) > 100);
}

static void every_reason_to_wait(void **state)
{
    (void)state;
    two_threads();
    for (unsigned reason = 0; reason <= BLOCK_STOPPED + 1; reason++) {
        STEP(&trace, YIELD, 1, .a = 0);
        STEP(&trace, BLOCKED, 1, .a = reason, .addr = COUNTER, .other = 2);
        assert_says(blocked(trace.nsteps, 1), "T1");
        assert_says(blocked(trace.nsteps, 1), "since step");
        STEP(&trace, YIELD, 1, .a = 0);
        STEP(&trace, BLOCKED, 1, .a = reason, .addr = 0);
        assert_says(blocked(trace.nsteps, 1), "since step");
    }
}

static void made_runs_are_explained(void **state)
{
    (void)state;
    world_view_free(view);
    trace_clear(&trace);
    made_run(&trace, 6, 2, 4, 6000);
    view = world_view_new(&trace);
    for (uint32_t step = 1; step <= trace.nsteps; step++) {
        assert_true(strlen(why(step)) > 5);
        assert_true(strlen(plain(step)) > 40);
        json_decref(json_line(step));
    }
}

/* Any event a damaged recording may hold. */
static struct event nonsense(void)
{
    unsigned kind = 1 + made_chance(EV_COUNT - 1);
    static const uint64_t addrs[] = {0, COUNTER, MUTEX_M, COND_C, 1, UINT64_MAX, HEAP};
    return (struct event){.kind = (uint8_t)kind,
                          .task = (uint16_t)made_chance(made_chance(20) ? 4 : MAX_TASKS),
                          .other = made_chance(2) ? (uint16_t)made_chance(4) : NO_TASK,
                          .flags = (uint8_t)made_chance(4),
                          .result = made_chance(2) ? 0 : (int32_t)made_chance(200) - 100,
                          .size = made_chance(20) ? made_chance(17) : UINT32_MAX,
                          .ref = made_chance(2) ? made_chance(200) : made_chance(0x7fffffff),
                          .addr = addrs[made_chance(7)],
                          .addr2 = addrs[made_chance(7)],
                          .pc = made_chance(0x4000),
                          .a = made_chance(9) ? made_chance(9) : UINT64_MAX,
                          .b = made_chance(9) ? made_chance(9) : UINT64_MAX};
}

static void nonsense_is_survived(void **state)
{
    (void)state;
    for (int round = 0; round < 30; round++) {
        world_view_free(view);
        trace_clear(&trace);
        view = world_view_new(&trace);
        for (int i = 0; i < 400; i++)
            made_add(&trace, nonsense(), made_chance(3) ? NULL : "t\xff\n\x1b");
        for (uint32_t step = 0; step <= trace.nsteps; step++) {
            struct buf b = {0};
            why(step);
            plain(step);
            explain_blocked(&trace, view, step, made_chance(5), &made_names, &b);
            assert_null(strchr(b.data, '\n'));
            buf_fini(&b);
            if (step)
                json_decref(json_line(step));
        }
    }
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_lost_update),
        TEST(not_every_overwriting_is_a_lost_increment),
        TEST(decrements_are_lost_too),
        TEST(locks_order_accesses),
        TEST(overlapping_accesses_race),
        TEST(the_newest_conflict_is_named),
        TEST(a_signal_that_was_heard_is_no_excuse),
        TEST(happens_before),
        TEST(waiting_for_a_lock),
        TEST(a_deadlock_is_a_circle),
        TEST(a_task_can_wait_for_itself),
        TEST(signals_and_waits),
        TEST(read_write_locks),
        TEST(barriers_semaphores_once),
        TEST(ends),
        TEST(findings_with_text),
        TEST(a_circle_through_readers),
        TEST(a_holder_that_has_ended),
        TEST(rounds_without_end),
        TEST(a_spinner_has_its_line),
        TEST(a_crash_has_its_pointer),
        TEST(a_lost_signal),
        TEST(how_it_finishes),
        TEST(operations),
        TEST(plain_lines),
        TEST(json_lines),
        TEST(every_kind_has_its_words),
        TEST(every_step_kind_has_its_own_sentence),
        TEST(every_finding_has_its_sentence),
        TEST(every_reason_to_wait),
        TEST(made_runs_are_explained),
        TEST(nonsense_is_survived),
    };
    return cmocka_run_group_tests_name("explain", tests, NULL, NULL);
}
