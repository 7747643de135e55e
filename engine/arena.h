/* The arena: memory shared between lockstep and its target, at a fixed address in the target.
 *
 * The head below is the contract between host and probe; what follows it belongs to the probe
 * alone (tasks, objects, the search). The arena is a sparse memory file that every process of the
 * target maps, so the state of a search outlives a target that crashed. Only the probe writes what
 * is marked (p), only the host what is marked (h); a hand-over is ordered by `command` and `done`.
 */
#ifndef LOCKSTEP_ARENA_H
#define LOCKSTEP_ARENA_H

#include "event.h"
#include <stddef.h>

#define ARENA_ADDRESS 0x200000000000ull
#define ARENA_HEAD    (4ull << 30)  /* bytes of the head, sparse */
#define ARENA_BYTES   (16ull << 30) /* bytes of all, sparse */
#define ARENA_MAGIC   0x4c53544b
#define ARENA_VERSION 1
#define ARENA_ENV     "LOCKSTEP_ARENA" /* "arena-fd,event-fd": tells the probe to take control */

/* In an argument that the kernel does not look at: a system call of the probe itself. */
#define ARENA_OWN_CALL 0x6c6f636b73746570ull

#define ARENA_EVENTS       (1u << 24)
#define ARENA_TEXT         (256u << 20)
#define ARENA_CHOICES      (1u << 24)
#define ARENA_FORCED       (ARENA_CHOICES / 2) /* choices[ARENA_FORCED..]: the forced ones */
#define ARENA_OUTCOMES     4096
#define ARENA_FINDINGS     256
#define ARENA_STORED       (512u << 20) /* bytes for the choices and texts of outcomes and findings */
#define ARENA_OUTPUT_KEPT  65536        /* bytes of standard output kept of an outcome */
#define ARENA_SHARED       1024
#define ARENA_PRINTED      (64u << 20) /* bytes an execution may print */
#define ARENA_SEGMENTS     1024
#define ARENA_KEPT         10000      /* schedules kept for the tree of a search */
#define ARENA_KEPT_CHOICES (1u << 22) /* choices of all of them */

enum arena_mode { MODE_SESSION, MODE_EXPLORE };
enum arena_adversity {
    ADVERSE_SPURIOUS = 1,
    ADVERSE_EINTR = 2,
    ADVERSE_MALLOC = 4,
    ADVERSE_KILL = 8
};
enum arena_strategy { SEARCH_DPOR, SEARCH_DFS, SEARCH_RANDOM };

/* What the host asks of a session's target. */
enum arena_command {
    COMMAND_NONE,
    COMMAND_GO,      /* go on from where it stands until the stop conditions hold */
    COMMAND_RESTART, /* begin again from main, then as GO */
    COMMAND_QUIT
};

enum arena_state {
    STATE_STARTING,
    STATE_STOPPED, /* a session waits for a command; the counters are final */
    STATE_RUNNING,
    STATE_FINISHED, /* a search is over */
    STATE_REFUSED   /* the program cannot be controlled: see refusal */
};

/* Why a session stopped. */
enum arena_stop { STOP_CHOICES, STOP_FINDING, STOP_OVER, STOP_BAD_CHOICE };

struct arena_range {
    uint16_t task;
    uint16_t fresh; /* learned in the execution under way */
    uint32_t offset, size;
};

/* Where a task stands (p), valid while a session is stopped. */
struct arena_task {
    uint8_t exists, ended, enabled, pending_kind;
    uint8_t adverse; /* it can go on by an adverse event only */
    uint8_t pad[3];
    uint64_t pc, sp, bp;
    uint64_t stack_low, stack_high;
};

struct arena_outcome {
    uint64_t hash;
    uint64_t executions;
    uint64_t nout_total;
    uint64_t out_offset, choices_offset; /* into stored */
    uint32_t nout, nchoices;
    int32_t exit_status, signal;
    uint32_t switches;
    uint8_t deadlock, livelock, cut, pad;
};

struct arena_finding {
    uint64_t pc, other_pc, addr;
    uint64_t key; /* what tells it apart from others of its kind, for some kinds */
    uint64_t choices_offset;
    uint32_t nchoices, steps, switches;
    uint16_t tasks[8];
    uint8_t ntasks, kind, pad[2];
};

/* The schedule of one execution of a search, as many as fit: when they do not, every other one is
 * dropped and from then on only one in twice as many is kept. */
struct arena_kept {
    uint32_t at, n;   /* its choices in kept_choices */
    uint32_t outcome; /* in outcomes; NO_OUTCOME: there was no room for it */
};
#define NO_OUTCOME  UINT32_MAX
#define ARENA_WHOLE (1ull << 62)

/* Where the memory of a process lies while another's is in place (p, sessions only). Pages are
 * kept in the order of the table at `pages`, the rest in segments. */
struct arena_image {
    uint64_t at;     /* of its copies of pages, in the target */
    uint32_t npages; /* of the table that it has; the others are as they were at main */
    uint32_t nsegments;
    struct {
        uint64_t low, high, copy; /* addresses in the target */
    } segments[ARENA_SEGMENTS];
};
/* An entry of the table of pages, as it lies in the target. */
struct arena_page {
    uint64_t page, at_main; /* at_main 0: all zero */
};

struct arena {
    uint32_t magic, version;
    /* options (h), before the target starts */
    uint32_t mode, strategy;
    uint64_t max_executions, seed, memory_bytes;
    uint32_t max_steps;
    uint8_t first, main_exit_wait, pad0[2];
    uint32_t adversity, adverse_max; /* ADVERSE_* that may happen, and how often */
    uint32_t nvalues;                /* of what is not determined; 0: the usual ones */
    int64_t values[16];
    uint64_t exe_bias; /* (p) where the executable is loaded */
    /* hand-over */
    uint32_t command_seq; /* (h) raised to hand a command over; a futex */
    uint32_t done_seq;    /* (p) set to command_seq when it is done */
    uint32_t command;     /* (h) */
    uint32_t state;       /* (p) */
    uint32_t stop;        /* (p) enum arena_stop */
    uint32_t interrupt;   /* (h) a search stops after the execution under way */
    char libraries[1024]; /* (p) not compiled for lockstep: ' ' or '!' (makes threads), name,
                             newline */
    char refusal[256];    /* (p) */
    /* session: forced choices and when to stop */
    uint32_t nforced;                         /* (h) in choices[] */
    uint32_t stop_at;                         /* (h) stop when so many choices were made */
    uint8_t stop_on_finding, record, pad1[2]; /* (h) */
    uint32_t nchoices;                        /* (p) choices made so far */
    uint32_t nsteps;                          /* (p) */
    uint32_t nevents;                         /* (p) */
    uint32_t ntext;                           /* (p) */
    uint32_t over;                            /* (p) 1: the execution has ended */
    uint32_t nalternatives;                   /* (p) > 0: the next choice is which of these */
    uint16_t alternatives[MAX_TASKS];         /* tasks to wake; NO_TASK: a value */
    int64_t alternative_values[MAX_TASKS];    /* these */
    uint16_t bad_task;                        /* (p) the forced choice that could not be taken */
    uint32_t ntasks;                          /* (p) */
    uint32_t last_task;                       /* (p) who made the last step */
    struct arena_task tasks[MAX_TASKS];
    /* memory of several processes (p) */
    uint32_t image; /* index of the process whose memory is in place */
    uint32_t pad2;
    uint64_t pages, npages; /* addresses in the target: struct arena_page[], unsigned */
    struct arena_image images[MAX_PROCESSES];
    uint32_t nshared; /* (h, p) ranges of stacks that are shared */
    struct arena_range shared[ARENA_SHARED];
    /* progress (p) */
    uint64_t heartbeat; /* changes whenever anything moves */
    uint64_t executions, blocked, steps;
    uint32_t complete;       /* every schedule was covered */
    uint64_t abandoned;      /* executions ended by an assumption that does not hold */
    uint32_t exhausted;      /* nothing is left to try */
    uint32_t values_used;    /* something was left open, and only some values were tried */
    uint32_t cut_executions; /* executions ended by the limit of steps */
    uint64_t cut_pc;         /* where one of them was */
    uint32_t cut_why;        /* enum cut */
    uint32_t child_pid;      /* what carries the process that has the turn; 0: the target itself */
    uint32_t ran_free;       /* a program that is not controlled ran: not complete */
    char free_name[64];
    uint32_t diverged; /* executions that went otherwise than before: not complete */
    uint32_t overflow; /* a table of the arena was full: not complete */
    uint64_t first_nanoseconds, last_nanoseconds; /* of the search, CLOCK_MONOTONIC */
    uint64_t stuck_pc;                            /* where a task was that made no step */
    uint32_t noutcomes, nfindings;
    uint64_t nstored;
    /* A search under way is looked at (p). The host copies an outcome, a finding or a kept schedule
     * and then sees by `changes` whether it was being written: odd while it is, raised again after.
     * Counts may change at any time. */
    uint32_t changes;
    uint32_t starts;      /* it began anew so often: what was found before does not count */
    uint32_t part_wanted; /* (h) 1: tell `part` after the execution under way; (p) 0: it is told */
    uint64_t part;        /* how much of the tree is done, in units of ARENA_WHOLE */
    uint32_t keep;        /* (h) 1: keep schedules */
    uint32_t nkept, kept_every; /* one execution in so many */
    uint32_t nkept_choices;
    struct arena_kept kept[ARENA_KEPT];
    uint16_t kept_choices[ARENA_KEPT_CHOICES];
    uint8_t kept_options[ARENA_KEPT_CHOICES]; /* how many could be chosen there; 0 not known */
    struct arena_outcome outcomes[ARENA_OUTCOMES];
    struct arena_finding findings[ARENA_FINDINGS];
    struct event events[ARENA_EVENTS];
    char text[ARENA_TEXT];
    uint16_t choices[ARENA_CHOICES]; /* as made (p); from ARENA_FORCED on the forced ones (h) */
    uint8_t checks[ARENA_CHOICES];
    char stored[ARENA_STORED];
};

_Static_assert(sizeof(struct arena) < ARENA_HEAD, "the head of the arena fits");

#endif
