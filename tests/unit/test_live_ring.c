/* From the entries of a ring to events: laps, torn reads, nonsense, times. The rings are written by
 * hand, as engine/recorder.h says that they are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <pthread.h>
#include <string.h>

#include "live_ring.h"

enum { SIZE = 64, MANY = 256 };

static struct recorder_entry ring[SIZE], out[SIZE];
static uint64_t head;
static struct live_event events[MANY];
static size_t nevents;

static void put(uint64_t what, uint64_t more)
{
    ring[head & (SIZE - 1)] = (struct recorder_entry){what, more};
    __atomic_store_n(&head, head + 1, __ATOMIC_RELEASE);
}

static void put_time(uint64_t ticks)
{
    put(REC_WHAT(REC_TIME, 0, 0), ticks);
}

static void put_event(unsigned kind, uint64_t addr)
{
    put(REC_WHAT(kind, 0, addr), REC_PLACE(0x401000, 0));
}

static void take(void *ctx, const struct live_event *e)
{
    (void)ctx;
    assert_true(nevents < MANY);
    events[nevents++] = *e;
}

/* A tick is two ns; the run began at tick 1000. */
static const struct live_clock made_clock = {1000, 0, 2.0};

static size_t decode(struct ring_state *s, size_t n, int cut, uint64_t before, uint64_t now)
{
    struct ring_look look = {&made_clock, before, now, take, NULL};
    nevents = 0;
    size_t left_out = ring_decode(s, out, n, cut, &look);
    ring_flush(s, &look);
    return left_out;
}

static int setup(void **state)
{
    (void)state;
    memset(ring, 0, sizeof ring);
    head = 0;
    return 0;
}

static void what_is_new_is_copied(void **state)
{
    (void)state;
    uint64_t next = 0, lost;
    assert_int_equal(ring_copy(ring, SIZE, &head, &next, out, SIZE, &lost), 0);
    for (int i = 0; i < 10; i++)
        put_event(EV_LOCK, (uint64_t)i);
    assert_int_equal(ring_copy(ring, SIZE, &head, &next, out, SIZE, &lost), 10);
    assert_int_equal(lost, 0);
    assert_int_equal(out[9].what & REC_ADDRESS, 9);
    put_event(EV_UNLOCK, 10);
    assert_int_equal(ring_copy(ring, SIZE, &head, &next, out, SIZE, &lost), 1);
    assert_int_equal(out[0].what & REC_ADDRESS, 10);
    assert_int_equal(lost, 0);
}

/* The ring came round: what was overwritten, or may be being so, is lost, and counted. */
static void a_lap_is_counted(void **state)
{
    (void)state;
    uint64_t next = 0, lost;
    for (int i = 0; i < 5 * SIZE + 3; i++)
        put_event(EV_LOCK, (uint64_t)i);
    size_t n = ring_copy(ring, SIZE, &head, &next, out, SIZE, &lost);
    assert_int_equal(n, SIZE - REC_SLACK);
    assert_int_equal(n + lost, 5 * SIZE + 3);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(out[i].what & REC_ADDRESS, lost + i);
    assert_int_equal(next, head);
}

static void the_newest_are_taken(void **state)
{
    (void)state;
    uint64_t next = 0, lost;
    for (int i = 0; i < 30; i++)
        put_event(EV_LOCK, (uint64_t)i);
    assert_int_equal(ring_copy(ring, SIZE, &head, &next, out, 5, &lost), 5);
    assert_int_equal(lost, 25);
    assert_int_equal(out[0].what & REC_ADDRESS, 25);
    assert_int_equal(next, 30);
}

/* A program may write anything: a head that goes back, or far ahead. */
static void a_wild_head_is_survived(void **state)
{
    (void)state;
    uint64_t next = 100, lost = 7;
    head = 50;
    assert_int_equal(ring_copy(ring, SIZE, &head, &next, out, SIZE, &lost), 0);
    assert_int_equal(lost, 0);
    assert_int_equal(next, 50);
    head = ~0ull;
    size_t n = ring_copy(ring, SIZE, &head, &next, out, SIZE, &lost);
    assert_int_equal(n, SIZE - REC_SLACK);
    assert_int_equal(n + lost, ~0ull - 50);
}

/* One thread writes as fast as it can, each entry with its number twice: whatever is copied
 * meanwhile is whole and in order, and with what is lost nothing is missing. */
enum { WIDE = 1 << 14 };
static struct recorder_entry wide[WIDE], copied[WIDE];
static int stop;

static void *write_on(void *unused)
{
    for (uint64_t i = 0; !__atomic_load_n(&stop, __ATOMIC_RELAXED); i++) {
        struct recorder_entry *e = &wide[i & (WIDE - 1)];
        __atomic_store_n(&e->what, i, __ATOMIC_RELAXED);
        __atomic_store_n(&e->more, i, __ATOMIC_RELAXED);
        __atomic_store_n(&head, i + 1, __ATOMIC_RELEASE);
    }
    return unused;
}

static void torn_reads_are_noticed(void **state)
{
    (void)state;
    uint64_t next = 0, lost, seen = 0;
    pthread_t t;
    stop = 0;
    assert_int_equal(pthread_create(&t, NULL, write_on, NULL), 0);
    for (int round = 0; seen < 3000000 && round < 100000000; round++) {
        uint64_t from = next;
        size_t n = ring_copy(wide, WIDE, &head, &next, copied, WIDE, &lost);
        assert_int_equal(from + lost + n, next);
        for (size_t i = 0; i < n; i++)
            if (copied[i].what != from + lost + i || copied[i].more != copied[i].what)
                fail_msg("entry %zu of %zu is torn", i, n);
        seen += n;
    }
    __atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
    pthread_join(t, NULL);
    assert_true(seen > 0);
}

static size_t copy_all(void)
{
    memcpy(out, ring, sizeof ring);
    return (size_t)head;
}

static void an_event_has_its_fields(void **state)
{
    (void)state;
    struct ring_state s = {0};
    put_time(1500);
    put(REC_WHAT(EV_SEM_WAIT, EINTR, 0x7fff00001234), REC_PLACE(0x555555555abc, 77));
    put(REC_WHAT(EV_FD_READ, 0, 5), REC_PLACE(0x401000, 3));
    put(REC_WHAT(REC_MORE, 0, 0), 0x123456789abcdef0);
    assert_int_equal(decode(&s, copy_all(), 0, 0, 100000), 0);
    assert_int_equal(nevents, 2);
    assert_int_equal(events[0].time, 1000);
    assert_int_equal(events[0].stamped, 1);
    assert_int_equal(events[0].kind, EV_SEM_WAIT);
    assert_int_equal(events[0].result, EINTR);
    assert_int_equal(events[0].addr, 0x7fff00001234);
    assert_int_equal(events[0].pc, 0x555555555abc);
    assert_int_equal(events[0].extra, 77);
    assert_int_equal(events[0].more, 0);
    assert_int_equal(events[1].stamped, 0);
    assert_int_equal(events[1].time, 1000); /* the earliest it can have been */
    assert_int_equal(events[1].more, 0x123456789abcdef0);
}

static void times_stay_within_the_look_and_never_go_back(void **state)
{
    (void)state;
    struct ring_state s = {0};
    put_time(500); /* before the run */
    put_event(EV_LOCK, 1);
    put_time(3000);
    put_event(EV_UNLOCK, 1);
    put_time(2000); /* back */
    put_event(EV_LOCK, 1);
    put_time(~0ull / 2); /* in the far future */
    put_event(EV_UNLOCK, 1);
    decode(&s, copy_all(), 0, 0, 9000);
    assert_int_equal(nevents, 4);
    assert_int_equal(events[0].time, 0);
    assert_int_equal(events[1].time, 4000);
    assert_int_equal(events[2].time, 4000);
    assert_int_equal(events[3].time, 9000);
}

/* A wait lasts from its REC_WAIT to the event that ends it; what a signal handler does in between
 * has not waited. */
static void waits_are_measured(void **state)
{
    (void)state;
    struct ring_state s = {0};
    put_time(2000);
    put(REC_WHAT(REC_WAIT, EV_LOCK, 0x10), REC_PLACE(0x401000, 0));
    put_time(2500);
    put_event(EV_SEM_POST, 0x20); /* of a handler */
    put_time(3000);
    put_event(EV_LOCK, 0x10);
    put_event(EV_LOCK, 0x30);
    put_time(4000);
    put(REC_WHAT(REC_WAIT, EV_COND_TIMEOUT, 0x40), REC_PLACE(0x401000, 0));
    put_time(5000);
    put(REC_WHAT(EV_COND_RELOCK, ETIMEDOUT, 0x40), REC_PLACE(0x401000, 0));
    put_time(6000);
    put(REC_WHAT(REC_WAIT, EV_NONE, 0), REC_PLACE(0x401000, 0));
    put_time(6500);
    put(REC_WHAT(REC_GO, 0, 0), REC_PLACE(0x401000, 0));
    decode(&s, copy_all(), 0, 0, 100000);
    assert_int_equal(nevents, 8);
    assert_true(events[0].begins && events[0].kind == EV_LOCK && events[0].time == 2000);
    assert_int_equal(events[1].waited, 0);
    assert_int_equal(events[2].waited, 2000);
    assert_int_equal(events[3].waited, 0);
    assert_true(events[4].begins && events[4].kind == EV_COND_TIMEOUT);
    assert_int_equal(events[5].waited, 2000);
    assert_int_equal(events[5].result, ETIMEDOUT);
    assert_true(events[6].begins && events[6].kind == EV_NONE);
    assert_true(!events[7].begins && events[7].kind == EV_NONE && events[7].waited == 1000);
}

/* A wait goes on from one look to the next. */
static void a_wait_spans_looks(void **state)
{
    (void)state;
    struct ring_state s = {0};
    put_time(2000);
    put(REC_WHAT(REC_WAIT, EV_JOIN, 3), REC_PLACE(0x401000, 0));
    decode(&s, copy_all(), 0, 0, 5000);
    assert_int_equal(nevents, 1);
    head = 0;
    put_time(9000);
    put_event(EV_JOIN, 0);
    decode(&s, copy_all(), 0, 5000, 50000);
    assert_int_equal(nevents, 1);
    assert_int_equal(events[0].waited, 14000);
}

/* After a gap the entries before the first TIME have no time, and are left out and counted; where
 * no TIME is left, all that is known is that they came after the look before. */
static void after_a_gap(void **state)
{
    (void)state;
    struct ring_state s = {.waits = 1, .waits_for = EV_LOCK, .begun = 10, .time = 20};
    put(REC_WHAT(REC_MORE, 0, 0), 1); /* of an entry that is gone */
    put_event(EV_LOCK, 1);
    put_event(EV_UNLOCK, 1);
    put_time(5000);
    put_event(EV_LOCK, 2);
    assert_int_equal(decode(&s, copy_all(), 1, 6000, 100000), 2);
    assert_int_equal(nevents, 1);
    assert_int_equal(events[0].addr, 2);
    assert_int_equal(events[0].waited, 0); /* the wait that was open is not known to be this */
    assert_int_equal(events[0].time, 8000);
    head = 0;
    put_event(EV_LOCK, 3);
    assert_int_equal(decode(&s, copy_all(), 1, 50000, 100000), 0);
    assert_int_equal(nevents, 1);
    assert_int_equal(events[0].time, 50000);
    assert_int_equal(events[0].stamped, 0);
}

static void nonsense_is_passed_over(void **state)
{
    (void)state;
    struct ring_state s = {0};
    put(0, 0);
    put(REC_WHAT(EV_COUNT, 0, 1), 0);
    put(REC_WHAT(200, 0, 1), 0);
    put(REC_WHAT(REC_WAIT, EV_COUNT, 1), 0);
    put(REC_WHAT(REC_MORE, 9, 1), 5);
    put_event(EV_LOCK, 7);
    decode(&s, copy_all(), 0, 0, 1000);
    assert_int_equal(nevents, 1);
    assert_int_equal(events[0].addr, 7);
    assert_int_equal(events[0].more, 0);
    assert_int_equal(ring_operations(out, 6), 4); /* what says that it is one */
}

static void ticks_are_turned_into_ns(void **state)
{
    (void)state;
    struct live_clock c = {.ticks = 5000000, .ns = 1000000, .ns_a_tick = 0.5};
    assert_int_equal(live_clock_ns(&c, 5000000), 1000000);
    assert_int_equal(live_clock_ns(&c, 5000400), 1000200);
    assert_int_equal(live_clock_ns(&c, 4999600), 999800);
    assert_int_equal(live_clock_ns(&c, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(what_is_new_is_copied, setup),
        cmocka_unit_test_setup(a_lap_is_counted, setup),
        cmocka_unit_test_setup(the_newest_are_taken, setup),
        cmocka_unit_test_setup(a_wild_head_is_survived, setup),
        cmocka_unit_test_setup(torn_reads_are_noticed, setup),
        cmocka_unit_test_setup(an_event_has_its_fields, setup),
        cmocka_unit_test_setup(times_stay_within_the_look_and_never_go_back, setup),
        cmocka_unit_test_setup(waits_are_measured, setup),
        cmocka_unit_test_setup(a_wait_spans_looks, setup),
        cmocka_unit_test_setup(after_a_gap, setup),
        cmocka_unit_test_setup(nonsense_is_passed_over, setup),
        cmocka_unit_test(ticks_are_turned_into_ns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
