/* A session: one controlled execution of a program, stepped by hand, replayed, branched.
 *
 * The session owns the target (another process) and the trace of the execution so far. "The end"
 * is the last step of the trace, where the next choice is made. Looking back is looking at the
 * trace; only session_inspect moves the target, invisibly.
 *
 * Host thread only. Calls that let the target run block until it stops or `timeout_ms` passed
 * (-ERR_BUSY: it still runs; call session_wait, or poll session_fd). */
#ifndef LOCKSTEP_SESSION_H
#define LOCKSTEP_SESSION_H

#include "base.h"
#include "program.h"
#include "schedule.h"
#include "symbols.h"
#include "trace.h"

struct session;

struct session_options {
    int main_exit_wait;    /* the return of main waits for the other threads */
    uint32_t max_steps;    /* 0: 1,000,000 */
    uint32_t stuck_ms;     /* no step for that long: the task is stopped, a finding; 0: 2000 */
    uint64_t memory_bytes; /* address space for the program's data; 0: 1 GiB */
};

/* Start the target of *p (borrowed; must outlive the session) and stop it before the first step.
 * -ERR_NOT_A_PROGRAM, -ERR_TARGET_GONE, -ERR_UNSUPPORTED … with *e filled. */
int session_open(struct session **out, struct program *p, const struct session_options *o,
                 struct err *e);
/* Kills the target and everything it started. NULL is allowed. */
void session_close(struct session *s);

const struct trace *session_trace(const struct session *s);
struct symbols *session_symbols(struct session *s);
const struct names *session_names(struct session *s);
/* What of the program cannot be seen, as notes_of. */
void session_notes(const struct session *s, struct buf *out);
/* The choices made so far; borrowed, changes with the next step. */
const struct schedule *session_schedule(const struct session *s);

/* What may be chosen at the end. */
struct choice {
    uint16_t choice;    /* for session_step */
    uint16_t task;      /* who would step (or be woken, for an alternative) */
    int is_alternative; /* the last step asks: which of these? */
    int is_value;       /* of values, then, not of tasks; `task` is its number */
    int64_t value;
    int adverse;          /* it would be an event that was asked for, see engine/explain.h */
    struct event pending; /* what it would do */
};
/* Fills at most max, returns how many; 0 when the execution is over. Ordered by task. */
int session_choices(struct session *s, struct choice *out, int max);
/* The choice the plain policy takes now: an alternative: the first; else the task that made the
 * last step if it can go on, else the lowest, none by an adverse event; -1 when the execution is
 * over. */
int session_default_choice(struct session *s);
int session_finished(const struct session *s);

/* Take one choice at the end. -ERR_USAGE when it is none of session_choices. */
int session_step(struct session *s, uint16_t choice, int timeout_ms, struct err *e);
/* Follow the plain policy until `steps` more were made, the execution is over or the trace has a
 * new FINDING (steps < 0: no bound). One hand-over to the target for all of it. */
int session_run(struct session *s, long steps, int timeout_ms, struct err *e);
/* Wait for a running target. 0 stopped, -ERR_BUSY. */
int session_wait(struct session *s, int timeout_ms, struct err *e);
/* Becomes readable when a running target stops. */
int session_fd(const struct session *s);
/* Forget every step after `step` and bring the target there, to go another way. */
int session_rewind(struct session *s, uint32_t step, int timeout_ms, struct err *e);

/* Begin again and follow a schedule; stops at its end. -ERR_DIVERGED: *e names the first step that
 * differs, the trace holds the steps before it. */
int session_replay(struct session *s, const struct schedule *schedule, int timeout_ms,
                   struct err *e);
/* The same, checked against a recorded trace event by event. */
int session_replay_trace(struct session *s, const struct schedule *schedule,
                         const struct trace *expected, int timeout_ms, struct err *e);

/* From here on `more` adverse events may happen, beyond those that may already: the program of the
 * session changes, and the execution begins again by the same choices. -ERR_DIVERGED with *e when
 * it goes another way then; the trace holds the steps before that. */
int session_adversity(struct session *s, struct program *p, unsigned more, int timeout_ms,
                      struct err *e);

/* Look at variables at `step` (0..nsteps): moves the target there, fills *m (valid until the next
 * call on s). The trace is not changed. */
int session_inspect(struct session *s, uint32_t step, struct memory *m, struct err *e);
/* The memory of session_inspect is that of this process from now on: index, 0 at first. Pointers
 * are followed and places named as that process has them. */
void session_enter(struct session *s, unsigned process);
/* Where `task` stands at the inspected step. -ERR_NOT_FOUND if it does not exist or has ended. */
int session_regs(struct session *s, unsigned task, struct regs *out);
/* Process id of the target, for tests and for `ps`. */
int session_pid(const struct session *s);

#endif
