/* Entries of the ring, and the clock. Reading the clock costs more than all else that noting an
 * operation does, so it is read before each only where they come slowly. */
#include "inside.h"

#include <limits.h>
#include <linux/futex.h>
#include <sys/syscall.h>

/* Ticks from one operation to the next, above which each is stamped: the clock then costs less than
 * a tenth of the time. */
enum { SLOW_TICKS = 384, EVERY_MOST = 32 };

static void adapt(uint64_t passed)
{
    if (passed >= (uint64_t)SLOW_TICKS * me.every)
        me.every = 1;
    else if (me.left == 0 && me.every < EVERY_MOST)
        me.every *= 2;
}

void put_time(void)
{
    uint64_t now = ticks();
    adapt(now - me.slot->last_ticks);
    me.left = me.every;
    me.slot->last_ticks = now;
    put(REC_WHAT(REC_TIME, 0, 0), now);
}

void note_now(unsigned kind, unsigned arg, uint64_t addr, uint64_t pc, unsigned extra)
{
    uintptr_t gate = entry_begin();
    put_time();
    put(REC_WHAT(kind, arg, addr), REC_PLACE(pc, extra));
    entry_end(gate);
}

void note_more(unsigned kind, unsigned arg, uint64_t addr, uint64_t pc, unsigned extra,
               uint64_t more)
{
    uintptr_t gate = entry_begin();
    put_time();
    put(REC_WHAT(kind, arg, addr), REC_PLACE(pc, extra));
    put(REC_WHAT(REC_MORE, 0, 0), more);
    entry_end(gate);
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
static bool left_behind(uintptr_t sp, uintptr_t frame)
{
    return sp > frame && sp <= me.stack_high;
}

static bool gate_open(void)
{
    uintptr_t sp = stack_pointer();
    switch (me.gate) {
    case GATE_OPEN:
        return true;
    case GATE_NEW:
        return thread_found();
    case GATE_PASS:
        return false;
    case GATE_VFORK:
        if (syscall(SYS_gettid) != me.slot->tid)
            return false;
        me.gate = GATE_OPEN;
        return true;
    case GATE_WAIT:
        waits_left(sp);
        return true;
    default: /* an entry is being written, or a handler jumped out of that */
        if (!left_behind(sp, me.gate)) {
            me.slot->skipped++;
            return false;
        }
        me.gate = me.waiting ? GATE_WAIT : GATE_OPEN;
        waits_left(sp);
        return true;
    }
}

bool ready_slowly(void)
{
    int keep = errno;
    bool open = gate_open();
    if (open && R->noise)
        make_noise();
    if (open && R->pace)
        pace_wait();
    errno = keep;
    return open;
}
