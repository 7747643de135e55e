/* What is known of a program that runs free: its threads, processes and objects now, and what each
 * thread did over time. Filled by engine/live.c from what the threads note (engine/recorder.h) and
 * from /proc; read by screens, sentences and JSON. Pure: no clock, no files, no target; so every
 * view can be tested with a model filled by hand.
 *
 * Times are nanoseconds since the run began. Memory is bounded however long it runs: what is old is
 * kept in coarser steps of time. Not thread-safe; allocates. */
#ifndef LOCKSTEP_LIVE_MODEL_H
#define LOCKSTEP_LIVE_MODEL_H

#include "names.h"
#include "world.h"

#define LIVE_NONE    0xffffffffu
#define LIVE_UNNOTED 0x80000000u /* numbers from here on: tasks that only the kernel tells of */

/* What is kept at most. When there is no room the oldest that has ended makes room; a task,
 * process or object that is still there keeps its index. A screen that keeps an index across looks
 * keeps the `number` of what stood there too: no number is given twice, so when another one stands
 * there the index was given to another. */
enum { LIVE_TASKS = 1024, LIVE_PROCESSES = 512, LIVE_OBJECTS = 4096 };

/* Something a thread did, as its ring has it. */
struct live_event {
    uint64_t time;   /* exact, or the earliest it can have been when !stamped */
    uint64_t waited; /* ns it had to wait before; 0: it could go straight on */
    uint32_t task;   /* index in the model; of events kept: tasks[task].number == number, or the
                        task was forgotten since */
    uint32_t number; /* of its task; live_event_add sets it */
    uint8_t kind;    /* enum event_kind; EV_NONE: what it waited for did not come, or, with `more`,
                        so many of its events were lost before this time (the model's own) */
    uint8_t begins;  /* 1: it begins to wait for this; the event itself comes later */
    uint8_t stamped;
    uint8_t result;
    uint16_t extra;    /* see engine/recorder.h */
    uint64_t addr, pc; /* object or place, 48 bits; return address */
    uint64_t more;     /* see engine/recorder.h; 0 if nothing followed */
};

struct live_task {
    uint32_t number;  /* T<number> */
    uint32_t process; /* index in the model */
    uint32_t creator; /* number of who created it; LIVE_NONE */
    int32_t pid, tid;
    char name[16]; /* "main", one set by the program, or ""; safe to show */
    uint64_t start_pc;
    enum task_state state; /* (m) RUNNING: on a processor; READY: could be, and is not; SLEEPING:
                              a sleep, or a wait that time or something outside ends */
    char kernel;           /* R S D T t Z X of /proc; 0 unknown */
    int noted;             /* 0: seen in /proc only; what it waits for is unknown */
    /* while it waits */
    uint64_t wait_since;  /* 0: it does not */
    uint8_t wait_kind;    /* enum event_kind of the operation; EV_NONE: held back by slow motion */
    uint8_t wait_limited; /* 1: time ends it at the latest (also told by kinds like TIMEDLOCK) */
    uint8_t wait_outside; /* 1: somebody outside the program can end it: a terminal, a socket */
    uint64_t wait_addr;   /* object; JOIN: number of the thread, WAIT: pid asked for (signed) */
    uint64_t wait_pc;
    uint32_t wait_by; /* (m) index of who holds it, is joined, is waited for; LIVE_NONE */
    uint64_t held[16];
    uint32_t nheld;         /* may be more than 16: the rest is unknown */
    struct live_event last; /* (m) kind EV_NONE: none yet */
    /* counters since it began */
    uint64_t operations, lost; /* (m) noted by it; of these, overwritten before they were read */
    uint64_t waits, wait_ns;
    uint64_t cpu_ns, ready_ns; /* on a processor; ready, but on none */
    uint64_t voluntary, involuntary;
    int processor;         /* -1 unknown */
    uint64_t began, ended; /* ended 0 while alive */
    int joined;
};

struct live_process {
    uint32_t number;         /* (m) P<number>: in the order in which they were first seen */
    int32_t pid, parent_pid; /* parent_pid changes when it becomes an orphan */
    uint32_t parent;         /* index, LIVE_NONE: none of these */
    char program[16];        /* what it runs, as /proc has it; safe to show */
    char kernel; /* R S D T t Z X of its first thread; 0 unknown. Z as long as it is a zombie */
    enum process_state state; /* (m) */
    int reaped;               /* its parent has waited for it */
    int orphaned;             /* its parent ended before it */
    int has_status;
    int status; /* as of waitpid, when has_status */
    uint64_t began, ended;
    uint64_t bias; /* where its executable is loaded; ~0 unknown */
    int noted;     /* it has the recorder */
};

struct live_object {
    uint32_t number; /* raised for each new one */
    uint64_t addr;
    uint32_t process; /* whose memory it is: the one it was first seen in */
    int shared;       /* not of one process alone: a channel, or in memory that was said to be */
    int destroyed;
    enum object_class class;
    uint32_t owner;    /* index of a task, LIVE_NONE; of a lock; for reading: one of them */
    uint32_t nholding; /* tasks that hold it; more than one, or `reading`: for reading */
    int reading;
    uint32_t nwaiting;              /* tasks that wait for it now */
    uint64_t operations, contended; /* seen; those that had to wait */
    uint64_t wait_ns;
    int64_t count; /* semaphore value, barrier arrivals, bytes in a pipe, 1 a once that is done;
                      -1 unknown */
    int64_t limit; /* barrier: how many it is for; -1 unknown */
};

/* One column of a lane: what a task did from t to t + step. */
struct live_column {
    uint8_t known; /* 0: nothing is known of it then (not born, ended long ago, not looked at) */
    uint8_t state; /* enum task_state: the one that took most of it */
    uint8_t mixed; /* 1: that was less than three quarters of it */
    uint8_t wait_kind;                /* what it waited in, when state is BLOCKED or SLEEPING */
    uint32_t by;                      /* and for whom; LIVE_NONE */
    uint64_t addr;                    /* and for what */
    uint32_t running, ready, waiting; /* thousandths of the column */
    uint32_t operations;
    uint8_t kind;         /* the last event noted in it, EV_NONE if none */
    uint8_t begins, ends; /* it began or ended in it */
};

struct live_totals {
    uint64_t operations, lost, waits, wait_ns, voluntary, involuntary;
    uint32_t unnoted; /* threads and processes for which there was no room */
    double operations_per_s, switches_per_s, waits_per_s; /* over the last second */
};

/* What is marked (m) above is the model's own: it is set by live_look_end and live_event_add, all
 * else of tasks and processes is the caller's to fill in. Objects are the model's altogether. */
struct live_model {
    uint64_t now; /* of the last look */
    uint32_t ntasks, nprocesses,
        nobjects; /* what is there now; ended ones stay while there is room */
    struct live_task *tasks;
    struct live_process *processes;
    struct live_object *objects;
    struct live_totals totals;
    struct live_inside *inside; /* history and indices; live_model.c's own */
};

void live_model_init(struct live_model *m);
void live_model_fini(struct live_model *m);

/* ---- filling: in the order of time; engine/live.c does this once a look ---- */
void live_look_begin(struct live_model *m, uint64_t now);
/* The task with this number, made when it is new; the caller fills in what it knows: `ended` when
 * it has, `joined` when nobody has to join it. Valid, at the same place, until it is forgotten,
 * which takes that it has ended. Where 1024 live already one comes back that is not in the model,
 * and totals.unnoted is raised. */
struct live_task *live_task_of(struct live_model *m, uint32_t number);
/* The process with this pid that has not gone, made when there is none: one that ended and is no
 * zombie (any more) has gone, its pid may be another's. */
struct live_process *live_process_of(struct live_model *m, int32_t pid);
/* The last one with that pid, gone or not; NULL. */
struct live_process *live_process_last(struct live_model *m, int32_t pid);
/* Memory of `process` (index; LIVE_NONE: any) from..to is shared with others: what lies there is
 * one object for all. At most 256 such ranges; *m forgets the earliest. */
void live_shared(struct live_model *m, uint32_t process, uint64_t from, uint64_t to);
/* An event of its task, later than those given before of the same task (if not, its time is made
 * so) and not later than now. It counts as one of its operations unless it only begins to wait. */
void live_event_add(struct live_model *m, const struct live_event *e);
/* So many events of `task` were lost between the last one given and the next. */
void live_lost(struct live_model *m, uint32_t task, uint64_t n);
/* What took the time since the last look of this task, by the kernel: ns on a processor and ns
 * ready without one; the rest it waited or was stopped. */
void live_spent(struct live_model *m, uint32_t task, uint64_t running, uint64_t ready);
/* All of this look is there: states, owners, waiters, histories and rates follow. */
void live_look_end(struct live_model *m);

/* ---- reading ---- */
/* Columns of the lane of a task: n of them from `from` on, each `step` ns. What is seen of the past
 * gets coarser with its age: exact waits for the last hundreds of them, then what took its time in
 * 4 ms, 16 ms, 64 ms ... The cost is that of the columns, however long it ran. */
void live_columns(const struct live_model *m, uint32_t task, uint64_t from, uint64_t step, int n,
                  struct live_column *out);
/* Events kept of the last time, all tasks, oldest first; *n of them. Valid until the next look. */
const struct live_event *live_events(const struct live_model *m, size_t *n);
/* The object a task of `process` means by addr; index, or LIVE_NONE. */
uint32_t live_object_at(const struct live_model *m, uint32_t process, uint64_t addr);
/* The task or process with that number, LIVE_NONE when it is not (any more) there. */
uint32_t live_task_number(const struct live_model *m, uint32_t number);
/* Tasks that wait for an object: at most max indices, the first come first; how many there are. */
uint32_t live_waiting(const struct live_model *m, uint32_t object, uint32_t *out, uint32_t max);
/* Tasks that hold it, likewise. */
uint32_t live_holding(const struct live_model *m, uint32_t object, uint32_t *out, uint32_t max);
/* Nobody can go on: every living task waits without a limit of time, for `ns` at least, for
 * something only another of them can give. */
int live_hangs(const struct live_model *m, uint64_t ns);
/* Tasks that wait for each other in a circle, each for the next and the last for the first: at most
 * max indices; how many there are, 0 if there is none. */
uint32_t live_circle(const struct live_model *m, uint32_t *out, uint32_t max);

/* ---- words; names as of the program, NULL: addresses only ---- */
/* "T3", "P1.T3" where there are several processes. */
void live_say_task_name(const struct live_model *m, uint32_t task, struct buf *out);
/* "T3 waits for m since 1.2 ms, held by T1 (counter.c:12)". One sentence, no full stop. */
void live_say_task(const struct live_model *m, const struct names *names, uint32_t task,
                   struct buf *out);
/* "P1 (pid 4711) has ended with status 3; it is a zombie until P0 waits for it". */
void live_say_process(const struct live_model *m, uint32_t process, struct buf *out);
/* "m: a mutex, held by T1; T2 and T3 wait; 1200 operations, 37 had to wait". */
void live_say_object(const struct live_model *m, const struct names *names, uint32_t object,
                     struct buf *out);
/* "T1 locks m (waited 1.2 ms)". */
void live_say_event(const struct live_model *m, const struct names *names,
                    const struct live_event *e, struct buf *out);
/* Why nobody goes on: "T1 holds a and waits for b; T2 holds b and waits for a". The circle if there
 * is one, else who waits for what. No full stop. */
void live_say_hang(const struct live_model *m, const struct names *names, struct buf *out);
/* A wait status in words: "exited with status 3", "ended by SIGKILL". */
void live_say_status(int wait_status, struct buf *out);

/* ---- as a trace ---- */
/* What happened from `from` to `to`, as far as its events are kept, as a trace of the world: an
 * event a step in the order of time, states and waits from what was noted. Where times do not tell
 * the order, it is one that can have been: nobody takes a lock that another holds. Who holds and
 * waits for what at `from` is put in front. To the last look (`to` UINT64_MAX), it tells how it
 * ended, too, and has a finding when it crashed or nobody can go on. The trace is appended to,
 * it must be empty; *notes (may be NULL) gets what is missing, a sentence a line ("31 operations of
 * that time were not kept"). Tasks keep their numbers where these are below MAX_TASKS. */
struct trace;
void live_trace(const struct live_model *m, uint64_t from, uint64_t to, struct trace *out,
                struct buf *notes);
/* The same as a recording (schedule.h) of a free run: *r was made by recording_init, files, args
 * and hash are the caller's. names: as of the program, NULL: addresses only. */
struct recording;
void live_record(const struct live_model *m, const struct names *names, uint64_t from, uint64_t to,
                 struct recording *r);

#endif
