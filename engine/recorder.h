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
 * be read for, only some are stamped: at least one of REC_APART entries, every wait, every
 * operation that goes to the kernel, and the next one after the host has looked (tick). What gives
 * something away (unlock, post, signal, create, fork, a write to a pipe) is noted before the call,
 * what gets something (lock, wait, join, read) after it: so an unlock is earlier than the lock it
 * makes possible. What is noted before has arg 0; if it then fails, another entry of the same kind
 * follows with the error, and the first did not happen. An entry, its TIME and its REC_MORE are
 * published at once: head is raised after all are stored. Of the last `ring` entries the oldest
 * REC_SLACK may be being overwritten: a reader copies, then looks at head again. */
enum recorder_kind {
    REC_TIME = 0xff, /* more: ticks, all 64 bits; what: 0 but for the kind */
    REC_WAIT = 0xfe, /* the thread begins to wait; arg: kind of the operation, of a condition
                        COND_WAIT or, with a limit of time, COND_TIMEOUT, EV_NONE: it is held up by
                        slow motion or noise; address as of that kind, but JOIN the number of the
                        thread, WAIT the pid asked for; extra as there, but JOIN, FD_POLL: 1 with a
                        limit of time. It is over at the next event of that kind (of a condition
                        COND_RELOCK, BARRIER_ARRIVE: BARRIER_LEAVE, FD_WRITE, MQ_SEND: REC_GO, as
                        they are noted before) or a REC_GO; what comes in between was done by a
                        signal handler */
    REC_MORE = 0xfd, /* more: 64 bits that belong to the entry before it, see below */
    REC_GO = 0xfc /* the wait is over and nothing came of it: slow motion, cancellation, a jump */
};
/* arg: the result as the call returned it or errno, 0 to 255 (255: anything else).
 * extra and REC_MORE (where it is said; it always follows then):
 *   START          address: start routine (main's is 0); MORE: number | pid << 32. The first entry
 *                  of each thread that uses the ring, and again after an exec
 *   END            the last
 *   CREATE         address: start routine; MORE: number of the new thread
 *   JOIN, DETACH, CANCEL  MORE: number of the other, ~0u unknown
 *   LOCK TRYLOCK TIMEDLOCK UNLOCK  flockfile is one of a FILE
 *   COND_WAIT COND_RELOCK  MORE: address of the mutex; RELOCK's arg ETIMEDOUT: the wait timed out
 *   SEM_*          extra: value after, as far as it can be known
 *   ONCE_BEGIN     extra: 1 it runs the routine; ONCE_END then follows
 *   FORK           MORE: number of the child's first thread, ~0u unknown | pid << 32, 0: not yet
 *   EXEC           MORE: offset of the program's name in `text`, ~0 none
 *   WAIT           MORE: pid, 0 none | wait status << 32
 *   KILL           extra: signal; MORE: pid as asked for | number of the thread << 32, ~0u: any
 *   SIGWAIT        extra: the signal that came
 *   PIPE FD_READ FD_WRITE FD_CLOSE FD_DUP MQ_*  address: REC_FILE; extra: the descriptor;
 *                  FD_READ, FD_WRITE: MORE: bytes | bytes then in the pipe << 32 (~0u unknown), a
 *                  write's before it: as asked for; PIPE: MORE: both descriptors, FD_DUP: the new
 *                  one; MQ_*: MORE: bytes | messages then << 32. accept is an FD_READ, connect an
 *                  FD_WRITE of no bytes
 *   FD_POLL        extra: how many descriptors; MORE: how many are ready
 *   SLEEP          MORE: ns asked for
 *   READ WRITE ATOMIC_*  extra: bytes (65535: or more); ATOMIC_CAS: arg 1 if exchanged. What a
 *                  thread does to its own stack is not noted
 *   EXIT           extra: the status
 *   ABORT NOTE NAME  MORE: offset of a text in `text`, ~0 none
 * else 0. */
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
#define REC_SLACK        8u
#define REC_APART        256u
/* In place of an address: the number of the inode of a pipe, socket or queue, the same for all that
 * have it open; with REC_FILE_FD a descriptor of one process that has no inode of its own. */
#define REC_FILE    (1ull << 47)
#define REC_FILE_FD (1ull << 46)

/* A thread in a wait that can be interrupted goes on when the host raises its `interrupted` and
 * sends it this signal (tgkill; again after a while if interrupted is still 1: it had not slept
 * yet). sem_wait, read, write, poll, accept, waitpid, sleep, sigwaitinfo and the like return EINTR
 * (sleep the rest); pthread_cond_wait 0, cnd_wait thrd_success, as if woken without a signal.
 * Locks, joins, barriers, sigwait and a once cannot return before they are done, so these waits
 * cannot be ended; nor those of a program that has a handler for this signal itself: then
 * process->signal is 0. */
#define RECORDER_SIGNAL 47

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
    uint32_t generation;   /* raised each time the slot is used again, when all else is written */
    uint64_t first;        /* head when it began: what is before is of the slot's former threads */
    uint64_t
        skipped;   /* entries of signal handlers that were written over by who they interrupted */
    char name[16]; /* pthread_setname_np; "" unknown */
    /* hot: written at every operation. head goes on through all threads that use the slot */
    uint64_t head
        __attribute__((aligned(64))); /* entries ever written; the next goes to head & (ring - 1) */
    uint32_t nheld;                   /* may be more than RECORDER_HELD: the rest is unknown */
    uint32_t pad0;
    uint64_t last_ticks; /* of the last TIME entry */
    /* waiting: written when it must wait. wait_seq is odd while the next three change */
    uint32_t wait_seq __attribute__((aligned(64)));
    uint32_t interrupted;          /* (h) 1: end the wait; (r) 0: seen */
    uint64_t wait_since;           /* ticks; 0: it does not wait */
    uint64_t wait_what, wait_more; /* as the REC_WAIT entry */
    uint64_t waits, wait_ticks;    /* how often it had to wait, how long; ended waits only */
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
    uint32_t signal; /* 1: RECORDER_SIGNAL can be sent to its threads */
    uint32_t execs;  /* how often it has become another program */
};

#define RECORDER_TEXT (1u << 20)
struct recorder {
    uint32_t magic, version;
    uint64_t bytes; /* of all this */
    /* options (h): before the start, `pace` and `tokens` at any time */
    uint32_t ring;     /* entries a ring */
    uint32_t accesses; /* 1: note every access too, in programs compiled for that */
    uint64_t seed;
    uint32_t noise;      /* enum recorder_noise */
    uint32_t noise_1_in; /* it comes before one in so many operations and accesses, by chance */
    uint32_t noise_us;   /* how long NOISE_SLEEP sleeps at most */
    /* Two that are looked at before each operation, in a word that is rarely written.
     * Slow motion: 0 full speed; PACE_STEP: an operation waits until tokens has been raised, and
     * takes one; else each operation (and access, when these are noted) first sleeps so many ns.
     * Who changes pace wakes the futex.
     * tick: (h) another number at each look; every thread then stamps its next operation. */
    uint32_t pace __attribute__((aligned(64)));
    uint32_t tick;
    uint32_t tokens __attribute__((aligned(64))); /* (h, r) a futex, shared */
    uint32_t paced; /* (r) how many threads wait for a token or sleep so */
    /* counters (r) */
    uint32_t nthreads
        __attribute__((aligned(64))); /* slots ever used: those from here on are free */
    uint32_t nprocesses;
    uint32_t next_number; /* of threads; a number whose thread could not be made stays unused */
    uint32_t unnoted;     /* threads that found no slot, first threads of processes included */
    uint32_t ntext;       /* bytes of text used; each text ends with a 0 */
    uint32_t lost_text;   /* texts that did not fit */
    int32_t start_error;  /* errno of an exec that failed: the program never began */
    uint32_t reuse;       /* where the search for a slot to use again begins */
    struct recorder_process processes[RECORDER_PROCESSES] __attribute__((aligned(64)));
    struct recorder_thread threads[RECORDER_THREADS];
    char text[RECORDER_TEXT];
    /* RECORDER_THREADS rings of `ring` entries follow */
};
/* What the code of a program built to have accesses noted uses of its thread's own memory, a
 * thread-local variable of the recorder (engine/inline_note.c): where in it the fields lie. */
#define RECORDER_ME     "lockstep_recorder_me"
#define RECORDER_ACCESS "lockstep_recorder_access"
#define RECORDER_REPAIR "lockstep_recorder_repair"
enum {
    ME_LIMIT = 0,      /* as long as head is below, an access is simply noted */
    ME_LAP = 8,        /* entry n, until limit, lies n entries after this */
    ME_SLOT = 16,      /* address of the slot */
    ME_STACK_HIGH = 24 /* from the stack pointer up to here is its own stack */
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
