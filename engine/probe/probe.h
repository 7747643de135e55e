/* The probe: the code that runs inside the target. It owns the scheduler, the models of the
 * primitives, the race detector and the search.
 *
 * One OS thread runs everything; a task of the program is a fiber. All mutable state that must
 * survive an execution lies in the arena, at a fixed address; the program's own memory is put back
 * before each execution. Nothing here may use thread-local storage: every fiber brings its own.
 * No function here is called by two tasks at once, and none gives the processor to another task
 * but step(). */
#ifndef LOCKSTEP_PROBE_H
#define LOCKSTEP_PROBE_H

#include "../arena.h"
#include "../event.h"
#include <errno.h>
#include <signal.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#define LIKELY(x)   __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)
#define EXPORT      __attribute__((visibility("default")))
#define CHOICE_ALT  0x8000u
#define PROCESSORS  2 /* what a program is told, whatever the machine has */
/* A second name for a function of the same file. Compilers that know copy want it said. */
#if __has_attribute(copy)
#define ALIAS_OF(name) __attribute__((alias(#name), copy(name)))
#else
#define ALIAS_OF(name) __attribute__((alias(#name)))
#endif

/* ---- sets of tasks ---- */
#define SET_WORDS (MAX_TASKS / 64)
struct taskset {
    uint64_t w[SET_WORDS];
};
/* Only the words that tasks of this execution use are looked at: nwords of them. */
static inline bool set_has(const struct taskset *s, unsigned t)
{
    return s->w[t / 64] >> (t % 64) & 1;
}
static inline void set_add(struct taskset *s, unsigned t)
{
    s->w[t / 64] |= 1ull << (t % 64);
}
static inline void set_del(struct taskset *s, unsigned t)
{
    s->w[t / 64] &= ~(1ull << (t % 64));
}

/* ---- operations ---- */
enum mode {
#define MODE(id, depends, reverses, covers) M_##id,
#include "depend.def"
#undef MODE
    M_COUNT
};

/* One thing an operation reaches: `len` bytes at addr for memory, an object (len 0) otherwise. */
struct reach {
    uint64_t addr;
    uint32_t len;
    uint8_t mode;
};
#define REACH_MAX    10
#define ALWAYS_EINTR 2 /* interruptible, SA_RESTART or not */
#define LETS_IN      3 /* the same, and only inside the call are the signals let in */
/* Objects that are no address of the program. */
#define OBJ_CLOCK       2ull
#define OBJ_TASKS       3ull
#define OBJ_HANDLE(t)   (0x400ull + (t)) /* who joined or detached task t */
#define OBJ_CANCEL(t)   (0x500ull + (t)) /* whether task t has been cancelled */
#define OBJ_CANCELS     0x600ull         /* whether any has: what wakes waiters passes them over */
#define OBJ_RANDOM      0x601ull         /* the generator that all tasks share */
#define OBJ_RANDOM48    0x602ull         /* that of drand48 and its kin */
#define OBJ_END(t)      (0x800ull + (t)) /* whether task t has ended */
#define OBJ_PROCESS(p)  (0xc00ull + (p)) /* whether process p has ended, for its own tasks */
#define OBJ_CHILD(p)    (0xc40ull + (p)) /* whether it has ended, for its parent */
#define OBJ_CHILDREN(p) (0xc80ull + (p)) /* whether any child of p has */
#define OBJ_SIGNALS(p)  (0xcc0ull + (p)) /* what was sent to p, and how it takes it */
#define OBJ_SECTION     7ull             /* sections nobody else comes into */
#define OBJ_INPUT       8ull             /* standard input and what streams keep of it */
#define OBJ_FDS         0xd00ull         /* descriptors that end with their process */
#define OBJ_FILES       0xd01ull         /* names of files */
#define OBJ_GROUPS      0xd04ull         /* who is in which process group */
#define OBJ_ADVERSITY   0xd05ull         /* what may still happen */
#define OBJ_FDS_NEW     0xd06ull         /* the order in which pipes and the like are made */
#define OBJ_NUMBERS(p)  (0xe00ull + (p)) /* which descriptors of process p are free */
#define OBJ_FD(k)       (0xd40ull + (k)) /* pipe, socket ... number k */
#define OBJ_IMAGE(p)    (0xdc0ull + (p)) /* all that a fork of process p copies */
#define MAX_FD_OBJECTS  64
#define FD_ENDS         96
#define OBJ_NAMES       0xd02ull         /* names of semaphores, queues, shared memory */
#define OBJ_TIMERS      0xd03ull         /* what is armed, of all processes */
#define OBJ_QUEUE(k)    (0xd80ull + (k)) /* message queue number k */
#define MAX_QUEUES      32
#define MAX_POLLS       1024

enum wait_kind {
    WAIT_NONE,
    WAIT_LOCK,
    WAIT_COND,
    WAIT_SEM,
    WAIT_BARRIER,
    WAIT_JOIN,
    WAIT_ONCE,
    WAIT_RD,
    WAIT_ALL,      /* every other task of the process has ended */
    WAIT_CHILD,    /* a child that `addr` asks for has changed */
    WAIT_VFORK,    /* the process of task `other` has ended or runs another program */
    WAIT_FD,       /* descriptors are ready: fd.c */
    WAIT_QUEUE,    /* there is a message, or room for one */
    WAIT_SYSV,     /* the same of System V, or semaphores of a set */
    WAIT_FIFO,     /* the other end of a pipe with a name has been opened: file.c */
    WAIT_FILELOCK, /* a lock on a file may be free: filelock.c */
    WAIT_TIME,     /* no timer expires before the time in addr2 */
    WAIT_TIMER,    /* a timer: it is the next to expire */
    WAIT_SIGNAL,   /* a signal of the set in addr2 is pending */
    WAIT_ADVERSE,  /* until it happens: adverse.c */
    WAIT_NEVER,    /* until a signal handler runs */
    WAIT_ASSUME    /* at an assumption that does not hold */
};

/* The next visible operation of a task. */
struct op {
    uint8_t kind; /* enum event_kind */
    uint8_t nreach;
    uint8_t wait;          /* enum wait_kind: when it may run */
    bool cancel_point;     /* a pending cancellation is acted upon here */
    bool limited;          /* it may wait, though no longer than a time limit */
    bool tidies;           /* the caller sees to a cancellation itself: step() returns */
    uint8_t interruptible; /* a signal handler ends it with EINTR: step() returns false; 1 unless
                              it has SA_RESTART */
    uint16_t other;
    uint32_t size;
    uint64_t addr, addr2;
    uint64_t pc, sp, bp;
    bool section;          /* it begins one nobody else comes into: what follows is part of it */
    bool lasting;          /* it reaches no stack and no block, which may be gone */
    struct object *object; /* what it waits for */
    struct reach reach[REACH_MAX];
};

/* ---- what was reached, by whom: for places and objects alike ---- */
struct touch {
    uint32_t depth; /* number of the step in this execution, from 1 */
    uint32_t clock; /* the task's own synchronisation clock then */
    uint64_t pc;
    uint16_t task;
    uint8_t mode;
};
#define TOUCH_INLINE 3
struct frontier {
    uint32_t stamp; /* of the execution it belongs to */
    uint16_t n, cap;
    uint32_t ordinal, ordinal_stamp; /* order of first use in this execution */
    uint8_t freed, mask, pad[2];
    struct touch in[TOUCH_INLINE];
    struct touch *more;
    uint64_t freed_pc;
};
struct cell { /* some bytes of an aligned granule of 8 */
    uint64_t granule;
    struct cell *next; /* other bytes of the same granule */
    struct frontier f;
};

struct object {
    uint64_t addr;
    uint8_t class;
    uint8_t type; /* mutex: PTHREAD_MUTEX_* */
    uint8_t initialised, destroyed;
    uint16_t owner;                    /* NO_TASK */
    uint16_t depth;                    /* recursion */
    uint8_t robust, protocol, ceiling; /* mutex attributes */
    uint8_t broken;                    /* robust mutex: enum broken */
    uint64_t partner;                  /* condition: the mutex of who waits in it now */
    uint32_t count;                    /* semaphore value, barrier parties, readers */
    uint32_t arrived;
    uint16_t nreaders;
    struct taskset waiters; /* conditions, barriers */
    struct taskset readers;
    uint16_t read_depth[MAX_TASKS];        /* rwlocks: how often each reader holds it */
    uint32_t nread_vc, read_vc[MAX_TASKS]; /* rwlocks: what readers give, to writers only */
    uint32_t stamp;
    uint32_t nvc;
    uint32_t vc[MAX_TASKS]; /* synchronisation clock carried by the object */
    struct frontier f;
};
enum broken { WHOLE, OWNER_DIED, NOT_RECOVERABLE };
enum object_class {
    C_NONE,
    C_MUTEX,
    C_SPIN,
    C_COND,
    C_SEM,
    C_BARRIER,
    C_RWLOCK,
    C_ONCE,
    C_ATOMIC,
    C_STREAM,
    C_FD,
    C_FUTEX,
    C_QUEUE,
    C_PSEUDO
};

/* ---- tasks ---- */
struct fiber {
    void *sp;
    uint64_t fs;
};
#define SPIN_MAX 32
#define LATE_MAX 8
#define TSD_KEYS 1024 /* PTHREAD_KEYS_MAX */
struct task {
    bool ended, spinning;
    uint8_t interrupt; /* INTERRUPT_*: something from outside is pending */
    struct op op;      /* what it does next, while it is not running */
    struct op relock;  /* of a timed wait: what it does once signalled */
    struct fiber fiber;
    bool detached, joined;
    bool is_timer;     /* no thread of the program: its steps are the expiries of a timer */
    bool signalled;    /* woken from a condition */
    bool timed;        /* the wait has a deadline */
    bool blocked_said; /* BLOCKED was recorded */
    uint8_t blocked_reason;
    uint16_t blocked_other;
    uint32_t broken_sections; /* ends still to come of sections in which it had to wait */
    uint16_t parent, joiner;
    uint16_t process; /* index */
    uint16_t slot;    /* which stack, thread-local storage and heap region it has in its process */
    uint32_t woken_depth;  /* the step that signalled it */
    uint32_t end_depth;    /* DPOR: its END */
    uint32_t enable_depth; /* DPOR: the step that enabled its next operation */
    uint32_t last_depth;   /* DPOR: its last step */
    uint32_t nheld;
    /* cancellation: see cancel.c */
    bool cancel_off, cancel_async, exiting;
    void *cleanup;     /* the handler pushed last: a __pthread_unwind_buf_t of the program */
    uint64_t ended_at; /* pc: where it began to end */
    uint64_t unwinding[4] __attribute__((aligned(16))); /* struct _Unwind_Exception */
    unsigned nlate;                                     /* of late[] */
    /* what was asked for it */
    int policy, priority;
    uint64_t affinity, stack_wanted, guard_wanted;
    uint64_t ndrawn; /* random numbers of its own so far */
    uint64_t stack_low, stack_high, touched_low;
    uint64_t tls_low, tls_high;
    bool has_shared; /* parts of its stack are shared */
    void *(*start)(void *);
    void *arg, *result;
    uint64_t exit_pc; /* where a function of it returned last */
    char name[16];
    uint32_t own_accesses; /* to its own stack, since its last step */
    uint64_t own_pc, own_addr, own_hash;
    /* spinning: steps since anything changed */
    uint32_t quiet;
    uint64_t standing; /* a hash of where it stands */
    uint32_t nvisits, spin_nread, spin_from;
    uint64_t mask, pending, outer_mask; /* signals */
    unsigned in_handler;
    const void *stream; /* whose lock the call under way holds */
    bool fd_ready;      /* the kernel's answer at fd_epoch */
    uint32_t fd_epoch;
    uint32_t lock_epoch;  /* when it found the file locked */
    uint16_t lock_holder; /* by that process */
    unsigned npolls;
    uint64_t heap_next, heap_free[40];
    const void *tsd[TSD_KEYS]; /* only those below the process's nkeys mean anything */
    uint32_t vc[MAX_TASKS];    /* synchronisation clock */
    uint32_t fence_vc[MAX_TASKS];
    uint32_t acquire_vc[MAX_TASKS];
    bool has_fence, has_acquire;
    struct pollfd polls[MAX_POLLS]; /* what it waits for */
    /* lists whose length is above */
    struct {
        uint64_t pc;
        uint32_t times;
    } late[LATE_MAX]; /* waits of its that timed out, and how often */
    uint64_t quiet_pc[SPIN_MAX];
    struct {
        uint64_t pc, hash;
        uint32_t held, least_held, nread;
    } visit[SPIN_MAX];
    struct {
        uint64_t addr;
        uint32_t len;
    } spin_read[SPIN_MAX];
};

/* ---- processes ---- */
#define NO_PROCESS   0xffff
#define TEMPORARIES  64
#define STREAMS      64
#define SIGNAL_QUEUE 64 /* real-time signals that wait in a process, at most */
struct process {
    bool ended, stopped, reaped;
    bool free;         /* runs a program that is not controlled */
    uint8_t stop_news; /* the signal that stopped it, until a wait has told it */
    bool continue_news;
    uint8_t fd_ends[FD_ENDS]; /* which end of which pipe a descriptor is: ends.c */
    uint8_t redirected;       /* which of 0, 1, 2 are no longer what they were at main */
    uint8_t used;             /* which of 1, 2 were written to through their streams */
    uint16_t first_slot;
    uint16_t parent; /* index; NO_PROCESS: init */
    uint16_t forked_by;
    int pid, pgid, sid;
    int status;     /* as waitpid tells it */
    int free_pid;   /* the kernel's, of the program it runs */
    int carrier;    /* the kernel's pid of what carries it; 0: it was never forked */
    unsigned live;  /* tasks that have not ended */
    unsigned slots; /* used so far */
    int concurrency;
    uint16_t task_of_slot[MAX_TASKS];
    uint64_t pending; /* signals for whichever task takes them */
    bool as_at_main;  /* its actions */
    struct sigaction actions[65];
    struct sender {
        int pid, value;
        uint16_t task;
        bool queued;
        int code; /* of what the kernel sent: si_code and si_value */
        uint64_t word;
    } senders[65];
    struct { /* real-time signals that wait, in the order sent; to: a task or NO_TASK */
        struct sender from;
        uint16_t to;
        uint8_t sig;
    } queue[SIGNAL_QUEUE];
    unsigned nqueue;
    struct { /* of fdopen and popen */
        void *f;
        int fd, pid;
    } streams[STREAMS];
    unsigned nstreams; /* entries ever used in this execution */
    /* exit handlers */
    uint32_t nexit;
    struct {
        void (*fn)(void *);
        void *arg;
        int kind;
        int pad;
    } exits[1024];
    /* thread-specific data */
    uint32_t nkeys; /* the highest one ever used, + 1 */
    struct {
        bool used;
        void (*destroy)(void *);
    } keys[TSD_KEYS];
    /* pthread_atfork */
    uint32_t nforks;
    struct {
        void (*run[3])(void); /* by enum atfork */
    } forks[64];
};

/* ---- the search ---- */
struct node {
    struct taskset enabled, backtrack, done, sleep;
    struct taskset term; /* of done: ended the process */
    struct op op;        /* the one taken */
    uint16_t task;
    uint16_t alt, nalt;
    uint32_t section; /* the step that began the section it is in; 0: none */
};

/* One step, as verdicts look back on it. */
struct trail {
    uint64_t addr, addr2, pc;
    uint32_t size, ordinal;
    uint16_t task;
    uint8_t kind, unheard;
    bool effect, chosen; /* a quiet kind of step, and still a change; it asked which of several */
    uint64_t enabled;    /* who could have made it, of the first 64 tasks */
};

/* Where all tasks stood as they do now, and what the whole state was then: cycle.c. */
#define CYCLE_PLACES 4096
#define CYCLE_KEPT   4
struct cycle_place {
    uint64_t quick;
    uint32_t stamp, count, next, nseen;
    struct {
        uint64_t hash;
        uint32_t depth;
    } seen[CYCLE_KEPT];
};

#define NODES      (1u << 21)
#define CELLS      (1u << 20)
#define CELL_TABLE (1u << 21)
#define OBJECTS    (1u << 16)
#define CLOCKS     ((uint32_t *)(ARENA_ADDRESS + ARENA_HEAD + (6ull << 30)))
#define POOL       (ARENA_ADDRESS + ARENA_HEAD + (10ull << 30))
#define POOL_END   (ARENA_ADDRESS + ARENA_BYTES)

/* All state of the probe, in the arena after its head. */
struct state {
    /* this execution */
    uint32_t stamp;
    uint32_t depth; /* steps so far */
    uint32_t nchoices;
    unsigned ntasks, nwords, live;
    struct task *cur;
    unsigned cur_id;
    unsigned last; /* who made the last step */
    uint32_t switches;
    uint32_t ordinal;
    uint64_t virtual_ns;
    uint32_t forced; /* session: next forced choice */
    uint8_t check;
    uint32_t checked, checked_depth; /* choices and steps that have their check */
    bool over;
    bool learned; /* something that makes earlier executions stale */
    bool sleep_blocked;
    bool abandoned;        /* an assumption does not hold */
    uint32_t section_task; /* its number + 1, while it is in a section nobody else comes into */
    uint32_t section_depth, section_from;
    bool searching;
    bool again;   /* this execution has to begin again, in another way */
    bool restart; /* the host wants another execution */
    uint32_t command_seen;
    int finish, finish_result, finish_signal;
    uint64_t pending_write; /* event index + 1 whose new value is not known yet */
    uint64_t rng;
    /* What few programs need is asked for once a step: is any of it true? */
    union {
        struct {
            bool recording;
            bool places;         /* an address is not always the key of its place */
            bool cancels;        /* this program cancels threads */
            bool signals;        /* some task may get one from another */
            bool forks_threaded; /* this program forks while other threads of it run */
            bool adverse;        /* A->adversity */
            bool stops;          /* a process was stopped in this execution */
            bool looks;          /* cycle.c compares states in this execution */
        };
        uint64_t rare;
    };
    /* output of this execution */
    uint64_t out_hash, out_total;
    uint64_t printed; /* bytes, to both standard streams */
    uint32_t out_kept;
    char out[ARENA_OUTPUT_KEPT];
    /* processes */
    unsigned nprocesses, live_processes;
    unsigned image;   /* whose memory is in place */
    uint64_t tag;     /* of that memory's addresses */
    int main_status;  /* wait status of process 0 once it has ended */
    unsigned forking; /* the task whose copy is to be made, + 1 */
    bool forks;       /* this program forks */
    unsigned adverse_used;
    unsigned ntemporary;
    char temporary[TEMPORARIES][256]; /* files and folders with made-up names */
    bool adverse_open;                /* somebody could go on without an adverse event */
    bool moved, limited;              /* outside.c has something to put back */
    uint32_t turn[MAX_PROCESSES];     /* futexes: 1 when it is that process's turn */
    uint64_t heap_high[MAX_TASKS];
    bool streams_locked; /* somebody calls flockfile */
    bool children_heard; /* somebody handles or blocks SIGCHLD */
    unsigned nfree;      /* processes that run free */
    uint64_t console_seen[3];
    unsigned asking; /* a carrier is asked about this task's descriptors, + 1 */
    unsigned asker;
    bool fd_counted, fd_uncountable;     /* ends.c */
    uint32_t lock_epoch;                 /* raised when a lock on a file may be free */
    uint32_t fd_epoch, fd_epoch_at_main; /* raised when any descriptor may have changed */
    unsigned nfd_objects;
    struct {
        uint64_t device, inode;
        unsigned same_as;
        uint16_t ends[2];   /* how many descriptors of all processes are that end: ends.c */
        uint32_t opened[2]; /* pipes with a name: how often for reading, for writing */
    } fd_objects[MAX_FD_OBJECTS];
    unsigned nmaps;
    uint64_t map_next;
    struct map { /* what mmap gave in this execution */
        uint64_t low, high, place;
        uint64_t device, inode, offset;
        bool shared;
        bool constant; /* not writable: the same in all processes */
    } maps[1024];
    /* search */
    uint32_t prefix; /* nodes below this are replayed */
    uint32_t nnodes;
    uint32_t stride;
    bool done;
    bool ordered;   /* dpor: the order of schedules is kept */
    bool by_chance; /* the strategy is to draw */
    uint32_t nraces;
    struct {
        uint64_t addr, other_pc;
        uint32_t other_depth;
        uint16_t other;
    } races[4];
    bool spun_again;
    bool cycles;                       /* this search looks for states that come again */
    bool cycle_told;                   /* this execution */
    uint32_t first_depth, cycle_depth; /* steps of the first; of one that is long */
    uint64_t standing_back;            /* tasks that went round while others could move */
    struct cycle_place cycle_places[CYCLE_PLACES];
    struct taskset told;    /* tasks whose circle of waiting was told */
    uint64_t loop_pcs[512]; /* places known to be in waiting loops */
    uint32_t nloops;
    unsigned slots; /* parked threads */
    uint32_t need_slots, need_stride;
    uint32_t nostep;              /* inside a libc call that must not be left */
    uint64_t text_low, text_high; /* the code of the executable */
    uint32_t outcome_index[16384];
    /* ids and tables */
    uint32_t nobjects;
    struct object *object_table[OBJECTS * 2];
    uint32_t ncells;
    struct cell *last_cell; /* never NULL */
    struct cell *cell_table[CELL_TABLE];
    uint64_t pool_next; /* bump allocation of the probe itself */
    struct process processes[MAX_PROCESSES];
    struct task tasks[MAX_TASKS];
    struct object objects[OBJECTS];
    struct cell cells[CELLS];
    struct node nodes[NODES];
    struct trail trail[NODES]; /* [depth - 1] */
};

#define A   ((struct arena *)ARENA_ADDRESS)
#define S   ((struct state *)(ARENA_ADDRESS + ARENA_HEAD))
#define OWN (&S->processes[S->cur->process]) /* the process of the running task */

/* The key of a place: addresses of a forked process's own memory carry its index. */
#define TAG_SHIFT 48
__attribute__((visibility("hidden"))) uint64_t place_tagged(uint64_t addr);
static inline uint64_t place_of(uint64_t addr)
{
    return LIKELY(!S->places) ? addr : place_tagged(addr);
}
static inline uint64_t place_address(uint64_t place)
{
    return place & ((1ull << TAG_SHIFT) - 1);
}

/* Each task has a part of these two ranges: its stack, and what it allocates. */
#define STACK_BASE  0x300000000000ull
#define HEAP_BASE   0x400000000000ull
#define HEAP_STRIDE (64ull << 30)
static inline bool stack_is(uint64_t place)
{
    return place_address(place) >> 40 == STACK_BASE >> 40;
}
static inline bool heap_is(uint64_t addr)
{
    return addr - HEAP_BASE < HEAP_STRIDE * MAX_TASKS;
}
/* Either of them: one comparison. */
static inline bool may_be_gone(uint64_t place)
{
    return place_address(place) - STACK_BASE < HEAP_BASE + HEAP_STRIDE * MAX_TASKS - STACK_BASE;
}

/* true in a target that lockstep controls, after main was reached; false in a program that runs by
 * itself, before main, and in the probe's own helper threads */
extern bool controlled __attribute__((visibility("hidden")));

#pragma GCC visibility push(hidden)

/* Where a call into the probe came from; a macro, because it looks at its caller's frame. */
struct here {
    uint64_t pc, sp, bp;
};
#define HERE                                                                                       \
    ((struct here){(uint64_t)__builtin_return_address(0),                                          \
                   (uint64_t)__builtin_frame_address(0) + 16,                                      \
                   *(uint64_t *)__builtin_frame_address(0)})

/* sched.c */
/* The running task stands before *op: choose who goes next, come back when it is this task's turn.
 * On true the step has been made (recorded, ordered); the caller then has its effect. False, only
 * of an interruptible op: a signal handler ran instead. */
bool step(struct op *op);
/* Begin an execution; returns when it is over. Scheduler context only. */
void sched_run(void);
/* End the execution; does not return. */
_Noreturn void sched_end(int finish, int result, int signal);
/* The same for a limit, enum cut. */
_Noreturn void sched_cut(int why);
/* A new task of the running task's process; NULL: there are too many. */
struct task *sched_new_task(unsigned parent);
/* The same with a given process and slot; its memory is left as it is. */
struct task *sched_add_task(unsigned parent, unsigned process, unsigned slot);
/* An entry for a timer of that process: no fiber, no memory. */
struct task *sched_add_timer(unsigned process);
/* The number a new task would have, NO_TASK when there is no room for one. */
static inline uint16_t sched_next_task(void)
{
    return S->ntasks < MAX_TASKS ? (uint16_t)S->ntasks : (uint16_t)NO_TASK;
}
/* The running task, just switched to for the first time, makes its first step. */
void sched_begin(void);
/* The steps after `from` could be made again just so: add them to the choices made. */
void sched_note_round(uint32_t from);
/* The checks of all choices made so far are in A->checks. */
void sched_checks(void);
/* The running task stands before its t->op: back when it is its turn. */
void sched_take_turns(void);
void reach_process_end(struct op *op);
/* The running task is gone for good: give the turn away. */
_Noreturn void sched_leave(void);
/* The running task ends; pc: where it says so. */
_Noreturn void sched_task_over(uint64_t pc);
/* Ask which of n alternatives (tasks in who[]) is taken. */
unsigned sched_alternative(const uint16_t *who, unsigned n);
bool sched_enabled(const struct task *t);

static inline unsigned task_id(const struct task *t)
{
    return (unsigned)(t - S->tasks);
}
/* An operation that reaches nothing yet; reach[] is left as it is. */
static inline void op_set(struct op *op, unsigned kind, uint64_t addr, uint32_t size, struct here h)
{
    op->kind = (uint8_t)kind;
    op->nreach = 0;
    op->wait = WAIT_NONE;
    op->cancel_point = op->limited = op->tidies = false;
    op->interruptible = 0;
    op->other = NO_TASK;
    op->size = size;
    op->addr = addr;
    op->addr2 = 0;
    op->pc = h.pc;
    op->sp = h.sp;
    op->bp = h.bp;
    op->section = op->lasting = false;
    op->object = NULL;
}
static inline struct op op_make(unsigned kind, struct here h)
{
    struct op op;
    op_set(&op, kind, 0, 0, h);
    return op;
}
/* The same, made in the running task itself: the commonest operations are not copied about. */
static inline struct op *op_begin(unsigned kind, uint64_t addr, uint32_t size, struct here h)
{
    struct op *op = &S->cur->op;
    op_set(op, kind, addr, size, h);
    return op;
}
/* Most operations reach one or two things, so this is less than half of an assignment. */
static inline void op_copy(struct op *to, const struct op *from)
{
    typedef uint64_t __attribute__((may_alias)) word;
    /* Word by word, as they have just been written: wider loads would have to wait for that. */
    const volatile word *f = (const volatile word *)from;
    word *t = (word *)to;
    size_t n = (offsetof(struct op, reach) + from->nreach * sizeof *from->reach) / sizeof(word);
    for (size_t i = 0; i < n; i++)
        t[i] = f[i];
}
static inline void op_reach(struct op *op, uint64_t addr, uint32_t len, unsigned mode)
{
    op->reach[op->nreach++] = (struct reach){addr, len, (uint8_t)mode};
}

/* interrupt.c: what reaches a task from outside its own text, at its steps: cancellation, signals
 */
enum { INTERRUPT_SIGNAL = 1, INTERRUPT_CANCEL = 2, INTERRUPT_ADVERSE = 4 };
/* Would t act on something pending before its operation t->op, even if that cannot be made? */
bool interrupt_ready(const struct task *t);
/* The running task was chosen and interrupt_ready: it acts. True: it then stands before its
 * operation as before; false: the operation ends with EINTR. May not return (cancellation). */
bool interrupt_act(struct task *t);

/* futex.c: the probe's own system calls pass by its model of syscall() */
long raw_syscall(long number, ...);
#define syscall raw_syscall

/* lock.c */
bool rwlock_writer_waits(const struct object *o); /* and readers have to stand back */
/* The running task ends: the robust mutexes it holds are free, for whom can make good. */
void robust_owner_ends(struct here h);
void robust_abandon(unsigned task); /* the same for a task that is ended by others: no steps */
void object_use(struct object *o);  /* finds the use of a destroyed one */

/* cancel.c */
#define CANCELED ((void *)-1) /* PTHREAD_CANCELED */
bool cancel_arrives(
    struct task *t);              /* t stands before t->op: is a cancellation acted upon there? */
void cancel_hears(struct op *op); /* what op does depends on the cancellation of any task */
/* The running task ends with this result: its clean-up handlers run, innermost first, then the
 * destructors of its thread-specific data; pc: where that began. */
_Noreturn void cancel_unwind(void *result, uint64_t pc);

/* A call that shows as its name and reaches nothing others can see. */
void call_step(const char *name, int result, struct here h);
unsigned task_of_handle(uint64_t handle); /* NO_TASK: none of this process */

/* record.c: events, only while a session records */
struct event *record(unsigned kind, unsigned task); /* NULL when not recording */
void record_text(struct event *e, const char *text, size_t n);
void record_pending(unsigned task);
void record_blocked_changes(void);
void record_finish_write(void);
struct event *recorded_step(void);
static inline struct event *record_step_event(void) /* the event of the step under way, or NULL */
{
    return LIKELY(!S->recording) ? NULL : recorded_step();
}
void record_gone(unsigned task, bool zombie);

/* order.c: clocks, races to reverse, data races, sleep sets */
extern const uint64_t depends[M_COUNT], reverses[M_COUNT], covers[M_COUNT];
/* Account for the operation the running task makes at S->depth. */
uint32_t order_step(struct task *t, struct op *op); /* the ordinal of what it reaches first */
/* Report the data races that order_step saw, and the use of what is gone; op: the step under way.
 */
void order_findings(const struct op *op);
/* Races with what a task would do next, at the end of an execution. */
void order_pending(struct task *t);
bool op_independent(const struct op *a, const struct op *b);
uint32_t *order_clock(uint32_t depth);
/* A mode turned out to be another than the op said (a trylock that succeeded). */
void order_amend(struct frontier *f, unsigned mode);
void order_freed(uint64_t addr, uint64_t size, uint64_t pc);
void order_alloc(uint64_t addr, uint64_t size);
void vc_join(uint32_t *to, const uint32_t *from);
void sync_acquire(struct object *o);
void sync_release(struct object *o);
void sync_tick(void);
void sync_release_join(struct object *o);
void sync_give(struct object *o, const struct task *t); /* the same for what t has seen */
void sync_acquire_read(struct object *o);
void sync_release_read(struct object *o);

/* search.c */
bool search_begin(void); /* before an execution; false: all done */
void search_end(void);   /* after one */
/* One of the `count` tasks in *enabled; NO_TASK: abandon this execution. */
unsigned search_choose(const struct taskset *enabled, unsigned count);
unsigned search_draw(uint64_t enabled, unsigned count); /* the same by chance, of at most 64 */
unsigned search_alternative(unsigned n);
void search_reverse(uint32_t depth, unsigned task, const uint32_t *clock);
void search_learned(void);
void search_exit_node(void);
/* What the host looks at meanwhile is written between these two (arena.h, `changes`). */
static inline void search_changing(void)
{
    __atomic_store_n(&A->changes, A->changes + 1, __ATOMIC_SEQ_CST);
}
static inline void search_changed(void)
{
    __atomic_store_n(&A->changes, A->changes + 1, __ATOMIC_SEQ_CST);
}

/* kept.c: what the host is shown of a search under way */
void kept_add(uint32_t outcome); /* the schedule of the execution that has just ended */
void kept_part(void);            /* how much of the tree is done, after search_end()'s backtrack */

/* find.c */
void find(unsigned kind, uint64_t addr, unsigned other, uint32_t other_depth, uint64_t pc,
          uint64_t other_pc, const char *text);
void find_misuse(uint64_t addr, unsigned other, const char *text);
/* The next find() is of these tasks, and told apart by `key` where its kind has one. */
void find_names(const uint16_t *tasks, unsigned n, uint64_t key);
uint32_t store_outcome(void);

/* What each step of this execution did, in few words: verdicts that look back (a signal nobody
 * heard, a state that comes again) look there. */
static inline void trail_note(const struct op *op, unsigned task, uint32_t ordinal)
{
    if (UNLIKELY(S->depth >= NODES))
        return;
    struct trail *r = &S->trail[S->depth - 1];
    r->addr = op->addr;
    r->addr2 = op->addr2;
    r->pc = op->pc;
    r->size = op->size;
    r->ordinal = ordinal;
    r->task = (uint16_t)task;
    r->kind = op->kind;
    r->unheard = 0;
    r->chosen = r->effect = false;
}
static inline void trail_enabled(uint64_t enabled) /* of the next step */
{
    if (LIKELY(S->depth < NODES))
        S->trail[S->depth].enabled = enabled;
}
/* trail.c, of the step under way */
void trail_chosen(void);
static inline void trail_effect(void)
{
    if (LIKELY(S->depth - 1 < NODES - 1))
        S->trail[S->depth - 1].effect = true;
}
void trail_unheard(void); /* it is a signal of a condition in which nobody waited */

/* cycle.c */
void cycle_begin(void);
void cycle_end(void);
void cycle_check(struct task *t); /* it stands before its operation */
uint64_t hash_range(uint64_t h, uint64_t low, uint64_t high);

/* misuse.c */
void find_dead_stack(const struct op *op); /* the step under way, which reaches a stack */
void find_dead_frame(uint64_t addr, uint64_t sp, uint64_t pc);
void find_unsafe_op(const struct op *op); /* the running task is in a signal handler */
void find_unsafe_call(const char *name, uint64_t pc);
void find_lock_leaks(uint64_t end_pc);

/* deadlock.c */
void find_deadlock(void);
/* t stands before an operation that may have to wait: does that close a circle, though others go
 * on? */
void find_circle(const struct task *t);
void find_circles_left(void); /* at the end of an execution in which others went on */

/* spin.c */
/* The running task reads its own stack, and has for long made no step. */
#define OWN_ACCESSES_LONG 65536
void spin_own(struct task *t, uint64_t addr, uint32_t len, struct here h);
/* The running task changed something: whatever it does next is not the same again. */
static inline void spin_effect(struct task *t)
{
    t->quiet = t->nvisits = t->spin_nread = 0;
}
bool spin_is_quiet(unsigned kind); /* of a kind that may change nothing */
void spin_check(struct task *t, const struct op *op);
void spin_tell(uint64_t addr, uint32_t len);
/* The running task changes memory there: whoever read it may see something new next time. */
static inline void spin_changed(uint64_t addr, uint32_t len)
{
    if (!S->searching || S->nloops)
        spin_tell(addr, len);
}
bool spin_once_more(void); /* nobody can go on: let those who spin do a round more */
bool spin_stuck(void);     /* nobody can go on: is it a livelock? then it is told */
bool spin_waiting(const struct task *t);

/* object.c */
struct object *object_get(const void *addr, unsigned class);
struct object *object_find(const void *addr);
struct object *object_at(uint64_t place, unsigned class); /* the same by place_of() the address */
struct object *object_known(uint64_t place);
void object_forget(uint64_t addr, uint64_t size);
/* A fork: the child has its own copy of each object in memory that is not shared. */
void objects_copy(const struct task *parent, const struct task *child);
void object_fresh(struct object *o, unsigned class);

/* fiber.c, start.c, snapshot.c, heap.c */
void fiber_switch(struct fiber *from, struct fiber *to);
void fiber_prepare(struct fiber *f, void *stack_top, void (*entry)(void));
bool fiber_init(void);
extern struct fiber scheduler_fiber;

/* process.c: several processes in one address space, each with its image of the memory and its
 * own carrier in the kernel */
void processes_begin(void); /* before an execution */
void processes_run(void);   /* until it is over */
void processes_end(void);   /* after one: nothing of it is left in the kernel */
struct fiber *control_fiber(void);
/* A new process that is no copy: its number and that of its only task; false: too many. */
bool process_new(unsigned *index, unsigned *task);
void process_end(unsigned index, int wait_status);
/* The tasks of the running process are gone, though it goes on running free. */
_Noreturn void process_left(void);
long carrier_clone(long flags, void *stack, unsigned long me, void (*entry)(unsigned));

/* exec.c: programs that run free */
void free_settle(void);
bool free_wait(void);
void free_end(void);
bool sched_any_enabled(void);
void stdio_count(int fd, const char *text, size_t n);
#define CONSOLE 104 /* + 1, + 2: what free programs write to */
void process_news(unsigned index);
void child_info(siginfo_t *info, int status);
_Noreturn void process_over(int wait_status);
_Noreturn void process_last(void);
bool wait_possible(const struct task *t);
void process_tell(const struct task *first, unsigned parent);
unsigned process_of_pid(int pid); /* index, NO_PROCESS */
enum atfork { ATFORK_PREPARE, ATFORK_PARENT, ATFORK_CHILD };
void atfork_run(int which); /* what pthread_atfork asked for; in the running task */
void image_save(unsigned process);
void image_load(unsigned process);
void maps_restore(void);
bool map_is_shared(uint64_t place);
void maps_protected(uint64_t low, uint64_t n, int protection);
void carrier_ask(struct task *t); /* fd_answer() in the carrier of t's process */

/* Some work with raw() calls only, in the carrier of that process. */
void carrier_do(unsigned process, void (*work)(void));
long raw(long number, long a, long b, long c, long d); /* a system call; no errno */

/* fd.c */
#define OUR_FIRST  100 /* descriptors of the probe itself */
#define OUR_LAST   139
#define HOLD_FIRST 108 /* of these, in the first process: shared memory that has a name */
#define HOLDS      32
bool fd_ready(const struct task *t);
bool fifo_ready(const struct task *t);
bool filelock_ready(const struct task *t);
void fd_answer(void);
unsigned fd_object(int fd); /* k of OBJ_FD(k) */
ssize_t fd_read(int fd, void *to, size_t n, struct here h);
ssize_t fd_write(int fd, const void *from, size_t n, struct here h);
void fd_init(void);
void fd_restore(void);
void fd_close_process(void);

/* adverse.c */
bool adverse_left(unsigned kind); /* may one more such event happen? */
void adverse_reach(struct op *op);
bool adverse_only(const struct task *t);
void adverse_hears(struct op *op, unsigned kind);
bool adverse_instead(unsigned kind);
void adverse_spend(void);
void adverse_over(void);
bool adverse_interrupts(const struct task *t);
void adverse_interrupt(struct task *t);
bool adverse_malloc(const char *name, struct here h); /* true: it fails, errno is set */
void adverse_process(unsigned index);
void adverse_kill(struct task *killer);

/* outside.c */
void outside_init(void);
void outside_restore(void);
void temporaries_remove(void);

/* ipc.c: what has a name instead of an address lies here, in all processes the same */
#define IPC_BASE  0x5e0000000000ull
#define IPC_BYTES (1ull << 20)
void ipc_fork(unsigned parent, unsigned child);
void shared_restore(void);              /* shm.c: after an execution */
bool queue_ready(const struct task *t); /* queue.c */
/* sysv.c */
bool sysv_ready(const struct task *t);
void sysv_reach_end(struct op *op); /* the end of the running task's process undoes something */
void sysv_process_end(unsigned process);

/* timer.c */
extern bool timers_used __attribute__((visibility("hidden"))); /* this program arms timers */
bool timer_ready(const struct task *t);
bool timer_lets_pass(uint64_t until); /* may virtual time move on to that? */
void timer_expire(struct task *t);    /* the effect of its step */
void timer_ring(struct task *t);      /* in the carrier of its process: what reads it is ready */
bool timers_go_on(void); /* nobody can go on: a timer that has expired often may once more */

/* ends.c */
void ends_begin(struct process *p);
void ends_unknown(void); /* descriptors are made in a way that is not followed */
void ends_pipe(unsigned k, const int fds[2]);
void ends_copy(int from, int to);
void ends_close(int fd);
void ends_fork(const struct process *from, struct process *p);
void ends_process_over(struct process *p);
void ends_amend(struct op *op);

/* signal.c */
/* What the kernel itself sends: a timer, a queue. si_code tells which; t NULL: to any task. */
void signal_from_kernel(unsigned process, struct task *t, int sig, int code, uint64_t value);
void signals_used(void);    /* from now on tasks may get one from elsewhere; may begin again */
void signal_raise(int sig); /* to the running task, as raise() */
void signal_mask_swap(const sigset_t *set, sigset_t *before);
bool signal_ready(const struct task *t);
void signal_kill(unsigned process);
void signal_at_main(int sig, const struct sigaction *action); /* set before main */
bool signal_ends(unsigned process, int sig);                  /* would it end that process now? */
bool signal_act(struct task *t);
bool signal_waited(const struct task *t);
bool signal_has_handler(int sig);
void signal_fault(int sig, siginfo_t *info, void *context);
void signal_child(unsigned parent, unsigned child);
bool signal_reaps_itself(unsigned parent);
void signals_begin(struct process *p);
void signals_inherit(struct process *p, const struct process *from);
void signals_exec(struct process *p);

void stdio_step(int fd, struct here h);
void stdio_flush_elsewhere(void);
void stdio_flush(void);
void stream_lock_at(const void *stream, struct here h);
int stream_trylock_at(const void *stream, struct here h);
void stream_unlock_at(const void *stream, struct here h);
void slots_ensure(unsigned n);
uint64_t slot_fs(unsigned n);
void slot_restore(unsigned n);
void tls_init(void);
void tls_range(unsigned n, uint64_t *low, uint64_t *high);
void stack_prepare(struct task *t, uint64_t size);
void snapshot_take(void);
void snapshot_restore(void);
uint64_t snapshot_hash(uint64_t h); /* of the program's own pages but stacks */
void snapshot_again(void);
bool snapshot_fault(uint64_t addr);
void snapshot_touch(uint64_t addr, uint64_t len);
bool stack_owner(uint64_t addr, unsigned *task);
void heap_snapshot(void);
void heap_restore(void);
void heap_leave(const void *p, size_t n); /* what is in there at main is not to be put back */
extern bool heap_private;
void heap_extent(unsigned slot, uint64_t *low, uint64_t *high);
void shared_add(unsigned task, uint64_t addr, uint32_t len);
bool shared_has(const struct task *t, uint64_t addr, uint32_t len);
bool shared_is_fresh(const struct op *op);
void stdio_init(void);
struct _IO_FILE *stdio_input(void);             /* the stream of standard input */
struct _IO_FILE *stdio_own(struct _IO_FILE *f); /* ours in place of the library's */
void input_rewind(void);

void libraries_note(void);

/* choose.c */
void choose_init(void);
void choose_stuck(void); /* abandons the execution when an assumption holds somebody */
void choose_section_blocked(void);
void choose_entered(struct here h); /* a function begins, ends */
void choose_left(struct here h);
void choose_abort(struct here h); /* returns unless that is how an assumption is written */
_Noreturn void end_by_assertion(const char *text, struct here h);
void search_section_node(void);
void search_widen(uint32_t from);
void stdio_output(int fd, const char *text, size_t n);
void *real_function(const char *name);
_Noreturn void probe_panic(const char *message);
/* Something was learned without which this execution cannot go on: once more from the start. */
_Noreturn void begin_again(void);
int run_main(void);
void exit_quietly(void);
void exit_process(int status, struct here h, bool from_main);
void crash_init(void);
bool mapping_allowed(uint64_t low, uint64_t n); /* limit.c */
bool unmapping_crashes(uint64_t low, uint64_t n);
void control_wait(void);
_Noreturn void control_refuse(const char *message);
void tsd_begin(struct process *p); /* with the keys and values from before main */
void run_tsd_destructors(void);

#pragma GCC visibility pop

/* The real function behind an interposed one, for when the program is not controlled. */
#define REAL(name)                                                                                 \
    __extension__({                                                                                \
        static __typeof__(&name) real_##name;                                                      \
        if (!real_##name)                                                                          \
            real_##name = (__typeof__(&name))(uintptr_t)real_function(#name);                      \
        real_##name;                                                                               \
    })

#endif
