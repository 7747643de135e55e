#include "live_ring.h"

#include <string.h>

uint64_t live_clock_ns(const struct live_clock *c, uint64_t ticks)
{
    double ns = (double)c->ns + ((double)(int64_t)(ticks - c->ticks)) * c->ns_a_tick;
    return ns < 0 ? 0 : (uint64_t)ns;
}

/* ---- copying while it is written ---- */
static uint64_t head_of(const uint64_t *head)
{
    return __atomic_load_n(head, __ATOMIC_ACQUIRE);
}

static void copy(const struct recorder_entry *ring, uint32_t size, uint64_t from, size_t n,
                 struct recorder_entry *out)
{
    size_t at = (size_t)(from & (size - 1)), first = size - at;
    if (first > n)
        first = n;
    memcpy(out, ring + at, first * sizeof *out);
    memcpy(out + first, ring, (n - first) * sizeof *out);
}

/* The oldest entry that nobody can be writing over when the head is there. */
static uint64_t oldest(uint64_t head, uint32_t size)
{
    uint64_t safe = size - REC_SLACK;
    return head > safe ? head - safe : 0;
}

size_t ring_copy(const struct recorder_entry *ring, uint32_t size, const uint64_t *head,
                 uint64_t *next, struct recorder_entry *out, size_t max, uint64_t *lost)
{
    uint64_t from = *next, to = head_of(head);
    *lost = 0;
    if (to <= from) { /* nothing new, or nonsense: begin again from there */
        *next = to;
        return 0;
    }
    uint64_t low = oldest(to, size);
    if (low < from)
        low = from;
    if (to - low > max)
        low = to - max;
    size_t n = (size_t)(to - low);
    copy(ring, size, low, n, out);
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    uint64_t safe = oldest(head_of(head), size); /* what was written over meanwhile */
    if (safe > low) {
        size_t torn = safe - low < n ? (size_t)(safe - low) : n;
        memmove(out, out + torn, (n - torn) * sizeof *out);
        low += torn;
        n -= torn;
    }
    *lost = low - from;
    *next = to;
    return n;
}

/* ---- decoding ---- */
static int is_mark(unsigned kind)
{
    return kind == REC_TIME || kind == REC_MORE || kind == REC_WAIT || kind == REC_GO;
}

size_t ring_operations(const struct recorder_entry *in, size_t n)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += !is_mark(REC_KIND(in[i].what));
    return count;
}

/* The event with which a wait of this kind is over. */
static unsigned end_of_wait(unsigned kind)
{
    switch (kind) {
    case EV_COND_WAIT:
    case EV_COND_TIMEOUT:
        return EV_COND_RELOCK;
    case EV_BARRIER_ARRIVE:
        return EV_BARRIER_LEAVE;
    default:
        return kind;
    }
}

static void give(struct ring_state *s, const struct ring_look *look)
{
    if (s->event.begins) {
        s->begun = s->event.time;
        s->waits = 1;
        s->waits_for = (uint8_t)end_of_wait(s->event.kind);
    }
    s->has_event = 0;
    look->event(look->ctx, &s->event);
}

void ring_flush(struct ring_state *s, const struct ring_look *look)
{
    if (s->has_event)
        give(s, look);
}

static void take_time(struct ring_state *s, uint64_t ticks, const struct ring_look *look)
{
    uint64_t t = live_clock_ns(look->clock, ticks);
    if (t > look->now)
        t = look->now;
    if (t > s->time)
        s->time = t;
    s->stamped = 1;
}

/* An entry that is no mark, the beginning of a wait, or its end without an event. */
static void take_event(struct ring_state *s, const struct recorder_entry *e)
{
    unsigned kind = REC_KIND(e->what), begins = kind == REC_WAIT, ends = kind == REC_GO;
    if (begins || ends)
        kind = begins ? REC_ARG(e->what) : EV_NONE;
    s->event = (struct live_event){.time = s->time,
                                   .kind = (uint8_t)kind,
                                   .begins = (uint8_t)begins,
                                   .stamped = s->stamped,
                                   .result = begins ? 0 : (uint8_t)REC_ARG(e->what),
                                   .extra = (uint16_t)REC_EXTRA(e->more),
                                   .addr = e->what & REC_ADDRESS,
                                   .pc = e->more & REC_ADDRESS};
    if (!begins && s->waits && (ends || kind == s->waits_for)) {
        s->event.waited = s->time - s->begun;
        s->waits = 0;
    }
    s->stamped = 0;
    s->has_event = 1;
}

static int is_known(const struct recorder_entry *e)
{
    unsigned kind = REC_KIND(e->what);
    return kind == REC_WAIT ? REC_ARG(e->what) < EV_COUNT
           : kind == REC_GO ? 1
                            : kind > EV_NONE && kind < EV_COUNT;
}

static void take(struct ring_state *s, const struct recorder_entry *e, const struct ring_look *look)
{
    unsigned kind = REC_KIND(e->what);
    if (kind == REC_MORE && s->has_event)
        s->event.more = e->more;
    ring_flush(s, look);
    if (kind == REC_TIME)
        take_time(s, e->more, look);
    else if (is_known(e))
        take_event(s, e);
}

/* Entries before the first that tells a time; 0 if none does. */
static size_t without_time(const struct recorder_entry *in, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (REC_KIND(in[i].what) == REC_TIME)
            return i;
    return 0;
}

size_t ring_decode(struct ring_state *s, const struct recorder_entry *in, size_t n, int cut,
                   const struct ring_look *look)
{
    size_t from = 0;
    if (cut) {
        ring_flush(s, look);
        s->waits = s->stamped = 0;
        from = without_time(in, n);
        if (s->time < look->before)
            s->time = look->before;
    }
    for (size_t i = from; i < n; i++)
        take(s, &in[i], look);
    return ring_operations(in, from);
}
