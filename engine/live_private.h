/* Inside of engine/live*.c: a program that runs free, as its host keeps it. */
#ifndef LOCKSTEP_LIVE_PRIVATE_H
#define LOCKSTEP_LIVE_PRIVATE_H

#include "keeper.h"
#include "live.h"
#include "live_ring.h"
#include "proc.h"
#include "recorder.h"
#include "symbols.h"

#define LIVE_OUTPUT     (1u << 20)
#define LIVE_BORN       250 /* at once: the guard lets no more than 256 live */
#define LIVE_THREADS    8192
#define LIVE_MEMORY_MAX (4ull << 30)
#define LIVE_FILE_BYTES (256ull << 20)
#define LIVE_RING       (1u << 13)

/* A slot of the recorder, as far as it has been read. */
struct live_slot {
    struct ring_state ring;
    uint64_t looked;     /* when it was read, ns */
    uint32_t number;     /* whose entries come next */
    uint32_t holder;     /* number of the thread that has the slot */
    uint32_t generation; /* of the slot */
    uint8_t known;       /* it was seen in use */
    uint8_t over;        /* ended, and all is read */
    uint8_t marks;       /* percent of its entries that are no operations, about */
    uint8_t joined;
    uint8_t wait_new;
    uint64_t wait_since, wait_what, wait_more; /* as last read whole */
};

/* A thread, as the kernel tells. Sorted by tid. */
struct live_thread {
    int32_t tid, pid;
    uint32_t number; /* in the model; LIVE_NONE not there yet */
    int noted;
    uint64_t seen; /* first, ns */
    struct proc_file stat, sched, status;
    char state;
    int processor;
    uint64_t run_ns, ready_ns;
    uint64_t voluntary, involuntary;
    uint64_t spent_run, spent_ready; /* told to the model */
};

/* A process that is there, as the kernel tells. Sorted by pid. */
struct live_child {
    int32_t pid, ppid, born_of; /* born_of: its first parent */
    uint64_t start;
    struct proc_file stat, memory;
    struct proc_stat now;
    uint64_t seen;
    int waited;              /* its parent was told its status */
    int gone, reread, known; /* known: how many threads */
};

struct live {
    struct program *program; /* borrowed */
    struct live_options options;
    struct recorder *memory;
    uint32_t ring; /* entries a ring; the program can change what the memory says */
    int memory_fd, terminal_fd;
    int typed;
    struct keeper keeper;
    pid_t pid; /* the first process; 0 when it has ended */
    pid_t first_pid;
    int status, has_ended; /* of the first process */
    int over;              /* all have ended */
    int hurried;
    char why[200];
    struct buf notes, output;
    uint64_t dropped;
    /* time */
    uint64_t began_ns, began_ticks; /* of the machine's clocks */
    struct live_clock clock;
    uint64_t now, before; /* of the looks; ns of the run */
    /* rings */
    struct live_slot *slots;
    struct recorder_entry *copy; /* room for a ring */
    double ns_an_entry;
    uint32_t number, task; /* whose events are being decoded: number, and index in the model */
    uint64_t nevents;      /* of this look */
    int forked;            /* there may be memory that processes share */
    /* /proc */
    struct live_thread *threads;
    uint32_t nthreads, cap_threads, turn, switches_turn;
    struct live_child *children;
    uint32_t nchildren, cap_children;
    int32_t *pids;      /* room for a listing */
    int32_t *strangers; /* pids that are none of ours, ascending */
    int nstrangers;
    int64_t youngest, younger; /* id on the machine; at the look before */
    int born;                  /* something was, since all processes were looked at */
    uint64_t looked_at_all;
    uint64_t looked_at_ranges;
    uint32_t next_unnoted;
    struct proc_file loadavg;
    uint64_t looked_at_limits, memory_limit;
    /* symbols */
    struct symbols *symbols;
    uint64_t bias, opened_bias;
    int has_bias, no_symbols;
    uint32_t execs, opened_execs;
    uint64_t looked_at_stacks;
    uint32_t nstacks, newest_stack;
    /* a wait that was to end: number of its task */
    uint32_t interrupting;
    uint64_t interrupted_at;
    struct live_model model;
};

/* ns since the machine started. */
uint64_t live_clock_now(void);
/* Add a sentence to the notes, once. */
void live_note(struct live *l, const char *sentence);
/* End it all, and say why. */
void live_give_up(struct live *l, const char *why);

/* live_start.c: memory, terminal, process. */
int live_start(struct live *l, struct err *e);

/* live_clock.c */
void live_clock_begin(struct live *l);
/* The time of a look; betters what is known of the speed of the processor's counter. */
void live_clock_look(struct live *l);

/* live_rings.c: what the threads have noted and what they are at. */
void live_read_slots(struct live *l, uint64_t budget);

/* live_kernel.c: what the kernel says of processes and threads. */
void live_read_kernel(struct live *l);
void live_kernel_begin(struct live *l);
void live_kernel_close(struct live *l);
/* All have ended; says so of those that nobody has seen end. */
void live_all_gone(struct live *l);
/* live_threads.c */
void live_thread_met(struct live *l, int32_t pid, int32_t tid);
void live_read_threads(struct live *l);
void live_threads_close(struct live *l);
struct live_child *live_child_of(struct live *l, int32_t pid);
struct live_thread *live_thread_of(struct live *l, int32_t tid);
/* The process of the model has ended so, if that is known. */
void live_process_ends(struct live *l, int32_t pid, int has_status, int status,
                       enum process_state state);

/* live_act.c: a wait that is to end and has not, once more. */
void live_interrupt_look(struct live *l);

/* live_names.c */
/* Semaphores of the model get the values that they have now. */
void live_read_values(struct live *l);
void live_names_close(struct live *l);

/* live_limits.c: what a program may take of the machine. */
void live_limits_begin(struct live *l);
void live_limits_look(struct live *l);

#endif
