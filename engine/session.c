#include "session.h"

#include "notes.h"
#include "target.h"

#include <limits.h>
#include <linux/futex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define MAX_STEPS_DEFAULT 1000000u
#define START_TIMEOUT_MS  10000

struct session {
    struct program *program; /* borrowed */
    struct session_options options;
    struct target target;
    struct trace trace;
    struct schedule schedule;
    struct symbols *symbols;
    uint32_t *choices_at; /* [s]: choices made up to the end of step s */
    size_t cap_choices_at;
    const struct trace *expected; /* a recording to compare with; borrowed while replaying */
    uint32_t taken_events;        /* events of the arena already looked at */
    uint32_t at_choices;          /* where the target stands, in choices */
    uint32_t sent_seq;
    int running;     /* a command is under way */
    int wants_trace; /* its events belong into the trace */
    int finished;
    unsigned looked_at; /* process whose memory session_inspect gives */
    struct err failure; /* why the target is gone */
};

/* ---- commands to the target ---- */
static void futex_wake(uint32_t *word)
{
    syscall(SYS_futex, word, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
}

static void send_command(struct session *s, unsigned command)
{
    struct arena *a = s->target.arena;
    a->command = command;
    if (command == COMMAND_RESTART)
        s->taken_events = 0;
    s->running = 1;
    __atomic_store_n(&a->command_seq, ++s->sent_seq, __ATOMIC_SEQ_CST);
    futex_wake(&a->command_seq);
}

/* Force choices[0..n) and stop after `stop_at` choices. */
static void order(struct session *s, const uint16_t *choices, size_t n, uint32_t stop_at,
                  int stop_on_finding)
{
    struct arena *a = s->target.arena;
    if (n)
        memcpy(a->choices + ARENA_FORCED, choices, n * sizeof *choices);
    a->nforced = (uint32_t)n;
    a->stop_at = stop_at;
    a->stop_on_finding = (uint8_t)stop_on_finding;
}

/* ---- taking over what happened ---- */
static void note_step_end(struct session *s, uint32_t step, uint32_t choices)
{
    if (step >= s->cap_choices_at) {
        s->cap_choices_at = s->cap_choices_at ? s->cap_choices_at * 2 : 256;
        while (step >= s->cap_choices_at)
            s->cap_choices_at *= 2;
        s->choices_at = xrealloc(s->choices_at, s->cap_choices_at, sizeof *s->choices_at);
    }
    s->choices_at[step] = choices;
}

static void take_schedule(struct session *s)
{
    const struct arena *a = s->target.arena;
    s->schedule.n = 0;
    for (uint32_t i = 0; i < a->nchoices; i++)
        schedule_add(&s->schedule, a->choices[i], a->checks[i]);
    free(s->schedule.shared);
    s->schedule.nshared = a->nshared;
    s->schedule.shared = xcalloc(a->nshared, sizeof *s->schedule.shared);
    for (uint32_t i = 0; i < a->nshared; i++)
        s->schedule.shared[i] =
            (struct shared_range){a->shared[i].task, a->shared[i].offset, a->shared[i].size};
}

/* Where in the list of choices each step ends. */
static void index_choices(struct session *s)
{
    uint32_t step = 0;
    note_step_end(s, 0, 0);
    for (uint32_t i = 0; i < s->schedule.n; i++) {
        if (!(s->schedule.choices[i] & CHOICE_ALT))
            step++;
        note_step_end(s, step, i + 1);
    }
}

/* Sockets, files and the like are met when they are used: no event makes them. */
static void tell_channel(struct session *s, unsigned kind, uint64_t addr)
{
    enum { NO_MEMORY = 4096 /* below it are numbers of the probe's, not addresses */ };
    if ((kind == EV_FD_READ || kind == EV_FD_WRITE) && addr && addr < NO_MEMORY &&
        !symbols_has_block(s->symbols, addr))
        symbols_add_named(s->symbols, addr, 1, "channel", 7, 1);
}

static void tell_symbols(struct session *s, const struct event *e)
{
    tell_channel(s, e->kind == EV_PENDING ? (unsigned)e->a : e->kind, e->addr);
    const char *text = trace_text(&s->trace, e);
    if (e->kind == EV_ALLOC && e->ntext) /* not of the heap: what it is */
        symbols_add_named(s->symbols, e->addr, e->size, text, e->ntext,
                          !(e->ntext == 6 && !memcmp(text, "mapped", 6)));
    else if (e->kind == EV_ALLOC)
        symbols_add_block(s->symbols, e->addr, e->size, e->task, e->pc);
    else if (e->kind == EV_PIPE && e->result == 0)
        symbols_add_named(s->symbols, e->addr, 1, e->ntext ? text : "pipe", e->ntext ? e->ntext : 4,
                          1);
    else if (e->kind == EV_PROCESS && e->other != NO_TASK)
        symbols_fork_blocks(s->symbols, trace_process(&s->trace, e->other), e->process);
}

/* Everything anew, after the end of the trace was cut off: numbers are given in order. */
static void tell_symbols_again(struct session *s)
{
    symbols_clear_blocks(s->symbols);
    for (size_t i = 0; i < s->trace.nevents; i++)
        tell_symbols(s, &s->trace.events[i]);
}

static int same_event(const struct event *a, const struct event *b)
{
    return a->kind == b->kind && a->task == b->task && a->addr == b->addr && a->addr2 == b->addr2 &&
           a->other == b->other && a->size == b->size && a->result == b->result;
}

/* The first difference from what was recorded; 0 if none. */
static int compare(const struct session *s, const struct event *e, size_t index, struct err *err)
{
    if (!s->expected || index >= s->expected->nevents)
        return 0;
    const struct event *x = &s->expected->events[index];
    if (same_event(x, e))
        return 0;
    return err_set(err, ERR_DIVERGED,
                   "step %u differs from the recording: T%u %s there, T%u %s now; the program or "
                   "its input has changed",
                   e->step, x->task, event_word(x->kind), e->task, event_word(e->kind));
}

/* Its text, which lies in the arena, unless the program has written over the event. */
static const char *text_of(const struct arena *a, const struct event *e)
{
    return e->text <= ARENA_TEXT && e->ntext <= ARENA_TEXT - e->text ? a->text + e->text : NULL;
}

/* What became known after the target stopped: the new value of a write, how a call ended whose
 * answer was chosen. */
static void settle(struct event *known, const struct event *now)
{
    known->b = now->b;
    if (now->flags & EVF_ADVERSE) {
        known->kind = now->kind;
        known->flags = now->flags;
        known->result = now->result;
    }
}

/* Bring the arena's events into the trace. */
static int take_events(struct session *s, struct err *err)
{
    const struct arena *a = s->target.arena;
    int rc = 0;
    for (; s->taken_events < a->nevents && rc == 0; s->taken_events++) {
        const struct event *e = &a->events[s->taken_events];
        if (s->taken_events <
            s->trace.nevents) { /* the same again: the new value of a write may be known now */
            settle(&s->trace.events[s->taken_events], e);
            continue;
        }
        rc = compare(s, e, s->taken_events, err);
        if (rc == 0)
            rc = trace_append(&s->trace, e, text_of(a, e));
        if (rc == -ERR_DATA)
            err_set(err, ERR_DATA,
                    "what the program did cannot be told from event %u on: it wrote over the "
                    "memory that lockstep shares with it",
                    s->taken_events);
        if (rc == 0)
            tell_symbols(s, &s->trace.events[s->trace.nevents - 1]);
    }
    if (s->taken_events > 0 && s->taken_events <= s->trace.nevents)
        for (uint32_t i = s->taken_events > 64 ? s->taken_events - 64 : 0; i < s->taken_events; i++)
            settle(&s->trace.events[i], &a->events[i]);
    return rc;
}

static int gone(struct session *s, struct err *e)
{
    s->running = 0;
    s->finished = 1;
    target_why(&s->target, &s->failure);
    if (e)
        *e = s->failure;
    return -s->failure.code;
}

static int bad_choice(struct session *s, struct err *e)
{
    unsigned task = s->target.arena->bad_task;
    uint32_t step = s->trace.nsteps + 1;
    if (task & CHOICE_ALT)
        return err_set(e, ERR_DIVERGED,
                       "step %u: the schedule chooses alternative %u, which there is not", step,
                       task & ~(unsigned)CHOICE_ALT);
    return err_set(
        e, ERR_DIVERGED,
        "step %u: the schedule lets T%u go on, but it cannot: the program or its input has changed",
        step, task);
}

/* The target has stopped. */
static int stopped(struct session *s, struct err *e)
{
    struct arena *a = s->target.arena;
    s->running = 0;
    int damaged = target_check(a, &s->failure);
    if (damaged) {
        target_stop(&s->target);
        s->finished = 1;
        if (e)
            *e = s->failure;
        return damaged;
    }
    s->at_choices = a->nchoices;
    if (!s->wants_trace)
        return 0;
    int rc = take_events(s, e);
    take_schedule(s);
    index_choices(s);
    s->finished = a->over != 0;
    if (rc == 0 && a->stop == STOP_BAD_CHOICE)
        rc = bad_choice(s, e);
    return rc;
}

int session_wait(struct session *s, int timeout_ms, struct err *e)
{
    while (s->running) {
        struct arena *a = s->target.arena;
        if (__atomic_load_n(&a->done_seq, __ATOMIC_SEQ_CST) == s->sent_seq &&
            a->state == STATE_STOPPED)
            return stopped(s, e);
        int rc = target_wait(&s->target, timeout_ms);
        if (rc == -ERR_TARGET_GONE || a->state == STATE_REFUSED)
            return gone(s, e);
        if (rc == 0)
            return err_set(e, ERR_BUSY, "the program is still running");
    }
    return 0;
}

/* Go to where the schedule's first n choices lead and on to stop_at. */
static int go(struct session *s, const uint16_t *choices, size_t n, uint32_t stop_at,
              int stop_on_finding, int timeout_ms, struct err *e)
{
    if (s->failure.code && s->target.pid == 0) {
        if (e)
            *e = s->failure;
        return -s->failure.code;
    }
    int behind = s->at_choices == 0 ||
                 (s->at_choices <= s->schedule.n && n >= s->at_choices &&
                  memcmp(choices, s->schedule.choices, s->at_choices * sizeof *choices) == 0);
    order(s, choices, n, stop_at, stop_on_finding);
    send_command(s, behind && !s->target.arena->over ? COMMAND_GO : COMMAND_RESTART);
    return session_wait(s, timeout_ms, e);
}

/* ---- opening ---- */
static int open_target(struct session *s, struct err *e)
{
    int rc = target_prepare(&s->target, e);
    if (rc)
        return rc;
    struct arena *a = s->target.arena;
    a->mode = MODE_SESSION;
    a->max_steps = s->options.max_steps    ? s->options.max_steps
                   : s->program->max_steps ? s->program->max_steps
                                           : MAX_STEPS_DEFAULT;
    a->main_exit_wait = s->options.main_exit_wait != 0;
    a->memory_bytes = s->options.memory_bytes ? s->options.memory_bytes : 1ull << 30;
    s->target.stuck_ms = s->options.stuck_ms;
    rc = target_start(&s->target, s->program, e);
    if (rc)
        return rc;
    s->sent_seq = 0;
    s->running = 1;
    s->wants_trace = 1;
    return session_wait(s, START_TIMEOUT_MS, e);
}

static void tell_stacks(struct session *s)
{
    const struct arena *a = s->target.arena;
    for (unsigned t = 0; t < a->ntasks; t++) {
        uint64_t tag = (uint64_t)trace_process(&s->trace, t) << PLACE_BITS;
        symbols_set_stack(s->symbols, t, a->tasks[t].stack_low | tag, a->tasks[t].stack_high | tag);
    }
}

int session_open(struct session **out, struct program *p, const struct session_options *o,
                 struct err *e)
{
    *out = NULL;
    struct session *s = xcalloc(1, sizeof *s);
    s->program = p;
    if (o)
        s->options = *o;
    trace_init(&s->trace);
    schedule_init(&s->schedule);
    memcpy(s->schedule.hash, p->hash, sizeof s->schedule.hash);
    s->schedule.main_exit_wait = s->options.main_exit_wait;
    int rc = symbols_open(&s->symbols, p->binary, 0x555555554000ull, e);
    if (rc == 0)
        rc = open_target(s, e);
    if (rc) {
        session_close(s);
        return rc;
    }
    tell_stacks(s);
    *out = s;
    return 0;
}

void session_close(struct session *s)
{
    if (!s)
        return;
    target_end(&s->target);
    symbols_close(s->symbols);
    trace_fini(&s->trace);
    schedule_fini(&s->schedule);
    free(s->choices_at);
    free(s);
}

const struct trace *session_trace(const struct session *s)
{
    return &s->trace;
}

struct symbols *session_symbols(struct session *s)
{
    return s->symbols;
}

const struct names *session_names(struct session *s)
{
    return symbols_names(s->symbols);
}

void session_notes(const struct session *s, struct buf *out)
{
    notes_of(s->program->binary, s->target.arena, out);
}

const struct schedule *session_schedule(const struct session *s)
{
    return &s->schedule;
}

int session_fd(const struct session *s)
{
    return s->target.event_fd;
}

int session_pid(const struct session *s)
{
    return (int)s->target.pid;
}

int session_finished(const struct session *s)
{
    return s->finished;
}

/* ---- choosing ---- */
/* The target may stand elsewhere (inspected); bring it to the end of the trace. */
static int to_the_end(struct session *s, struct err *e)
{
    if (s->at_choices == s->schedule.n && !s->running)
        return 0;
    s->wants_trace = 1;
    return go(s, s->schedule.choices, s->schedule.n, (uint32_t)s->schedule.n, 0, -1, e);
}

static struct event last_pending(const struct session *s, unsigned task)
{
    for (size_t i = s->trace.nevents; i-- > 0;)
        if (s->trace.events[i].kind == EV_PENDING && s->trace.events[i].task == task)
            return s->trace.events[i];
    return (struct event){.task = (uint16_t)task, .other = NO_TASK};
}

static struct choice alternative(const struct session *s, uint32_t i)
{
    const struct arena *a = s->target.arena;
    int is_value = a->alternatives[i] == NO_TASK;
    return (struct choice){.choice = (uint16_t)(CHOICE_ALT | i),
                           .task = is_value ? (uint16_t)i : a->alternatives[i],
                           .is_alternative = 1,
                           .is_value = is_value,
                           .value = a->alternative_values[i],
                           .pending = last_pending(s, a->alternatives[i])};
}

int session_choices(struct session *s, struct choice *out, int max)
{
    int n = 0;
    if (s->finished || s->running || to_the_end(s, NULL))
        return 0;
    const struct arena *a = s->target.arena;
    for (uint32_t i = 0; i < a->nalternatives && n < max; i++)
        out[n++] = alternative(s, i);
    if (a->nalternatives)
        return n;
    for (uint32_t t = 0; t < a->ntasks && n < max; t++)
        if (a->tasks[t].exists && !a->tasks[t].ended && a->tasks[t].enabled)
            out[n++] = (struct choice){.choice = (uint16_t)t,
                                       .task = (uint16_t)t,
                                       .adverse = a->tasks[t].adverse,
                                       .pending = last_pending(s, t)};
    return n;
}

int session_default_choice(struct session *s)
{
    struct choice c[MAX_TASKS];
    int n = session_choices(s, c, MAX_TASKS);
    if (n == 0)
        return -1;
    unsigned last = s->target.arena->last_task;
    for (int i = 0; i < n; i++)
        if (!c[i].is_alternative && c[i].task == last && !c[i].adverse)
            return c[i].choice;
    for (int i = 0; i < n; i++)
        if (!c[i].adverse)
            return c[i].choice;
    return c[0].choice;
}

int session_step(struct session *s, uint16_t choice, int timeout_ms, struct err *e)
{
    struct choice c[MAX_TASKS];
    int n = session_choices(s, c, MAX_TASKS), found = 0;
    for (int i = 0; i < n; i++)
        found |= c[i].choice == choice;
    if (!found)
        return err_set(e, ERR_USAGE,
                       s->finished ? "the execution is over; go back, or run again"
                                   : "T%u cannot go on now",
                       choice);
    size_t k = s->schedule.n;
    schedule_add(&s->schedule, choice, 0xff);
    s->wants_trace = 1;
    return go(s, s->schedule.choices, k + 1, (uint32_t)k + 1, 0, timeout_ms, e);
}

int session_run(struct session *s, long steps, int timeout_ms, struct err *e)
{
    if (s->finished)
        return 0;
    size_t n = s->schedule.n;
    uint32_t stop = steps < 0 ? UINT32_MAX : (uint32_t)(n + (size_t)steps);
    s->wants_trace = 1;
    return go(s, s->schedule.choices, n, stop, 1, timeout_ms, e);
}

static void truncate_to(struct session *s, uint32_t step)
{
    trace_truncate(&s->trace, step);
    s->schedule.n = step < s->cap_choices_at ? s->choices_at[step] : 0;
    s->finished = 0;
    tell_symbols_again(s);
}

int session_rewind(struct session *s, uint32_t step, int timeout_ms, struct err *e)
{
    if (step >= s->trace.nsteps)
        return 0;
    truncate_to(s, step);
    s->wants_trace = 1;
    s->at_choices = UINT32_MAX; /* begin again */
    return go(s, s->schedule.choices, s->schedule.n, (uint32_t)s->schedule.n, 0, timeout_ms, e);
}

/* ---- replay ---- */
static void set_shared(struct session *s, const struct schedule *schedule)
{
    struct arena *a = s->target.arena;
    a->nshared = 0;
    for (size_t i = 0; i < schedule->nshared && a->nshared < ARENA_SHARED; i++)
        a->shared[a->nshared++] = (struct arena_range){
            schedule->shared[i].task, 0, schedule->shared[i].offset, schedule->shared[i].size};
}

static int check_tokens(const struct session *s, const struct schedule *wanted, struct err *e)
{
    uint32_t step = 0;
    for (size_t i = 0; i < wanted->n && i < s->schedule.n; i++) {
        step += !(wanted->choices[i] & CHOICE_ALT);
        if (wanted->checks && !schedule_check_agrees(wanted->checks[i], s->schedule.checks[i]))
            return err_set(e, ERR_DIVERGED,
                           "step %u is another operation than when the schedule was made: the "
                           "program or its input has changed",
                           step);
    }
    return 0;
}

int session_replay_trace(struct session *s, const struct schedule *schedule,
                         const struct trace *expected, int timeout_ms, struct err *e)
{
    struct schedule wanted;
    schedule_init(&wanted);
    schedule_copy(&wanted, schedule);
    if (*wanted.hash && strcmp(wanted.hash, s->program->hash) != 0) {
        int rc = err_set(e, ERR_DIVERGED,
                         "step 1: the schedule was made for another program (%s, this one is %s): "
                         "its source or its arguments differ",
                         wanted.hash, s->program->hash);
        schedule_fini(&wanted);
        return rc;
    }
    memcpy(s->schedule.hash, s->program->hash, sizeof s->schedule.hash);
    s->target.arena->adversity = s->program->adversity; /* either may have changed */
    s->target.arena->adverse_max = s->program->adverse_max;
    s->expected = expected;
    trace_clear(&s->trace);
    symbols_clear_blocks(s->symbols);
    s->schedule.n = 0;
    s->finished = 0;
    s->at_choices = UINT32_MAX;
    s->target.arena->main_exit_wait = wanted.main_exit_wait != 0;
    s->schedule.main_exit_wait = wanted.main_exit_wait;
    set_shared(s, &wanted);
    if (s->target.arena->max_steps < wanted.n) /* it was made with a higher limit */
        s->target.arena->max_steps = (uint32_t)wanted.n;
    s->wants_trace = 1;
    int rc = go(s, wanted.choices, wanted.n, (uint32_t)wanted.n, 0, timeout_ms, e);
    if (rc == 0)
        rc = check_tokens(s, &wanted, e);
    s->expected = NULL;
    tell_stacks(s);
    schedule_fini(&wanted);
    return rc;
}

int session_replay(struct session *s, const struct schedule *schedule, int timeout_ms,
                   struct err *e)
{
    return session_replay_trace(s, schedule, NULL, timeout_ms, e);
}

/* ---- looking ---- */
static int read_target(void *ctx, uint64_t addr, void *out, size_t n)
{
    struct session *s = ctx;
    return target_read(&s->target, s->looked_at, addr, out, n);
}

int session_inspect(struct session *s, uint32_t step, struct memory *m, struct err *e)
{
    if (step > s->trace.nsteps)
        step = s->trace.nsteps;
    uint32_t want = step < s->cap_choices_at ? s->choices_at[step] : 0;
    *m = (struct memory){s, read_target};
    if (s->running)
        return err_set(e, ERR_BUSY, "the program is still running");
    if (want != s->at_choices) {
        s->wants_trace = 0;
        int rc = go(s, s->schedule.choices, want, want, 0, 2000, e);
        s->wants_trace = 1;
        if (rc)
            return rc;
    }
    tell_stacks(s);
    session_enter(s, 0);
    return 0;
}

void session_enter(struct session *s, unsigned process)
{
    s->looked_at = process;
    symbols_set_process(s->symbols, process);
}

int session_regs(struct session *s, unsigned task, struct regs *out)
{
    const struct arena *a = s->target.arena;
    if (task >= a->ntasks || !a->tasks[task].exists || a->tasks[task].ended)
        return -ERR_NOT_FOUND;
    *out = (struct regs){a->tasks[task].pc, a->tasks[task].sp, a->tasks[task].bp};
    return 0;
}
