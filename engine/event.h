/* The event vocabulary, shared by the probe (which appends) and the host (which folds).
 *
 * A trace is a list of events. Steps are numbered from 1; a step is one event with
 * event_is_step(kind), followed by its consequences, which carry the same step number. Events
 * before the first step (T0's PENDING) carry step 0. Fixed layout: both sides and recordings
 * read it; a change of it raises EVENT_VERSION. */
#ifndef LOCKSTEP_EVENT_H
#define LOCKSTEP_EVENT_H

#include <stdint.h>

#define EVENT_VERSION 1
#define MAX_TASKS     256 /* tasks of one execution, ended ones included */
#define NO_TASK       0xffff
#define MAX_PROCESSES 64 /* of one execution, ended ones included */

enum event_kind {
#define EVENT(id, word, step) EV_##id,
#include "event.def"
#undef EVENT
    EV_COUNT
};

enum finding_kind {
#define FINDING(id, word, text) FIND_##id,
#include "finding.def"
#undef FINDING
    FIND_COUNT
};

/* Why a task is blocked (EV_BLOCKED, field a). */
enum block_reason {
    BLOCK_LOCK,    /* a mutex, spin lock or read-write lock that somebody holds */
    BLOCK_COND,    /* asleep in a condition, not signalled yet */
    BLOCK_SEM,     /* a semaphore of value 0 */
    BLOCK_BARRIER, /* not everybody is there */
    BLOCK_JOIN,    /* `other` has not ended */
    BLOCK_ONCE,    /* `other` is running the initialiser */
    BLOCK_SPIN,    /* spins on addr: would read the same again and change nothing */
    BLOCK_STREAM,  /* a stdio stream locked by flockfile */
    BLOCK_CHILD,   /* waits for a child that has not ended */
    BLOCK_READ,    /* nothing to read in addr yet, and somebody may still write */
    BLOCK_WRITE,   /* addr is full */
    BLOCK_POLL,    /* none of several descriptors is ready */
    BLOCK_SIGNAL,  /* no signal has come */
    BLOCK_STOPPED  /* its process was stopped by a signal */
};

/* What became of a process (EV_PROCESS_STATE, field a). */
enum process_change {
    PROCESS_STOPPED,
    PROCESS_CONTINUED,
    PROCESS_REAPED,   /* its parent has waited for it: the zombie is gone */
    PROCESS_ORPHANED, /* its parent ended; init is its parent now */
    PROCESS_FREE      /* it runs another program, not under control */
};

/* Which limit cut it (EV_FINISHED, field b of FINISH_CUT). */
enum cut { CUT_STEPS, CUT_OUTPUT };

/* How an execution ended (EV_FINISHED, field a). */
enum finish {
    FINISH_EXIT,     /* exit, return from main, or the last task ended: result = status */
    FINISH_SIGNAL,   /* b = signal: abort, crash */
    FINISH_DEADLOCK, /* no task can go on */
    FINISH_LIVELOCK, /* every task that is not blocked spins, or one never makes a step */
    FINISH_CUT,      /* a limit (steps) was reached */
    FINISH_ABANDONED /* an assumption of the program does not hold: no execution to count */
};

struct event {
    uint32_t step;    /* number of the step it belongs to */
    uint16_t task;    /* who */
    uint16_t other;   /* another task, NO_TASK if none */
    uint8_t kind;     /* enum event_kind */
    uint8_t flags;    /* EVF_* */
    uint16_t process; /* index of the process of `task`, 0 the first */
    int32_t result;   /* what the call returned: 0, an errno value, a status */
    uint32_t size;    /* bytes */
    uint32_t ref;     /* number of another step this one refers to, 0 if none */
    uint32_t text;    /* offset into the text pool of the trace */
    uint32_t ntext;   /* bytes */
    uint64_t addr;    /* the place or object, an address in the target; 0 if none. Memory that
                         belongs to one process carries its index in bits 48 and up */
    uint64_t addr2;   /* a second one */
    uint64_t pc;      /* return address of the call: look it up as pc - 1 */
    uint64_t a, b;    /* values, by kind; see event.def */
};

enum {
    EVF_ADVERSE = 2, /* it happened because adversity was asked for */
    EVF_UNSEEN = 4   /* of a free run: its values were not noted, a and b say nothing */
};

/* The word of a kind ("cond-wait"); "?" for a number that is none. */
const char *event_word(unsigned kind);
int event_is_step(unsigned kind);
const char *finding_word(unsigned kind); /* of the contract: "data-race" */
const char *finding_name(unsigned kind); /* the same translated, for people */
const char *finding_text(unsigned kind); /* translated */

#endif
