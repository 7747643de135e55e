/* Private to live_model.c, live_events.c, live_objects.c, live_history.c: what the model keeps
 * beside what it shows. */
#ifndef LOCKSTEP_LIVE_INSIDE_H
#define LOCKSTEP_LIVE_INSIDE_H

#include "live_model.h"

/* ---- history of one task (live_history.c) ---- */
enum {
    HISTORY_LEVELS = 11,   /* each has buckets 4 times as wide: the last more than an hour */
    HISTORY_BUCKETS = 256, /* of a level */
    HISTORY_WAITS = 512,   /* exact waits kept */
    HISTORY_MARKS = 1024,  /* times of events kept */
    HISTORY_GAPS = 16,
    HISTORY_BINS = 66 /* parts of one look */
};
#define HISTORY_SHIFT 22 /* the narrowest buckets are 1 << 22 ns, some 4 ms */

/* What took the time of a stretch: ns each. */
struct piece {
    float running, ready, blocked, sleeping, stopped;
    float other;   /* neither on a processor nor in a wait that was noted */
    float longest; /* wait in it, with ... */
    uint32_t by;   /* the number of who kept it waiting */
    uint32_t operations;
    uint64_t wait; /* address (bits 0-47) | kind (48-55) of that wait; kind of the last event
                      (56-63) */
};

struct level {
    struct piece *ring; /* cap of them, a power of two; bucket i at i & (cap - 1) */
    uint32_t cap;
    uint64_t first, next; /* buckets kept; next is being filled */
    struct piece open;
};

struct waited {
    uint64_t from, to;
    uint64_t addr;
    uint32_t by; /* number */
    uint8_t kind, state;
};

struct history {
    struct level levels[HISTORY_LEVELS];
    uint64_t fed; /* up to here the buckets know */
    /* of this look */
    struct piece *bins;
    uint64_t bin_ns, bins_from; /* bin_ns is 1 << bin_shift, bins_from a multiple of it */
    unsigned bin_shift;
    uint64_t from, to; /* of the look; from: or of the task */
    uint64_t running, ready;
    int spent;           /* 1: these two were told */
    struct waited usual; /* the wait seen last; to 0: none yet */
    /* exact */
    struct waited *waits; /* cap_waits of them, a power of two */
    uint32_t cap_waits;
    uint64_t nwaits;     /* ever */
    uint64_t waits_from; /* since then none is missing but in gaps */
    uint64_t *marks;     /* time << 8 | kind */
    uint32_t cap_marks;
    uint64_t nmarks, marks_from;
    struct stretch {
        uint64_t from, to;
    } gaps[HISTORY_GAPS];
    uint64_t ngaps;
};

static inline uint64_t history_width(unsigned level)
{
    return 1ull << (HISTORY_SHIFT + 2 * level);
}
/* The number of the bucket of a level that holds a moment. */
static inline uint64_t history_bucket(unsigned level, uint64_t at)
{
    return at >> (HISTORY_SHIFT + 2 * level);
}
void history_init(struct history *h);
void history_fini(struct history *h);
/* A look at a task covers from..to. */
void history_begin(struct history *h, uint64_t from, uint64_t to);
void history_wait(struct history *h, const struct waited *w);
void history_mark(struct history *h, uint64_t time, unsigned kind);
void history_gap(struct history *h, uint64_t from, uint64_t to, uint64_t operations);
/* The look is over: `open` is the wait that goes on, or NULL; `waited` is how long it waited in all
 * since the look before, whether each of these waits was told or not (those that were not are taken
 * for one like the wait seen last); idle is what the time is that is neither a wait nor spent on a
 * processor: a task_state. */
void history_end(struct history *h, uint64_t to, const struct waited *open, uint64_t waited,
                 enum task_state idle);

/* ---- the model ---- */
struct task_inside {
    struct history history;
    uint64_t last_time; /* of the last event given */
    uint64_t lost;      /* since then */
    uint64_t read[16];  /* addresses it holds for reading */
    uint32_t nread;
    struct waited open; /* the wait seen at the last look; to 0: none */
    uint64_t waited;    /* in all, up to the last look */
    uint64_t stopped;   /* when it was last seen stopped by a signal; 0 never */
    int touched;        /* looked at in this look */
};

/* From a key to a number: open addressing. */
struct slot_map {
    uint64_t *keys;
    uint32_t *values; /* LIVE_NONE: free */
    uint32_t nslots, n;
};
uint32_t slot_map_find(const struct slot_map *s, uint64_t key);
void slot_map_set(struct slot_map *s, uint64_t key, uint32_t value);
void slot_map_remove(struct slot_map *s, uint64_t key);
void slot_map_fini(struct slot_map *s);

struct object_inside {
    int recent;          /* used since the hand passed */
    uint32_t last_owner; /* number of the task that took it last */
    uint64_t taken;      /* when */
};

struct shared_memory {
    uint32_t process; /* number, LIVE_NONE: any */
    uint64_t from, to;
};

struct order {
    uint64_t time;
    uint32_t at;
};

enum {
    LIVE_EVENTS = 65536, /* kept */
    LIVE_BATCH = 65536,  /* of a look, before they are put in order */
    LIVE_SHARED = 256,
    LIVE_SAMPLES = 64
};

struct live_inside {
    uint64_t before; /* time of the look before this one */
    struct task_inside tasks[LIVE_TASKS + 1];
    struct object_inside objects[LIVE_OBJECTS];
    struct slot_map task_of, process_of, object_of;
    uint32_t gone[LIVE_TASKS], ngone; /* ended tasks, the oldest last */
    uint32_t refused; /* 1 + the highest number of a task for which there was no room */
    int32_t refused_pid;
    uint32_t next_process, next_object;
    uint32_t hand; /* over objects, for who makes room */
    struct shared_memory shared[LIVE_SHARED];
    uint64_t nshared;
    /* events of this look; then all kept: nevents of them from events + first on */
    struct live_event *batch;
    uint32_t nbatch;
    struct order *order, *spare;
    struct live_event *events;
    size_t first_event, nevents;
    uint64_t lost_until; /* events before this time are missing somewhere */
    /* of tasks that were forgotten */
    struct live_totals gone_totals;
    struct sample {
        uint64_t time, operations, switches, waits;
    } samples[LIVE_SAMPLES];
    uint64_t nsamples;
};

/* live_objects.c */
enum object_class live_class_of(unsigned kind); /* what an event of this kind is done to */
/* The object a task means, made when it is new. */
uint32_t live_object_make(struct live_model *m, uint32_t process, uint64_t addr, unsigned kind);
/* An event in order of time, by task `task`; returns the number of who kept it waiting. */
uint32_t live_object_event(struct live_model *m, const struct live_event *e);
/* Owners and waiters anew. */
void live_objects_settle(struct live_model *m);
void live_objects_forget(struct live_model *m, uint32_t process);
/* Kinds whose addr is an object of memory or a channel. */
int live_takes(unsigned kind); /* a lock, for writing or reading */
int live_for_reading(unsigned kind);

/* live_say.c: what stands behind a descriptor, as /proc/PID/fd has it. */
void live_say_file(const struct live_model *m, uint64_t addr, struct buf *out);

/* live_events.c */
void live_events_flush(struct live_model *m);
/* BLOCKED or SLEEPING: what a wait in `kind` is. */
enum task_state live_wait_state(unsigned kind, int limited, int outside);

#endif
