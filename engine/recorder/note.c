/* Entries of the ring, and the clock. Reading the clock costs more than all else that noting an
 * operation does, so it is read before each only where they come slowly. */
#include "inside.h"

#include <limits.h>
#include <linux/futex.h>
#include <sys/syscall.h>

/* Ticks from one operation to the next, above which each is stamped: the clock then costs less than
 * a tenth of the time. */
enum { SLOW_TICKS = 384, EVERY_MOST = 128 };

void limit_set(void)
{
    uint64_t head = me.slot->head, end = (head | me.mask) + 1;
    me.lap = (uintptr_t)me.ring - (head & ~me.mask) * sizeof *me.ring;
    me.limit = me.gate == GATE_OPEN && me.seen == *drag && !me.quiet ? me.next : 0;
    if (me.limit > end)
        me.limit = end;
}

/* An entry that is not where head says. Where it still stands, it was written over one of the
 * handler's. */
static void take_away(uint64_t at, struct recorder_entry e)
{
    struct recorder_entry *old = &me.ring[at & me.mask];
    if (old->what == e.what && old->more == e.more) {
        *old = (struct recorder_entry){0, 0};
        me.slot->skipped++;
    }
}

EXPORT void repair(uint64_t at, uint64_t what, uint64_t more)
{
    take_away(at, (struct recorder_entry){what, more});
    put(me.slot->head - 1, what, more);
}

/* To where head was, with the time of the handler's last entry if that is later. */
static void repair_timed(uint64_t at, uint64_t to, unsigned n, struct recorder_entry *e)
{
    for (unsigned i = 0; i < n; i++)
        take_away(at + i, e[i]);
    for (uint64_t i = at; i < to; i++) {
        const struct recorder_entry *other = &me.ring[i & me.mask];
        if (REC_KIND(other->what) == REC_TIME && other->more > e[0].more)
            e[0].more = other->more;
    }
    for (unsigned i = 0; i < n; i++)
        put(to + i, e[i].what, e[i].more);
}

/* Several entries that belong together, the first their TIME; me.every counts from the last. The
 * time is read after the place is chosen: a handler from then on is noticed. */
static uint64_t put_timed(unsigned n, struct recorder_entry *e)
{
    if (UNLIKELY(!*process_alive))
        process_forked();
    if (UNLIKELY(me.gate == GATE_PASS)) /* and there is no slot for it */
        return ticks();
    struct recorder_thread *s = me.slot;
    uint64_t at = s->head;
    IN_ORDER();
    uint64_t now = ticks();
    if (now - s->last_ticks >= (uint64_t)SLOW_TICKS * me.every)
        me.every = 1;
    s->last_ticks = now;
    e[0] = (struct recorder_entry){REC_WHAT(REC_TIME, 0, 0), now};
    for (unsigned i = 0; i < n; i++)
        put(at + i, e[i].what, e[i].more);
    uint64_t was = n; /* as raise_head, and tells where head was: handlers go on coming */
    IN_ORDER();
    __asm__ volatile("xaddq %0, %1" : "+r"(was), "+m"(s->head)::"memory");
    if (UNLIKELY(was != at))
        repair_timed(at, was, n, e);
    me.next = s->head + me.every - 1;
    limit_set();
    return e[0].more;
}

void note_due(uint64_t what, uint64_t more)
{
    uint32_t every = me.every;
    uint64_t before = me.slot->last_ticks;
    struct recorder_entry e[] = {{0, 0}, {what, more}};
    uint64_t now = put_timed(2, e);
    if (now - before < (uint64_t)SLOW_TICKS * every && every < EVERY_MOST) {
        me.every = every * 2;
        me.next += every;
        limit_set();
    }
}

void note_now(unsigned kind, unsigned arg, uint64_t addr, uint64_t pc, unsigned extra)
{
    note_wait(REC_WHAT(kind, arg, addr), REC_PLACE(pc, extra));
}

void note_more(unsigned kind, unsigned arg, uint64_t addr, uint64_t pc, unsigned extra,
               uint64_t more)
{
    struct recorder_entry e[] = {{0, 0},
                                 {REC_WHAT(kind, arg, addr), REC_PLACE(pc, extra)},
                                 {REC_WHAT(REC_MORE, 0, 0), more}};
    put_timed(3, e);
}

uint64_t note_wait(uint64_t what, uint64_t more)
{
    struct recorder_entry e[] = {{0, 0}, {what, more}};
    return put_timed(2, e);
}

/* ---- slow motion and noise ---- */
static uint64_t chance(void)
{
    uint64_t x = me.chance;
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    me.chance = x;
    return x * 0x2545f4914f6cdd1dull >> 32;
}

/* Until tokens is raised, pace changes, or the time is over. */
static void token_wait(uint64_t ns)
{
    struct timespec t = {(time_t)(ns / 1000000000), (long)(ns % 1000000000)};
    syscall(SYS_futex, &R->tokens, FUTEX_WAIT, 0, &t, NULL, 0);
}

static bool token_taken(void)
{
    uint32_t n = __atomic_load_n(&R->tokens, __ATOMIC_ACQUIRE);
    while (n)
        if (__atomic_compare_exchange_n(&R->tokens, &n, n - 1, 0, __ATOMIC_ACQ_REL,
                                        __ATOMIC_ACQUIRE))
            return true;
    return false;
}

static void sleep_ns(uint64_t ns)
{
    struct timespec t = {(time_t)(ns / 1000000000), (long)(ns % 1000000000)};
    syscall(SYS_nanosleep, &t, NULL);
}

/* Slices, so that a change of pace is soon felt. */
static void pace_sleep(uint32_t pace)
{
    enum { SLICE_NS = 20000000 };
    for (uint32_t left = pace; left;) {
        uint32_t slice = left < SLICE_NS ? left : SLICE_NS;
        sleep_ns(slice);
        left -= slice;
        if (__atomic_load_n(&R->pace, __ATOMIC_RELAXED) != pace)
            return;
    }
}

static void pace_wait(void)
{
    uint32_t pace = __atomic_load_n(&R->pace, __ATOMIC_RELAXED);
    if (pace == 0 || (pace == PACE_STEP && token_taken()))
        return;
    struct wait w;
    wait_begin(&w, EV_NONE, 0, 0, 0);
    __atomic_fetch_add(&R->paced, 1, __ATOMIC_RELAXED);
    if (pace != PACE_STEP)
        pace_sleep(pace);
    else
        while (__atomic_load_n(&R->pace, __ATOMIC_RELAXED) == PACE_STEP && !token_taken())
            token_wait(100000000);
    __atomic_fetch_sub(&R->paced, 1, __ATOMIC_RELAXED);
    wait_end(&w);
    note_now(REC_GO, 0, 0, 0, 0);
}

static void make_noise(void)
{
    uint32_t one_in = R->noise_1_in;
    if (one_in > 1 && chance() % one_in)
        return;
    if (R->noise == NOISE_YIELD)
        syscall(SYS_sched_yield);
    else if (R->noise == NOISE_SLEEP && R->noise_us)
        sleep_ns(chance() % ((uint64_t)R->noise_us * 1000) + 1);
}

/* ---- what stands in the way of noting ---- */

static bool gate_open(void)
{
    switch (me.gate) {
    case GATE_NEW:
        return thread_found();
    case GATE_PASS:
        return false;
    case GATE_VFORK:
        if (syscall(SYS_gettid) != me.tid)
            return false;
        gate_set(me.waiting ? GATE_WAIT : GATE_OPEN);
        break;
    default:
        break;
    }
    waits_left(stack_pointer());
    return true;
}

/* What the host asked for since the last operation, and what it asks for at each. */
static void obey(void)
{
    uint64_t word = *drag;
    me.next = 0;
    if (R->noise)
        make_noise();
    if (R->pace)
        pace_wait();
    me.seen = R->noise || (uint32_t)word ? ~word : word;
    limit_set();
}

bool ready_slowly(void)
{
    int keep = errno;
    bool open = gate_open();
    if (open && *drag != me.seen)
        obey();
    errno = keep;
    return open;
}
