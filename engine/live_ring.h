/* From what a thread notes in its ring (engine/recorder.h) to events. Pure: a program may write
 * anything into the ring at any time, so nothing in it is believed. */
#ifndef LOCKSTEP_LIVE_RING_H
#define LOCKSTEP_LIVE_RING_H

#include "live_model.h"
#include "recorder.h"

/* Ticks of the processor to ns of the run. */
struct live_clock {
    uint64_t ticks, ns; /* one moment by both */
    double ns_a_tick;
};
/* 0 for what was before the run. */
uint64_t live_clock_ns(const struct live_clock *c, uint64_t ticks);

/* Copy what was written since *next into out, at most max entries, the newest ones; *next becomes
 * where to go on. *lost: entries in between that are not in out: overtaken, torn or left out.
 * `ring` has `size` entries, a power of two. How many were copied. */
size_t ring_copy(const struct recorder_entry *ring, uint32_t size, const uint64_t *head,
                 uint64_t *next, struct recorder_entry *out, size_t max, uint64_t *lost);

/* What is known of a thread between two looks. Zero at its beginning. */
struct ring_state {
    uint64_t next;           /* entry to read next */
    uint64_t time;           /* of the last event; times never go back */
    uint64_t begun;          /* time of a wait that has not ended */
    uint8_t waits;           /* there is one, ... */
    uint8_t waits_for;       /* ... which an event of this kind ends */
    uint8_t stamped;         /* the next event has this time, the later ones that or more */
    uint8_t has_event;       /* the last one waits for what belongs to it */
    struct live_event event; /* that one */
};

typedef void ring_event_fn(void *ctx, const struct live_event *e);
/* When the entries were read, and what their times mean. */
struct ring_look {
    const struct live_clock *clock;
    uint64_t before, now; /* the look before and this one: entries are from in between */
    ring_event_fn *event;
    void *ctx;
};
/* The events of entries, in order; task is left 0. cut: entries before these were lost; then those
 * up to the first TIME have none, and are left out, unless none has one. An event that more may
 * belong to is kept until the next entry or ring_flush. How many operations were left out. */
size_t ring_decode(struct ring_state *s, const struct recorder_entry *in, size_t n, int cut,
                   const struct ring_look *look);
/* The event that was kept, if any. */
void ring_flush(struct ring_state *s, const struct ring_look *look);
/* How many of the entries are operations. */
size_t ring_operations(const struct recorder_entry *in, size_t n);

#endif
