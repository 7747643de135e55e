/* The memory that lockstep shares with a program that runs free: what its threads note in it.
 *
 * The recorder (engine/recorder/, a library preloaded into the program) writes what is marked (r),
 * the host what is marked (h). Neither ever waits for the other: the host reads while the program
 * runs at full speed, so it checks what it reads, and a program may write anything anywhere. The
 * memory is a sparse memory file; every process of the program maps it, the children of a fork
 * included, and a program started by exec that has the recorder too maps it again.
 *
 * Times are ticks of the processor's time stamp counter (the same on all processors where it is
 * invariant); the host turns them into nanoseconds by what it has measured. */
#ifndef LOCKSTEP_RECORDER_H
#define LOCKSTEP_RECORDER_H

#include "event.h"
#include <stddef.h>

#define RECORDER_ENV                                                                               \
    "LOCKSTEP_RECORDER" /* path of the memory file, as /proc/PID/fd/N of the host */
#define RECORDER_MAGIC   0x4c535245u
#define RECORDER_VERSION 1

#define RECORDER_THREADS   1024 /* that live at once; more run, unnoted and counted */
#define RECORDER_PROCESSES 256
#define RECORDER_HELD      16
#define RECORDER_RING_MIN  (1u << 9) /* entries of a ring, a power of two */
#define RECORDER_RING_MAX  (1u << 20)

/* ---- entries of a ring: 16 bytes ----
 * what: address (bits 0-47) | kind (48-55) | arg (56-63)
 * more: place of the call, a return address (bits 0-47) | extra (48-63)
 * kind is an event_kind (EV_LOCK, EV_COND_WAIT, EV_READ ...) or one of those below. Before its kind
 * an event may have a TIME: it then happened at that moment. One without lies between the TIME
 * before it and the next one of its thread: where a thread does more operations than its clock can
 * be read for, only some are stamped. What gives something away (unlock, post, signal, create, a
 * write to a pipe) is noted before the call, what gets something (lock, wait, join, read) after it:
 * so an unlock is earlier than the lock it makes possible. */
enum recorder_kind {
    REC_TIME = 0xff, /* more: ticks, all 64 bits; what: 0 but for the kind */
    REC_WAIT = 0xfe, /* the thread begins to wait; arg: kind of the operation, of a condition
                        COND_WAIT or, with a limit of time, COND_TIMEOUT; extra: as there, FD_POLL:
                        1 with a limit of time; address: JOIN the number of the thread, WAIT the
                        pid asked for */
    REC_MORE = 0xfd  /* more: 64 bits that belong to the entry before it, see `extra` */
};
/* arg: the result as the call returned it or errno, 0 to 255 (255: anything else).
 * extra: CREATE, JOIN, FORK, WAIT, KILL: none, REC_MORE follows: number of the other thread, pid or
 * wait status (WAIT: pid | status << 32). SEM_*: value after, BARRIER_*: how many are there,
 * RDLOCK, RWUNLOCK: none. FD_READ, FD_WRITE: the descriptor, REC_MORE: bytes (low half) and bytes
 * then in the pipe (high half, ~0 unknown). SLEEP: none, REC_MORE: ns asked for. READ, WRITE,
 * ATOMIC_*: bytes. COND_WAIT (noted before the call), COND_RELOCK (after it; arg tells a time-out):
 * none, REC_MORE: the mutex. BARRIER_ARRIVE before, BARRIER_LEAVE after. EXIT: the status. NOTE:
 * REC_MORE: offset of a text in `text`. Else 0. */
struct recorder_entry {
    uint64_t what, more;
};
#define REC_ADDRESS ((1ull << 48) - 1)
#define REC_WHAT(k, arg, a)                                                                        \
    (((uint64_t)(a)&REC_ADDRESS) | (uint64_t)(k) << 48 | (uint64_t)(arg) << 56)
#define REC_PLACE(pc, x) (((uint64_t)(pc)&REC_ADDRESS) | (uint64_t)(x) << 48)
#define REC_KIND(what)   ((unsigned)((what) >> 48) & 0xff)
#define REC_ARG(what)    ((unsigned)((what) >> 56))
#define REC_EXTRA(more)  ((unsigned)((more) >> 48))

enum recorder_life { LIFE_FREE, LIFE_CLAIMED, LIFE_ALIVE, LIFE_ENDED };

/* A thread (r). Each line of 64 bytes is written by that thread alone, but for `life` when the slot
 * is claimed, and `joined`. A slot whose thread has ended is used again when no free one is left.
 */
struct recorder_thread {
    /* what was true when it began, and its ends */
    uint32_t life;   /* enum recorder_life; atomic */
    uint32_t number; /* T<number>: in the order in which threads of the whole run began, from 0 */
    int32_t pid, tid;
    uint32_t process;      /* index into processes */
    uint32_t creator;      /* number of who created it; ~0: none */
    uint64_t start_pc;     /* its start routine, 0 for a first thread */
    uint64_t handle;       /* pthread_self() */
    uint64_t began, ended; /* ticks; ended 0 while alive */
    uint32_t joined;       /* 1: joined or detached, nobody has to join it any more */
    uint32_t generation;   /* raised each time the slot is used again */
    /* hot: written at every operation */
    uint64_t head
        __attribute__((aligned(64))); /* entries ever written; the next goes to head & mask */
    uint32_t nheld;                   /* may be more than RECORDER_HELD: the rest is unknown */
    uint32_t pad0;
    uint64_t last_ticks; /* of the last TIME entry */
    /* waiting: written when it must wait */
    uint64_t wait_since __attribute__((aligned(64))); /* ticks; 0: it does not wait. Written last at
                                                         the beginning, first at the end */
    uint64_t wait_what, wait_more;                    /* as the REC_WAIT entry */
    uint64_t waits, wait_ticks; /* how often it had to wait, how long; ended waits only */
    uint32_t wait_seq;          /* odd while the three above change */
    uint32_t interrupted;       /* (h) raised to end a wait where that can be done */
    char name[16];              /* pthread_setname_np; "" unknown */
    uint64_t held[RECORDER_HELD] __attribute__((aligned(64))); /* locks, in order of acquisition */
};

/* A process (r): the first, what it forks, and what these exec. Children made in other ways are
 * seen in /proc only. */
struct recorder_process {
    uint32_t life; /* enum recorder_life */
    int32_t pid, parent_pid;
    uint32_t parent; /* index; ~0 none */
    uint64_t began, ended;
    uint64_t exe_bias; /* where its executable is loaded */
    uint32_t exits;    /* 1: it has called exit, _exit or returned from main: with exit_status */
    int32_t exit_status;
    uint32_t reaped; /* 1: its parent has waited for it and was told wait_status */
    int32_t wait_status;
};

#define RECORDER_TEXT (1u << 20)
struct recorder {
    uint32_t magic, version;
    uint64_t bytes; /* of all this */
    /* options (h): before the start, `pace` and `tokens` at any time */
    uint32_t ring;       /* entries a ring */
    uint32_t accesses;   /* 1: note every access too, in programs compiled for that */
    uint32_t noise;      /* enum recorder_noise: before operations and accesses ... */
    uint32_t noise_1_in; /* ... one in so many, by chance */
    uint64_t seed;
    uint32_t noise_us; /* how long NOISE_SLEEP sleeps at most */
    /* slow motion: 0 full speed; PACE_STEP: an operation waits until tokens has been raised, and
     * takes one; else each operation (and access, when these are noted) first sleeps so many ns */
    uint32_t pace;
    uint32_t tokens; /* (h, r) a futex */
    uint32_t paced;  /* (r) how many threads wait for a token or sleep so */
    /* counters (r) */
    uint32_t nthreads; /* slots ever used: those from here on are free */
    uint32_t nprocesses;
    uint32_t next_number; /* of threads */
    uint32_t unnoted;     /* threads that found no slot, processes included */
    uint32_t ntext;       /* bytes of text used; what does not fit is counted */
    uint32_t lost_text;
    struct recorder_process processes[RECORDER_PROCESSES] __attribute__((aligned(64)));
    struct recorder_thread threads[RECORDER_THREADS];
    char text[RECORDER_TEXT];
    /* RECORDER_THREADS rings of `ring` entries follow */
};
#define PACE_STEP 0xffffffffu
enum recorder_noise { NOISE_NONE, NOISE_YIELD, NOISE_SLEEP };

#define RECORDER_BYTES(ring)                                                                       \
    (sizeof(struct recorder) + (uint64_t)RECORDER_THREADS * (ring) * sizeof(struct recorder_entry))
static inline struct recorder_entry *recorder_ring(struct recorder *r, uint32_t slot)
{
    return (struct recorder_entry *)(r + 1) + (uint64_t)slot * r->ring;
}

#endif
