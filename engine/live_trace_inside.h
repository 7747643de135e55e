/* Private to live_trace*.c: a trace of the world made from what a live run noted.
 *
 * The events of each task come in their order; between tasks the order is that of time as far as it
 * was told, and else one that is possible: nobody takes a lock that another still holds. Where
 * events were lost, and before the first one kept, steps are put in so that who holds what is true
 * again. */
#ifndef LOCKSTEP_LIVE_TRACE_INSIDE_H
#define LOCKSTEP_LIVE_TRACE_INSIDE_H

#include "live_inside.h"
#include "trace.h"

enum { TRACE_HELD = 32 };
#define TRACE_NEVER UINT32_MAX

/* A task of the trace. */
struct trace_task {
    uint32_t model; /* index in the model */
    uint16_t process;
    uint32_t head; /* its next event, TRACE_NEVER: none */
    int told, started, ended;
    uint32_t end_step;
    uint64_t held[TRACE_HELD]; /* places in the trace, as taken; one taken twice is there twice */
    uint8_t reads[TRACE_HELD];
    uint8_t doubtful[TRACE_HELD]; /* events of it were lost since; it may have given it back */
    uint32_t nheld;
    /* while it waits */
    uint8_t waits;     /* enum event_kind of the operation; EV_NONE: it does not */
    uint8_t last_wait; /* ... when its process ended */
    uint64_t for_what, mutex;
    int woken;        /* out of a condition */
    int ready;        /* what it waits for was free, and it is the one that comes next */
    uint16_t told_by; /* for whom it waits, as the world was told */
    uint32_t woken_step;
};

struct trace_process {
    uint32_t model;
    int told, ended, reaped;
};

/* What happens without an event of a ring. */
struct turn {
    uint64_t time;
    enum turn_kind { TURN_BEGIN, TURN_END, TURN_PROCESS_END } kind;
    uint32_t index; /* of a task or process of the trace */
};

struct making {
    const struct live_model *m;
    const struct names *names; /* NULL: none */
    struct trace *t;
    uint64_t from, to;
    const struct live_event *events; /* those from `from` on, nevents of them */
    uint32_t nevents;
    uint32_t *next;   /* of each event, the next one of its task */
    uint64_t *latest; /* ... when it can have been at the latest */
    uint8_t *skip;    /* ... 1: it did not happen: the call failed */
    uint8_t *done;    /* ... 1: it is in the trace, or will not be */
    uint32_t *lock;   /* ... index into locks of the one it takes, TRACE_NEVER */
    uint32_t *later;  /* ... the next event that takes the same lock */
    struct trace_lock {
        uint64_t place;
        uint32_t first; /* the first event that takes it and is not done */
    } * locks;
    uint32_t nlocks;
    struct slot_map lock_of;
    uint16_t task_of[LIVE_TASKS]; /* of each task of the model; NO_TASK: left out */
    uint16_t process_of[LIVE_PROCESSES];
    struct trace_task tasks[MAX_TASKS];
    struct trace_process processes[MAX_PROCESSES];
    struct slot_map arrived; /* of barriers: how many are there */
    struct turn *turns;
    uint32_t nturns, turn;
    int ready;       /* the state at `from` is told: what is put in from now on is a repair */
    uint32_t put_in; /* steps that no event stands for */
    uint64_t lost;   /* operations not kept, in the time of the trace */
    uint32_t left_out, left_out_processes;
};

/* ---- live_trace_state.c: who holds what, who waits ---- */
/* A place as the trace has it: with the process it belongs to. */
uint64_t trace_place(const struct making *k, unsigned task, uint64_t addr);
/* Append; the step is set. */
void trace_put(struct making *k, struct event e, const char *text);
struct event trace_event(const struct making *k, unsigned kind, unsigned task);
/* The task exists from here on. */
void trace_tell_task(struct making *k, unsigned task);
void trace_tell_process(struct making *k, unsigned process);
/* Who holds it for writing (or, `any`, at all), NO_TASK. */
unsigned trace_holder(const struct making *k, uint64_t place, int any);
unsigned trace_depth(const struct trace_task *t, uint64_t place);
/* The books of locks; who waits is told what changes. */
void trace_take(struct making *k, unsigned task, uint64_t place, int reads);
void trace_release(struct making *k, unsigned task, uint64_t place);
/* Before task takes it, nobody may hold it; before task releases it, it must hold it: steps are put
 * in where that is not so. */
void trace_make_free(struct making *k, unsigned task, uint64_t place, int reads);
void trace_make_held(struct making *k, unsigned task, uint64_t place);
/* It does not hold it: a step is put in that gives it back. */
void trace_give_up(struct making *k, unsigned task, uint64_t place);
/* What a task that has no lock to give wakes: the one of those waiting in `kind` that comes back
 * first, or all. Returns how many waited. */
uint32_t trace_wake(struct making *k, unsigned by, unsigned kind, uint64_t place, int all);
void trace_wait(struct making *k, unsigned task, unsigned kind, uint64_t addr);
void trace_end_task(struct making *k, unsigned task);
void trace_end_process(struct making *k, unsigned process);

/* ---- live_trace_order.c ---- */
/* It stands for events that were lost. */
int trace_is_gap(const struct live_event *e);
void trace_order_init(struct making *k);
void trace_order_fini(struct making *k);
/* The next event: the earliest that can be; none before `first` is left. TRACE_NEVER at the end. */
uint32_t trace_pick(struct making *k, uint32_t first);

/* ---- live_trace_end.c ---- */
/* Up to the last look: who is stopped, whether anybody can go on, how it ended. */
void trace_put_end(struct making *k);
void trace_say_notes(const struct making *k, struct buf *notes);

/* ---- live_trace_event.c ---- */
/* Whether event i takes or gives back a lock: its address, 0 if none. */
uint64_t trace_lock_taken(const struct live_event *e);
uint64_t trace_lock_given(const struct live_event *e);
/* One event, and what it sets off. */
void trace_put_event(struct making *k, uint32_t i);

/* ---- live_trace.c ---- */
/* live_trace; tasks without a name are called as names calls their start routines. */
void trace_make(const struct live_model *m, const struct names *names, uint64_t from, uint64_t to,
                struct trace *out, struct buf *notes);

#endif
